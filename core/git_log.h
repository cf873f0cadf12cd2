/*
 * git_log.h - history as an iterator: newest first, as "git log" has it.
 *
 * A log is advanced in slices and holds what it found; the first commits
 * cost no more than reading them.  With a path it lists the commits that
 * "git log -- PATH" lists (history simplification of git-rev-list(1), the
 * default mode: of a merge whose path equals a parent's, that parent alone
 * is followed).
 */
#pragma once

#include "core/git_graph.h"

struct git_log;

struct git_log_options {
	struct oid from;    /* a commit */
	struct oid without; /* not what this one reaches; zero: nothing */
	struct str path;    /* "" for all; a folder means all below it */
	bool first_parent;
	bool topo; /* children before parents: reads all of it first */
};

/* g must outlive the log; its commits are shared by every log on it. */
enum err git_log_open(struct git_log **out, struct git_graph *g,
    const struct git_log_options *o) MUST_CHECK;
void git_log_close(struct git_log *l); /* NULL is fine */

/*
 * The next commit, a number of the graph.  *got false: steps were used up
 * before one was found; ask again.  ERR_ABSENT: the end (of what is there:
 * see git_log_cut()).  steps: commits looked at, at most; 0: no bound.
 */
enum err git_log_next(uint32_t *node, bool *got, struct git_log *l,
    unsigned steps) MUST_CHECK;

/* Commits looked at so far, and parents that were not delivered. */
uint64_t git_log_seen(const struct git_log *l);
uint32_t git_log_cut(const struct git_log *l);
