/*
 * git_graph.h - commits as numbers: tree, time and parents of each.
 *
 * Filled as history is walked, shared by log, path log and blame, so that a
 * commit is unpacked once.  About 60 bytes for each.  A number is good for
 * the life of the graph.
 */
#pragma once

#include "core/git_repo.h"

struct git_graph;
struct history_index;

#define GRAPH_NONE UINT32_MAX

enum graph_state { GRAPH_NAMED, GRAPH_READ, GRAPH_MISSING };

struct graph_node {
	struct oid id, tree;
	int64_t time;     /* of the committer, as git sorts */
	uint32_t parents; /* index of the first, see git_graph_parent() */
	uint32_t n_parents;
	uint32_t place; /* in the index, or GRAPH_NONE */
	uint8_t state;  /* enum graph_state; missing: or not readable */
};

/* r must outlive it. */
void git_graph_open(struct git_graph **out, struct git_repo *r);
void git_graph_close(struct git_graph *g); /* NULL is fine */
struct git_repo *git_graph_repo(const struct git_graph *g);

/* The number of a commit; it is not read yet. */
uint32_t git_graph_name(struct git_graph *g, const struct oid *id);
/* Reads it if that is still to be done.  ERR_ABSENT: not delivered. */
enum err git_graph_load(struct git_graph *g, uint32_t node) MUST_CHECK;
/* Until the next call that adds commits. */
const struct graph_node *git_graph_node(const struct git_graph *g,
    uint32_t node);
uint32_t git_graph_parent(const struct git_graph *g, uint32_t node,
    uint32_t which);
uint32_t git_graph_len(const struct git_graph *g);

/*
 * From now on commits are taken from this index, which outlives g, and what
 * it says of their paths is believed: core/git_path.h.  ERR_FORMAT, and it is
 * not used: a commit that was read already stands in it as another.
 */
enum err git_graph_use(struct git_graph *g,
    const struct history_index *x) MUST_CHECK;
const struct history_index *git_graph_index(const struct git_graph *g);
/* The commit stands in the index and its changes are listed there. */
bool git_graph_listed(uint32_t *place, const struct git_graph *g,
    uint32_t node);
