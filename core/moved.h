/*
 * moved.h - lines that were taken away in one place and put in at another.
 */
#pragma once

#include "core/str.h"

struct moved_line {
	struct str text;
	/* Lines that follow each other on their side have numbers that do. */
	uint64_t number;
	bool added;
};

#define MOVED_NONE UINT32_MAX

enum {
	MOVED_LINES = 2,    /* a block has at least so many lines, ... */
	MOVED_LETTERS = 20, /* ... and so many letters and digits in them */
};

/*
 * mate[i]: where line i of lines stands on the other side, or MOVED_NONE.
 * Blanks at both ends of a line make no difference.  Each line has one mate
 * at most; of several places the longest block is taken.
 */
void moved_find(uint32_t *mate, const struct moved_line *lines, size_t n);
