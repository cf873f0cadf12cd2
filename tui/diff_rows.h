/*
 * diff_rows.h - the lines of a file's diff as rows of a screen.
 *
 * One under the other: every line is a row, removed ones before added ones.
 * Side by side: a removed line and the added line that takes its place share
 * a row, the i-th of a run with the i-th.
 */
#pragma once

#include "core/git_diff.h"

enum { DIFF_ROWS_NONE = UINT32_MAX };

/* Numbers into the hunks and the lines of the diff, or DIFF_ROWS_NONE. */
struct diff_row {
	uint32_t hunk;     /* the row is its head; all else is none */
	uint32_t old, new; /* equal for a line that did not change */
	uint32_t mate;     /* the line that takes this one's place */
};

/* out has room for n_hunks + n_lines; the number of rows. */
size_t diff_rows_make(struct diff_row *out, const struct file_diff *d,
    bool side_by_side);
