#include "core/text.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <utf8proc.h>

enum { TEXT_TAB_DEFAULT = 8, TEXT_TAB_MAX = 32, UNICODE_LAST = 0x10ffff };

#ifdef TINY
enum { TEXT_PIECE = 3 }; /* bytes searched at once for both cases */
#else
enum { TEXT_PIECE = 4096 };
#endif

enum err
text_start(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return fail(ERR_ABSENT,
		    "the locale C.UTF-8 is missing: "
		    "install the package libc-bin");
	return ERR_NONE;
}

const char *
text_kind_name(enum text_kind k)
{
	static const char *const names[TEXT_KINDS] = {
		"plain",
		"tab",
		"not ASCII",
		"control byte",
		"invalid byte",
		"bidi control",
		"invisible character",
		"unassigned or private character",
		"stray combining mark",
	};

	return names[k];
}

bool
text_is_hazard(enum text_kind k)
{
	return k >= TEXT_CONTROL;
}

/* Bytes of the code point at the front, 0 when they are not UTF-8. */
static size_t
decode(const char *from, size_t len, uint32_t *out)
{
	const unsigned char *at = (const unsigned char *)from;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t ch = at[0];
	size_t need;

	if (ch < 0x80) {
		*out = ch;
		return 1;
	}
	need = ch >= 0xf0 ? 4 : ch >= 0xe0 ? 3 : 2;
	if (ch < 0xc2 || ch > 0xf4 || need > len)
		return 0;
	ch &= 0x7fu >> need;
	for (size_t i = 1; i < need; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		ch = ch << 6 | (at[i] & 0x3f);
	}
	if (ch < least[need] || ch > UNICODE_LAST ||
	    (ch >= 0xd800 && ch <= 0xdfff))
		return 0;
	*out = ch;
	return need;
}

static bool
is_bidi(uint32_t ch)
{
	return ch == 0x61c || ch == 0x200e || ch == 0x200f ||
	    (ch >= 0x202a && ch <= 0x202e) || (ch >= 0x2066 && ch <= 0x2069);
}

/* Kind and width of a code point that stands alone; TEXT_MARK: a mark. */
static enum text_kind
judge(uint32_t ch, int *width)
{
	const utf8proc_property_t *property;

	*width = 1;
	if (ch >= 0x20 && ch < 0x7f)
		return TEXT_PLAIN;
	if (ch < 0xa0)
		return ch == '\t' ? TEXT_TAB : TEXT_CONTROL;
	if (is_bidi(ch))
		return TEXT_BIDI;
	property = utf8proc_get_property((utf8proc_int32_t)ch);
	if (property->ignorable || property->category == UTF8PROC_CATEGORY_CF)
		return TEXT_HIDDEN;
	*width = wcwidth((wchar_t)ch);
	switch (property->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return TEXT_ODD;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		if (*width == 0)
			return TEXT_MARK;
		break;
	default:
		break;
	}
	return *width == 1 || *width == 2 ? TEXT_PLAIN : TEXT_ODD;
}

int
text_columns(uint32_t ch)
{
	int width;

	switch (judge(ch, &width)) {
	case TEXT_PLAIN:
		return width;
	case TEXT_MARK:
		return 0;
	default:
		return -1;
	}
}

struct text
text_of(struct str line, struct text_style style)
{
	if (style.tab == 0)
		style.tab = TEXT_TAB_DEFAULT;
	if (style.tab > TEXT_TAB_MAX)
		style.tab = TEXT_TAB_MAX;
	return (struct text){ .line = line, .style = style };
}

static uint32_t
add_columns(uint32_t a, size_t b)
{
	return b > UINT32_MAX - a ? UINT32_MAX : a + (uint32_t)b;
}

static void
set_token(struct text_glyph *g, const char *fmt, uint32_t value)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	int n = snprintf(g->token, sizeof g->token, fmt, (unsigned)value);
#pragma GCC diagnostic pop

	if (n < 1 || n >= TEXT_TOKEN)
		bug("a token of %d bytes", n);
	g->ch = 0;
	g->width = (uint8_t)n;
}

