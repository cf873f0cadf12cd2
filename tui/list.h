/*
 * list.h - the one list: rows pulled when they are drawn, one selected.
 *
 * A tree, a log, hits, the lines of a file: all of them are lists.  The list
 * knows numbers of rows only; what a row holds is asked for when it is on the
 * screen.  Rows count from 0.
 */
#pragma once

#include "tui/view.h"

struct list_row {
	uint64_t row;
	uint32_t part; /* of a row that takes several lines, from 0 */
	uint16_t attr; /* to start from: carries ATTR_CURSOR, FOCUS */
	bool selected;
	uint32_t skip;   /* columns scrolled off: for canvas_draw.skip */
	struct str find; /* to light: for canvas_draw.find */
};

struct list_source {
	/* Draws into one line, which is cleared with r->attr beforehand. */
	void (*draw)(void *arg, const struct list_row *r,
	    const struct canvas *line);
	/* The row as text, for "/" and filters: borrowed until the next call,
	 * or put together in b, which is empty.  NULL: not searchable. */
	struct str (*text)(void *arg, uint64_t row, struct buf *b);
	/* Screen lines of a row at this many columns, at least 1.  NULL: 1 */
	uint32_t (*parts)(void *arg, uint64_t row, int cols);
};

struct list {
	const struct list_source *source;
	void *arg;
	uint64_t count;    /* rows there are: set by list_count() */
	bool growing;      /* more may come: "14/>3344" */
	uint64_t selected; /* < count unless count is 0 */
	uint32_t skip;     /* columns scrolled off at the left */
	int rows, cols;    /* of the last draw */
	const char *empty; /* what would fill it: "no notes yet - c adds one" */
	bool still;        /* no row is lit: text that is only scrolled */
	/* The rest is list.c's.  Positions are rows, unless a filter leaves
	 * some out. */
	uint64_t top; /* first position on the screen */
	uint32_t top_part;
	bool centre;    /* the selection to the middle when drawn first */
	uint64_t shown; /* positions on the screen, the last may be cut */
	struct list_match {
		struct buf text;
		uint64_t *rows;
		size_t n, room;
		uint64_t looked; /* rows looked at so far */
	} find, filter;
};

/* Ready for drawing, empty; list_release() when the view closes. */
void list_init(struct list *l, const struct list_source *s, void *arg);
void list_release(struct list *l);

/* How many rows there are now.  Rows that were there still hold the same, or
 * list_changed() is called too.  Clamps the selection. */
void list_count(struct list *l, uint64_t count, bool growing);
/* The rows hold something else now: what was found is looked for again. */
void list_changed(struct list *l);

void list_draw(struct list *l, const struct canvas *c);

/* Clamped.  What is far off comes to the middle of the screen. */
void list_select(struct list *l, uint64_t row);
void list_move(struct list *l, int64_t by); /* so many shown rows; clamped */
/* Selects the next row after (before) the selected one that is(), around the
 * end: that one last.  False: there is none. */
bool list_seek(struct list *l, bool back, bool (*is)(void *arg, uint64_t row),
    void *arg);
/* The selected row to the middle (0), top (-1) or bottom (1). */
void list_place(struct list *l, int where);
/* Rows that are on the screen: first and how many. */
uint64_t list_visible(const struct list *l, uint64_t *first);
/* The row at a line of the last draw; false: none there. */
bool list_row_at(const struct list *l, int line, uint64_t *row);

/* "14/3344", "14/>3344", "0/0", "2/18 of 3344" when filtered. */
void list_position(const struct list *l, struct buf *b);

/*
 * Selects the next row after (before) the selected one whose text holds the
 * text, as text_find() has it; goes on at the other end.  "" repeats.  Says
 * so in msg: "Line 2547 matches 'strbuf' (1 of 7462)".  False: none.
 */
bool list_find(struct list *l, struct str text, bool back, struct buf *msg);

/* Only rows that hold the text, as text_find() has it; "" for all. */
void list_filter(struct list *l, struct str text);
/* Puts out the lights of "/"; false: there were none. */
bool list_find_clear(struct list *l);

/* j k gg G Ctrl-D ... for every view with .list; part of its keys. */
extern const struct command list_commands[];
