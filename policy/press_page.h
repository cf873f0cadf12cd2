/*
 * press_page.h - what a page looks like: plain ASCII, 80 columns, 60 rows,
 * a form feed at its end.  What every printer prints.
 *
 * Nothing is cut: paths and long lines go on in the next row.  A character
 * that is not printable ASCII is written as <U+00E4>, a byte that is part
 * of none as <FF>, and the line is marked with '*', so that a line without
 * the mark is what the file has, word for word (a tab is blanks).
 *
 * Rows are made of the lines; pages of the rows.  So who has pages can tell
 * the rows, and hold them against the hash that people signed, without the
 * source.
 */
#pragma once

#include "policy/pages.h"

enum { PRESS_ROWS = 60, PRESS_COLUMNS = 80 };

/* What is the same on all pages of one order: from the rules, the request
 * and the clock, and nothing that anybody could choose. */
struct press_stamp {
	struct str prefix, legend, session, person, when;
	uint64_t finding; /* 0: none */
	bool paper;
};

/* In a, borrowing from r. */
struct press_stamp press_page_stamp(struct arena *a, const struct rules *r,
    struct str who, uint64_t finding, int64_t when);

/* "VEN-", with several auditors "VEN-ann-": in a. */
struct str press_page_prefix(struct arena *a, const struct rules *r,
    struct str who);
/* "VEN-ann-000012": the number of a page; "VEN-ann-000012 to VEN-...". */
void press_page_number(struct buf *out, struct str prefix, uint32_t number);
void press_page_numbers(struct buf *out, struct str prefix, uint32_t first,
    uint32_t pages);

/* The rows of lines, numbered from first on; no more of them than max pages
 * hold. */
void press_page_rows(struct buf *out, struct str lines, uint32_t first,
    uint32_t max);

/*
 * Appends the pages of one place; cost says how many lines its file has and
 * what their hash is.  ERR_LIMIT: its path leaves no room for lines, or
 * there would be more than max pages.
 */
enum err press_page_put(struct buf *out, uint32_t *pages,
    const struct press_stamp *s, const struct press_place *p,
    const struct press_cost *cost, struct str rows, uint32_t number,
    uint32_t max) MUST_CHECK;

/*
 * Whether text is the pages of this request, numbered from number on: their
 * rows have the hashes that it names, and all around them is as it has to
 * be.  ERR_DENIED.
 */
enum err press_page_check(struct str text, const struct press_stamp *s,
    const struct pages *p, uint32_t number) MUST_CHECK;
