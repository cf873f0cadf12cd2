#include "tui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CANVAS_MERGE = 3,    /* equal cells that are cheaper to send again */
	CANVAS_GLYPH = 8,    /* bytes of the longest glyph */
	CANVAS_ELIDE = 8,    /* below, a path is cut at its left only */
	CANVAS_BAR = 0x2502, /* box drawing: the desk knows what to do */
	CANVAS_RULE = 0x2500,
	CANVAS_EDGE = ROLE_FAINT | ATTR_HAZARD,
};

struct canvas_grid {
	int rows, cols;
	struct cell *cells;
	int cursor_row, cursor_col; /* -1: hidden */
	bool ascii, latin;
};

static const struct cell blank = { .ch = ' ' };

struct canvas_grid *
canvas_open(int rows, int cols)
{
	struct canvas_grid *g = calloc(1, sizeof *g);

	if (g == NULL)
		bug("no memory for a canvas");
	canvas_resize(g, rows, cols);
	return g;
}

void
canvas_close(struct canvas_grid *g)
{
	if (g == NULL)
		return;
	free(g->cells);
	free(g);
}

void
canvas_resize(struct canvas_grid *g, int rows, int cols)
{
	size_t n;

	g->rows = rows < 0 ? 0 : rows;
	g->cols = cols < 0 ? 0 : cols;
	n = (size_t)g->rows * (size_t)g->cols;
	free(g->cells);
	g->cells = calloc(n + 1, sizeof *g->cells);
	if (g->cells == NULL)
		bug("no memory for %d rows", rows);
	for (size_t i = 0; i < n; i++)
		g->cells[i] = blank;
	canvas_cursor_hide(g);
}

struct canvas
canvas_all(struct canvas_grid *g)
{
	return (struct canvas){ g, 0, 0, g->rows, g->cols };
}

void
canvas_font(struct canvas_grid *g, struct text_style style)
{
	g->ascii = style.ascii;
	g->latin = style.latin;
}

struct text_style
canvas_style(const struct canvas *c, struct text_style style)
{
	style.ascii |= c->grid->ascii;
	style.latin |= c->grid->latin;
	return style;
}

/* from and n, cut to what lies in 0..limit. */
static void
clip(int *from, int *n, int limit)
{
	if (*from < 0) {
		*n += *from;
		*from = 0;
	}
	if (*from > limit)
		*from = limit;
	if (*n > limit - *from)
		*n = limit - *from;
	if (*n < 0)
		*n = 0;
}

struct canvas
canvas_part(const struct canvas *c, int row, int col, int rows, int cols)
{
	clip(&row, &rows, c->rows);
	clip(&col, &cols, c->cols);
	return (
	    struct canvas){ c->grid, c->row + row, c->col + col, rows, cols };
}

static struct cell *
cell_at(const struct canvas *c, int row, int col)
{
	struct canvas_grid *g = c->grid;

	return &g->cells[(size_t)(c->row + row) * (size_t)g->cols +
	    (size_t)(c->col + col)];
}

static bool
inside(const struct canvas *c, int row, int col)
{
	return row >= 0 && row < c->rows && col >= 0 && col < c->cols;
}

/* Half of a wide cell that loses its other half becomes a blank. */
static void
free_place(const struct canvas *c, int row, int col)
{
	struct cell *at = cell_at(c, row, col);

	if (at->ch == 0 && c->col + col > 0)
		at[-1].ch = ' ', at[-1].mark = 0;
	if (c->col + col + 1 < c->grid->cols && at[1].ch == 0)
		at[1].ch = ' ';
}

static void
set_cell(const struct canvas *c, int row, int col, struct cell cell)
{
	if (!inside(c, row, col))
		return;
	free_place(c, row, col);
	*cell_at(c, row, col) = cell;
}

void
canvas_fill(const struct canvas *c, int row, int col, int n, uint16_t attr)
{
	if (row < 0 || row >= c->rows)
		return;
	clip(&col, &n, c->cols);
	for (int i = 0; i < n; i++)
		set_cell(c, row, col + i, (struct cell){ ' ', 0, attr });
}

void
canvas_clear(const struct canvas *c, uint16_t attr)
{
	for (int row = 0; row < c->rows; row++)
		canvas_fill(c, row, 0, c->cols, attr);
}

