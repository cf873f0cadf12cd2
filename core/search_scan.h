/*
 * search_scan.h - one query over one text after the other: bytes in, hits
 * out, as core/search.h says what a hit is.
 */
#pragma once

#include "core/encoding.h"
#include "core/search.h"

struct search_scan;
struct search_plan;
struct language;

struct search_sink {
	void (*hit)(void *arg, const struct search_hit *h);
	void (*skip)(void *arg, uint32_t line, enum search_skip why);
	void *arg;
};

/* ERR_FORMAT for a pattern that is none. */
enum err search_scan_open(struct search_scan **out,
    const struct query *q) MUST_CHECK;
void search_scan_close(struct search_scan *s); /* NULL is fine */

/* The encoding is recognised here. */
void search_scan_blob(struct search_scan *s, struct str bytes,
    const struct search_sink *sink);
/*
 * When it is known already: e as encoding_guess() says; proven: what
 * encoding_is_utf8() and encoding_is_ascii() have said in this process.
 */
enum { SEARCH_SCAN_UTF8 = 1, SEARCH_SCAN_ASCII = 2 };
void search_scan_known(struct search_scan *s, struct str bytes, enum encoding e,
    unsigned proven, const struct search_sink *sink);
/* A part of a text, from the start of a line to the end of one; line: its
 * first one's number.  Not in multi-line search, not what converts. */
void search_scan_part(struct search_scan *s, struct str bytes, uint32_t line,
    unsigned proven, const struct search_sink *sink);
/* enum search_detail: of every text from now on; at first ALL. */
void search_scan_detail(struct search_scan *s, uint8_t detail);
/* Of the next text, for SEARCH_KINDS; NULL: plain text. */
void search_scan_language(struct search_scan *s, const struct language *l);
/* What is in the form of a text matters to nothing: no need to prove it. */
bool search_scan_is_exact(const struct search_scan *s);
bool search_scan_wants_bytes(const struct search_scan *s); /* SEARCH_BYTES */
/* How many of the texts were searched converted, so far. */
uint32_t search_scan_converted(const struct search_scan *s);

/* For tests: the plan, and whether without wide instructions. */
struct search_plan *search_scan_plan(struct search_scan *s);
void search_scan_plain(struct search_scan *s, bool plain);