static void
set_control(struct text_glyph *g, uint32_t ch)
{
	g->kind = TEXT_CONTROL;
	if (ch == '\n')
		set_token(g, "<%02X>", ch);
	else if (ch < 0x80)
		set_token(g, "^%c", ch ^ 0x40);
	else
		set_token(g, "<U+%04X>", ch);
}

/* The mark that follows a base, if the base may take it. */
static void
take_mark(const struct text *t, struct text_glyph *g)
{
	size_t at = g->at + g->len;
	uint32_t ch;
	size_t n;
	int width;

	/* no mark starts with a byte below CC: U+0300 is CC 80 */
	if (at >= t->line.len || (unsigned char)t->line.at[at] < 0xcc ||
	    t->style.ascii || t->style.latin || t->style.encoding != TEXT_UTF8)
		return;
	n = decode(t->line.at + at, t->line.len - at, &ch);
	if (n == 0 || judge(ch, &width) != TEXT_MARK)
		return;
	g->mark = ch;
	g->len += n;
}

/* The font cannot show it, or is said not to. */
static bool
is_foreign(const struct text *t, uint32_t ch)
{
	return (t->style.ascii && ch >= 0x80) || (t->style.latin && ch > 0xff);
}

static void
set_point(const struct text *t, struct text_glyph *g, uint32_t ch)
{
	int width;

	g->kind = (uint8_t)judge(ch, &width);
	if ((g->kind == TEXT_PLAIN || g->kind == TEXT_MARK) &&
	    is_foreign(t, ch))
		g->kind = TEXT_FOREIGN;
	switch (g->kind) {
	case TEXT_PLAIN:
		g->ch = ch;
		g->width = (uint8_t)width;
		take_mark(t, g);
		break;
	case TEXT_TAB:
		g->width = (uint8_t)(t->style.tab - g->column % t->style.tab);
		break;
	case TEXT_CONTROL:
		set_control(g, ch);
		break;
	default:
		set_token(g, "<U+%04X>", ch);
		break;
	}
}

/* A byte from 80 up, in an encoding where one byte is one character. */
static void
set_byte(const struct text *t, struct text_glyph *g, unsigned char byte)
{
	int width;

	if (t->style.encoding == TEXT_LATIN1 && byte >= 0xa0)
		g->kind = (uint8_t)judge(byte, &width);
	else if (t->style.encoding == TEXT_LATIN1)
		g->kind = TEXT_CONTROL;
	else
		g->kind = TEXT_INVALID;
	if (g->kind == TEXT_PLAIN && t->style.ascii)
		g->kind = TEXT_FOREIGN;
	if (g->kind == TEXT_PLAIN) {
		g->ch = byte;
		g->width = 1;
	} else {
		set_token(g, "<%02X>", byte);
	}
}

bool
text_next(struct text *t, struct text_glyph *g)
{
	size_t at = t->spot.at;
	unsigned char byte;
	uint32_t ch;

	if (at >= t->line.len)
		return false;
	*g = (struct text_glyph){ .at = at, .column = t->spot.column };
	byte = (unsigned char)t->line.at[at];
	g->len = 1;
	if (byte < 0x80) {
		set_point(t, g, byte);
	} else if (t->style.encoding == TEXT_UTF8) {
		g->len = decode(t->line.at + at, t->line.len - at, &ch);
		if (g->len > 0) {
			set_point(t, g, ch);
		} else {
			g->len = 1;
			g->kind = TEXT_INVALID;
			set_token(g, "<%02X>", byte);
		}
	} else {
		set_byte(t, g, byte);
	}
	t->spot.at += g->len;
	t->spot.column = add_columns(t->spot.column, g->width);
	return true;
}

