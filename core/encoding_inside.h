/*
 * encoding_inside.h - what core/encoding*.c share; nobody else includes it.
 */
#pragma once

#include <string.h>

#include "core/encoding.h"

/* Length of the UTF-8 character at p, 0: none.  RFC 3629. */
static inline size_t
utf8_length(const unsigned char *p, size_t n)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		lo = 0xa0;
	if (p[0] == 0xed)
		hi = 0x9f;
	if (p[0] == 0xf0)
		lo = 0x90;
	if (p[0] == 0xf4)
		hi = 0x8f;
	if (n < len || p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* Index of the first byte over 0x7f, n: none. */
size_t encoding_ascii_run(const unsigned char *p, size_t n);