void
canvas_mark(const struct canvas *c, int row, int col, int n, uint16_t bits)
{
	if (row < 0 || row >= c->rows)
		return;
	clip(&col, &n, c->cols);
	for (int i = 0; i < n; i++)
		cell_at(c, row, col + i)->attr |= bits;
}

/* Where a text goes: width columns, of which all before from are hidden. */
struct place {
	const struct canvas *c;
	int row, col, width;
	uint32_t skip;
};

/* Column x of the place, counted from the start of the text. */
static void
set_at(const struct place *p, uint32_t x, struct cell cell)
{
	if (x >= p->skip && x - p->skip < (uint32_t)p->width)
		set_cell(p->c, p->row, p->col + (int)(x - p->skip), cell);
}

static void
draw_wide(const struct place *p, const struct text_glyph *g, uint16_t attr)
{
	bool whole = g->column >= p->skip &&
	    g->column + 1 - p->skip < (uint32_t)p->width &&
	    p->col + (int)(g->column - p->skip) + 1 < p->c->cols;

	if (!whole) { /* the edge mark tells that something is cut here */
		set_at(p, g->column, (struct cell){ ' ', 0, attr });
		set_at(p, g->column + 1, (struct cell){ ' ', 0, attr });
		return;
	}
	set_at(p, g->column, (struct cell){ ' ', 0, attr });
	set_at(p, g->column + 1, (struct cell){ ' ', 0, attr });
	set_at(p, g->column, (struct cell){ g->ch, g->mark, attr });
	*cell_at(p->c, p->row, p->col + (int)(g->column + 1 - p->skip)) =
	    (struct cell){ 0, 0, attr };
}

static void
draw_glyph(const struct place *p, const struct text_glyph *g, uint16_t attr,
    bool invisibles)
{
	if (g->ch != 0 && g->width == 2) {
		draw_wide(p, g, attr);
		return;
	}
	if (g->ch != 0) {
		set_at(p, g->column, (struct cell){ g->ch, g->mark, attr });
		return;
	}
	if (text_is_hazard(g->kind))
		attr |= ATTR_HAZARD;
	else if (g->kind == TEXT_FOREIGN)
		attr |= ATTR_FOCUS;
	for (uint8_t i = 0; i < g->width; i++) {
		uint32_t ch = ' ';

		if (g->kind != TEXT_TAB)
			ch = (unsigned char)g->token[i];
		else if (invisibles)
			ch = i == 0 ? '>' : '-';
		set_at(p, g->column + i, (struct cell){ ch, 0, attr });
	}
}

/* Walks over sorted spans while bytes go by. */
struct cursor {
	const struct canvas_span *at, *end;
};

static struct cursor
cursor_from(const struct canvas_span *spans, size_t n, size_t byte)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (spans[mid].to <= byte)
			low = mid + 1;
		else
			high = mid;
	}
	return (struct cursor){ n == 0 ? NULL : spans + low,
		n == 0 ? NULL : spans + n };
}

/* The span that holds the byte, or NULL. */
static const struct canvas_span *
cursor_to(struct cursor *c, size_t byte)
{
	while (c->at != c->end && c->at->to <= byte)
		c->at++;
	return c->at != c->end && c->at->from <= byte ? c->at : NULL;
}

/* Occurrences of a text among the bytes on the screen. */
struct lights {
	struct str text, find;
	size_t from, to;
};

static struct lights
lights_from(const struct canvas_draw *d, size_t byte, int width)
{
	size_t before = d->find.len;
	struct lights l = { .find = d->find };

	l.text = str_slice(d->text, 0,
	    byte + (size_t)width * CANVAS_GLYPH + d->find.len);
	l.to = byte > before ? byte - before : 0;
	l.from = l.to;
	return l;
}

static bool
lights_at(struct lights *l, size_t byte)
{
	while (l->find.len > 0 && l->to <= byte && l->from != SIZE_MAX) {
		l->from = text_find(l->text, l->find, l->to);
		if (l->from != SIZE_MAX)
			l->to = l->from + l->find.len;
	}
	return l->find.len > 0 && l->from <= byte && byte < l->to;
}

