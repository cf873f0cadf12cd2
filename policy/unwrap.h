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
 * Calls fn with the text itself and with every text found in it, canonical,
 * each character with the byte of the outermost text that it came from.
 * Returns whether there was more than UNWRAP_BYTES to decode.
 */
bool unwrap_each(struct str text, void (*fn)(void *arg, const struct canon *c),
    void *arg);
