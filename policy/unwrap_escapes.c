#include "policy/unwrap_escapes.h"

#include <string.h>

/*
 * Single characters that are written as something else, among others that are
 * not: %28 of addresses, =28 of mail, &lt; &#40; &#x28; of web pages, \050 and
 * \x28 of C; and texts in which every character is a number.
 */
enum {
	ESCAPES_MIN = 3,  /* in a block */
	GAP_LINES = 4,    /* without any, inside of a block */
	NUMBERS_MIN = 12, /* in a row */
	UU_LINE = 45,     /* bytes */
};

/* A byte of two digits at i, or -1. */
static int
hex_byte(const struct canon *c, size_t i)
{
	int high, low;

	if (i + 1 >= c->n)
		return -1;
	high = str_hex_digit((char)c->c[i]);
	low = str_hex_digit((char)c->c[i + 1]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* What follows a '&' at i; the number of characters, 0 for nothing. */
static size_t
entity(const struct canon *c, size_t i, uint8_t *out)
{
	static const struct {
		const char *name, is;
	} names[] = { { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' },
		{ "quot;", '"' }, { "apos;", '\'' }, { "nbsp;", ' ' },
		{ "lpar;", '(' }, { "rpar;", ')' }, { "semi;", ';' },
		{ "comma;", ',' }, { "lbrace;", '{' }, { "rbrace;", '}' },
		{ "lcub;", '{' }, { "rcub;", '}' }, { "lsqb;", '[' },
		{ "rsqb;", ']' }, { "equals;", '=' }, { "ast;", '*' },
		{ "lowbar;", '_' }, { "num;", '#' }, { "excl;", '!' },
		{ "colon;", ':' }, { "period;", '.' }, { "plus;", '+' },
		{ "sol;", '/' }, { "bsol;", '\\' }, { "NewLine;", '\n' },
		{ "Tab;", ' ' } };
	unsigned v = 0, base = 10;
	size_t k = i + 1;

	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		size_t len = strlen(names[n].name);

		if (i + len <= c->n &&
		    memcmp(c->c + i, names[n].name, len) == 0) {
			*out = (uint8_t)names[n].is;
			return len;
		}
	}
	if (i + 2 >= c->n || c->c[i] != '#')
		return 0;
	if ((c->c[k] | 0x20) == 'x') {
		base = 16;
		k++;
	}
	for (; k < c->n && k < i + 8 && str_hex_digit((char)c->c[k]) >= 0; k++)
		v = v * base + (unsigned)str_hex_digit((char)c->c[k]);
	if (v == 0 || v > 0x7e)
		return 0;
	*out = (uint8_t)v;
	return k < c->n && c->c[k] == ';' ? k + 1 - i : k - i;
}

/* What follows a backslash at i. */
static size_t
backslash(const struct canon *c, size_t i, uint8_t *out)
{
	unsigned v = 0;
	size_t k = i;

	if (i < c->n && c->c[i] == 'x' && hex_byte(c, i + 1) > 0) {
		*out = (uint8_t)hex_byte(c, i + 1);
		return 3;
	}
	for (; k < c->n && k < i + 3 && c->c[k] >= '0' && c->c[k] <= '7'; k++)
		v = v * 8 + c->c[k] - '0';
	if (k < i + 2 || v < 9 || v > 0x7e)
		return 0;
	*out = (uint8_t)v;
	return k - i;
}

/* An escape at i and what it means; how long it is, 0 for none.  0 as its
 * meaning: the end of a line that goes on. */
static size_t
escape_at(const struct canon *c, size_t i, uint8_t *out)
{
	size_t n;

	switch (c->c[i]) {
	case '%':
	case '=':
		*out = 0;
		if (c->c[i] == '=' && i + 1 < c->n && c->c[i + 1] == '\n')
			return 2;
		if (hex_byte(c, i + 1) < 9 || hex_byte(c, i + 1) > 0x7e)
			return 0;
		*out = (uint8_t)hex_byte(c, i + 1);
		return 3;
	case '&':
		n = entity(c, i + 1, out);
		return n == 0 ? 0 : n + 1;
	case '\\':
		n = backslash(c, i + 1, out);
		return n == 0 ? 0 : n + 1;
	default:
		return 0;
	}
}

static size_t
line_end(const struct canon *c, size_t i)
{
	while (i < c->n && c->c[i] != '\n')
		i++;
	return i < c->n ? i + 1 : i;
}

/* What from i to end says; how many escapes it had. */
static size_t
resolve(struct unwrap_found *f, const struct canon *c, size_t i, size_t end)
{
	size_t escapes = 0;

	while (i < end) {
		uint8_t is = c->c[i];
		size_t n = escape_at(c, i, &is);

		if (n == 0 || is != 0)
			unwrap_put(f, is, c->at[i]);
		escapes += n > 0;
		i += n == 0 ? 1 : n;
	}
	return escapes;
}

/* Blocks of lines, most of which have escapes. */
static void
find_escapes(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found block = { 0 }, gap = { 0 };
	size_t escapes = 0, without = 0, end;

	for (size_t i = 0; i < c->n; i = end) {
		size_t n;

		end = line_end(c, i);
		n = resolve(&gap, c, i, end);
		without = n > 0 ? 0 : without + 1;
		escapes += n;
		if (n > 0 || (escapes > 0 && without <= GAP_LINES))
			unwrap_join(&block, &gap);
		unwrap_clear(&gap);
		if (without <= GAP_LINES && end < c->n)
			continue;
		if (escapes >= ESCAPES_MIN)
			unwrap_offer(u, &block, NUMBERS_MIN, depth);
		unwrap_clear(&block);
		escapes = 0;
	}
	unwrap_release(&block);
	unwrap_release(&gap);
}

/* Digits from i to end: a decimal number, or eight zeroes and ones. */
static unsigned
number_of(const struct canon *c, size_t i, size_t end)
{
	unsigned base = end - i == 8 ? 2 : 10, v = 0;

	if (end - i > 3 && base == 10)
		return 0;
	for (; i < end; i++) {
		if (c->c[i] - '0' >= (int)base)
			return 0;
		v = v * base + c->c[i] - '0';
	}
	return v;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* One number for each character, with anything but letters between them. */
static void
find_numbers(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };

	for (size_t i = 0; i <= c->n;) {
		size_t end = i;
		unsigned v = 0;

		if (i < c->n && strchr(" \n,;+", c->c[i]) != NULL) {
			i++;
			continue;
		}
		while (end < c->n && is_digit(c->c[end]))
			end++;
		if (end > i)
			v = number_of(c, i, end);
		if ((v >= 32 && v < 127) || v == 9 || v == 10) {
			unwrap_put(&f, (uint8_t)v, c->at[i]);
			i = end;
			continue;
		}
		unwrap_offer(u, &f, NUMBERS_MIN, depth);
		unwrap_clear(&f);
		i = end > i ? end : i + 1;
	}
	unwrap_release(&f);
}

/* A line of uuencode from i to end: how many bytes it is of, 0 for none. */
static size_t
uu_bytes(const struct canon *c, size_t i, size_t end)
{
	size_t n = (c->c[i] - 32u) & 63, len = end - i;

	if (n == 0 || n > UU_LINE || len != 1 + (n + 2) / 3 * 4)
		return 0;
	for (size_t k = i + 1; k < end; k++)
		if (c->c[k] < ' ' || c->c[k] > '`')
			return 0;
	return n;
}

static void
uu_line(struct unwrap_found *f, const struct canon *c, size_t i, size_t n)
{
	uint32_t bits = 0;
	int held = 0;

	for (i++; n > 0; i++) {
		bits = bits << 6 | ((c->c[i] - 32u) & 63);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		unwrap_put(f, (uint8_t)(bits >> held), c->at[i]);
		n--;
	}
}

static void
find_uu(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };
	size_t end;

	for (size_t i = 0; i < c->n; i = end) {
		size_t n, text;

		end = line_end(c, i);
		text = c->c[end - 1] == '\n' ? end - 1 : end;
		n = text > i ? uu_bytes(c, i, text) : 0;
		if (n > 0)
			uu_line(&f, c, i, n);
		if (n > 0 && end < c->n)
			continue;
		unwrap_offer(u, &f, NUMBERS_MIN, depth);
		unwrap_clear(&f);
	}
	unwrap_release(&f);
}

void
unwrap_escapes(struct unwrap *u, const struct canon *c, int depth)
{
	find_escapes(u, c, depth);
	find_numbers(u, c, depth);
	find_uu(u, c, depth);
}
