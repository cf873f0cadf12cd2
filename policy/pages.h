/*
 * pages.h - a request for pages of source: what people agree to, what it
 * costs, and what it comes to with all that was printed before.
 *
 * The request is canonical JSON and holds places, never a line:
 *
 *	{"author":A,"finding":N,"format":"vitrine-pages","lines":N,
 *	 "media":"paper"|"file","pages":N,
 *	 "places":[{"blob":HEX,"commit":HEX,"first":N,"last":N,"of":N,
 *	 "pages":N,"path":P,"release":R,"rows":HASH,"sha256":HASH},...],
 *	 "purpose":TEXT,"session":S,"version":1}
 *
 * finding is left out where the pages are for none.  sha256 is of the lines
 * as the file has them, rows of what stands on the pages: who signs the
 * request signs both.
 */
#pragma once

#include "policy/press.h"

enum { PAGES_PURPOSE_MAX = 200 }; /* bytes */

struct pages_place {
	struct press_place at;
	struct press_cost cost;
};

struct pages {
	struct str session, author, purpose;
	uint64_t finding; /* its number in the author's record; 0: none */
	bool paper;       /* media */
	struct pages_place *places;
	uint32_t n;
	uint32_t pages, lines; /* in all */
};

void pages_write(const struct pages *p, struct buf *out);
/* Everything in a.  ERR_FORMAT; ERR_ABSENT: it is something else. */
enum err pages_read(struct pages *out, struct arena *a,
    struct str json) MUST_CHECK;
/* Whether an export is such a request: without reading all of it. */
bool pages_is(struct str json);

/* "finding 12: the length is not checked": what for, in a. */
struct str pages_what_for(const struct pages *p, struct arena *a);

/* Adds up lines and pages of the places. */
void pages_sum(struct pages *p);

/* What the rules are held against. */
struct pages_facts {
	bool spool;     /* there is something to print to */
	bool paper;     /* what was asked for */
	bool purpose;   /* somebody said what for */
	uint64_t pages; /* of this request */
	uint64_t run;   /* the most lines in a row, with what was printed */
	struct str run_path;
	uint64_t percent; /* the most of one file, rounded up, likewise */
	struct str percent_path;
};

/* before: requests that were printed.  Paths are borrowed from p. */
void pages_facts(struct pages_facts *out, const struct pages *p,
    const struct pages *before, size_t n_before);
