#include "policy/canon.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
canon_clear(struct canon *out)
{
	out->n = 0;
}

void
canon_release(struct canon *out)
{
	free(out->c);
	free(out->at);
	*out = (struct canon){ 0 };
}

void
canon_reserve(struct canon *out, size_t n)
{
	if (n <= out->room)
		return;
	out->room = n < 256 ? 256 : n + n / 2;
	out->c = realloc(out->c, out->room);
	out->at = reallocarray(out->at, out->room, sizeof *out->at);
	if (out->c == NULL || out->at == NULL)
		bug("no memory for %zu characters", n);
}

void
canon_add(struct canon *out, uint8_t c, uint32_t at)
{
	canon_reserve(out, out->n + 1);
	out->c[out->n] = c;
	out->at[out->n++] = at;
}

/*
 * Look-alikes, a run of code points at a time: the first, and what each of
 * the run looks like; '.' keeps it as it is, '~' drops it.
 */
static const struct {
	uint32_t first;
	const char *as;
} alike[] = {
	{ 0x00a0, " " },
	{ 0x00ad, "~" },
	{ 0x00c0,
	    "AAAAAA.CEEEEIIII.NOOOOO.OUUUUY..aaaaaa.ceeeeiiii.nooooo."
	    "ouuuuy.y" },
	{ 0x0100,
	    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi..JjKk"
	    ".LlLlLlLlLlNnNnNnn..OoOoOo..RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUu"
	    "WwYyYZzZzZz" },
	{ 0x0251, "a" },
	{ 0x0261, "g" },
	{ 0x026a, "i" },
	{ 0x034f, "~" },
	{ 0x037e, ";" },
	{ 0x0391, "AB..EZH.IK.MN.O.P..TY.X" },
	{ 0x03b1, "a.......ik.uv.o.p..tu.x" },
	{ 0x03f2, "cj" },
	{ 0x0405, "SI.J" },
	{ 0x0410, "A.B..E....K.MHO.PCTY.X" },
	{ 0x0430, "a..r.e....k.mho.pcty.x" },
	{ 0x0455, "si.j" },
	{ 0x04ae, "Yy" },
	{ 0x04bb, "h" },
	{ 0x04c0, "I" },
	{ 0x04cf, "l" },
	{ 0x0501, "d" },
	{ 0x051b, "q.w" },
	{ 0x0585, "o" },
	{ 0x061c, "~" },
	{ 0x115f, "~~" },
	{ 0x180b, "~~~~~" },
	{ 0x2000, "           ~~~~~------" },
	{ 0x2018, "''''\"\"\"\"" },
	{ 0x2024, "." },
	{ 0x2028, "\n\n~~~~~ " },
	{ 0x2039, "<>" },
	{ 0x2044, "/" },
	{ 0x205f, " ~~~~~.~~~~~~~~~~" },
	{ 0x2212, "-" },
	{ 0x2215, "/" },
	{ 0x2217, "*" },
	{ 0x2223, "|" },
	{ 0x2236, ":" },
	{ 0x2265, "." },
	{ 0x24b6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" },
	{ 0x2768, "()" },
	{ 0x3000, " " },
	{ 0x3164, "~" },
	{ 0xfe00, "~~~~~~~~~~~~~~~~" },
	{ 0xfeff, "~" },
	{ 0xffa0, "~" },
};

/* What code point c looks like, 0 to drop it, -1 to keep it. */
static int
look(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return (int)(c - 0xff01 + '!');
	if (c >= 0x300 && c < 0x370)
		return 0;
	if (c >= 0x1d400 && c < 0x1d6a4) {
		c = (c - 0x1d400) % 52;
		return (int)(c < 26 ? 'A' + c : 'a' + c - 26);
	}
	if (c >= 0x1d7ce && c <= 0x1d7ff)
		return (int)('0' + (c - 0x1d7ce) % 10);
	if (c >= 0xe0000 && c <= 0xe0fff)
		return 0;
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		char as;

		if (c < alike[i].first)
			break;
		if (c - alike[i].first >= strlen(alike[i].as))
			continue;
		as = alike[i].as[c - alike[i].first];
		return as == '~' ? 0 : as == '.' ? -1 : as;
	}
	return -1;
}

/* Length of the UTF-8 character at the front; 1 for a byte that is none. */
static size_t
decode(struct str s, uint32_t *c)
{
	unsigned char first = (unsigned char)s.at[0];
	size_t n = first < 0xc2 ? 1 :
	    first < 0xe0        ? 2 :
	    first < 0xf0        ? 3 :
	    first < 0xf5        ? 4 :
				  1;

	*c = first;
	if (n == 1 || n > s.len)
		return 1;
	*c = first & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.at[i] & 0xc0) != 0x80) {
			*c = first;
			return 1;
		}
		*c = *c << 6 | ((unsigned char)s.at[i] & 0x3f);
	}
	return n;
}

