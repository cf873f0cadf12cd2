/*
 * search_filter.h - the next place where one of a few words stands.
 *
 * A word alone is looked for by two of its bytes that are rare, 64 places at a
 * time where the processor has AVX2; several 32 at a time: three neighbouring
 * bytes of each word, chosen to be rare, are looked up by their halves in
 * tables of 16, eight groups of words at once.  Then the words themselves are
 * compared.
 */
#pragma once

#include "core/search_formula.h"

struct search_filter;

/* n >= 1, no empty word.  Copied. */
struct search_filter *search_filter_open(const struct search_word *words,
    size_t n);
void search_filter_close(struct search_filter *f); /* NULL is fine */

/* A byte of the first word at or after from, SIZE_MAX: none.  Of words that
 * overlap `from` only what lies behind is looked at. */
size_t search_filter_next(const struct search_filter *f, struct str text,
    size_t from);

/* Of the only word: which of its bytes that is, from 0. */
unsigned search_filter_print(const struct search_filter *f);

/* For tests: with or without the wide instructions. */
void search_filter_wide(struct search_filter *f, bool wide);
