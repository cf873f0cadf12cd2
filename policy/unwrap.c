#include "policy/unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "policy/skeleton.h"
#include "policy/texts.h"

enum {
	HEX_MIN = 12,       /* bytes */
	BASE64_MIN = 16,    /* characters */
	BASE85_MIN = 40,    /* characters without a blank: few words are */
	VALUES_MAX = 20000, /* strings of a JSON text */
	STREAMS_MAX = 40,   /* keys with more than one */
};

struct unwrap {
	void (*fn)(void *arg, const struct canon *c);
	void *arg;
	size_t budget;
	bool more;
};

/* Decoded bytes and where each came from. */
struct found {
	struct buf bytes;
	struct buf at; /* of uint32_t */
};

static void look_inside(struct unwrap *u, const struct canon *c, int depth);

static void
put(struct found *f, uint8_t byte, uint32_t at)
{
	buf_char(&f->bytes, (char)byte);
	buf_add(&f->at, &at, sizeof at);
}

static void
clear(struct found *f)
{
	buf_clear(&f->bytes);
	buf_clear(&f->at);
}

/* Three in four bytes of a text are plain; of noise it is one in three. */
static bool
is_text(struct str s)
{
	size_t fine = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		fine += (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' ||
		    c == '\r';
	}
	return fine * 4 >= s.len * 3;
}

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

/* Hands a decoded text on, and looks for more in it. */
static void
offer(struct unwrap *u, struct found *f, size_t min, int depth)
{
	struct str text = buf_view(&f->bytes);
	struct canon c = { 0 };

	if (text.len < min || !is_text(text))
		return;
	if (text.len > u->budget) {
		u->more = true;
		return;
	}
	u->budget -= text.len;
	canon_text(&c, text, (const uint32_t *)(const void *)f->at.at);
	u->fn(u->arg, &c);
	look_inside(u, &c, depth + 1);
	canon_release(&c);
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
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
	return i + 1 < c->n && hex_digit(c->c[i]) >= 0 &&
	    hex_digit(c->c[i + 1]) >= 0;
}

/* Returns where the run that begins at i ends. */
static size_t
hex_run(struct found *f, const struct canon *c, size_t i)
{
	clear(f);
	for (i = hex_gap(c, i); hex_pair(c, i); i = hex_gap(c, i + 2))
		put(f,
		    (uint8_t)(hex_digit(c->c[i]) << 4 | hex_digit(c->c[i + 1])),
		    c->at[i]);
	return i;
}

static void
find_hex(struct unwrap *u, const struct canon *c, int depth)
{
	struct found f = { 0 };

	for (size_t i = 0; i < c->n;) {
		size_t end;

		if (!hex_pair(c, i)) {
			i++;
			continue;
		}
		end = hex_run(&f, c, i);
		if (f.bytes.len >= HEX_MIN && is_text(buf_view(&f.bytes))) {
			offer(u, &f, HEX_MIN, depth);
			i = end;
		} else if (f.bytes.len >= HEX_MIN) {
			/* One digit too many in front, or no text. */
			end = hex_run(&f, c, i + 1);
			offer(u, &f, HEX_MIN, depth);
			i = end;
		} else {
			i++;
		}
	}
	buf_release(&f.bytes);
	buf_release(&f.at);
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
base64_run(struct found *f, const struct canon *c, size_t i, size_t end)
{
	uint32_t bits = 0, at = 0;
	int held = 0;

	clear(f);
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
			put(f, (uint8_t)(bits >> held), at);
			at = c->at[i];
		}
	}
}

/* The first of four alignments that gives a text. */
static void
find_base64(struct unwrap *u, const struct canon *c, int depth)
{
	struct found f = { 0 };

	for (size_t i = 0; i < c->n;) {
		size_t end = base64_end(c, i);

		if (end - i < BASE64_MIN) {
			i = end + 1;
			continue;
		}
		for (size_t skip = 0; skip < 4; skip++) {
			base64_run(&f, c, i + skip, end);
			if (is_text(buf_view(&f.bytes))) {
				offer(u, &f, BASE64_MIN / 4 * 3 - 3, depth);
				break;
			}
		}
		i = end;
	}
	buf_release(&f.bytes);
	buf_release(&f.at);
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
base85_run(struct found *f, const struct canon *c, size_t i, size_t end,
    const char *alphabet)
{
	uint64_t v = 0;
	int held = 0;

	clear(f);
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
			put(f, (uint8_t)(v >> k), c->at[i]);
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
	struct found f = { 0 };

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
			offer(u, &f, BASE85_MIN / 5 * 4, depth);
		i = end + 1;
	}
	buf_release(&f.bytes);
	buf_release(&f.at);
}

static void
look_inside(struct unwrap *u, const struct canon *c, int depth)
{
	if (depth >= UNWRAP_DEPTH)
		return;
	find_hex(u, c, depth);
	find_base64(u, c, depth);
	find_base85(u, c, depth);
}

