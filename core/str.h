/*
 * str.h - text and bytes: str is borrowed, buf is owned.
 *
 * A str is never a C string: it may hold NUL and anything else.  A buf keeps
 * a NUL after its end for the few C calls that want one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct str {
	const char *at;
	size_t len;
};

/* struct buf b = { 0 }; is ready.  buf_release() when done. */
struct buf {
	char *at;
	size_t len;
	size_t room;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s) (int)(s).len, (s).at /* for "%.*s", short text only */

struct str str_of(const char *cstring); /* NULL is the empty str */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* as bytes, for qsort */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte offset of the first needle at or after from; SIZE_MAX: none. */
size_t str_find(struct str s, struct str needle, size_t from);
struct str str_slice(struct str s, size_t from, size_t len); /* clamped */
struct str str_trim(struct str s); /* blanks, tabs, CR, LF at both ends */

/*
 * Cuts the text up to the next sep off *rest; false when *rest is used up.
 * "a,b" gives a, b; ",b" an empty piece and b; "" nothing; "a," gives a
 * alone, as a text's last line end begins no further line.
 */
bool str_cut(struct str *rest, char sep, struct str *piece);

/* Decimal, no sign, no blanks, whole str; ERR_FORMAT and ERR_LIMIT. */
enum err str_number(struct str s, uint64_t max, uint64_t *out) MUST_CHECK;

void buf_release(struct buf *b); /* frees; b is empty and ready again */
void buf_clear(struct buf *b);   /* keeps the memory */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* At least len more bytes at the returned place; b->len is not moved. */
char *buf_grow(struct buf *b, size_t len);
struct str buf_view(const struct buf *b);
void buf_hex(struct buf *b, const void *bytes, size_t len); /* lower case */
/* One word of ASCII: blanks, controls, %, 0x7f and above as %xx, lower case. */
void buf_escape(struct buf *b, struct str s);

/* "0.1 s", "2 s": no zeroes that say nothing. */
void buf_seconds(struct buf *b, uint32_t ms);

int str_hex_digit(char c); /* 0 to 15, of either case; -1: none */
/* 2*len hex digits to len bytes; upper and lower case; ERR_FORMAT. */
enum err str_unhex(struct str s, void *bytes, size_t len) MUST_CHECK;