/* Eight bytes that are all from 20 to 7E? */
static bool
plain_word(const char *at)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t w, del;

	memcpy(&w, at, sizeof w);
	del = w ^ ones * 0x7f;
	return ((w | (w - ones * 0x20) | (del - ones)) & tops) == 0;
}

enum { TEXT_PAGE = 256, TEXT_PAGES = 256, TEXT_NOT_PLAIN = 3 };

/* Columns of the first 65,536 code points, each page worked out when it is
 * first asked for: long lines of Chinese are counted, not judged. */
static uint8_t text_pages[TEXT_PAGES][TEXT_PAGE];
static bool text_page_known[TEXT_PAGES];

static uint8_t
plain_columns(uint32_t ch)
{
	uint32_t page = ch / TEXT_PAGE;

	if (page >= TEXT_PAGES)
		return TEXT_NOT_PLAIN;
	if (!text_page_known[page]) {
		for (uint32_t i = 0; i < TEXT_PAGE; i++) {
			int width;
			bool plain =
			    judge(page * TEXT_PAGE + i, &width) == TEXT_PLAIN;

			text_pages[page][i] =
			    plain ? (uint8_t)width : TEXT_NOT_PLAIN;
		}
		text_page_known[page] = true;
	}
	return text_pages[page][ch % TEXT_PAGE];
}

/* Moves over plain ASCII while neither limit is passed.  The last letter in
 * front of other bytes stays: a mark may follow it. */
static void
skip_ascii(struct text *t, uint32_t column, size_t to)
{
	struct text_spot *s = &t->spot;

	while (s->at + 8 <= to && column - s->column >= 8 &&
	    plain_word(t->line.at + s->at)) {
		if (s->at + 8 < t->line.len &&
		    (unsigned char)t->line.at[s->at + 8] >= 0x80)
			return;
		s->at += 8;
		s->column += 8;
	}
}

/* The same for plain code points; the last one stays.  true: moved. */
static bool
skip_points(struct text *t, uint32_t column, size_t to)
{
	struct text_spot start = t->spot, last = t->spot, now = t->spot;

	while (now.at + 8 <= to && column - now.column > 2) {
		const char *at = t->line.at + now.at;
		uint32_t ch;
		size_t n = decode(at, t->line.len - now.at, &ch);
		uint8_t width = n == 0 ? TEXT_NOT_PLAIN : plain_columns(ch);

		if (width == TEXT_NOT_PLAIN || (n == 1 && plain_word(at)))
			break;
		last = now;
		now.at += n;
		now.column += width;
	}
	t->spot = last;
	return last.at > start.at;
}

static void
skip_plain(struct text *t, uint32_t column, size_t to)
{
	if (to > t->line.len)
		to = t->line.len;
	do
		skip_ascii(t, column, to);
	while (t->style.encoding == TEXT_UTF8 && !t->style.ascii &&
	    !t->style.latin && skip_points(t, column, to));
}

void
text_seek(struct text *t, uint32_t column)
{
	struct text_glyph g;

	while (t->spot.column < column) {
		struct text_spot before;

		skip_plain(t, column, SIZE_MAX);
		before = t->spot;
		if (!text_next(t, &g))
			return;
		if (t->spot.column > column) {
			t->spot = before;
			return;
		}
	}
}

void
text_seek_byte(struct text *t, size_t at)
{
	struct text_glyph g;

	while (t->spot.at < at) {
		struct text_spot before;

		skip_plain(t, UINT32_MAX, at);
		before = t->spot;
		if (!text_next(t, &g))
			return;
		if (t->spot.at > at) {
			t->spot = before;
			return;
		}
	}
}

uint32_t
text_width(struct str line, struct text_style style)
{
	struct text t = text_of(line, style);

	text_seek(&t, UINT32_MAX);
	return t.spot.column;
}

size_t
text_fit(struct str line, struct text_style style, uint32_t columns)
{
	struct text t = text_of(line, style);
	struct text_glyph g;

	text_seek(&t, columns);
	if (t.spot.at == 0 && text_next(&t, &g))
		return t.spot.at;
	return t.spot.at;
}

