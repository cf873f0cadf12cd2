/*
 * prints_set.h - inside the fingerprints: runs of tokens, and bitmaps.
 * For policy/prints*.c alone.
 *
 * File, little endian:
 *
 *	"VITPRNT2" key(16) u32 sets(5) u32 0
 *	5 x { u8 run, u8 window, u8 hashes, u8 log2 bits, u32 0,
 *	      u64 entries, u64 ones }
 *	5 x bitmap of 2^(log2 bits - 3) bytes
 *
 * A run has a 64-bit number h, SipHash-2-4 of a polynomial over hashes of
 * its tokens.  It is in a set when bits (h + i * (h >> 32 | 1)) mod 2^n
 * are set for every i below hashes.  ones counts the bits that are set: with
 * it a reader knows how often a set says yes to what was not put in.
 */
#pragma once

#include "policy/prints.h"
#include "policy/tokens.h"

enum {
	PRINTS_SETS = SPAN_REMARKS + 1,
	PRINTS_WINDOW = 4,
	PRINTS_HEAD = 8 + 16 + 8,
	PRINTS_ROW = 24,
	PRINTS_LOG2_MIN = 13,
	PRINTS_LOG2_MAX = 30,
};

#define PRINTS_MAGIC "VITPRNT2"

/* What is special about each of the streams; by enum span_kind. */
struct prints_kind {
	enum tokens_stream stream;
	uint8_t run;     /* tokens in one */
	uint8_t changes; /* at least so many tokens differ from their two
	                    * neighbours before: not a table of zeroes */
	uint8_t weight;  /* at least so many keywords and signs */
};
extern const struct prints_kind prints_set_kinds[PRINTS_SETS];
/* The shape is made of the exact tokens, so it comes right after them. */
extern const int prints_set_order[PRINTS_SETS];
void prints_set_read(struct tokens *t, const struct canon *c,
    enum tokens_syntax syntax, int set);

struct prints_set {
	uint8_t hashes, log2;
	uint64_t entries, ones;
	const uint8_t *bits;
};

struct prints {
	uint8_t key[PRINTS_KEY_BYTES];
	struct prints_set sets[PRINTS_SETS];
};

/* The number of every run of t, 0 for one that says too little; in out,
 * which holds t->n numbers.  Returns how many there are. */
size_t prints_set_runs(uint64_t *out, const struct tokens *t,
    const struct prints_kind *kind, const uint8_t key[PRINTS_KEY_BYTES]);

bool prints_set_has(const struct prints_set *s, uint64_t run);

/* Eighths of a bit of evidence that one yes, and one no, is worth. */
void prints_set_weigh(const struct prints_set *s, int *yes, int *no);
