#include "core/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef TINY
enum { BUF_FIRST = 2 };
#else
enum { BUF_FIRST = 64 };
#endif

struct str
str_of(const char *cstring)
{
	if (cstring == NULL)
		return (struct str){ "", 0 };
	return (struct str){ cstring, strlen(cstring) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.at, b.at, n);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	    str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    str_eq(str_slice(s, s.len - suffix.len, suffix.len), suffix);
}

size_t
str_find(struct str s, struct str needle, size_t from)
{
	const char *hit;

	if (from > s.len)
		return SIZE_MAX;
	if (needle.len == 0)
		return from;
	if (needle.len > s.len - from)
		return SIZE_MAX; /* an empty text may be NULL */
	hit = memmem(s.at + from, s.len - from, needle.at, needle.len);
	return hit == NULL ? SIZE_MAX : (size_t)(hit - s.at);
}

struct str
str_slice(struct str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct str){ s.at == NULL ? "" : s.at + from, len };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.at[0]))
		s = str_slice(s, 1, s.len - 1);
	while (s.len > 0 && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool
str_cut(struct str *rest, char sep, struct str *piece)
{
	const char *end;

	if (rest->at == NULL || rest->len == 0)
		return false;
	end = memchr(rest->at, sep, rest->len);
	if (end == NULL) {
		*piece = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*piece = (struct str){ rest->at, (size_t)(end - rest->at) };
	rest->len -= piece->len + 1;
	rest->at = end + 1;
	return true;
}

enum err
str_number(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (s.len == 0)
		return fail(ERR_FORMAT, "a number is missing");
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned char)s.at[i] - (unsigned)'0';

		if (digit > 9)
			return fail(ERR_FORMAT, "not a number");
		if (n > (max - digit) / 10 || digit > max)
			return fail(ERR_LIMIT, "a number is too large");
		n = n * 10 + digit;
	}
	*out = n;
	return ERR_NONE;
}

void
buf_release(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ 0 };
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->at != NULL)
		b->at[0] = '\0';
}

char *
buf_grow(struct buf *b, size_t len)
{
	size_t need, room;
	char *at;

	if (__builtin_add_overflow(b->len, len, &need) ||
	    __builtin_add_overflow(need, 1, &need))
		bug("a buffer of %zu + %zu bytes", b->len, len);
	if (need > b->room) {
		room = b->room < BUF_FIRST ? BUF_FIRST : b->room;
		while (room < need && room <= SIZE_MAX / 2)
			room *= 2;
		if (room < need)
			room = need;
		at = realloc(b->at, room);
		if (at == NULL)
			bug("no memory for %zu bytes", room);
		b->at = at;
		b->room = room;
	}
	return b->at + b->len;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *at = buf_grow(b, len);

	if (len > 0)
		memcpy(at, bytes, len);
	b->len += len;
	b->at[b->len] = '\0';
}

void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.at, s.len);
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		bug("a format that cannot be printed");
	buf_grow(b, (size_t)len);
	va_start(ap, fmt);
	vsnprintf(b->at + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

struct str
buf_view(const struct buf *b)
{
	return (struct str){ b->at == NULL ? "" : b->at, b->len };
}

void
buf_hex(struct buf *b, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i++) {
		buf_char(b, digits[p[i] >> 4]);
		buf_char(b, digits[p[i] & 15]);
	}
}

void
buf_escape(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c > 0x20 && c < 0x7f && c != '%')
			buf_char(b, (char)c);
		else
			buf_printf(b, "%%%02x", c);
	}
}

void
buf_seconds(struct buf *b, uint32_t ms)
{
	buf_printf(b, "%u", ms / 1000);
	if (ms % 1000 != 0) {
		buf_printf(b, ".%03u", ms % 1000);
		while (b->at[b->len - 1] == '0')
			b->len--;
	}
	buf_str(b, STR(" s"));
}

int
str_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum err
str_unhex(struct str s, void *bytes, size_t len)
{
	unsigned char *p = bytes;

	if (s.len / 2 != len || s.len % 2 != 0)
		return fail(ERR_FORMAT, "%zu hex digits are wanted", 2 * len);
	for (size_t i = 0; i < len; i++) {
		int high = str_hex_digit(s.at[2 * i]);
		int low = str_hex_digit(s.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return fail(ERR_FORMAT, "not a hex digit");
		p[i] = (unsigned char)(high << 4 | low);
	}
	return ERR_NONE;
}