/* Is it LF, or CR in front of LF? */
static bool
ends_line(struct str text, const struct text_glyph *g)
{
	char c = text.at[g->at];

	return c == '\n' ||
	    (c == '\r' && g->at + 1 < text.len && text.at[g->at + 1] == '\n');
}

static struct text
plainly(struct str text, struct text_style style)
{
	style.ascii = false;
	style.latin = false;
	style.invisibles = false;
	return text_of(text, style);
}

void
text_count(struct str text, struct text_style style, struct text_counts *out)
{
	struct text t = plainly(text, style);
	struct text_glyph g;

	*out = (struct text_counts){ .first = SIZE_MAX };
	for (;;) {
		size_t from = t.spot.at;

		t.spot.column = 0;
		skip_plain(&t, UINT32_MAX, SIZE_MAX);
		out->kinds[TEXT_PLAIN] += t.spot.at - from;
		if (!text_next(&t, &g))
			break;
		if (g.kind == TEXT_CONTROL && ends_line(text, &g)) {
			if (text.at[g.at] == '\n')
				out->lf++;
			else
				out->crlf++;
			continue;
		}
		out->kinds[g.kind]++;
		if (text_is_hazard(g.kind) && out->first == SIZE_MAX)
			out->first = g.at;
	}
}

/* The first hazard from t on that starts in front of end. */
static size_t
hazard_before(struct text *t, size_t end)
{
	struct text_glyph g;

	for (;;) {
		t->spot.column = 0;
		skip_plain(t, UINT32_MAX, end);
		if (t->spot.at >= end || !text_next(t, &g))
			return SIZE_MAX;
		if (text_is_hazard(g.kind) && !ends_line(t->line, &g))
			return g.at;
	}
}

/* Where the code point (or single byte) that holds byte at begins. */
static size_t
point_start(struct str text, size_t at)
{
	uint32_t ch;

	for (size_t back = 1; back <= 3 && back <= at; back++) {
		unsigned char c = (unsigned char)text.at[at - back];

		if (c < 0x80)
			break;
		if (c >= 0xc0)
			return decode(text.at + at - back,
				   text.len - (at - back), &ch) > back ?
			    at - back :
			    at;
	}
	return at;
}

/* Where the glyph that holds byte at begins. */
static size_t
glyph_start(struct str text, size_t at)
{
	uint32_t ch, before;
	size_t start = point_start(text, at), base;
	int width;

	if (start == 0 || decode(text.at + start, text.len - start, &ch) == 0 ||
	    judge(ch, &width) != TEXT_MARK)
		return start;
	base = point_start(text, start - 1);
	if (decode(text.at + base, text.len - base, &before) == 0 ||
	    judge(before, &width) != TEXT_PLAIN)
		return start;
	return base;
}

size_t
text_next_hazard(struct str text, struct text_style style, size_t at)
{
	struct text t = plainly(text, style);
	size_t hit;

	if (at >= text.len)
		return SIZE_MAX;
	t.spot.at = at;
	if (style.encoding == TEXT_UTF8)
		t.spot.at = glyph_start(text, at);
	do
		hit = hazard_before(&t, SIZE_MAX);
	while (hit < at);
	return hit;
}

size_t
text_prev_hazard(struct str text, struct text_style style, size_t at)
{
	size_t end = at < text.len ? at : text.len;

	while (end > 0) {
		struct text t = plainly(text, style);
		const char *lf = memrchr(text.at, '\n', end - 1);
		size_t hit, last = SIZE_MAX;

		t.spot.at = lf == NULL ? 0 : (size_t)(lf - text.at) + 1;
		end = t.spot.at;
		while ((hit = hazard_before(&t, at)) != SIZE_MAX)
			last = hit;
		if (last != SIZE_MAX)
			return last;
	}
	return SIZE_MAX;
}

