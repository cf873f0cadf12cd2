#include "tui/file_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

void
file_view_release(struct file_view *v)
{
	file_view_forget(v);
	free(v->hits);
	buf_release(&v->needle);
	seen_release(&v->seen);
	gutter_release(&v->gutter);
	file_reason_release(&v->reason);
	code_close(&v->code);
	list_release(&v->list);
}

bool
file_view_selection(const struct file_view *v, uint32_t *first, uint32_t *last)
{
	uint32_t now = (uint32_t)v->list.selected + 1;

	if (!v->selecting || v->list.count == 0)
		return false;
	*first = v->mark < now ? v->mark : now;
	*last = v->mark < now ? now : v->mark;
	return true;
}

void
file_view_lines(const struct file_view *v, uint32_t *first, uint32_t *last)
{
	if (!file_view_selection(v, first, last))
		*first = *last = (uint32_t)v->list.selected + 1;
}

/* --- the cursor in the line -------------------------------------------- */

static bool
line_of(struct file_view *v, struct str *text)
{
	return !v->hex && v->list.count > 0 &&
	    code_line(&v->code, (uint32_t)v->list.selected + 1, text);
}

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	    (u >= '0' && u <= '9') || u == '_' || u == '$' || u >= 0x80;
}

struct str
file_view_word(struct file_view *v)
{
	struct str text;
	size_t from, to;

	if (!line_of(v, &text))
		return STR("");
	from = v->column < text.len ? v->column : text.len;
	while (from < text.len && !is_word(text.at[from]))
		from++;
	if (from == text.len)
		return STR("");
	while (from > 0 && is_word(text.at[from - 1]))
		from--;
	to = from;
	while (to < text.len && is_word(text.at[to]))
		to++;
	return str_slice(text, from, to - from);
}

/* Scrolls so that the column of the cursor is on the screen. */
static void
follow(struct file_view *v, int width)
{
	uint32_t column = code_spot(&v->code, (uint32_t)v->list.selected + 1,
	    v->style, v->column)
			      .column;

	if (column < v->list.skip)
		v->list.skip = column / 20 * 20;
	else if (width > 1 && column + 1 >= v->list.skip + (uint32_t)width)
		v->list.skip = (column + 2 - (uint32_t)width + 19) / 20 * 20;
}

static size_t
glyph_before(struct str text, struct text_style style, size_t at)
{
	struct text t = text_of(text, style);
	struct text_glyph g = { 0 };

	/* Back far enough to be on a glyph, whatever it is. */
	t.spot.at = at > 64 ? at - 64 : 0;
	while (t.spot.at < at && text_next(&t, &g))
		;
	return g.at;
}

static size_t
glyph_after(struct str text, struct text_style style, size_t at)
{
	struct text t = text_of(text, style);
	struct text_glyph g;

	t.spot.at = at;
	return text_next(&t, &g) ? t.spot.at : text.len;
}

void
file_view_column(struct pane *p, int64_t by)
{
	struct file_view *v = p->state;
	struct str text;
	size_t at;

	if (!line_of(v, &text)) {
		v->list.skip = by < 0 && v->list.skip < 20 ?
		    0 :
		    v->list.skip + (by < 0 ? (uint32_t)-20 : 20);
		return;
	}
	at = v->column < text.len ? v->column : text.len;
	for (; by > 0 && at < text.len; by--)
		at = glyph_after(text, v->code.style, at);
	for (; by < 0 && at > 0; by++)
		at = glyph_before(text, v->code.style, at);
	v->column = (uint32_t)at;
	follow(v,
	    p->cols -
		gutter_width(code_lines(&v->code), shell_options(p->shell)));
}

void
file_view_count(struct pane *p)
{
	struct file_view *v = p->state;

	if (v->hex)
		list_count(&v->list, code_hex_rows(&v->code), false);
	else
		list_count(&v->list, code_lines(&v->code), !v->code.lines.done);
}