static void
add_wide(struct canon *out, struct str s, size_t n, uint32_t code, uint32_t at)
{
	int as = n == 1 ? -1 : look(code);

	if (as > 0)
		canon_add(out, (uint8_t)as, at);
	for (size_t i = 0; as < 0 && i < n; i++)
		canon_add(out, (uint8_t)s.at[i], at);
}

/* What is ASCII, and counts; 0 does not. */
static const uint8_t plain[128] = {
	['\t'] = ' ',
	['\n'] = '\n',
	['\v'] = ' ',
	['\f'] = ' ',
	['\r'] = ' ',
#define SAME(c) [c] = c, [c + 1] = c + 1, [c + 2] = c + 2, [c + 3] = c + 3
#define SAMES(c) SAME(c), SAME(c + 4), SAME(c + 8), SAME(c + 12)
	SAMES(0x20),
	SAMES(0x30),
	SAMES(0x40),
	SAMES(0x50),
	SAMES(0x60),
	SAME(0x70),
	SAME(0x74),
	SAME(0x78),
	[0x7c] = 0x7c,
	[0x7d] = 0x7d,
	[0x7e] = 0x7e,
};

void
canon_text(struct canon *out, struct str text, const uint32_t *at)
{
	const uint8_t *from = (const uint8_t *)text.at;
	size_t n = 0;

	/* Never more characters than bytes: there is room. */
	canon_clear(out);
	canon_reserve(out, text.len);
	for (size_t i = 0; i < text.len;) {
		uint32_t place = at == NULL ? (uint32_t)i : at[i];
		uint32_t code;
		struct str rest;
		size_t len;

		if (from[i] < 0x80) {
			uint8_t as = plain[from[i++]];

			out->c[n] = as;
			out->at[n] = place;
			n += as != 0;
			continue;
		}
		rest = str_slice(text, i, 4);
		len = decode(rest, &code);
		out->n = n;
		add_wide(out, rest, len, code, place);
		n = out->n;
		i += len;
	}
	out->n = n;
}

void
canon_rot13(struct canon *out, const struct canon *in)
{
	canon_clear(out);
	for (size_t i = 0; i < in->n; i++) {
		uint8_t c = in->c[i], low = c | 0x20;

		if (low >= 'a' && low <= 'z')
			c = (uint8_t)(c + (low < 'n' ? 13 : -13));
		canon_add(out, c, in->at[i]);
	}
}

/* Of all that can be seen, as rot13 is of letters. */
void
canon_rot47(struct canon *out, const struct canon *in)
{
	canon_clear(out);
	for (size_t i = 0; i < in->n; i++) {
		uint8_t c = in->c[i];

		if (c > ' ' && c < 0x7f)
			c = (uint8_t)('!' + (c - '!' + 47) % 94);
		canon_add(out, c, in->at[i]);
	}
}

void
canon_mirror(struct canon *out, const struct canon *in)
{
	canon_clear(out);
	for (size_t i = 0; i < in->n; i++) {
		uint8_t c = in->c[i], low = c | 0x20;

		if (low >= 'a' && low <= 'z')
			c = (uint8_t)((c & 0xe0) | (27 - (c & 0x1f)));
		canon_add(out, c, in->at[i]);
	}
}

void
canon_second(struct canon *out, const struct canon *in, size_t from)
{
	canon_clear(out);
	for (size_t i = from; i < in->n; i += 2)
		canon_add(out, in->c[i], in->at[i]);
}

void
canon_reverse(struct canon *out, const struct canon *in)
{
	canon_clear(out);
	for (size_t i = in->n; i-- > 0;)
		canon_add(out, in->c[i], in->at[i]);
}

