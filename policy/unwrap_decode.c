#include "policy/unwrap_escapes.h"

#include <string.h>

enum {
	HEX_MIN = 12,    /* bytes */
	BASE64_MIN = 16, /* characters */
	BASE32_MIN = 32, /* words may be of its letters */
	BASE85_MIN = 40, /* characters without a blank: few words are */
};

/* Nineteen in twenty: what is written in signs decodes to much. */
static bool
is_plain(struct str s)
{
	size_t fine = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		fine += (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t';
	}
	return fine * 20 >= s.len * 19;
}

/* Between two bytes in hex: blanks, commas, colons, "0x", "\x". */
static size_t
hex_gap(const struct canon *c, size_t i)
{
	while (i < c->n && strchr(" \n,:;", c->c[i]) != NULL)
		i++;
	if (i + 1 < c->n && (c->c[i] == '0' || c->c[i] == '\\') &&
	    c->c[i + 1] == 'x')
		i += 2;
	return i;
}

static bool
hex_pair(const struct canon *c, size_t i)
{
	return i + 1 < c->n && str_hex_digit((char)c->c[i]) >= 0 &&
	    str_hex_digit((char)c->c[i + 1]) >= 0;
}

/* Returns where the run that begins at i ends. */
static size_t
hex_run(struct unwrap_found *f, const struct canon *c, size_t i)
{
	unwrap_clear(f);
	for (i = hex_gap(c, i); hex_pair(c, i); i = hex_gap(c, i + 2))
		unwrap_put(f,
		    (uint8_t)(str_hex_digit((char)c->c[i]) << 4 |
			str_hex_digit((char)c->c[i + 1])),
		    c->at[i]);
	return i;
}

static void
find_hex(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };

	for (size_t i = 0; i < c->n;) {
		size_t end;

		if (!hex_pair(c, i)) {
			i++;
			continue;
		}
		end = hex_run(&f, c, i);
		if (f.bytes.len >= HEX_MIN &&
		    unwrap_is_text(buf_view(&f.bytes))) {
			unwrap_offer(u, &f, HEX_MIN, depth);
			i = end;
		} else if (f.bytes.len >= HEX_MIN) {
			/* One digit too many in front, or no text. */
			end = hex_run(&f, c, i + 1);
			unwrap_offer(u, &f, HEX_MIN, depth);
			i = end;
		} else {
			i++;
		}
	}
	unwrap_release(&f);
}

static int
base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* The end of a run of digits, over line ends and the blanks around them. */
static size_t
base64_end(const struct canon *c, size_t i)
{
	for (;;) {
		size_t k = i;

		while (i < c->n && base64_digit(c->c[i]) >= 0)
			i++;
		if (i - k < BASE64_MIN || i >= c->n)
			return i;
		k = i;
		while (k < c->n && (c->c[k] == ' ' || c->c[k] == '\n'))
			k++;
		if (k == i || memchr(c->c + i, '\n', k - i) == NULL ||
		    k >= c->n || base64_digit(c->c[k]) < 0)
			return i;
		i = k;
	}
}

static void
base64_run(struct unwrap_found *f, const struct canon *c, size_t i, size_t end)
{
	uint32_t bits = 0, at = 0;
	int held = 0;

	unwrap_clear(f);
	for (; i < end; i++) {
		int digit = base64_digit(c->c[i]);

		if (digit < 0)
			continue;
		if (held == 0)
			at = c->at[i];
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held >= 8) {
			held -= 8;
			unwrap_put(f, (uint8_t)(bits >> held), at);
			at = c->at[i];
		}
	}
}

/* The first of four alignments that gives a text. */
static void
find_base64(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };

	for (size_t i = 0; i < c->n;) {
		size_t end = base64_end(c, i);

		if (end - i < BASE64_MIN) {
			i = end + 1;
			continue;
		}
		for (size_t skip = 0; skip < 4; skip++) {
			base64_run(&f, c, i + skip, end);
			if (unwrap_is_text(buf_view(&f.bytes))) {
				unwrap_offer(u, &f, BASE64_MIN / 4 * 3 - 3,
				    depth);
				break;
			}
		}
		i = end;
	}
	unwrap_release(&f);
}

