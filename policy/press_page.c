#include "policy/press_page.h"

enum {
	GUTTER = 8, /* "  1234* " */
	TEXT = PRESS_COLUMNS - GUTTER,
	HEAD_MAX = PRESS_ROWS - 20, /* rows above the lines, at most */
	FOOT = 2,
	TAB = 8,
};

/* One code point off the front of s; 0: no UTF-8. */
static size_t
decode(uint32_t *c, struct str s)
{
	const unsigned char *at = (const unsigned char *)s.at;
	size_t n = at[0] < 0x80           ? 1 :
	    at[0] >= 0xc2 && at[0] < 0xe0 ? 2 :
	    at[0] >= 0xe0 && at[0] < 0xf0 ? 3 :
	    at[0] >= 0xf0 && at[0] < 0xf5 ? 4 :
					    0;

	if (n == 0 || n > s.len)
		return 0;
	*c = n == 1 ? at[0] : at[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (at[i] & 0x3fu);
	}
	if ((n == 3 && *c < 0x800) || (n == 4 && *c < 0x10000) ||
	    *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

/* Printable ASCII only; whether anything had to be spelt out. */
static bool
spell(struct buf *out, struct str s)
{
	size_t begin = out->len;
	bool odd = false;

	while (s.len > 0) {
		uint32_t c = 0;
		size_t n = decode(&c, s);

		if (n == 1 && c >= 0x20 && c < 0x7f) {
			buf_char(out, (char)c);
		} else if (c == '\t' && n == 1) {
			do
				buf_char(out, ' ');
			while ((out->len - begin) % TAB != 0);
		} else {
			odd = true;
			if (n > 1)
				buf_printf(out, "<U+%04X>", c);
			else
				buf_printf(out, "<%02X>",
				    (unsigned char)s.at[0]);
		}
		s = str_slice(s, n > 0 ? n : 1, s.len);
	}
	return odd;
}

/* "label text", going on below as far as it takes; rows end with LF. */
static void
put_wrapped(struct buf *out, const char *label, struct str text)
{
	struct buf b = { 0 };
	struct str rest;
	bool first = true;

	buf_str(&b, str_of(label));
	(void)spell(&b, text);
	rest = buf_view(&b);
	do {
		size_t room = first ? PRESS_COLUMNS : PRESS_COLUMNS - 6;

		if (!first)
			buf_str(out, STR("      "));
		buf_str(out, str_slice(rest, 0, room));
		buf_char(out, '\n');
		rest = str_slice(rest, room, rest.len);
		first = false;
	} while (rest.len > 0);
	buf_release(&b);
}

static void
put_rule(struct buf *out)
{
	for (int i = 0; i < PRESS_COLUMNS; i++)
		buf_char(out, '-');
	buf_char(out, '\n');
}

static size_t
count_rows(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

void
press_page_number(struct buf *out, struct str prefix, uint32_t number)
{
	buf_printf(out, "%.*s%06u", STR_ARG(prefix), number);
}

/* All of the head but its first two rows, which are of one page. */
static void
put_place(struct buf *out, const struct press_order *o,
    const struct press_place *p, struct str lines, uint32_t of)
{
	struct hash h = hash_of(lines);
	struct buf b = { 0 };

	buf_printf(&b, "%.*s, printed for %.*s, %.*s", STR_ARG(o->session),
	    STR_ARG(o->person), STR_ARG(o->when));
	put_wrapped(out, "session ", buf_view(&b));
	buf_clear(&b);
	buf_printf(&b, "%.*s, commit %s", STR_ARG(p->release),
	    oid_text(&p->commit).hex);
	put_wrapped(out, "release ", buf_view(&b));
	put_wrapped(out, "file ", p->path);
	buf_printf(out, "lines %u to %u of %u\nSHA-256 ", p->first, p->last,
	    of);
	buf_hex(out, h.at, sizeof h.at);
	buf_char(out, '\n');
	put_rule(out);
	buf_release(&b);
}

/* A line of the file, as the rows that it takes. */
static void
put_line(struct buf *out, uint32_t number, struct str line)
{
	struct buf b = { 0 };
	bool odd = spell(&b, line);
	struct str rest = buf_view(&b);

	buf_printf(out, "%6u%c ", number, odd ? '*' : ' ');
	buf_str(out, str_slice(rest, 0, TEXT));
	buf_char(out, '\n');
	for (rest = str_slice(rest, TEXT, rest.len); rest.len > 0;
	     rest = str_slice(rest, TEXT, rest.len)) {
		buf_printf(out, "     >%c ", odd ? '*' : ' ');
		buf_str(out, str_slice(rest, 0, TEXT));
		buf_char(out, '\n');
	}
	buf_release(&b);
}

struct page {
	const struct press_order *o;
	struct str head;
	uint32_t number, k, of; /* k of so many, of this place */
};

static void
put_page(struct buf *out, const struct page *g, struct str *rows, size_t room)
{
	struct buf name = { 0 };
	struct str row;

	press_page_number(&name, g->o->prefix, g->number);
	put_wrapped(out, "", g->o->legend);
	buf_printf(&name, "   page %u of %u of this place", g->k, g->of);
	put_wrapped(out, "", buf_view(&name));
	buf_str(out, g->head);
	while (room-- > 0 && str_cut(rows, '\n', &row)) {
		buf_str(out, row);
		buf_char(out, '\n');
	}
	put_rule(out);
	buf_clear(&name);
	press_page_number(&name, g->o->prefix, g->number);
	buf_printf(&name, "   %.*s", STR_ARG(g->o->legend));
	buf_str(out, str_slice(buf_view(&name), 0, PRESS_COLUMNS));
	buf_str(out, STR("\n\f"));
	buf_release(&name);
}

/* Rows of the legend and of the number. */
static size_t
top_rows(const struct press_order *o)
{
	struct buf b = { 0 };
	size_t n;

	put_wrapped(&b, "", o->legend);
	n = count_rows(buf_view(&b)) + 1;
	buf_release(&b);
	return n;
}

enum err
press_page_put(struct buf *out, uint32_t *pages, const struct press_order *o,
    uint32_t i, struct str lines, uint32_t of, uint32_t number, uint32_t max)
{
	const struct press_place *p = &o->places[i];
	struct buf head = { 0 }, rows = { 0 };
	struct page g = { .o = o };
	struct str rest = lines, line;
	uint32_t at = p->first;
	size_t above, n;
	enum err rc = ERR_NONE;

	put_place(&head, o, p, lines, of);
	above = top_rows(o) + count_rows(buf_view(&head));
	if (above > HEAD_MAX) {
		buf_release(&head);
		return fail(ERR_LIMIT,
		    "a path so long leaves no room on a "
		    "page");
	}
	n = PRESS_ROWS - FOOT - above;
	while (str_cut(&rest, '\n', &line) && rows.len < (size_t)max * n * 81)
		put_line(&rows, at++, line);
	g.head = buf_view(&head);
	g.of = (uint32_t)((count_rows(buf_view(&rows)) + n - 1) / n);
	if (g.of > max)
		rc = fail(ERR_LIMIT, "more than %d pages in one order",
		    PRESS_PAGES_MAX);
	rest = buf_view(&rows);
	for (g.k = 1; g.k <= g.of && rc == ERR_NONE; g.k++) {
		g.number = number + g.k - 1;
		put_page(out, &g, &rest, n);
	}
	if (rc == ERR_NONE)
		*pages = g.of;
	buf_release(&head);
	buf_release(&rows);
	return rc;
}
