/*
 * changes.h - what changed between two trees, as rows of a list.
 *
 * Streams from a worker: first every change in path order, then which of
 * them are one rename, then line counts.
 */
#pragma once

#include "core/git_diff.h"
#include "tui/list.h"
#include "tui/reading.h"

struct changes_view {
	struct pane *pane;
	struct arena arena;
	struct change *at; /* as the worker counts them */
	size_t len, room;
	uint32_t *order; /* those that are rows */
	size_t rows;
	bool *gone; /* one side of a rename is no row */
	uint32_t job;
	bool done, stopped, capped, damaged;
	bool settled; /* every row and rename is known; counts may come */
	uint32_t counted, troubles, cut;
	uint64_t added, deleted;      /* lines, of what is counted */
	void (*news)(struct pane *p); /* rows were added, or changed */
};

/* old zero: everything is new.  Ids of commits, tags or trees. */
void changes_start(struct changes_view *c, struct pane *p,
    const struct oid *old, const struct oid *new, void (*news)(struct pane *p));
bool changes_stop(struct changes_view *c); /* true: it was running */
void changes_release(struct changes_view *c);

const struct change *changes_row(const struct changes_view *c, size_t row);
void changes_draw(const struct changes_view *c, size_t row,
    const struct list_row *r, const struct canvas *line);
struct str changes_text(const struct changes_view *c, size_t row,
    struct buf *b);
/* "12 files, +340 -12", with what is still missing. */
void changes_sum(const struct changes_view *c, struct buf *b);
/* The row of a path of the newer side (or the older); SIZE_MAX. */
size_t changes_find(const struct changes_view *c, struct str path);
