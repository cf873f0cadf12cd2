#include "tui/screen.h"

#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"

enum { SCREEN_BAD = 0xfffd };

void
screen_write_run(struct buf *b, int row, int col, const struct cell *cells,
    int n)
{
	wire_put_u16(b, (uint16_t)row);
	wire_put_u16(b, (uint16_t)col);
	wire_put_u16(b, (uint16_t)n);
	for (int i = 0; i < n; i++) {
		wire_put_u32(b, cells[i].ch);
		wire_put_u32(b, cells[i].mark);
		wire_put_u16(b, cells[i].attr);
	}
}

enum err
screen_read_run(struct screen_run *out, struct str body)
{
	struct wire w = wire_of(body);
	struct screen_run r = { 0 };
	enum err rc;

	r.row = wire_u16(&w);
	r.col = wire_u16(&w);
	r.n = wire_u16(&w);
	r.cells = wire_bytes(&w, (size_t)r.n * SCREEN_CELL);
	rc = wire_done(&w);
	if (rc != ERR_NONE)
		return rc;
	if (r.n == 0 || r.row >= LIMIT_ROWS || r.col + r.n > LIMIT_COLUMNS)
		return fail(ERR_FORMAT, "%u cells at %u,%u: at most %dx%d", r.n,
		    r.row, r.col, LIMIT_COLUMNS, LIMIT_ROWS);
	*out = r;
	return ERR_NONE;
}

static struct cell
raw_cell(const struct screen_run *r, uint16_t i)
{
	struct wire w =
	    wire_of(str_slice(r->cells, (size_t)i * SCREEN_CELL, SCREEN_CELL));
	struct cell c;

	c.ch = wire_u32(&w);
	c.mark = wire_u32(&w);
	c.attr = wire_u16(&w);
	return c;
}

/* -1 for what must not be drawn, beyond Unicode included. */
static int
columns(uint32_t ch)
{
	return ch > 0x10ffff ? -1 : text_columns(ch);
}

/* Is cell i the left half of a wide cell, with its right half behind it? */
static bool
is_left_half(const struct screen_run *r, uint16_t i)
{
	return i + 1 < r->n && columns(raw_cell(r, i).ch) == 2 &&
	    raw_cell(r, (uint16_t)(i + 1)).ch == 0;
}

struct cell
screen_cell(const struct screen_run *r, uint16_t i)
{
	struct cell c = raw_cell(r, i);

	c.attr &= ATTR_ALL;
	if ((c.attr & ATTR_ROLE) >= ROLES)
		c.attr &= (uint16_t)~ATTR_ROLE;
	if (c.ch == 0) {
		c.mark = 0;
		if (i == 0 || !is_left_half(r, (uint16_t)(i - 1)))
			c.ch = ' ';
		return c;
	}
	if (columns(c.ch) < 1)
		c.ch = SCREEN_BAD;
	if (columns(c.ch) == 2 && !is_left_half(r, i)) {
		c.ch = ' ';
		c.mark = 0;
	}
	if (c.mark != 0 && columns(c.mark) != 0)
		c.mark = 0;
	return c;
}

void
screen_write_cursor(struct buf *b, const struct screen_cursor *c)
{
	wire_put_u8(b, c->shown);
	wire_put_u16(b, c->row);
	wire_put_u16(b, c->col);
}

enum err
screen_read_cursor(struct screen_cursor *out, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t shown = wire_u8(&w);
	struct screen_cursor c = { shown == 1, wire_u16(&w), 0 };
	enum err rc;

	c.col = wire_u16(&w);
	rc = wire_done(&w);
	if (rc != ERR_NONE)
		return rc;
	if (shown > 1 || c.row >= LIMIT_ROWS || c.col >= LIMIT_COLUMNS)
		return fail(ERR_FORMAT, "a cursor at %u,%u", c.row, c.col);
	*out = c;
	return ERR_NONE;
}

void
screen_write_show(struct buf *b, uint16_t rows, uint16_t cols)
{
	wire_put_u16(b, rows);
	wire_put_u16(b, cols);
}

