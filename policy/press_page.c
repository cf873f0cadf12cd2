#include "policy/press_page.h"

#include "policy/approval.h"

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

void
press_page_numbers(struct buf *out, struct str prefix, uint32_t first,
    uint32_t pages)
{
	press_page_number(out, prefix, first);
	if (pages < 2)
		return;
	buf_str(out, STR(" to "));
	press_page_number(out, prefix, first + pages - 1);
}

struct str
press_page_prefix(struct arena *a, const struct rules *r, struct str who)
{
	if (r->n_auditors < 2)
		return r->excerpt.prefix;
	return arena_printf(a, "%.*s%.*s-", STR_ARG(r->excerpt.prefix),
	    STR_ARG(who));
}

struct press_stamp
press_page_stamp(struct arena *a, const struct rules *r, struct str who,
    uint64_t finding, int64_t when)
{
	const struct rules_person *p = rules_auditor(r, who);
	struct buf time = { 0 };
	struct press_stamp s = { .prefix = press_page_prefix(a, r, who),
		.legend = r->excerpt.legend,
		.session = r->session,
		.person = p != NULL && p->full.len > 0 ? p->full : who,
		.finding = finding,
		.paper = r->excerpt.paper };

	approval_time(&time, when);
	s.when = arena_copy(a, buf_view(&time));
	buf_release(&time);
	return s;
}

/* All of the head but its first two rows, which are of one page. */
static void
put_place(struct buf *out, const struct press_stamp *s,
    const struct press_place *p, const struct press_cost *cost)
{
	struct buf b = { 0 };

	buf_printf(&b, "%.*s, %s for %.*s, %.*s", STR_ARG(s->session),
	    s->paper ? "printed" : "made", STR_ARG(s->person),
	    STR_ARG(s->when));
	put_wrapped(out, "session ", buf_view(&b));
	/* One row whatever it says: what it costs is told before. */
	if (s->finding > 0)
		buf_printf(out, "finding %llu\n",
		    (unsigned long long)s->finding);
	else
		buf_str(out, STR("finding none\n"));
	buf_clear(&b);
	buf_printf(&b, "%.*s, commit %s", STR_ARG(p->release),
	    oid_text(&p->commit).hex);
	put_wrapped(out, "release ", buf_view(&b));
	put_wrapped(out, "file ", p->path);
	buf_printf(out, "lines %u to %u of %u\nSHA-256 ", p->first, p->last,
	    cost->of);
	buf_hex(out, cost->lines.at, HASH_BYTES);
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
	const struct press_stamp *s;
	struct str head;
	uint32_t number, k, of; /* k of so many, of this place */
};

/* In front of the rows, and behind them. */
static void
put_top(struct buf *out, const struct page *g)
{
	struct buf name = { 0 };

	press_page_number(&name, g->s->prefix, g->number);
	put_wrapped(out, "", g->s->legend);
	buf_printf(&name, "   page %u of %u of this place", g->k, g->of);
	put_wrapped(out, "", buf_view(&name));
	buf_str(out, g->head);
	buf_release(&name);
}

static void
put_foot(struct buf *out, const struct page *g)
{
	struct buf name = { 0 }, foot = { 0 };

	put_rule(out);
	press_page_number(&name, g->s->prefix, g->number);
	buf_printf(&name, "   %.*s", STR_ARG(g->s->legend));
	(void)spell(&foot, buf_view(&name));
	buf_str(out, str_slice(buf_view(&foot), 0, PRESS_COLUMNS));
	buf_str(out, STR("\n\f"));
	buf_release(&foot);
	buf_release(&name);
}

static void
put_page(struct buf *out, const struct page *g, struct str *rows, size_t room)
{
	struct str row;

	put_top(out, g);
	while (room-- > 0 && str_cut(rows, '\n', &row)) {
		buf_str(out, row);
		buf_char(out, '\n');
	}
	put_foot(out, g);
}