void
file_view_hex(struct pane *p, bool on)
{
	struct file_view *v = p->state;

	v->hex = on;
	v->hit_len = 0;
	file_view_forget(v);
	v->selecting = false;
	file_view_count(p);
	list_changed(&v->list);
	list_select(&v->list, 0);
}

void
file_view_to(struct pane *p, uint32_t line, uint32_t column)
{
	struct file_view *v = p->state;

	if (line == 0 || v->hex)
		return;
	v->column = column == 0 ? 0 : column - 1;
	if (line > code_lines(&v->code) && !v->code.lines.done) {
		v->wanted = line;
		return;
	}
	list_select(&v->list, line - 1);
	if (line > 1)
		list_place(&v->list, 0);
}

/* --- searching in the file --------------------------------------------- */

void
file_view_forget(struct file_view *v)
{
	buf_clear(&v->needle);
	v->n_hits = 0;
}

static void
add_hit(struct file_view *v, uint32_t line)
{
	if (v->n_hits > 0 && v->hits[v->n_hits - 1] == line)
		return;
	v->hits =
	    array_more(v->hits, v->n_hits, &v->room_hits, sizeof *v->hits);
	v->hits[v->n_hits++] = line;
}

/* One pass over the text: hits in order, lines counted between them. */
static void
look(struct file_view *v)
{
	struct str text = v->code.text;
	size_t at = 0, counted = 0;
	uint32_t line = 1;

	v->n_hits = 0;
	while ((at = text_find(text, buf_view(&v->needle), at)) != SIZE_MAX) {
		const char *lf;

		while (counted < at &&
		    (lf = memchr(text.at + counted, '\n', at - counted)) !=
			NULL) {
			line++;
			counted = (size_t)(lf - text.at) + 1;
		}
		counted = at;
		add_hit(v, line);
		at++;
	}
}

/* The hit after (before) a line, going on at the other end. */
static size_t
next_hit(const struct file_view *v, uint32_t line, bool back, bool *wrapped)
{
	size_t low = 0, high = v->n_hits;

	*wrapped = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v->hits[mid] < line || (!back && v->hits[mid] == line))
			low = mid + 1;
		else
			high = mid;
	}
	if (!back && low == v->n_hits) {
		*wrapped = true;
		return 0;
	}
	if (back && low == 0) {
		*wrapped = true;
		return v->n_hits - 1;
	}
	return back ? low - 1 : low;
}