void
text_show(struct buf *b, struct str line, struct text_style style, size_t max)
{
	struct text t = text_of(line, style);
	struct text_glyph g;
	size_t start = b->len;

	while (text_next(&t, &g)) {
		if (b->len - start + 8 + g.width > max) {
			buf_str(b, STR("..."));
			return;
		}
		if (g.ch != 0) {
			text_put_utf8(b, g.ch);
			if (g.mark != 0)
				text_put_utf8(b, g.mark);
		} else if (g.kind == TEXT_TAB) {
			for (int i = 0; i < g.width; i++)
				buf_char(b, ' ');
		} else {
			buf_str(b, str_of(g.token));
		}
	}
}

bool
text_is_utf8(struct str s)
{
	uint32_t ch;

	for (size_t at = 0; at < s.len;) {
		size_t n = decode(s.at + at, s.len - at, &ch);

		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

void
text_put_utf8(struct buf *b, uint32_t ch)
{
	if (ch > UNICODE_LAST || (ch >= 0xd800 && ch <= 0xdfff))
		ch = 0xfffd;
	if (ch < 0x80) {
		buf_char(b, (char)ch);
	} else if (ch < 0x800) {
		buf_char(b, (char)(0xc0 | ch >> 6));
		buf_char(b, (char)(0x80 | (ch & 0x3f)));
	} else if (ch < 0x10000) {
		buf_char(b, (char)(0xe0 | ch >> 12));
		buf_char(b, (char)(0x80 | (ch >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (ch & 0x3f)));
	} else {
		buf_char(b, (char)(0xf0 | ch >> 18));
		buf_char(b, (char)(0x80 | (ch >> 12 & 0x3f)));
		buf_char(b, (char)(0x80 | (ch >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (ch & 0x3f)));
	}
}

bool
text_take_utf8(struct str *s, uint32_t *ch)
{
	size_t n = s->len == 0 ? 0 : decode(s->at, s->len, ch);

	if (n == 0)
		return false;
	*s = str_slice(*s, n, SIZE_MAX);
	return true;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
has_upper(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (lower(s.at[i]) != s.at[i])
			return true;
	return false;
}

static bool
same_folded(const char *at, struct str needle)
{
	for (size_t i = 0; i < needle.len; i++)
		if (lower(at[i]) != needle.at[i])
			return false;
	return true;
}

/* Where c is next, from at on; end when nowhere. */
static size_t
next_byte(struct str s, size_t at, size_t end, char c)
{
	const char *hit = memchr(s.at + at, c, end - at);

	return hit == NULL ? end : (size_t)(hit - s.at);
}

/* The first occurrence that begins in from..end. */
static size_t
find_folded(struct str text, struct str needle, size_t from, size_t end)
{
	char first = needle.at[0], other = first;
	size_t a = next_byte(text, from, end, first), b = end;

	if (first >= 'a' && first <= 'z') {
		other = (char)(first & ~0x20);
		b = next_byte(text, from, end, other);
	}
	while (a < end || b < end) {
		size_t at = a < b ? a : b;

		if (same_folded(text.at + at, needle))
			return at;
		if (at == a)
			a = next_byte(text, at + 1, end, first);
		else
			b = next_byte(text, at + 1, end, other);
	}
	return SIZE_MAX;
}

size_t
text_find(struct str text, struct str needle, size_t from)
{
	size_t end, hit = SIZE_MAX;

	if (needle.len == 0 || has_upper(needle))
		return str_find(text, needle, from);
	if (needle.len > text.len || from > text.len - needle.len)
		return SIZE_MAX;
	end = text.len - needle.len + 1;
	/* In pieces: a letter whose other case is rare would otherwise be
	 * looked for to the end of the text by every call. */
	while (from < end && hit == SIZE_MAX) {
		size_t piece =
		    end - from < TEXT_PIECE ? end - from : TEXT_PIECE;

		hit = find_folded(text, needle, from, from + piece);
		from += piece;
	}
	return hit;
}
