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

/* Index of the first byte over 0x7f, n: none.  In blocks, as most is ASCII. */
static inline size_t
ascii_run(const unsigned char *p, size_t n)
{
	const uint64_t high = 0x8080808080808080u;
	size_t i = 0;

	for (; i + 64 <= n; i += 64) {
		uint64_t w[8];

		memcpy(w, p + i, sizeof w);
		if ((w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) &
		    high)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}
