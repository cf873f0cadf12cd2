/*
 * term.h - the terminal: the door to curses, for output only.
 *
 * Cells that are drawn must have been through screen_cell(); nothing is sent
 * but what curses makes of them.  Keys come from tui/input.h; curses does not
 * read.  One terminal per process, on descriptors 0 and 1.
 */
#pragma once

#include "tui/screen.h"

/*
 * Before the walls: reads the terminal's description and switches to the
 * screen.  name: of $TERM.  ERR_DENIED, with one line that says what to do,
 * when it is unknown or cannot place a cursor.
 */
enum err term_open(const char *name) MUST_CHECK;
/* Screen wiped (scrollback too where there is no second screen), settings as
 * they were; once is enough, more is fine. */
void term_close(void);

/* Rows and columns of the whole terminal now, what it can.  Rows and columns
 * are cut to LIMIT_ROWS and LIMIT_COLUMNS. */
struct screen_size term_size(void);
/* Takes a new size over; all must be drawn again. */
void term_resize(const struct screen_size *s);

/* A cell of the frame; right halves (ch 0) are left out. */
void term_cell(int row, int col, const struct cell *c);
/* row -1: hidden */
void term_show(int row, int col);
void term_theme(enum screen_theme t);
void term_mouse(bool on); /* asks for reports, where the terminal has them */
void term_repaint(void);  /* the next term_show() sends every cell */
