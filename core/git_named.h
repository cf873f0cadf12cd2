/*
 * git_named.h - a file under the names it has in different commits.
 *
 * Names are numbers; what stands under each is kept as in git_path.h.
 */
#pragma once

#include "core/git_graph.h"

struct git_named;

void git_named_open(struct git_named **out, struct git_graph *g);
void git_named_close(struct git_named *n); /* NULL is fine */

uint32_t git_named_number(struct git_named *n, struct str path);
struct str git_named_path(const struct git_named *n, uint32_t name);

/* A file under one of the names in a commit. */
struct named_file {
	uint32_t name; /* GRAPH_NONE: there is none */
	struct oid id;
	uint32_t mode;
};

/* A file or a link; folders and submodules do not count. */
enum err git_named_find(struct named_file *out, struct git_named *n,
    uint32_t name, uint32_t node) MUST_CHECK;
/* The index of the graph says that what stands under this name in the commit
 * stands there in its first parent, too; false: it does not. */
bool git_named_kept(struct git_named *n, uint32_t name, uint32_t node,
    uint32_t parent);
/* What the file was called in the parent, which has no such name: as git
 * finds renames. */
enum err git_named_before(struct named_file *out, struct git_named *n,
    uint32_t name, uint32_t node, uint32_t parent) MUST_CHECK;
