/*
 * canvas.h - where a view draws: a part of a grid of cells.
 *
 * Rows and columns count from 0 at the upper left of the part; whatever lies
 * outside of it is clipped, so no caller checks.  canvas_text() is the one
 * function that draws what is not ours; all others come to the same check of
 * every code point.
 */
#pragma once

#include "core/text.h"
#include "tui/cell.h"

struct canvas_grid; /* canvas.c alone knows its fields */

struct canvas {
	struct canvas_grid *grid;
	int row, col;   /* of the upper left corner in the grid */
	int rows, cols; /* may be 0, never negative */
};

/* A grid of blanks and the canvas that is all of it. */
struct canvas_grid *canvas_open(int rows, int cols);
void canvas_close(struct canvas_grid *g); /* NULL is fine */
void canvas_resize(struct canvas_grid *g, int rows, int cols); /* blank */
struct canvas canvas_all(struct canvas_grid *g);
/* .ascii and .latin hold for all text that is drawn from now on. */
void canvas_font(struct canvas_grid *g, struct text_style style);
/* style as canvas_text() will take it: for text_width() and the like. */
struct text_style canvas_style(const struct canvas *c, struct text_style style);

/* A smaller canvas inside c, clipped to it. */
struct canvas canvas_part(const struct canvas *c, int row, int col, int rows,
    int cols);

void canvas_clear(const struct canvas *c, uint16_t attr); /* all blanks */
void canvas_fill(const struct canvas *c, int row, int col, int n,
    uint16_t attr); /* blanks */
/* Adds attribute bits to n cells without touching what they hold. */
void canvas_mark(const struct canvas *c, int row, int col, int n,
    uint16_t bits);

/* Our own words; the next free column is returned, here and below. */
int canvas_put(const struct canvas *c, int row, int col, uint16_t attr,
    const char *literal);
int canvas_printf(const struct canvas *c, int row, int col, uint16_t attr,
    const char *fmt, ...) PRINTF(5, 6);
/* One code point; a token when it must not be drawn. */
int canvas_char(const struct canvas *c, int row, int col, uint16_t attr,
    uint32_t ch);
void canvas_bar(const struct canvas *c, int row, int col, int rows);
void canvas_rule(const struct canvas *c, int row, int col, int cols);

/* Bytes from..to (not included) of a text are drawn so. */
struct canvas_span {
	uint32_t from, to;
	uint16_t attr;
};

struct canvas_draw {
	struct str text; /* one line, hostile */
	struct text_style style;
	uint16_t attr; /* where no span says otherwise */
	/* Sorted, not overlapping; they replace the role of attr and add
	 * their bits to it. */
	const struct canvas_span *spans;
	size_t n_spans;
	/* Lines of the second kind lie over the first: their bits are added.
	 * Diffs inside a line, hits that a list knows of. */
	const struct canvas_span *over;
	size_t n_over;
	struct str find;        /* every occurrence is lit; "" for none */
	uint32_t skip;          /* columns scrolled off at the left */
	struct text_spot *spot; /* NULL, or where last time began: kept by
				  * the caller with the line, zero at first */
	bool no_edges;          /* without < and > where text goes on */
};

/*
 * At most width columns from (row, col).  A line that goes on to the right
 * or left shows > or < in its last or first column, in reverse; a wide glyph
 * cut in half counts as going on.  Only the visible slice is decoded.
 */
int canvas_text(const struct canvas *c, int row, int col, int width,
    const struct canvas_draw *d);
/* The same for the simple case: UTF-8, no spans. */
int canvas_str(const struct canvas *c, int row, int col, int width,
    uint16_t attr, struct str text);
/* A path in width columns, its middle left out: Docu...es/2.56.0.adoc */
int canvas_path(const struct canvas *c, int row, int col, int width,
    uint16_t attr, struct str path);

/* Where the terminal's cursor stands; hidden unless called for a frame. */
void canvas_cursor(const struct canvas *c, int row, int col);
bool canvas_cursor_at(const struct canvas_grid *g, int *row, int *col);
void canvas_cursor_hide(struct canvas_grid *g);

/* Row after row, rows * cols cells. */
const struct cell *canvas_cells(const struct canvas_grid *g);
int canvas_rows(const struct canvas_grid *g);
int canvas_cols(const struct canvas_grid *g);

/*
 * Calls run() for each stretch of cells of now that differs from before, and
 * then makes before equal to now.  A different size or before just opened:
 * everything differs.  Wide cells are never cut.
 */
void canvas_diff(const struct canvas_grid *now, struct canvas_grid *before,
    void (*run)(void *arg, int row, int col, const struct cell *cells, int n),
    void *arg);

/* The screen as text, a row per line, blanks at the end of rows left out:
 * for tests and exhibits. */
void canvas_show(const struct canvas_grid *g, struct buf *out);
