/*
 * search_dfa_table.h - a table of states, and walking it.
 *
 * Between core/search_dfa.c, which makes the table, and
 * core/search_dfa_table.c, which walks it.
 */
#pragma once

#include "core/search_dfa.h"

enum {
	SEARCH_DFA_FOUND = 0, /* and there it stays */
	SEARCH_DFA_START = 1, /* of a line */
	SEARCH_DFA_STATES = 256,
};

struct search_dfa_table {
	unsigned states;
	uint16_t next[SEARCH_DFA_STATES][256]; /* number of a state << 8 */
};

/* Takes t over. */
struct search_dfa *search_dfa_table(struct search_dfa_table *t);
