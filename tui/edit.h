/*
 * edit.h - a box that takes text of many lines.
 *
 * UTF-8, LF between lines, wrapped at words.  Nothing that is typed or
 * pasted is lost without a word: what does not fit sets .full.
 */
#pragma once

#include "tui/canvas.h"
#include "tui/keys.h"

enum edit_did {
	EDIT_NOTHING, /* key not known here */
	EDIT_MOVED,
	EDIT_CHANGED,
};

/* Bytes of the text that are drawn in another role. */
struct edit_mark {
	size_t at, len;
	uint16_t attr;
};

struct edit {
	struct buf text;
	const struct edit_mark *marks; /* borrowed, sorted; NULL: none */
	size_t n_marks;
	size_t at;     /* byte of the cursor */
	size_t max;    /* most bytes */
	bool one_line; /* Enter is not known; a pasted LF becomes a blank */
	bool full;     /* the last key did not fit */
	uint32_t goal; /* column that Up and Down keep to */
	bool has_goal;
	uint64_t top;   /* first row on the screen */
	int rows, cols; /* of the last draw */
};

void edit_init(struct edit *e, size_t max, bool one_line);
void edit_release(struct edit *e);
void edit_set(struct edit *e, struct str text); /* cursor at its end */
/* Other bytes in the place of some; the cursor stands behind them.  False:
 * they do not fit, and nothing changed. */
bool edit_replace(struct edit *e, size_t at, size_t len, struct str text);
struct str edit_text(const struct edit *e); /* until the next key */

enum edit_did edit_key(struct edit *e, uint32_t key);

/* Draws; the terminal's cursor stands in it when focus is true. */
void edit_draw(struct edit *e, const struct canvas *c, uint16_t attr,
    bool focus);
/* "line 3 of 12, column 7" */
void edit_position(const struct edit *e, struct buf *b);
