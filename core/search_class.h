/*
 * search_class.h - characters and character classes of a pattern.
 *
 * A part of core/search_parse.c: which characters an escape or a bracket may
 * stand for, at least all of them, in the syntax of pcre2pattern(3).
 */
#pragma once

#include "core/search_parse.h"

/* ASCII in set, all else in high; without UTF set holds all 256 bytes (and
 * high means nothing). */
struct search_class {
	struct search_set set;
	bool high;
};

void search_class_add(struct search_class *c, uint32_t from, uint32_t to);
/* Adds the other case; K and S have partners outside ASCII in UTF. */
void search_class_fold(struct search_class *c, bool caseless, bool utf);

size_t search_class_utf8(char raw[4], uint32_t c); /* length */
/* The character at the front of s, which is not empty: its length. */
size_t search_class_literal(uint32_t *c, struct str s, bool utf);
bool search_class_is_alnum(uint32_t c);

/* Each is at a backslash at *i, and moves *i behind it when it is one: */
bool search_class_escape(size_t *i, struct str s, struct search_class *c,
    unsigned flags); /* \d \W \p{L}: flags as search_parse() */
bool search_class_char(size_t *i, struct str s, uint32_t *c,
    bool utf); /* \n \x41 \. */

/* At "[": reads to its end, writes the class to out in the form that cannot
 * match LF when flags say so. */
bool search_class_bracket(size_t *i, struct str s, struct search_class *c,
    unsigned flags, bool caseless, bool skip_blanks, struct buf *out);
