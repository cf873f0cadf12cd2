#include "tui/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

struct frame {
	struct cell *cells;
	bool *changed; /* rows */
	struct screen_cursor cursor;
	bool whole; /* shown once since the last resize */
	bool show;  /* a whole frame waits to be drawn */
};

struct desk {
	struct screen_size size; /* of the terminal */
	struct frame reading, notes;
	struct cell trusted[LIMIT_COLUMNS];
	bool trusted_changed;
	enum room focus;
};

static const struct cell blank = { .ch = ' ' };

static int
room_rows(const struct desk *d)
{
	return d->size.rows > 0 ? d->size.rows - 1 : 0;
}

static struct frame *
frame_of(struct desk *d, enum room r)
{
	return r == ROOM_NOTES ? &d->notes : &d->reading;
}

struct desk *
desk_open(void)
{
	struct desk *d = calloc(1, sizeof *d);

	if (d == NULL)
		bug("no memory for the desk");
	d->focus = ROOM_READING;
	for (int i = 0; i < LIMIT_COLUMNS; i++)
		d->trusted[i] = blank;
	desk_resize(d, &(struct screen_size){ 0 });
	return d;
}

static void
frame_release(struct frame *f)
{
	free(f->cells);
	free(f->changed);
	*f = (struct frame){ 0 };
}

void
desk_close(struct desk *d)
{
	if (d == NULL)
		return;
	frame_release(&d->reading);
	frame_release(&d->notes);
	free(d);
}

static void
frame_resize(struct frame *f, int rows, int cols)
{
	size_t n = (size_t)rows * (size_t)cols;

	frame_release(f);
	f->cells = calloc(n + 1, sizeof *f->cells);
	f->changed = calloc((size_t)rows + 1, sizeof *f->changed);
	if (f->cells == NULL || f->changed == NULL)
		bug("no memory for a frame of %dx%d", cols, rows);
	for (size_t i = 0; i < n; i++)
		f->cells[i] = blank;
}

void
desk_resize(struct desk *d, const struct screen_size *terminal)
{
	d->size = *terminal;
	frame_resize(&d->reading, room_rows(d), d->size.cols);
	frame_resize(&d->notes, room_rows(d), d->size.cols);
	d->trusted_changed = true;
}

struct screen_size
desk_room_size(const struct desk *d)
{
	struct screen_size s = d->size;

	s.rows = (uint16_t)room_rows(d);
	return s;
}

enum room
desk_focus(const struct desk *d)
{
	return d->focus;
}

/* Cells of a run into a row of cols cells; a half glyph becomes a blank. */
static void
put_run(struct cell *row, int cols, const struct screen_run *r)
{
	int end = r->col + r->n;

	if (r->col < cols && r->col > 0 && row[r->col].ch == 0)
		row[r->col - 1] = (struct cell){ ' ', 0, row[r->col - 1].attr };
	if (end < cols && row[end].ch == 0)
		row[end] = (struct cell){ ' ', 0, row[end].attr };
	for (uint16_t i = 0; i < r->n && r->col + i < cols; i++)
		row[r->col + i] = screen_cell(r, i);
	if (end > cols && r->col < cols && text_columns(row[cols - 1].ch) == 2)
		row[cols - 1] = blank;
}

enum err
desk_take_cells(struct desk *d, enum room r, struct str body)
{
	struct frame *f = frame_of(d, r);
	struct screen_run run;
	enum err rc = screen_read_run(&run, body);

	if (rc != ERR_NONE)
		return rc;
	if (run.row >= room_rows(d))
		return ERR_NONE; /* on its way when the terminal shrank */
	put_run(f->cells + (size_t)run.row * d->size.cols, d->size.cols, &run);
	f->changed[run.row] = true;
	return ERR_NONE;
}

enum err
desk_take_cursor(struct desk *d, enum room r, struct str body)
{
	return screen_read_cursor(&frame_of(d, r)->cursor, body);
}

enum err
desk_take_show(struct desk *d, enum room r, struct str body)
{
	struct frame *f = frame_of(d, r);
	struct screen_size s;
	enum err rc = screen_read_show(&s, body);

	if (rc != ERR_NONE)
		return rc;
	if (s.rows != room_rows(d) || s.cols != d->size.cols)
		return ERR_NONE;
	f->show = true;
	f->whole = true;
	return ERR_NONE;
}

enum err
desk_take_trusted(struct desk *d, struct str body)
{
	struct screen_run run;
	enum err rc = screen_read_run(&run, body);

	if (rc != ERR_NONE)
		return rc;
	if (run.row != 0)
		return fail(ERR_FORMAT, "row %u of the trusted line", run.row);
	for (int i = 0; i < LIMIT_COLUMNS; i++)
		d->trusted[i] = blank;
	put_run(d->trusted, LIMIT_COLUMNS, &run);
	d->trusted_changed = true;
	return ERR_NONE;
}

static void
change_all(struct desk *d, struct frame *f)
{
	for (int row = 0; row < room_rows(d); row++)
		f->changed[row] = true;
	f->show = true;
	d->trusted_changed = true;
}

void
desk_repaint(struct desk *d)
{
	change_all(d, frame_of(d, d->focus));
}

enum err
desk_take_focus(struct desk *d, struct str body)
{
	enum room r;
	enum err rc = screen_read_focus(&r, body);

	if (rc != ERR_NONE || r == d->focus)
		return rc;
	d->focus = r;
	change_all(d, frame_of(d, r));
	return ERR_NONE;
}

static void
draw_trusted(struct desk *d,
    void (*cell)(int row, int col, const struct cell *c))
{
	const char *label =
	    d->focus == ROOM_NOTES ? " NOTES ROOM " : " READING ROOM ";
	int row = d->size.rows - 1, col = 0;
	int cols = d->size.cols;

	for (; *label != '\0' && col < cols; label++, col++)
		cell(row, col,
		    &(struct cell){ (unsigned char)*label, 0,
			ROLE_STATUS | ATTR_FOCUS });
	for (int i = 0; col < cols; i++, col++) {
		const struct cell *c = &d->trusted[i];

		if (c->ch == 0)
			continue;
		/* no room for the right half */
		cell(row, col,
		    col + 1 == cols && text_columns(c->ch) == 2 ? &blank : c);
	}
	d->trusted_changed = false;
}

static void
draw_row(struct desk *d, const struct frame *f, int row,
    void (*cell)(int row, int col, const struct cell *c))
{
	const struct cell *at = f->cells + (size_t)row * d->size.cols;

	for (int col = 0; col < d->size.cols; col++)
		cell(row, col, &at[col]);
	f->changed[row] = false;
}

bool
desk_draw(struct desk *d, void (*cell)(int row, int col, const struct cell *c),
    int *row, int *col)
{
	struct frame *f = frame_of(d, d->focus);

	if ((!f->show && !d->trusted_changed) || d->size.rows == 0)
		return false;
	if (f->show)
		for (int i = 0; i < room_rows(d); i++)
			if (f->changed[i])
				draw_row(d, f, i, cell);
	f->show = false;
	if (d->trusted_changed)
		draw_trusted(d, cell);
	*row = -1;
	*col = 0;
	if (f->cursor.shown && f->cursor.row < room_rows(d) &&
	    f->cursor.col < d->size.cols) {
		*row = f->cursor.row;
		*col = f->cursor.col;
	}
	return true;
}

bool
desk_has_frame(const struct desk *d)
{
	return d->focus == ROOM_NOTES ? d->notes.whole : d->reading.whole;
}
