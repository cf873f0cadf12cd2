/*
 * git_pickaxe.h - the commits that made a text appear or disappear.
 *
 * What "git log -S TEXT" lists: commits, no merges, that change how often the
 * text stands in a file.  Files that only moved do not count.  Every content
 * is read once and its count kept.  The text is bytes, matched exactly.
 */
#pragma once

#include "core/git_graph.h"

struct git_pickaxe;

struct pickaxe_row {
	uint32_t node;
	struct str path;   /* until the next call */
	uint32_t old, new; /* how often, before and after */
};

/* path: "" or a file or folder; text is not empty.  g must outlive it. */
enum err git_pickaxe_open(struct git_pickaxe **out, struct git_graph *g,
    const struct oid *from, struct str text, struct str path) MUST_CHECK;
void git_pickaxe_close(struct git_pickaxe *p); /* NULL is fine */

/* A row for each file of each commit, newest first.  *got, steps and
 * ERR_ABSENT as in git_log_next().  stop may be NULL. */
enum err git_pickaxe_next(struct pickaxe_row *row, bool *got,
    struct git_pickaxe *p, unsigned steps, bool (*stop)(void *arg),
    void *arg) MUST_CHECK;

uint64_t git_pickaxe_seen(const struct git_pickaxe *p);
/* Files that could not be read: not delivered, too large. */
uint32_t git_pickaxe_missing(const struct git_pickaxe *p);
