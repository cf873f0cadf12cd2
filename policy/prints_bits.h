/*
 * prints_bits.h - a bitmap of fingerprints while it is made.
 *
 * It is larger than any cache, and every number sets bits all over it: they
 * are put off until there are so many that those of one place after the other
 * can be set.  For policy/prints*.c alone.
 */
#pragma once

#include "core/str.h"

#include <stdint.h>

enum { PRINTS_BITS_HASHES_MAX = 8 };

struct prints_bits {
	uint8_t *at; /* NULL: there is none */
	uint8_t log2, hashes;
	uint64_t ones; /* once nothing is put off */
	uint64_t *put_off;
	size_t n;
};
/* All zero.  prints_bits_close() when done. */
void prints_bits_open(struct prints_bits *b, unsigned log2, unsigned hashes);
void prints_bits_close(struct prints_bits *b);
size_t prints_bits_bytes(const struct prints_bits *b);

void prints_bits_add(struct prints_bits *b, const uint64_t *v, size_t n);
/* Nothing is put off any longer. */
void prints_bits_settle(struct prints_bits *b);
/* Every bit that is set in another one of that size. */
void prints_bits_join(struct prints_bits *b, const uint8_t *other);