void
canon_reverse_lines(struct canon *out, const struct canon *in)
{
	size_t end = in->n;

	canon_clear(out);
	while (end > 0) {
		size_t start = end - 1;

		while (start > 0 && in->c[start - 1] != '\n')
			start--;
		for (size_t i = start; i < end; i++)
			canon_add(out, in->c[i], in->at[i]);
		if (in->c[end - 1] != '\n')
			canon_add(out, '\n', in->at[end - 1]);
		end = start;
	}
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static size_t
skip_blanks(const struct canon *in, size_t i)
{
	while (i < in->n && in->c[i] == ' ')
		i++;
	return i;
}

/* Characters at i that only mark a quotation.  What stands behind such a
 * mark is left alone: "> #define" is not a mark in a mark. */
static size_t
prefix_len(const struct canon *in, size_t i)
{
	size_t from = i, n = 0;

	i = skip_blanks(in, i);
	if (i < in->n && (in->c[i] == '#' || in->c[i] == '*'))
		return skip_blanks(in, i + 1) - from;
	for (;; i = skip_blanks(in, i)) {
		for (n = 0; i + n < in->n && is_digit(in->c[i + n]);)
			n++;
		if (n > 0 && i + n < in->n &&
		    strchr(":|.) ", in->c[i + n]) != NULL)
			i += n + 1;
		else if (i < in->n && strchr(">|+", in->c[i]) != NULL)
			i++;
		else
			return i - from;
	}
}

void
canon_strip_prefixes(struct canon *out, const struct canon *in)
{
	bool start = true;

	canon_clear(out);
	for (size_t i = 0; i < in->n; i++) {
		if (start)
			i += prefix_len(in, i);
		if (i >= in->n)
			break;
		canon_add(out, in->c[i], in->at[i]);
		start = in->c[i] == '\n';
	}
}

/* What people say for a sign; the longer ones first. */
static const struct {
	const char *said, *sign;
} spelled[] = {
	{ "less than or equal", "<=" },
	{ "greater than or equal", ">=" },
	{ "open parenthesis", "(" },
	{ "close parenthesis", ")" },
	{ "left parenthesis", "(" },
	{ "right parenthesis", ")" },
	{ "open bracket", "[" },
	{ "close bracket", "]" },
	{ "left bracket", "[" },
	{ "right bracket", "]" },
	{ "open brace", "{" },
	{ "close brace", "}" },
	{ "left brace", "{" },
	{ "right brace", "}" },
	{ "open curly", "{" },
	{ "close curly", "}" },
	{ "open paren", "(" },
	{ "close paren", ")" },
	{ "left paren", "(" },
	{ "right paren", ")" },
	{ "open square", "[" },
	{ "close square", "]" },
	{ "not equal to", "!=" },
	{ "greater than", ">" },
	{ "double quote", "\"" },
	{ "single quote", "'" },
	{ "less than", "<" },
	{ "not equals", "!=" },
	{ "equal sign", "=" },
	{ "ampersand", "&" },
	{ "apostrophe", "'" },
	{ "backslash", "\\" },
	{ "semicolon", ";" },
	{ "underscore", "_" },
	{ "asterisk", "*" },
	{ "question mark", "?" },
	{ "percent", "%" },
	{ "equals", "=" },
	{ "lparen", "(" },
	{ "rparen", ")" },
	{ "lbrace", "{" },
	{ "rbrace", "}" },
	{ "arrow", "->" },
	{ "caret", "^" },
	{ "colon", ":" },
	{ "comma", "," },
	{ "minus", "-" },
	{ "quote", "\"" },
	{ "slash", "/" },
	{ "tilde", "~" },
	{ "bang", "!" },
	{ "hash", "#" },
	{ "pipe", "|" },
	{ "plus", "+" },
	{ "star", "*" },
	{ "dot", "." },
};

static bool
is_letter(uint8_t c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/* What is said at i, a whole word there; its length, 0 for nothing. */
static size_t
said_at(const struct canon *in, size_t i, const char **sign)
{
	if (!is_letter(in->c[i]) || (i > 0 && is_letter(in->c[i - 1])))
		return 0;
	for (size_t k = 0; k < sizeof spelled / sizeof *spelled; k++) {
		size_t n = strlen(spelled[k].said);

		if (i + n > in->n ||
		    strncasecmp((const char *)in->c + i, spelled[k].said, n) !=
			0 ||
		    (i + n < in->n && is_letter(in->c[i + n])))
			continue;
		*sign = spelled[k].sign;
		return n;
	}
	return 0;
}

bool
canon_spelled(struct canon *out, const struct canon *in)
{
	size_t signs = 0;

	canon_clear(out);
	for (size_t i = 0; i < in->n;) {
		const char *sign = NULL;
		size_t n = said_at(in, i, &sign);

		if (n == 0) {
			canon_add(out, in->c[i], in->at[i]);
			i++;
			continue;
		}
		signs++;
		/* "teid underscore len" is one name. */
		while (*sign == '_' && out->n > 0 && out->c[out->n - 1] == ' ')
			out->n--;
		for (const char *s = sign; *s != '\0'; s++)
			canon_add(out, (uint8_t)*s, in->at[i]);
		i += n;
		while (*sign == '_' && i < in->n && in->c[i] == ' ')
			i++;
	}
	return signs >= 3;
}