static enum err
check_size(const struct screen_size *s, const struct wire *w)
{
	enum err rc = wire_done(w);

	if (rc != ERR_NONE)
		return rc;
	if (s->rows > LIMIT_ROWS || s->cols > LIMIT_COLUMNS)
		return fail(ERR_FORMAT, "a screen of %ux%u, at most %dx%d",
		    s->cols, s->rows, LIMIT_COLUMNS, LIMIT_ROWS);
	return ERR_NONE;
}

enum err
screen_read_show(struct screen_size *out, struct str body)
{
	struct wire w = wire_of(body);
	struct screen_size s = { wire_u16(&w), 0, 0 };
	enum err rc;

	s.cols = wire_u16(&w);
	rc = check_size(&s, &w);
	if (rc == ERR_NONE)
		*out = s;
	return rc;
}

void
screen_write_focus(struct buf *b, enum room r)
{
	wire_put_u8(b, (uint8_t)r);
}

enum err
screen_read_focus(enum room *out, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t r = wire_u8(&w);
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (r != ROOM_READING && r != ROOM_NOTES)
		return fail(ERR_FORMAT, "the screen for room %u", r);
	*out = (enum room)r;
	return ERR_NONE;
}

void
screen_write_key(struct buf *b, uint32_t key)
{
	wire_put_u32(b, key);
}

enum err
screen_read_key(uint32_t *out, struct str body)
{
	struct wire w = wire_of(body);
	uint32_t key = wire_u32(&w);
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (!keys_valid(key))
		return fail(ERR_FORMAT, "key %u", key);
	*out = key;
	return ERR_NONE;
}

void
screen_write_look(struct buf *b, const struct screen_look *l)
{
	wire_put_u8(b, l->theme);
	wire_put_u8(b, l->mouse);
}

enum err
screen_read_look(struct screen_look *out, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t theme = wire_u8(&w), mouse = wire_u8(&w);
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (theme >= SCREEN_THEMES || mouse > 1)
		return fail(ERR_FORMAT, "a look of %u and %u", theme, mouse);
	*out = (struct screen_look){ theme, mouse == 1 };
	return ERR_NONE;
}

void
screen_write_size(struct buf *b, const struct screen_size *s)
{
	wire_put_u16(b, s->rows);
	wire_put_u16(b, s->cols);
	wire_put_u16(b, s->flags);
}

enum err
screen_read_size(struct screen_size *out, struct str body)
{
	struct wire w = wire_of(body);
	struct screen_size s = { wire_u16(&w), 0, 0 };
	enum err rc;

	s.cols = wire_u16(&w);
	s.flags = wire_u16(&w);
	rc = check_size(&s, &w);
	if (rc == ERR_NONE)
		*out = s;
	return rc;
}

static void
send_run(void *arg, int row, int col, const struct cell *cells, int n)
{
	struct port *desk = arg;
	struct buf b = { 0 };

	screen_write_run(&b, row, col, cells, n);
	port_send(desk, MSG_CELLS, buf_view(&b));
	buf_release(&b);
}

void
screen_send(struct port *desk, const struct canvas_grid *frame,
    struct canvas_grid *before)
{
	struct screen_cursor c = { 0 };
	struct buf b = { 0 };
	int row, col;

	canvas_diff(frame, before, send_run, desk);
	if (canvas_cursor_at(frame, &row, &col))
		c = (struct screen_cursor){ true, (uint16_t)row,
			(uint16_t)col };
	screen_write_cursor(&b, &c);
	port_send(desk, MSG_CURSOR, buf_view(&b));
	buf_clear(&b);
	screen_write_show(&b, (uint16_t)canvas_rows(frame),
	    (uint16_t)canvas_cols(frame));
	port_send(desk, MSG_SHOW, buf_view(&b));
	buf_release(&b);
}

void
screen_tell(struct port *desk, const struct screen_look *now,
    struct screen_look *told)
{
	struct buf b = { 0 };

	if (now->theme == told->theme && now->mouse == told->mouse)
		return;
	screen_write_look(&b, now);
	port_send(desk, MSG_LOOK, buf_view(&b));
	buf_release(&b);
	*told = *now;
}