static uint16_t
attr_of(uint16_t base, const struct canvas_span *under,
    const struct canvas_span *over, bool lit)
{
	uint16_t attr = base;

	if (under != NULL) {
		if ((under->attr & ATTR_ROLE) != ROLE_TEXT)
			attr &= (uint16_t)~ATTR_ROLE;
		attr |= under->attr;
	}
	if (over != NULL) {
		if ((over->attr & ATTR_ROLE) != ROLE_TEXT)
			attr &= (uint16_t)~ATTR_ROLE;
		attr |= over->attr;
	}
	return lit ? attr | ATTR_HIT : attr;
}

/* Draws what is in sight; true: the text goes on to the right. */
static bool
draw_slice(const struct place *p, const struct canvas_draw *d, struct text *t)
{
	struct cursor under = cursor_from(d->spans, d->n_spans, t->spot.at);
	struct cursor over = cursor_from(d->over, d->n_over, t->spot.at);
	struct lights lights = lights_from(d, t->spot.at, p->width);
	struct text_glyph g;

	while (text_next(t, &g)) {
		if (g.column >= p->skip &&
		    g.column - p->skip >= (uint32_t)p->width)
			return true;
		draw_glyph(p, &g,
		    attr_of(d->attr, cursor_to(&under, g.at),
			cursor_to(&over, g.at), lights_at(&lights, g.at)),
		    d->style.invisibles);
		if (t->spot.column > p->skip &&
		    t->spot.column - p->skip > (uint32_t)p->width)
			return true;
	}
	return false;
}

int
canvas_text(const struct canvas *c, int row, int col, int width,
    const struct canvas_draw *d)
{
	struct place p = { c, row, col, width, d->skip };
	struct text t = text_of(d->text, canvas_style(c, d->style));
	uint32_t end;
	bool more;

	if (col < 0 || col >= c->cols || row < 0 || row >= c->rows)
		return col;
	if (p.width > c->cols - col)
		p.width = c->cols - col;
	if (p.width <= 0)
		return col;
	if (d->spot != NULL && d->spot->column <= d->skip &&
	    d->spot->at <= d->text.len)
		t.spot = *d->spot;
	text_seek(&t, d->skip);
	if (d->spot != NULL)
		*d->spot = t.spot;
	more = draw_slice(&p, d, &t);
	if (more && !d->no_edges)
		set_cell(c, row, col + p.width - 1,
		    (struct cell){ '>', 0, CANVAS_EDGE });
	if (d->skip > 0 && d->text.len > 0 && !d->no_edges)
		set_cell(c, row, col, (struct cell){ '<', 0, CANVAS_EDGE });
	end = t.spot.column > d->skip ? t.spot.column - d->skip : 0;
	if (more || end > (uint32_t)p.width)
		end = (uint32_t)p.width;
	return col + (int)end;
}

int
canvas_str(const struct canvas *c, int row, int col, int width, uint16_t attr,
    struct str text)
{
	struct canvas_draw d = { .text = text, .attr = attr };

	return canvas_text(c, row, col, width, &d);
}

int
canvas_put(const struct canvas *c, int row, int col, uint16_t attr,
    const char *literal)
{
	struct canvas_draw d = { .text = str_of(literal),
		.attr = attr,
		.no_edges = true };

	return canvas_text(c, row, col, c->cols, &d);
}

int
canvas_printf(const struct canvas *c, int row, int col, uint16_t attr,
    const char *fmt, ...)
{
	struct canvas_draw d = { .attr = attr, .no_edges = true };
	char *text = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		bug("no memory for a text");
	d.text = (struct str){ text, (size_t)n };
	col = canvas_text(c, row, col, c->cols, &d);
	free(text);
	return col;
}

int
canvas_char(const struct canvas *c, int row, int col, uint16_t attr,
    uint32_t ch)
{
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = attr, .no_edges = true };

	text_put_utf8(&b, ch);
	d.text = buf_view(&b);
	col = canvas_text(c, row, col, c->cols, &d);
	buf_release(&b);
	return col;
}

void
canvas_bar(const struct canvas *c, int row, int col, int rows)
{
	clip(&row, &rows, c->rows);
	for (int i = 0; i < rows; i++)
		set_cell(c, row + i, col,
		    (struct cell){ CANVAS_BAR, 0, ROLE_FAINT });
}

