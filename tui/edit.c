#include "tui/edit.h"

#include <string.h>

void
edit_init(struct edit *e, size_t max, bool one_line)
{
	*e = (struct edit){ .max = max, .one_line = one_line, .cols = 80 };
}

void
edit_release(struct edit *e)
{
	buf_release(&e->text);
	*e = (struct edit){ 0 };
}

void
edit_set(struct edit *e, struct str text)
{
	buf_clear(&e->text);
	buf_str(&e->text, str_slice(text, 0, e->max));
	e->at = e->text.len;
	e->top = 0;
	e->has_goal = false;
}

struct str
edit_text(const struct edit *e)
{
	return buf_view(&e->text);
}

/* Rows as they are on the screen: bytes from..to, then the next one. */
struct row {
	size_t from, to, next;
	bool last;
};

static size_t
width_of(const struct edit *e)
{
	return e->cols > 1 ? (size_t)e->cols - 1 : 1;
}

/* A row that is too long ends after its last blank, if it has one. */
static size_t
wrap_at(struct str line, size_t fit)
{
	for (size_t i = fit; i > 0; i--)
		if (line.at[i - 1] == ' ')
			return i;
	return fit;
}

static struct row
row_from(const struct edit *e, size_t from)
{
	static const struct text_style plain;
	struct str rest = str_slice(buf_view(&e->text), from, e->text.len);
	const char *lf = rest.len == 0 ? NULL : memchr(rest.at, '\n', rest.len);
	struct str line =
	    str_slice(rest, 0, lf == NULL ? rest.len : (size_t)(lf - rest.at));
	size_t fit = line.len;
	struct row r = { .from = from };

	if (!e->one_line)
		fit = text_fit(line, plain, (uint32_t)width_of(e));
	if (fit < line.len) {
		r.to = r.next = from + wrap_at(line, fit);
		return r;
	}
	r.to = from + line.len;
	r.next = r.to + (lf != NULL);
	r.last = lf == NULL;
	return r;
}

/* The row with the cursor, and its number. */
static struct row
row_of_cursor(const struct edit *e, uint64_t *number)
{
	struct row r = row_from(e, 0);

	*number = 0;
	while (!r.last && e->at >= r.next) {
		r = row_from(e, r.next);
		++*number;
	}
	return r;
}

static uint32_t
column_of(const struct edit *e, const struct row *r)
{
	static const struct text_style plain;

	return text_width(str_slice(buf_view(&e->text), r->from,
			      e->at - r->from),
	    plain);
}

static void
go_to_row(struct edit *e, uint64_t number)
{
	static const struct text_style plain;
	struct row r = row_from(e, 0);
	struct text t;
	size_t last;

	while (number > 0 && !r.last) {
		r = row_from(e, r.next);
		number--;
	}
	t = text_of(str_slice(buf_view(&e->text), r.from, r.to - r.from),
	    plain);
	text_seek(&t, e->goal);
	e->at = r.from + t.spot.at;
	/* The end of a wrapped row is the beginning of the next. */
	last = r.next == r.to && !r.last && r.to > r.from ? r.to - 1 : r.to;
	if (e->at > last)
		e->at = last;
}

static void
move_rows(struct edit *e, int64_t by)
{
	uint64_t number;
	struct row r = row_of_cursor(e, &number);

	if (!e->has_goal)
		e->goal = column_of(e, &r);
	e->has_goal = true;
	if (by < 0)
		number = number < (uint64_t)-by ? 0 : number - (uint64_t)-by;
	else
		number += (uint64_t)by;
	go_to_row(e, number);
}

