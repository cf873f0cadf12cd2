/*
 * search_grams.h - three bytes in a row that a match cannot do without, one
 * of a few hundred: what search_formula.h's words cannot say.
 *
 * "[ \t]+$" has no word, but a match ends with a blank and the end of a line:
 * whatever stands in front of these two, it is one of some 900 keys of the
 * index.  Found around each byte of the pattern that no match can avoid.
 */
#pragma once

#include "core/search_parse.h"

enum {
	SEARCH_GRAMS_KEYS = 2048, /* of one set, at most */
	SEARCH_GRAMS_SETS = 24,
};

/* Keys as the index has them: letters as lower case, the first byte highest;
 * ascending, none twice. */
struct search_gram {
	const uint32_t *keys;
	size_t n;
};

/* Every match has a key of each set, with no more than its last byte behind
 * the end of its line. */
struct search_grams {
	struct search_gram sets[SEARCH_GRAMS_SETS];
	size_t n;
};

/* root NULL: none.  All in a. */
const struct search_grams *search_grams(struct arena *a,
    const struct search_node *root);
