/*
 * prints_inside.h - a builder of fingerprints, inside.  For policy/prints*.c
 * alone.
 *
 * A set remembers numbers; over PRINTS_SPILL of them it is straight the bits
 * of the largest bitmap, so that neither the builder nor the file grows any
 * more.  Which of the two it is depends on what was put in, not on the order.
 */
#pragma once

#include "policy/fresh.h"
#include "policy/numbers.h"
#include "policy/prints_bits.h"
#include "policy/prints_set.h"

enum {
	PRINTS_RECENT = 8 * 1024, /* numbers, as yet without a key */
#ifdef TINY
	PRINTS_SPILL = 2000,
	PRINTS_SPILL_LOG2 = 22,
#else
	PRINTS_SPILL = 24 * 1000 * 1000,
	PRINTS_SPILL_LOG2 = PRINTS_LOG2_MAX,
#endif
};

struct prints_seen {
	struct numbers numbers; /* unless bits.at */
	uint64_t check;         /* numbers.n from which they are counted */
	struct prints_bits bits;
	uint64_t was, ones; /* entries and ones of the file taken over */
	bool taken, full;
};
void prints_seen_release(struct prints_seen *s);
void prints_seen_add(struct prints_seen *s, const uint64_t *v, size_t n);
/* All is where it belongs: in the bits, in those of the largest bitmap when
 * there are more than PRINTS_SPILL numbers, or among the numbers. */
void prints_seen_settle(struct prints_seen *s);
/* The numbers become bits, however many they are. */
void prints_seen_spill(struct prints_seen *s);
/* The numbers, as bits; settled. */
void prints_seen_bits(struct prints_seen *s, struct prints_bits *bits);
/* How many numbers; of bits at least. */
uint64_t prints_seen_entries(struct prints_seen *s);

struct prints_builder {
	uint8_t key[PRINTS_KEY_BYTES];
	struct prints_seen seen[PRINTS_SETS];
	uint64_t recent[PRINTS_SETS][PRINTS_RECENT];
	struct fresh fresh;
	struct canon canon;
	struct prints_text text;
};
