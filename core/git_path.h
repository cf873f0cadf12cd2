/*
 * git_path.h - what stands at one path in many commits.
 *
 * Asked for every commit of a history, so folders on the way are compared
 * by id before they are read, and what was found is kept.  Where the graph
 * has an index, a commit and its first parent are compared by looking there.
 */
#pragma once

#include "core/git_graph.h"

struct git_path;

/* path without slashes at its ends; "" is the whole tree. */
void git_path_open(struct git_path **out, struct git_graph *g, struct str path);
void git_path_close(struct git_path *p); /* NULL is fine */

/* Zero: nothing is there.  mode 0 as well.  The commit must be loaded. */
enum err git_path_at(struct oid *id, uint32_t *mode, struct git_path *p,
    uint32_t node) MUST_CHECK;

/* Does it stand the same in both?  GRAPH_NONE is a commit with no files. */
enum err git_path_same(bool *same, struct git_path *p, uint32_t a,
    uint32_t b) MUST_CHECK;

/* The index says that it stands the same in a and in b, its first parent.
 * false: it differs, or nobody said anything. */
bool git_path_known_same(struct git_path *p, uint32_t a, uint32_t b);
