/*
 * screen.h - what goes over the ports between the desk and a room that draws.
 *
 * Bodies, little endian:
 *   MSG_CELLS    u16 row, u16 col, u16 n, n times (u32 ch, u32 mark, u16 attr)
 *   MSG_TRUSTED  the same, row 0: cells of the trusted line
 *   MSG_CURSOR   u8 shown, u16 row, u16 col
 *   MSG_SHOW     u16 rows, u16 cols: the size the frame was drawn for
 *   MSG_FOCUS    u8 enum room: ROOM_READING or ROOM_NOTES
 *   MSG_KEY      u32 key (tui/keys.h)
 *   MSG_LOOK     u8 enum screen_theme, u8 mouse: 0 or 1
 *   MSG_SIZE     u16 rows, u16 cols that a room can draw on, u16 flags
 *
 * A room has one row less than the terminal: the last is the trusted line.
 * Between a resize and the next frame cells may lie outside; they are
 * dropped.  Rows and columns beyond LIMIT_ROWS and LIMIT_COLUMNS, and a
 * length that does not fit, are protocol errors.
 */
#pragma once

#include "core/rooms.h"
#include "tui/canvas.h"
#include "tui/keys.h"

/* What the terminal can: MSG_SIZE. */
enum {
	SCREEN_UTF8 = 1, /* more than ASCII can be shown */
	SCREEN_COLOUR = 2,
	SCREEN_CONSOLE = 4, /* a font of 256 or 512 glyphs: prefer tokens */
};

/* What it is asked to look like: MSG_LOOK. */
enum screen_theme {
	SCREEN_THEME_DEFAULT,
	SCREEN_THEME_CB, /* for eyes that do not tell red from green */
	SCREEN_THEME_MONO,
	SCREEN_THEME_LIGHT, /* for a light background */
	SCREEN_THEMES,
};

struct screen_look {
	uint8_t theme;
	bool mouse;
};

enum { SCREEN_CELL = 10, SCREEN_RUN = 6 }; /* bytes of a cell, of a head */

struct screen_run {
	uint16_t row, col, n;
	struct str cells; /* n * SCREEN_CELL bytes, borrowed */
};

struct screen_size {
	uint16_t rows, cols, flags;
};

struct screen_cursor {
	bool shown;
	uint16_t row, col;
};

void screen_write_run(struct buf *b, int row, int col, const struct cell *cells,
    int n);
/* ERR_FORMAT as above.  Cells are checked one by one by screen_cell(). */
enum err screen_read_run(struct screen_run *out, struct str body) MUST_CHECK;

/*
 * Cell i of a run, made safe: a code point that must not reach a terminal
 * becomes U+FFFD, a mark that is none goes away, unknown attribute bits are
 * cut off.  A right half (ch 0) without its left half, and a wide cell
 * without room for its right half, become blanks.
 */
struct cell screen_cell(const struct screen_run *r, uint16_t i);

void screen_write_cursor(struct buf *b, const struct screen_cursor *c);
enum err screen_read_cursor(struct screen_cursor *out,
    struct str body) MUST_CHECK;
void screen_write_show(struct buf *b, uint16_t rows, uint16_t cols);
enum err screen_read_show(struct screen_size *out, struct str body) MUST_CHECK;
void screen_write_focus(struct buf *b, enum room r);
enum err screen_read_focus(enum room *out, struct str body) MUST_CHECK;
void screen_write_key(struct buf *b, uint32_t key);
enum err screen_read_key(uint32_t *out, struct str body) MUST_CHECK;
void screen_write_look(struct buf *b, const struct screen_look *l);
enum err screen_read_look(struct screen_look *out, struct str body) MUST_CHECK;
void screen_write_size(struct buf *b, const struct screen_size *s);
enum err screen_read_size(struct screen_size *out, struct str body) MUST_CHECK;

/*
 * A room's end: sends what changed of a frame.  before is kept between
 * frames; start with canvas_open(0, 0).
 */
struct port;
void screen_send(struct port *desk, const struct canvas_grid *frame,
    struct canvas_grid *before);
/* The look, when it is another than the one that was told last. */
void screen_tell(struct port *desk, const struct screen_look *now,
    struct screen_look *told);
