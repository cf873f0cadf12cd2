/*
 * press_page.h - what a page looks like: plain ASCII, 80 columns, 60 rows,
 * a form feed at its end.  What every printer prints.
 *
 * Nothing is cut: paths and long lines go on in the next row.  A character
 * that is not printable ASCII is written as <U+00E4>, a byte that is part
 * of none as <FF>, and the line is marked with '*', so that a line without
 * the mark is what the file has, word for word (a tab is blanks).
 */
#pragma once

#include "policy/press.h"

enum { PRESS_ROWS = 60, PRESS_COLUMNS = 80 };

/* "VEN-ann-000012": the number of a page. */
void press_page_number(struct buf *out, struct str prefix, uint32_t number);

/*
 * Appends the pages of place i of the order; lines are its bytes, of: how
 * many lines the file has.  ERR_LIMIT: its path leaves no room for lines,
 * or there would be more than max pages.
 */
enum err press_page_put(struct buf *out, uint32_t *pages,
    const struct press_order *o, uint32_t i, struct str lines, uint32_t of,
    uint32_t number, uint32_t max) MUST_CHECK;
