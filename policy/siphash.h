/*
 * siphash.h - SipHash-2-4 (Aumasson and Bernstein, 2012).
 *
 * A short keyed hash for the fingerprints of source, in a room without a
 * crypto library.  Not for signatures or passphrases.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_BYTES = 16 };

uint64_t siphash(const uint8_t key[SIPHASH_KEY_BYTES], const void *bytes,
    size_t len);

/* Each number replaced by the hash of its eight bytes, little endian. */
void siphash_numbers(const uint8_t key[SIPHASH_KEY_BYTES], uint64_t *v,
    size_t n);
