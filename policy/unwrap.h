/*
 * unwrap.h - texts that are hidden in a text: JSON strings, hex, base64,
 * one inside the other.
 */
#pragma once

#include "policy/canon.h"

enum {
	UNWRAP_DEPTH = 3,           /* encodings inside encodings */
	UNWRAP_BYTES = 1024 * 1024, /* decoded in all */
};

/*
 * What is to be looked at: a text of which context bytes left before.  Of
 * those, only the last reach are read in front of the rest, in each way of
 * putting the text together: what a new text continues stands right before
 * it.
 */
struct unwrap_text {
	struct str whole;
	size_t context, reach;
};

/* cut: there is more of what left before than c begins with. */
typedef void unwrap_fn(void *arg, const struct canon *c, bool cut);

/*
 * Calls fn with the text itself and with every text found in it, canonical,
 * each character with the byte of the outermost text that it came from.
 * Returns whether there was more than UNWRAP_BYTES to decode.
 */
bool unwrap_each(const struct unwrap_text *t, unwrap_fn *fn, void *arg);
