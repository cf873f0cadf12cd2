/*
 * delta.h - what makes one text of another: the deltas of gitformat-pack(5).
 *
 * For two versions of the same file or folder: what they begin and end with
 * is found first, then blocks of what lies between.  Linear in both, whatever
 * they hold; the same two texts give the same delta.
 */
#pragma once

#include "core/str.h"

/* What is looked up while one is made, kept for the next.  Zeroed is ready. */
struct delta {
	uint32_t *blocks; /* offset in the base + 1, by hash */
	size_t room;
	struct buf out;
};
void delta_release(struct delta *d);

/*
 * Text out of base; *out lies in d until the next one.  false: it would be
 * over most bytes, or a text is over 4 GB.
 */
bool delta_make(struct str *out, struct delta *d, struct str base,
    struct str text, size_t most);

/* Whether delta makes text out of base, and nothing else. */
bool delta_makes(struct str delta, struct str base, struct str text);
