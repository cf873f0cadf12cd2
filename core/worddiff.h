/*
 * worddiff.h - which words differ between two versions of a line.
 */
#pragma once

#include "core/str.h"

enum {
	WORDDIFF_SPANS = 64,  /* of one side, at most */
	WORDDIFF_WORDS = 200, /* more: only what both ends share is told */
};

struct worddiff_span {
	uint32_t from, to;
};

struct worddiff {
	struct worddiff_span a[WORDDIFF_SPANS], b[WORDDIFF_SPANS];
	size_t n_a, n_b;
	bool useful; /* the lines have enough in common to mark the rest */
};

void worddiff_lines(struct worddiff *out, struct str a, struct str b);
