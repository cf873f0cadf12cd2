/*
 * prints_set.h - inside the fingerprints: runs of a text, and bitmaps.
 * For policy/prints*.c alone.
 *
 * File, little endian:
 *
 *	"VITPRNT3" key(16) u32 sets(5) u32 0
 *	5 x { u8 run, u8 window, u8 hashes, u8 log2 bits, u32 0,
 *	      u64 entries, u64 ones }
 *	5 x bitmap of 2^(log2 bits - 3) bytes
 *
 * A run has a 64-bit number h, SipHash-2-4 of a polynomial over hashes of
 * its tokens, or over its letters.  It is in a set when bits (h + i * (h >> 32
 * | 1)) mod 2^n are set for every i below hashes.  ones counts the bits that
 * are set: with it a reader knows how often a set says yes to what was not
 * put in.
 */
#pragma once

#include "policy/prints.h"
#include "policy/tokens.h"

enum {
	PRINTS_SETS = SPAN_REMARKS + 1,
	PRINTS_HEAD = 8 + 16 + 8,
	PRINTS_ROW = 24,
	PRINTS_LOG2_MIN = 13,
	PRINTS_LOG2_MAX = 30,
};

#define PRINTS_MAGIC "VITPRNT3"
#define PRINTS_MAGIC_OLD "VITPRNT2" /* tokens without blanks, not letters */

/* What is special about each of the sets; by enum span_kind. */
struct prints_kind {
	uint8_t run;     /* tokens, words or letters in one */
	uint8_t window;  /* of so many neighbours one is kept */
	uint8_t changes; /* at least so many tokens differ from their two
	                  * neighbours before: not a table of zeroes; of
	                  * letters, at least so many different ones */
	uint8_t weight;  /* at least so many keywords and signs; of letters,
	                  * signs: no long name is source */
	uint8_t most;    /* bits of evidence that one run is worth */
	uint32_t rare;   /* yes to 1 in so many that were not put in */
};
extern const struct prints_kind prints_set_kinds[PRINTS_SETS];

/* A text, cut once, and the runs of one set after the other. */
struct prints_text {
	const struct canon *from;
	struct tokens code, words, remarks;
	struct canon letters;
	uint64_t *runs; /* 0: it says too little, or was not kept */
	size_t n, room;
};
void prints_set_read(struct prints_text *t, const struct canon *c,
    enum tokens_syntax syntax, bool remarks);
void prints_set_release(struct prints_text *t);
/*
 * Replaces t->runs, as yet without a key.  The shape is made of the tokens:
 * it comes after SPAN_TOKENS and SPAN_LETTERS.
 */
void prints_set_runs(struct prints_text *t, int set);
/* The same of these words, whoever said them. */
void prints_set_runs_of(struct prints_text *t, int set,
    const struct tokens *words);
/* Leaves one run of each window; the same of the same neighbours. */
void prints_set_winnow(struct prints_text *t, int set);
/* The same, but one behind the other; how many. */
size_t prints_set_keep(struct prints_text *t, int set);
void prints_set_key(struct prints_text *t, const uint8_t *key);

struct prints_set {
	uint8_t hashes, log2;
	uint64_t entries, ones;
	const uint8_t *bits;
};

struct prints {
	uint8_t key[PRINTS_KEY_BYTES];
	struct prints_set sets[PRINTS_SETS];
};

bool prints_set_has(const struct prints_set *s, uint64_t run);

/* Eighths of a bit of evidence that one yes, and one no, is worth. */
void prints_set_weigh(const struct prints_set *s, int set, int *yes, int *no);
