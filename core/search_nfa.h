/*
 * search_nfa.h - the regular expression of search_parse.h as a program.
 *
 * A part of core/search_dfa.c.  Steps either take a byte of a set, or go two
 * ways, or pass on where an end of a line or a word stands, or say that a
 * match ends.  It runs from step 0.
 */
#pragma once

#include "core/search_parse.h"

enum search_nfa_kind {
	SEARCH_NFA_SET,   /* a byte of the set, then a */
	SEARCH_NFA_SPLIT, /* a or b */
	SEARCH_NFA_START, /* where a line begins, a */
	SEARCH_NFA_END,   /* where it ends, a */
	SEARCH_NFA_EDGE,  /* where a word begins or ends, a */
	SEARCH_NFA_MATCH,
};

struct search_nfa_step {
	enum search_nfa_kind kind;
	uint32_t a, b;
	const struct search_set *set;
};

enum { SEARCH_NFA_MOST = 1024 };

struct search_nfa {
	struct search_nfa_step *steps;
	uint32_t n;
	bool starts, edges; /* has steps of that kind */
};

/* false: more than SEARCH_NFA_MOST steps.  All in a; sets are root's. */
bool search_nfa_make(struct search_nfa *out, struct arena *a,
    const struct search_node *root);
