/*
 * search_lf.h - where lines begin and end, and how many they are.
 */
#pragma once

#include <string.h>

#include "core/str.h"
#include "core/wide.h"

/* Of the line that holds that byte. */
static inline size_t
search_lf_start(struct str text, size_t at)
{
	const char *lf = at == 0 ? NULL : memrchr(text.at, '\n', at);

	return lf == NULL ? 0 : (size_t)(lf - text.at) + 1;
}

/* Where the LF stands, or the end of the text. */
static inline size_t
search_lf_end(struct str text, size_t at)
{
	const char *lf =
	    at >= text.len ? NULL : memchr(text.at + at, '\n', text.len - at);

	return lf == NULL ? text.len : (size_t)(lf - text.at);
}

/* In pieces that fit a byte counter each, so that it runs 32 at a time. */
WIDE static inline uint32_t
search_lf_count(const char *at, size_t len)
{
	uint32_t n = 0;

	while (len > 0) {
		size_t part = len < 255 * 32 ? len : 255 * 32;
		uint32_t some = 0;

		for (size_t i = 0; i < part; i++)
			some += at[i] == '\n';
		n += some;
		at += part;
		len -= part;
	}
	return n;
}
