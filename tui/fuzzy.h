/*
 * fuzzy.h - finding a path by some of its letters.
 *
 * Every letter of the pattern occurs in the path, in order; either case
 * matches a lower-case letter.  Better: runs of letters, letters at the start
 * of a part of the path or of its file name, a match in the file name, a
 * short path.  Blanks in the pattern separate parts that must all match, and
 * better do so in the order in which they were typed.
 */
#pragma once

#include "core/str.h"

enum { FUZZY_NONE = INT32_MIN, FUZZY_PLACES = 64 };

/* Higher is better; FUZZY_NONE: no match.  where (or NULL) gets the matched
 * bytes, ascending, at most FUZZY_PLACES; *n how many. */
int32_t fuzzy_score(struct str pattern, struct str path, uint32_t *where,
    size_t *n);
