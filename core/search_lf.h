/*
 * search_lf.h - where lines begin and end, and how many they are.
 */
#pragma once

#include <string.h>

#include "core/str.h"

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

/* How many LF there are. */
uint32_t search_lf_count(const char *at, size_t len);
/* For tests: without wide instructions. */
uint32_t search_lf_count_plain(const char *at, size_t len);
