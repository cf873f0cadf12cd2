/*
 * search_dfa.h - the lines of a text that may match, a byte at a step.
 *
 * For patterns without a word to look for.  The regular expression of
 * search_parse.h becomes a table of states; four places of the text are
 * walked side by side, as each step has to wait for the one before it.  With
 * few states, a row of the table is one register and a step one shuffle: up
 * to 16 with SSSE3, up to 32 with AVX512-VBMI.
 *
 * It knows no look-around and no reference: what it takes for a match
 * PCRE2 looks at again, what it passes over holds none.
 */
#pragma once

#include "core/search_parse.h"

struct search_dfa;

/* NULL: root is NULL, matches the empty text, or needs too many states. */
struct search_dfa *search_dfa_open(const struct search_node *root);
void search_dfa_close(struct search_dfa *d); /* NULL is fine */

/*
 * A byte of every line of the text that may match, ascending, each line
 * once: *n of them, valid until the next call.  The text begins at the start
 * of a line and ends at the end of one.
 */
const size_t *search_dfa_lines(struct search_dfa *d, struct str text,
    size_t *n);

/* Without the table for one: a text of about that size at a time. */
enum { SEARCH_DFA_TEXT = 256 * 1024 };

/* For tests: the table alone, 16 byte rows, 32 byte rows; as far as the
 * processor and the number of states allow. */
void search_dfa_wide(struct search_dfa *d, unsigned bytes);