static void
show_found(struct pane *p, size_t k, bool back, bool wrapped)
{
	struct file_view *v = p->state;
	struct buf b = { 0 };
	struct str text;
	size_t at = SIZE_MAX;

	list_select(&v->list, v->hits[k] - 1);
	if (line_of(v, &text))
		at = text_find(text, buf_view(&v->needle), 0);
	if (at != SIZE_MAX) {
		v->column = (uint32_t)at;
		file_view_column(p, 0);
	}
	if (wrapped)
		buf_str(&b,
		    back ? STR("wrapped to bottom: ") :
			   STR("wrapped to top: "));
	buf_printf(&b, "line %u matches '", v->hits[k]);
	buf_str(&b, str_slice(buf_view(&v->needle), 0, 40));
	buf_printf(&b, "' (%zu of %zu)", k + 1, v->n_hits);
	shell_say(p->shell, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9'                ? c - '0' :
	    (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 :
						     -1;
}

/* "7f 45 4c" is bytes; everything else is text. */
static void
bytes_of(struct str text, struct buf *out)
{
	size_t i = 0;

	for (; i + 1 < text.len; i += 3) {
		int high = digit(text.at[i]), low = digit(text.at[i + 1]);

		if (high < 0 || low < 0 ||
		    (i + 2 < text.len && text.at[i + 2] != ' '))
			break;
		buf_char(out, (char)(high << 4 | low));
	}
	if (text.len > 0 && (i == text.len + 1 || i == text.len))
		return;
	buf_clear(out);
	buf_str(out, text);
}

/* Every place, overlapping ones too; the wanted one is the first not before
 * from (the last before it), or at the other end. */
static size_t
find_place(struct str in, struct str what, size_t from, bool back, size_t *k,
    size_t *n)
{
	size_t at = SIZE_MAX, first = SIZE_MAX, found = SIZE_MAX;

	*n = *k = 0;
	for (size_t i = 0; (i = str_find(in, what, i)) != SIZE_MAX; i++) {
		++*n;
		at = i;
		if (first == SIZE_MAX)
			first = i;
		if (back ? i < from : i >= from && found == SIZE_MAX) {
			found = i;
			*k = *n;
		}
	}
	if (found != SIZE_MAX || *n == 0)
		return found;
	*k = back ? *n : 1;
	return back ? at : first;
}

/* In the bytes themselves, so that a place may lie over two rows. */
static void
find_bytes(struct pane *p, struct str text, bool back)
{
	struct file_view *v = p->state;
	struct buf what = { 0 };
	size_t at, k, n, from = v->list.selected * CODE_ROW;

	if (text.len > 0) {
		bytes_of(text, &what);
		buf_release(&v->needle);
		v->needle = what;
	}
	if (v->needle.len == 0) {
		shell_message(p->shell, "nothing to look for: / asks");
		return;
	}
	code_finish(&v->code);
	file_view_count(p);
	if (v->hit_len > 0 && v->hit_at / CODE_ROW == v->list.selected)
		from = back ? v->hit_at : v->hit_at + 1;
	at =
	    find_place(v->code.bytes, buf_view(&v->needle), from, back, &k, &n);
	if (at == SIZE_MAX) {
		shell_message(p->shell, "no such bytes in this file");
		return;
	}
	shell_jumped(p);
	v->hit_at = at;
	v->hit_len = v->needle.len;
	list_select(&v->list, at / CODE_ROW);
	shell_message(p->shell, "byte %zu (%zx): %zu of %zu", at, at, k, n);
}

void
file_view_find(struct pane *p, struct str text, bool back)
{
	struct file_view *v = p->state;
	struct buf b = { 0 };
	bool wrapped;

	if (v->hex) {
		find_bytes(p, text, back);
		return;
	}
	if (text.len > 0 && !str_eq(text, buf_view(&v->needle))) {
		buf_str(&b, text); /* may be a piece of needle */
		buf_release(&v->needle);
		v->needle = b;
		code_finish(&v->code);
		file_view_count(p);
		look(v);
	}
	if (v->needle.len == 0) {
		shell_message(p->shell, "nothing to look for: / asks");
	} else if (v->n_hits == 0) {
		struct buf no = { 0 };

		buf_str(&no, STR("no match for '"));
		buf_str(&no, buf_view(&v->needle));
		buf_char(&no, '\'');
		shell_say(p->shell, ROLE_TEXT, buf_view(&no));
		buf_release(&no);
	} else {
		size_t k =
		    next_hit(v, (uint32_t)v->list.selected + 1, back, &wrapped);

		shell_jumped(p);
		show_found(p, k, back, wrapped);
	}
}

bool
file_view_hazards(void *arg)
{
	struct pane *p = arg;
	struct file_view *v = p->state;
	struct canvas_span alike[1];
	size_t bytes = 0;
	struct str text;

	while (bytes < FILE_VIEW_HAZARDS) {
		if (v->code.binary ||
		    !code_line(&v->code, v->deceives_next + 1, &text))
			break;
		v->deceives_next++;
		v->deceives += code_hazard(&v->code, text) ||
		    code_alike(&v->code, v->deceives_next, alike, 1) > 0;
		bytes += (text.len < 4096 ? text.len : 4096) + 16;
	}
	if (bytes < FILE_VIEW_HAZARDS)
		shell_redraw(p->shell);
	return bytes >= FILE_VIEW_HAZARDS;
}
