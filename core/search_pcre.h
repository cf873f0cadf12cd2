/*
 * search_pcre.h - a query, compiled: what matches.  The door to PCRE2.
 *
 * A query has up to four forms: as typed, for one line alone, or rewritten
 * by search_parse.h so that it runs over many lines at once; each for text
 * that is valid UTF-8 and for bytes.  On UTF-8 no form checks the text again:
 * the caller has proved it (Debian 12's PCRE2 10.42 loses \W, \D and \S with
 * JIT when it is left to look after invalid text itself).  Forms for bytes
 * are compiled when first used.
 */
#pragma once

#include "core/search.h"
#include "core/search_parse.h"

struct search_pcre;

/* ERR_FORMAT: "no pattern: missing ) at offset 3".  The query is copied. */
enum err search_pcre_open(struct search_pcre **out,
    const struct query *q) MUST_CHECK;
void search_pcre_close(struct search_pcre *p); /* NULL is fine */

/* "PCRE2 10.42 2022-12-11, Unicode 14.0.0, JIT x86-64 64bit ..." */
void search_pcre_engine(struct buf *b);

enum search_found {
	SEARCH_FOUND_NONE,
	SEARCH_FOUND,
	SEARCH_FOUND_GAVE_UP, /* match, depth, heap or JIT stack limit */
};

struct search_match {
	size_t at, end; /* bytes of the text; end >= at */
};

/* Those of the query, and SEARCH_BYTES when the pattern is not UTF-8. */
uint32_t search_pcre_flags(const struct search_pcre *p);

/* Before each text that is searched whole: $ is cheaper without CR. */
void search_pcre_begin(struct search_pcre *p, struct str text);

/* Whether the form for many lines exists. */
bool search_pcre_has_whole(struct search_pcre *p, bool utf);
/*
 * The first match that begins at or after from.  whole: text may hold many
 * lines (in multi-line search: always so); else it is one line.  utf: the
 * text is valid UTF-8 and from is at a character.
 */
enum search_found search_pcre_next(struct search_pcre *p, bool whole, bool utf,
    struct str text, size_t from, struct search_match *m);

/* What search_parse() made of the pattern for this kind of text. */
const struct search_parse *search_pcre_parse(struct search_pcre *p, bool utf);