/* Rows of the legend and of the number. */
static size_t
top_rows(const struct press_stamp *s)
{
	struct buf b = { 0 };
	size_t n;

	put_wrapped(&b, "", s->legend);
	n = count_rows(buf_view(&b)) + 1;
	buf_release(&b);
	return n;
}

void
press_page_rows(struct buf *out, struct str lines, uint32_t first, uint32_t max)
{
	size_t most = (size_t)max * PRESS_ROWS * (PRESS_COLUMNS + 1);
	struct str line;

	while (str_cut(&lines, '\n', &line) && out->len <= most)
		put_line(out, first++, line);
}

enum err
press_page_put(struct buf *out, uint32_t *pages, const struct press_stamp *s,
    const struct press_place *p, const struct press_cost *cost, struct str rows,
    uint32_t number, uint32_t max)
{
	struct buf head = { 0 };
	struct page g = { .s = s };
	size_t above, n;
	enum err rc = ERR_NONE;

	put_place(&head, s, p, cost);
	above = top_rows(s) + count_rows(buf_view(&head));
	if (above > HEAD_MAX) {
		buf_release(&head);
		return fail(ERR_LIMIT,
		    "a path so long leaves no room on a "
		    "page");
	}
	n = PRESS_ROWS - FOOT - above;
	g.head = buf_view(&head);
	g.of = (uint32_t)((count_rows(rows) + n - 1) / n);
	if (g.of > max)
		rc = fail(ERR_LIMIT, "more than %d pages in one order",
		    PRESS_PAGES_MAX);
	for (g.k = 1; g.k <= g.of && rc == ERR_NONE; g.k++) {
		g.number = number + g.k - 1;
		put_page(out, &g, &rows, n);
	}
	if (rc == ERR_NONE)
		*pages = g.of;
	buf_release(&head);
	return rc;
}

/* What stands between the rules of one page; false: it has none. */
static bool
take_rows(struct buf *rows, struct str page)
{
	struct buf line = { 0 };
	struct str row, mark;
	unsigned n = 0;

	put_rule(&line);
	mark = str_slice(buf_view(&line), 0, PRESS_COLUMNS);
	while (str_cut(&page, '\n', &row)) {
		if (str_eq(row, mark)) {
			n++;
		} else if (n == 1) {
			buf_str(rows, row);
			buf_char(rows, '\n');
		}
	}
	buf_release(&line);
	return n == 2;
}

/* The pages of one place off the front of text, made again of their rows. */
static enum err
check_place(struct str *text, const struct press_stamp *s,
    const struct pages_place *l, uint32_t number)
{
	struct buf rows = { 0 }, again = { 0 };
	struct str all = *text, page;
	struct hash hash;
	uint32_t pages = 0;
	bool good = true;

	for (uint32_t i = 0; i < l->cost.pages && good; i++)
		good = str_cut(text, '\f', &page) && take_rows(&rows, page);
	all.len -= text->len;
	hash = hash_of(buf_view(&rows));
	good = good && hash_eq(&hash, &l->cost.rows) &&
	    press_page_put(&again, &pages, s, &l->at, &l->cost, buf_view(&rows),
		number, l->cost.pages) == ERR_NONE &&
	    str_eq(buf_view(&again), all);
	buf_release(&rows);
	buf_release(&again);
	err_clear();
	return good ?
	    ERR_NONE :
	    fail(ERR_DENIED,
		"page %u on is not what was asked for and agreed to", number);
}

enum err
press_page_check(struct str text, const struct press_stamp *s,
    const struct pages *p, uint32_t number)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < p->n && rc == ERR_NONE; i++) {
		rc = check_place(&text, s, &p->places[i], number);
		number += p->places[i].cost.pages;
	}
	if (rc == ERR_NONE && text.len > 0)
		rc = fail(ERR_DENIED, "there are pages nobody asked for");
	return rc;
}
