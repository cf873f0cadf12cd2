/*
 * chain.h - the chain that record and journal are: nothing in it can be
 * changed, swapped, left out or put in without the next opening saying so.
 *
 *   entry i = link i, body i      (two columns of a store, core/store.h)
 *   frame i = "vitrine/chain/1" | id(16) | use(8) | u64 seq i | link i
 *   link 1  = BLAKE2b-256("vitrine/chain/1/first" | id | use)
 *   link i+1 = BLAKE2b-256(frame i | body i)
 *   head    = size n, link n+1
 *
 * The link runs over the body as it lies on disk, so whoever holds the file
 * can check that it is whole, without any key.  What a body is (a sealed
 * box, or readable text with a MAC) is the caller's; it binds the frame into
 * it (chain_frame), so that a body opens at its own place in its own chain
 * only.  Cutting off the tail leaves a shorter chain that is whole: only the
 * head that people copied down tells (chain_code).
 */
#pragma once

#include "core/seal.h"
#include "core/store.h"

enum { CHAIN_ID = 16, CHAIN_USE = 8 };

struct chain_head {
	uint64_t size; /* entries */
	uint8_t hash[SEAL_HASH];
};

struct chain {
	struct store *store; /* the caller's, open as long as the chain is */
	uint8_t id[CHAIN_ID];
	char use[CHAIN_USE]; /* "record", "journal", zeros after it */
	struct chain_head head;
};

/* An empty chain over a store; id and use (at most CHAIN_USE bytes) as its
 * header has them.  chain_check() next, unless it was just created. */
void chain_init(struct chain *c, struct store *s, const uint8_t id[CHAIN_ID],
    struct str use);

/*
 * Reads every entry, compares every link, leaves the head in c.  fn (may be
 * NULL) is called for each entry, after its link was found right, with the
 * frame and the body; what it returns, unless ERR_NONE, stops and is
 * returned.  ERR_FORMAT names the first entry that does not fit.
 */
struct chain_entry {
	uint64_t seq;
	struct str frame, body; /* borrowed until the call returns */
};
enum err chain_check(struct chain *c,
    enum err (*fn)(void *arg, const struct chain_entry *e),
    void *arg) MUST_CHECK;

/*
 * The head as the last entry has it, without reading the others: nothing is
 * proved by that, and nothing may be appended before chain_check().
 */
enum err chain_look(struct chain *c) MUST_CHECK;

/* The frame of the entry that would come next; replaces out. */
void chain_frame(const struct chain *c, struct buf *out);

/* On disk when it returns ERR_NONE; otherwise the chain is as before.
 * header as in store_append(). */
enum err chain_append(struct chain *c, struct str body,
    const struct str *header) MUST_CHECK;

/*
 * Whether the chain, which chain_check() found right, ever ended with a head
 * of this code (chain_code).  ERR_ABSENT, without a text: it did not.
 */
enum err chain_passed(struct chain *c, struct str code) MUST_CHECK;

bool chain_head_eq(const struct chain_head *a, const struct chain_head *b);

/*
 * The head for paper: "12 lusab-babad-gutih-tugad-mudof-hikom", the size and
 * six words for the first 96 bits of the hash (each word 16 bits, consonant
 * and vowel in turn: 4 + 2 + 4 + 2 + 4 bits).
 */
enum { CHAIN_CODE = 20 + 6 * 6 + 1 }; /* with NUL */
void chain_code(const struct chain_head *h, char out[CHAIN_CODE]);
/* Whether a code that a person typed is that of this head: case, blanks and
 * hyphens do not matter. */
bool chain_code_is(const struct chain_head *h, struct str typed);