void
canvas_rule(const struct canvas *c, int row, int col, int cols)
{
	clip(&col, &cols, c->cols);
	for (int i = 0; i < cols; i++)
		set_cell(c, row, col + i,
		    (struct cell){ CANVAS_RULE, 0, ROLE_FAINT });
}

int
canvas_path(const struct canvas *c, int row, int col, int width, uint16_t attr,
    struct str path)
{
	struct canvas_draw d = { .text = path, .attr = attr };
	uint32_t all = text_width(path, canvas_style(c, d.style));
	int head, tail;

	if (width > c->cols - col)
		width = c->cols - col;
	if (width <= 0)
		return col;
	if (all <= (uint32_t)width)
		return canvas_text(c, row, col, width, &d);
	if (width < CANVAS_ELIDE) {
		d.skip = all - (uint32_t)width;
		return canvas_text(c, row, col, width, &d);
	}
	head = (width - 3) / 4;
	tail = width - 3 - head;
	d.no_edges = true;
	canvas_text(c, row, col, head, &d);
	canvas_put(c, row, col + head, attr, "...");
	d.skip = all - (uint32_t)tail;
	return canvas_text(c, row, col + head + 3, tail, &d);
}

void
canvas_cursor(const struct canvas *c, int row, int col)
{
	if (!inside(c, row, col))
		return;
	c->grid->cursor_row = c->row + row;
	c->grid->cursor_col = c->col + col;
}

bool
canvas_cursor_at(const struct canvas_grid *g, int *row, int *col)
{
	if (g->cursor_row < 0)
		return false;
	*row = g->cursor_row;
	*col = g->cursor_col;
	return true;
}

void
canvas_cursor_hide(struct canvas_grid *g)
{
	g->cursor_row = g->cursor_col = -1;
}

const struct cell *
canvas_cells(const struct canvas_grid *g)
{
	return g->cells;
}

int
canvas_rows(const struct canvas_grid *g)
{
	return g->rows;
}

int
canvas_cols(const struct canvas_grid *g)
{
	return g->cols;
}

static bool
same(const struct cell *a, const struct cell *b)
{
	return a->ch == b->ch && a->mark == b->mark && a->attr == b->attr;
}

/* Where the stretch that begins at from ends, short equal parts included. */
static int
stretch_end(const struct cell *a, const struct cell *b, int from, int cols)
{
	int end = from + 1;

	for (int i = from + 1; i < cols && i - end <= CANVAS_MERGE; i++)
		if (!same(&a[i], &b[i]))
			end = i + 1;
	while (end < cols && a[end].ch == 0)
		end++;
	return end;
}

void
canvas_diff(const struct canvas_grid *now, struct canvas_grid *before,
    void (*run)(void *arg, int row, int col, const struct cell *cells, int n),
    void *arg)
{
	bool all = before->rows != now->rows || before->cols != now->cols;

	if (all)
		canvas_resize(before, now->rows, now->cols);
	for (int row = 0; row < now->rows; row++) {
		size_t start = (size_t)row * (size_t)now->cols;
		const struct cell *a = now->cells + start;
		const struct cell *b = before->cells + start;

		for (int i = 0, end; i < now->cols; i++) {
			if (!all && same(&a[i], &b[i]))
				continue;
			while (i > 0 && a[i].ch == 0)
				i--;
			end = all ? now->cols : stretch_end(a, b, i, now->cols);
			run(arg, row, i, a + i, end - i);
			i = end - 1;
		}
	}
	if (now->cells != NULL)
		memcpy(before->cells, now->cells,
		    (size_t)now->rows * (size_t)now->cols * sizeof *now->cells);
	before->cursor_row = now->cursor_row;
	before->cursor_col = now->cursor_col;
}

void
canvas_show(const struct canvas_grid *g, struct buf *out)
{
	for (int row = 0; row < g->rows; row++) {
		const struct cell *c = g->cells + (size_t)row * (size_t)g->cols;
		int end = g->cols;

		while (end > 0 && c[end - 1].ch == ' ')
			end--;
		for (int i = 0; i < end; i++) {
			if (c[i].ch != 0)
				text_put_utf8(out, c[i].ch);
			if (c[i].mark != 0)
				text_put_utf8(out, c[i].mark);
		}
		buf_char(out, '\n');
	}
}