static size_t
before(const struct edit *e, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && ((unsigned char)e->text.at[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static size_t
after(const struct edit *e, size_t at)
{
	if (at < e->text.len)
		at++;
	while (
	    at < e->text.len && ((unsigned char)e->text.at[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void
cut(struct edit *e, size_t from, size_t to)
{
	memmove(e->text.at + from, e->text.at + to, e->text.len - to);
	e->text.len -= to - from;
	e->text.at[e->text.len] = '\0';
	e->at = from;
}

static size_t
line_start(const struct edit *e)
{
	size_t at = e->at;

	while (at > 0 && e->text.at[at - 1] != '\n')
		at--;
	return at;
}

static size_t
line_end(const struct edit *e)
{
	size_t at = e->at;

	while (at < e->text.len && e->text.at[at] != '\n')
		at++;
	return at;
}

static size_t
word_start(const struct edit *e)
{
	size_t at = e->at;

	while (at > 0 && strchr(" \n\t", e->text.at[at - 1]) != NULL)
		at--;
	while (at > 0 && strchr(" \n\t", e->text.at[at - 1]) == NULL)
		at--;
	return at;
}

static void
insert(struct edit *e, uint32_t ch)
{
	struct buf b = { 0 };

	text_put_utf8(&b, ch);
	e->full = b.len > e->max - e->text.len;
	if (!e->full) {
		buf_grow(&e->text, b.len);
		memmove(e->text.at + e->at + b.len, e->text.at + e->at,
		    e->text.len - e->at);
		memcpy(e->text.at + e->at, b.at, b.len);
		e->text.len += b.len;
		e->text.at[e->text.len] = '\0';
		e->at += b.len;
	}
	buf_release(&b);
}

static enum edit_did
move_key(struct edit *e, uint32_t key)
{
	int page = e->rows > 1 ? e->rows - 1 : 1;

	if (key == KEYS_UP || key == KEYS_DOWN || key == KEYS_PGUP ||
	    key == KEYS_PGDN) {
		if (e->one_line)
			return EDIT_NOTHING;
		move_rows(e,
		    key == KEYS_UP       ? -1 :
			key == KEYS_DOWN ? 1 :
			key == KEYS_PGUP ? -page :
					   page);
		return EDIT_MOVED;
	}
	if (key == KEYS_LEFT || key == KEYS_CTRL('b'))
		e->at = before(e, e->at);
	else if (key == KEYS_RIGHT || key == KEYS_CTRL('f'))
		e->at = after(e, e->at);
	else if (key == KEYS_HOME || key == KEYS_CTRL('a'))
		e->at = line_start(e);
	else if (key == KEYS_END || key == KEYS_CTRL('e'))
		e->at = line_end(e);
	else
		return EDIT_NOTHING;
	e->has_goal = false;
	return EDIT_MOVED;
}

static enum edit_did
cut_key(struct edit *e, uint32_t key)
{
	size_t from = e->at, to = e->at;

	if (key == KEYS_BACKSPACE)
		from = before(e, e->at);
	else if (key == KEYS_DELETE)
		to = after(e, e->at);
	else if (key == KEYS_CTRL('u'))
		from = line_start(e);
	else if (key == KEYS_CTRL('k'))
		to = line_end(e);
	else if (key == KEYS_CTRL('w'))
		from = word_start(e);
	else
		return EDIT_NOTHING;
	if (from == to)
		return EDIT_MOVED;
	cut(e, from, to);
	e->has_goal = false;
	return EDIT_CHANGED;
}

bool
edit_replace(struct edit *e, size_t at, size_t len, struct str text)
{
	struct str all = buf_view(&e->text);
	struct buf b = { 0 };

	if (at > all.len || len > all.len - at ||
	    text.len > e->max - (all.len - len))
		return false;
	buf_str(&b, str_slice(all, 0, at));
	buf_str(&b, text);
	e->at = b.len;
	buf_str(&b, str_slice(all, at + len, all.len));
	buf_release(&e->text);
	e->text = b;
	e->has_goal = false;
	return true;
}

enum edit_did
edit_key(struct edit *e, uint32_t key)
{
	enum edit_did did;

	e->full = false;
	if (key == KEYS_PASTE || key == KEYS_PASTE_END)
		return EDIT_MOVED;
	if (keys_is_text(key) || key == KEYS_ENTER || key == '\n' ||
	    key == KEYS_TAB) {
		if (key == KEYS_ENTER || key == '\n')
			key = e->one_line ? ' ' : '\n';
		insert(e, key == KEYS_TAB ? ' ' : key);
		e->has_goal = false;
		return EDIT_CHANGED;
	}
	did = move_key(e, key);
	return did != EDIT_NOTHING ? did : cut_key(e, key);
}

static void
scroll_to(struct edit *e, uint64_t row)
{
	if (row < e->top)
		e->top = row;
	if (e->rows > 0 && row >= e->top + (uint64_t)e->rows)
		e->top = row - (uint64_t)e->rows + 1;
}

/* One line: as much of it as ends at the cursor is on the screen. */
static void
draw_line(struct edit *e, const struct canvas *c, uint16_t attr, bool focus)
{
	struct row r = { .to = e->text.len };
	uint32_t column = column_of(e, &r);
	uint32_t width = c->cols > 0 ? (uint32_t)c->cols : 1;
	struct canvas_draw d = { .text = buf_view(&e->text), .attr = attr };

	if (column >= width)
		d.skip = column - width + 1;
	canvas_text(c, 0, 0, c->cols, &d);
	if (focus)
		canvas_cursor(c, 0, (int)(column - d.skip));
}

/* One row of the screen, the marks that touch it in their roles. */
static void
draw_row(const struct edit *e, const struct canvas *c, int y,
    const struct row *r, uint16_t attr)
{
	enum { SPANS_MAX = 32 };
	struct canvas_span spans[SPANS_MAX];
	struct canvas_draw d = {
		.text = str_slice(buf_view(&e->text), r->from, r->to - r->from),
		.attr = attr,
		.spans = spans,
		.no_edges = true,
	};

	for (size_t i = 0; i < e->n_marks && d.n_spans < SPANS_MAX; i++) {
		size_t at = e->marks[i].at, end = at + e->marks[i].len;

		if (end <= r->from || at >= r->to)
			continue;
		at = at < r->from ? r->from : at;
		end = end > r->to ? r->to : end;
		spans[d.n_spans++] =
		    (struct canvas_span){ (uint32_t)(at - r->from),
			    (uint32_t)(end - r->from), e->marks[i].attr };
	}
	canvas_text(c, y, 0, c->cols, &d);
}

void
edit_draw(struct edit *e, const struct canvas *c, uint16_t attr, bool focus)
{
	struct row r;
	uint64_t cursor, number = 0;

	e->rows = c->rows;
	e->cols = c->cols;
	if (e->one_line) {
		draw_line(e, c, attr, focus);
		return;
	}
	r = row_of_cursor(e, &cursor);
	scroll_to(e, cursor);
	if (focus && c->rows > 0)
		canvas_cursor(c, (int)(cursor - e->top), (int)column_of(e, &r));
	for (r = row_from(e, 0);; r = row_from(e, r.next), number++) {
		if (number >= e->top + (uint64_t)e->rows)
			break;
		if (number >= e->top)
			draw_row(e, c, (int)(number - e->top), &r, attr);
		if (r.last)
			break;
	}
}

void
edit_position(const struct edit *e, struct buf *b)
{
	size_t line = 1, lines = 1;

	for (size_t i = 0; i < e->text.len; i++) {
		if (e->text.at[i] != '\n')
			continue;
		lines++;
		line += i < e->at;
	}
	buf_printf(b, "line %zu of %zu, %zu bytes", line, lines, e->text.len);
}
