/*
 * search_formula.h - which words a match cannot do without.
 *
 * Made from search_parse.h's regular expression: a formula of AND and OR
 * over words that is true of every text that holds a match.  It narrows, it
 * never decides: whatever is not sure becomes SEARCH_FORMULA_ANY.
 */
#pragma once

#include "core/search_parse.h"

enum { SEARCH_WORD_MAX = 32, SEARCH_WORDS_MAX = 64 };

/* Bytes in a row; where its bit in fold is set, a letter of either case,
 * kept as lower case. */
struct search_word {
	uint8_t len;
	uint8_t at[SEARCH_WORD_MAX];
	uint32_t fold;
};

enum search_formula_kind {
	SEARCH_FORMULA_ANY, /* nothing is known */
	SEARCH_FORMULA_AND,
	SEARCH_FORMULA_OR, /* without children: nothing can match */
	SEARCH_FORMULA_WORD,
};

struct search_formula {
	enum search_formula_kind kind;
	struct search_formula *child, *next;
	struct search_word word;
};

/* root NULL: ANY.  All in a. */
const struct search_formula *search_formula(struct arena *a,
    const struct search_node *root);

/* For people and tests: "(foo & (bar | /baz/))", /word/ where case is lost. */
void search_formula_text(const struct search_formula *f, struct buf *b);

/*
 * The one set of at most SEARCH_WORDS_MAX words, one of which is in every
 * text that holds a match, that is likely the rarest.  ascii: of texts that
 * have no byte over 0x7f.  false: there is none worth looking for.  *n 0: no
 * such text can hold a match.
 */
bool search_formula_words(const struct search_formula *f, bool ascii,
    struct search_word words[SEARCH_WORDS_MAX], size_t *n);

/* How many in a million places of source text this word begins at, guessed
 * from its rarest bytes. */
double search_formula_rate(const struct search_word *w);
