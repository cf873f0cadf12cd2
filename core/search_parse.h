/*
 * search_parse.h - our own reading of a pattern that PCRE2 has accepted.
 *
 * Two things come out of it.  `text` is the same pattern written so that it
 * may be matched against many lines at once: nothing in it can match LF, \A
 * and \z are the ends of a line, $ also stands before the CR of a CRLF.  As
 * no part of it can take an LF, the LF is to it what the end of the subject
 * is to the pattern as it was typed.  And `root` is a regular expression
 * over bytes that matches wherever the pattern does, and elsewhere: what it
 * is sure of may narrow a search, never decide one.  Ends of lines and words
 * are in it only with SEARCH_PARSE_LINES.
 *
 * What is not understood (verbs, recursion, conditions, \G \K \R \X) leaves
 * both out: then every line is matched alone, by the pattern as typed.
 */
#pragma once

#include "core/arena.h"

enum search_node_kind {
	SEARCH_NODE_EMPTY,  /* nothing: also every assertion but these: */
	SEARCH_NODE_START,  /* a line begins here */
	SEARCH_NODE_END,    /* it ends here, or its CR LF does */
	SEARCH_NODE_EDGE,   /* a word character on one side, not on both */
	SEARCH_NODE_SET,    /* one byte of the set */
	SEARCH_NODE_CAT,    /* the children one after the other */
	SEARCH_NODE_ALT,    /* one of the children */
	SEARCH_NODE_REPEAT, /* the child, min to max times */
};

enum { SEARCH_NODE_MANY = 0xffffffff }; /* a max without end */

struct search_set {
	uint64_t bits[4];
};

struct search_node {
	enum search_node_kind kind;
	struct search_node *child, *next;
	uint32_t min, max;
	struct search_set set;
};

enum search_parse_flag {
	SEARCH_PARSE_UTF = 1, /* the subject is UTF-8 */
	SEARCH_PARSE_UCP = 2, /* \w and so on by Unicode */
	SEARCH_PARSE_CASELESS = 4,
	SEARCH_PARSE_LINES = 8,  /* LF out; without: only $ is rewritten */
	SEARCH_PARSE_NO_CR = 16, /* for texts without CR: $ stays */
};

struct search_parse {
	bool understood;
	bool dollar;   /* it has a $, and so differs with NO_CR */
	bool extended; /* (?x) holds at its end: a comment may be open */
	struct str text;
	const struct search_node *root; /* NULL unless understood */
};

/* pattern: one that PCRE2 compiles.  All in a. */
void search_parse(struct search_parse *out, struct arena *a, struct str pattern,
    unsigned flags);

bool search_set_has(const struct search_set *s, unsigned char c);
void search_set_add(struct search_set *s, unsigned from, unsigned to);
unsigned search_set_count(const struct search_set *s);
