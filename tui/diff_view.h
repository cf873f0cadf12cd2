/*
 * diff_view.h - what the view of one changed file keeps.
 *
 * view_diff.c compares and draws; diff_view_commands.c is the table of keys.
 */
#pragma once

#include "core/git_diff.h"
#include "tui/code.h"
#include "tui/diff_job.h"
#include "tui/diff_moved.h"
#include "tui/diff_rows.h"
#include "tui/list.h"

/*
 * What changed in one file: hunk heads and lines, words that differ marked.
 * A side that is not there is empty; a side that was not delivered says so.
 */
struct diff_side {
	struct code code;
	struct oid commit, blob;
	struct str path;
	bool there;
};

struct diff_view {
	struct list list;
	struct diff_side old, new;
	struct arena arena; /* of diff */
	struct file_diff diff;
	struct diff_options options;
	uint32_t *moved;       /* mate of each line, core/moved.h */
	struct diff_row *rows; /* of the list */
	size_t n_rows;
	bool side_by_side;  /* as the rows are now */
	char wanted;        /* S: 's' side by side, 'u' not, 0 by width */
	const char *notice; /* instead of a diff */
	struct diff_job job;
	uint32_t old_line, new_line; /* to be selected when it is known */
};

/* The hunk whose head this row is; NULL: a row of lines. */
const struct diff_hunk *diff_view_hunk_at(const struct diff_view *v,
    uint64_t row);
/* Of a row with two lines the newer one; NULL: the head of a hunk. */
const struct diff_line *diff_view_line_at(const struct diff_view *v,
    uint64_t row);
/* Where lines of this file went in the comparison below it; borrows. */
struct diff_moved diff_view_moved(struct pane *p);
/* Compares anew, with other options; the selected line stays selected. */
void diff_view_again(struct pane *p);

extern const struct command diff_view_commands[];
