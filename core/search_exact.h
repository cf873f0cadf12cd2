/*
 * search_exact.h - patterns that are a text and nothing else: where it
 * stands is a match, and PCRE2 need not be asked.
 *
 * Which ones: as typed, without a sign that has a meaning, or with all of
 * them taken by a backslash, or SEARCH_LITERAL; \b on either side, and
 * SEARCH_WORD.  Letters match themselves: not with SEARCH_IGNORE_CASE.  Word
 * characters are those of ASCII, so SEARCH_UNICODE takes such edges out.
 */
#pragma once

#include "core/search_pcre.h"

struct search_exact;

/* NULL: not one of them. */
struct search_exact *search_exact_open(const struct query *q);
void search_exact_close(struct search_exact *x); /* NULL is fine */

/* The first match that begins at or after from, which is where a line
 * begins; false: there is none. */
bool search_exact_next(const struct search_exact *x, struct str text,
    size_t from, struct search_match *m);

/* For tests: with or without the wide instructions. */
void search_exact_wide(struct search_exact *x, bool wide);
