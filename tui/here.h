/*
 * here.h - what is written about a line: which items, and editing one.
 */
#pragma once

#include "tui/noting.h"

struct here {
	const struct book_item **at; /* now is not NULL */
	size_t len;
	bool exact; /* about these lines; false: about other lines of the
		     * file, because nothing is about these */
};

/* In a.  Where an item was found again in the revision that is read counts
 * as well as where it was made. */
struct here here_items(struct noting *n, const struct anchor *at,
    struct arena *a);

/* Opens the editor for it; then the keys go back to the source. */
void here_write(struct noting *n, const struct book_item *it);
