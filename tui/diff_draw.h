/*
 * diff_draw.h - rows of a diff as cells: hunk heads, and lines with their
 * sign and the words that differ marked.
 */
#pragma once

#include "core/git_diff.h"
#include "core/moved.h"
#include "core/text.h"
#include "tui/list.h"

/* Columns of "   12    13", the two line numbers. */
enum { DIFF_DRAW_NUMBER = 6 };

/* "all blanks ignored" */
const char *diff_draw_space(enum diff_space s);

/* "  context 9  all blanks ignored": what is not as usual. */
void diff_draw_options(const struct diff_options *o, struct buf *b);

void diff_draw_hunk(const struct diff_hunk *h, const struct list_row *r,
    const struct canvas *line);
/* How a line is to be seen. */
struct diff_draw {
	const struct diff_line *line;
	const struct diff_line *other; /* takes its place; or NULL */
	struct text_style style;
	bool moved; /* "M" before its sign: it stands elsewhere, too */
};
/* Sign and text, from col on; the mark of what moved is the column before. */
void diff_draw_text(const struct diff_draw *d, const struct list_row *r,
    const struct canvas *line, int col);
void diff_draw_number(const struct canvas *line, int col, uint16_t attr,
    uint32_t n);
/* One under the other: both numbers, then the text. */
void diff_draw_line(const struct diff_draw *d, const struct list_row *r,
    const struct canvas *line);

/* The mate of each line of a diff (moved.h), in a. */
uint32_t *diff_draw_moved(const struct file_diff *d, struct arena *a);