static int
base32_digit(uint8_t c)
{
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/* The end of a run of digits, over line ends. */
static size_t
base32_end(const struct canon *c, size_t i)
{
	for (;;) {
		size_t k = i;

		while (i < c->n && base32_digit(c->c[i]) >= 0)
			i++;
		if (i - k < BASE32_MIN || i + 1 >= c->n || c->c[i] != '\n' ||
		    base32_digit(c->c[i + 1]) < 0)
			return i;
		i++;
	}
}

static void
base32_run(struct unwrap_found *f, const struct canon *c, size_t i, size_t end)
{
	uint32_t bits = 0;
	int held = 0;

	unwrap_clear(f);
	for (; i < end; i++) {
		int digit = base32_digit(c->c[i]);

		if (digit < 0)
			continue;
		bits = bits << 5 | (uint32_t)digit;
		held += 5;
		if (held >= 8) {
			held -= 8;
			unwrap_put(f, (uint8_t)(bits >> held), c->at[i]);
		}
	}
}

static void
find_base32(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };
	size_t end;

	for (size_t i = 0; i < c->n; i = end + 1) {
		bool done;

		end = base32_end(c, i);
		done = end - i < BASE32_MIN;
		for (size_t skip = 0; skip < 8 && !done; skip++) {
			base32_run(&f, c, i + skip, end);
			done = is_plain(buf_view(&f.bytes));
			if (done)
				unwrap_offer(u, &f, BASE32_MIN / 8 * 5 - 5,
				    depth);
		}
	}
	unwrap_release(&f);
}

/* Five characters for four bytes: Adobe's alphabet, and two others. */
static const char *const alphabets85[] = {
	"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
	"abcdefghijklmnopqrstu",
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	"!#$%&()*+-;<=>?@^_`{|}~",
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	".-:+=^!/*?&<>()[]{}@%$#",
};

/* In one alphabet, line ends left out; groups begin at i. */
static void
base85_run(struct unwrap_found *f, const struct canon *c, size_t i, size_t end,
    const char *alphabet)
{
	uint64_t v = 0;
	int held = 0;

	unwrap_clear(f);
	for (; i < end; i++) {
		const char *digit;

		if (c->c[i] == ' ' || c->c[i] == '\n')
			continue;
		digit = strchr(alphabet, c->c[i]);
		if (digit == NULL)
			return;
		v = v * 85 + (uint64_t)(digit - alphabet);
		if (++held < 5)
			continue;
		for (int k = 24; k >= 0; k -= 8)
			unwrap_put(f, (uint8_t)(v >> k), c->at[i]);
		v = 0;
		held = 0;
	}
}

/* Unbroken stretches, over line ends when they are as long as lines are. */
static size_t
base85_end(const struct canon *c, size_t i)
{
	for (;;) {
		size_t k = i;

		while (i < c->n && c->c[i] > ' ' && c->c[i] < 0x7f)
			i++;
		if (i - k < BASE85_MIN || i + 1 >= c->n || c->c[i] != '\n')
			return i;
		i++;
	}
}

static void
find_base85(struct unwrap *u, const struct canon *c, int depth)
{
	struct unwrap_found f = { 0 };

	for (size_t i = 0; i < c->n;) {
		size_t end = base85_end(c, i);
		bool done = end - i < BASE85_MIN;

		for (int k = 0; k < 15 && !done; k++) {
			base85_run(&f, c, i + (size_t)k % 5, end,
			    alphabets85[k / 5]);
			done = f.bytes.len >= BASE85_MIN / 5 * 4 &&
			    is_plain(buf_view(&f.bytes));
		}
		if (done && end - i >= BASE85_MIN)
			unwrap_offer(u, &f, BASE85_MIN / 5 * 4, depth);
		i = end + 1;
	}
	unwrap_release(&f);
}

void
unwrap_decode(struct unwrap *u, const struct canon *c, int depth)
{
	if (depth >= UNWRAP_DEPTH)
		return;
	find_hex(u, c, depth);
	find_base64(u, c, depth);
	find_base32(u, c, depth);
	find_base85(u, c, depth);
	unwrap_escapes(u, c, depth);
}