static void
put_utf8(struct found *f, uint32_t c, uint32_t at)
{
	if (c < 0x80) {
		put(f, (uint8_t)c, at);
	} else if (c < 0x800) {
		put(f, (uint8_t)(0xc0 | c >> 6), at);
		put(f, (uint8_t)(0x80 | (c & 0x3f)), at);
	} else {
		put(f, (uint8_t)(0xe0 | c >> 12), at);
		put(f, (uint8_t)(0x80 | (c >> 6 & 0x3f)), at);
		put(f, (uint8_t)(0x80 | (c & 0x3f)), at);
	}
}

/* The escape behind a backslash at i; returns how many bytes it has. */
static size_t
json_escape(struct found *f, struct str s, size_t i)
{
	static const char from[] = "ntrbf", to[] = "\n\t\r\b\f";
	const char *hit;
	uint8_t raw[2];

	if (s.at[i] == 'u' && i + 5 <= s.len &&
	    str_unhex(str_slice(s, i + 1, 4), raw, 2) == ERR_NONE) {
		put_utf8(f, (uint32_t)raw[0] << 8 | raw[1], (uint32_t)i - 1);
		return 5;
	}
	hit = s.at[i] == '\0' ? NULL : strchr(from, s.at[i]);
	put(f, (uint8_t)(hit == NULL ? s.at[i] : to[hit - from]),
	    (uint32_t)i - 1);
	return 1;
}

/* What a text of JSON says, escapes resolved, behind what f holds. */
static void
put_json(struct found *f, struct str s, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		if (s.at[i] == '\\' && i + 1 < to) {
			i += 1 + json_escape(f, str_slice(s, 0, to), i + 1);
			continue;
		}
		put(f, (uint8_t)s.at[i], (uint32_t)i);
		i++;
	}
	err_clear();
}

static void
look_at(struct unwrap *u, const struct found *f)
{
	struct canon c = { 0 };

	canon_text(&c, buf_view(&f->bytes),
	    (const uint32_t *)(const void *)f->at.at);
	u->fn(u->arg, &c);
	look_inside(u, &c, 0);
	canon_release(&c);
}

/* A string value and the key that it stands under. */
struct value {
	struct str key;
	size_t from, to;
};

/* Values that a person may have typed; how many. */
static size_t
find_values(struct value *out, size_t max, struct str s)
{
	struct str key = STR("");
	size_t n = 0, end, next;

	for (size_t i = 0; i < s.len && n < max; i = end) {
		end = i + 1;
		if (s.at[i] != '"')
			continue;
		end = texts_string_end(s, i);
		next = end;
		while (next < s.len && strchr(" \n\t", s.at[next]) != NULL &&
		    s.at[next] != '\0')
			next++;
		if (next < s.len && s.at[next] == ':')
			key = str_slice(s, i + 1, end - i - 2);
		else if (end - i > 2)
			out[n++] = (struct value){ key, i + 1, end - 1 };
	}
	return n;
}

/*
 * A text that was split over many notes is whole again when everything that
 * stands under one key is read in a row.
 */
static void
join_values(struct unwrap *u, struct str s)
{
	struct value *values = calloc(VALUES_MAX, sizeof *values);
	struct found f = { 0 };
	size_t n, streams = 0;

	if (values == NULL)
		bug("no memory for the texts of an export");
	n = find_values(values, VALUES_MAX, s);
	if (n == VALUES_MAX)
		u->more = true;
	for (size_t i = 0; i < n; i++) {
		struct str key = values[i].key;
		size_t joined = 0;

		if (key.at == NULL)
			continue; /* joined already */
		clear(&f);
		for (size_t k = i; k < n; k++) {
			if (values[k].key.at == NULL ||
			    !str_eq(values[k].key, key))
				continue;
			put_json(&f, s, values[k].from, values[k].to);
			put(&f, '\n', (uint32_t)values[k].to);
			values[k].key.at = NULL;
			joined++;
		}
		if (joined > 1 && ++streams <= STREAMS_MAX)
			look_at(u, &f);
		else if (joined > 1)
			u->more = true;
	}
	free(values);
	buf_release(&f.bytes);
	buf_release(&f.at);
}

/* What an export is: the texts of a JSON value, one behind the other. */
static void
open_json(struct unwrap *u, struct str s)
{
	struct found f = { 0 };

	if (str_find(s, STR("\\"), 0) != SIZE_MAX) {
		put_json(&f, s, 0, s.len);
		look_at(u, &f);
	}
	buf_release(&f.bytes);
	buf_release(&f.at);
	if (str_starts(str_trim(s), STR("{")))
		join_values(u, s);
}

bool
unwrap_each(struct str text, void (*fn)(void *arg, const struct canon *c),
    void *arg)
{
	struct unwrap u = { fn, arg, UNWRAP_BYTES, false };
	struct canon c = { 0 };
	struct buf bare = { 0 };

	buf_str(&bare, text);
	skeleton_blank(&bare);
	canon_text(&c, buf_view(&bare), NULL);
	u.fn(u.arg, &c);
	look_inside(&u, &c, 0);
	canon_release(&c);
	buf_release(&bare);
	open_json(&u, text);
	return u.more;
}
