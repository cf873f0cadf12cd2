/*
 * spans.h - lines of a file as text, in the two forms of a record.
 *
 * Pairs first, last: from 1, ascending, none within another.
 *
 * Words: "1-4 9 12-13".  What people and old records have.
 *
 * Steps: of every run how many lines lie between it and the first one that
 * does not touch the run before (line 1, for the first run), and how many
 * lines of it follow its first.  A number stands as digits of 5 bits, the most
 * significant first, in the alphabet of base64url (RFC 4648, section 5); all
 * but the last of a number have 32 added.  "1-4 9 12-13" is ADDABB.  There
 * are millions of runs in a record, and most take two characters.
 *
 * Whatever is read has one form only: no zeros before a number, no runs that
 * touch in steps.
 */
#pragma once

#include "core/arena.h"

/* Most pairs of one text. */
enum { SPANS_MAX = 4096 };

struct spans {
	uint32_t *at; /* 2 * len numbers */
	uint32_t len; /* pairs */
};

/* Both append; pairs that touch become one in steps. */
void spans_words(const struct spans *s, struct buf *out);
void spans_steps(const struct spans *s, struct buf *out);

/* At least one pair, in a; false: that is not such a text, or too long. */
bool spans_from_words(struct spans *out, struct arena *a, struct str text);
bool spans_from_steps(struct spans *out, struct arena *a, struct str text);
