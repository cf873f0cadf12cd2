/*
 * search_plan.h - how a query is best run over a text: by PCRE2 all the way,
 * or only on the lines where a word stands that every match has, or only on
 * those that a table of states lets through.
 *
 * All find the same.  Which one is fastest depends on the text as much as on
 * the pattern ("0x" is in most files), so it is measured: while a search
 * runs, each way is tried on some of its bytes now and then, and the fastest
 * one does the rest.
 */
#pragma once

#include "core/search_dfa.h"
#include "core/search_filter.h"
#include "core/search_grams.h"
#include "core/search_pcre.h"

enum search_way {
	SEARCH_WAY_WHOLE, /* PCRE2 over all of the text */
	SEARCH_WAY_WORDS, /* only lines with one of the words */
	SEARCH_WAY_TABLE, /* only lines that search_dfa.h finds */
	SEARCH_WAYS,
};

struct search_plan;

struct search_plan *search_plan_open(struct search_pcre *p);
void search_plan_close(struct search_plan *p); /* NULL is fine */

/* The words to look for in such a text; NULL: none.  *never: no such text
 * can hold a match. */
const struct search_filter *search_plan_words(struct search_plan *p, bool utf,
    bool ascii, bool *never);

/* For SEARCH_WAY_TABLE, which is chosen only where it is not NULL. */
struct search_dfa *search_plan_table(struct search_plan *p, bool utf);

/* What every match in such a text needs. */
const struct search_formula *search_plan_formula(const struct search_plan *p,
    bool utf);

/* The same, beyond words; made when it is first asked for. */
const struct search_grams *search_plan_grams(struct search_plan *p, bool utf);

/* Which way to take for a text of this kind, and, after it, what it took.
 * begin and end around every text of one kind, or around none. */
enum search_way search_plan_begin(struct search_plan *p, bool utf, bool ascii);
void search_plan_end(struct search_plan *p, size_t bytes);

/* For tests: always this way, where there is one; and whether without wide
 * instructions. */
void search_plan_force(struct search_plan *p, enum search_way way);
void search_plan_release(struct search_plan *p); /* no way any more */
bool search_plan_forced(const struct search_plan *p);
void search_plan_plain(struct search_plan *p, bool plain);
/* "words memcpy" or "whole": what would be done with plain ASCII. */
void search_plan_text(struct search_plan *p, struct buf *b);
