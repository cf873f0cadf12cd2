/*
 * seal.h - keys, boxes and randomness: the door to libsodium.
 *
 * One key, one purpose: a key that opens anything is never used for a second
 * thing, its subkeys are (seal_subkey).  All hashing here is BLAKE2b-256,
 * keyed where there is a key; boxes are XChaCha20-Poly1305-IETF; passphrases
 * are stretched by Argon2id 1.3 with one lane.
 *
 * Secrets live in struct secret only: guarded pages that are locked into
 * memory, left out of core dumps and wiped when released.
 */
#pragma once

#include "core/str.h"

enum {
	SEAL_KEY = 32, /* bytes of every symmetric key */
	SEAL_HASH = 32,
	SEAL_SALT = 16,
	SEAL_NONCE = 24,
	SEAL_TAG = 16,
	SEAL_PAD = 256, /* what is sealed is padded to this times 2^n */
};

/* struct secret s = { 0 }; is empty.  seal_secret_release() when done. */
struct secret {
	uint8_t *at; /* room bytes between guard pages */
	size_t len, room;
};

/* Must have returned ERR_NONE once before anything else here is called. */
enum err seal_start(void) MUST_CHECK;

/* Empty, with place for room bytes; s must be released or { 0 } before. */
void seal_secret_init(struct secret *s, size_t room);
void seal_secret_release(struct secret *s); /* wiped, then { 0 } */
void seal_secret_clear(struct secret *s);   /* wiped, the place is kept */
/* ERR_LIMIT, and nothing added, when the place is too small. */
enum err seal_secret_add(struct secret *s, const void *bytes,
    size_t len) MUST_CHECK;
/* The same length and bytes; takes the same time wherever they differ. */
bool seal_secret_eq(const struct secret *a, const struct secret *b);
/* A fresh random key of SEAL_KEY bytes. */
void seal_secret_random(struct secret *s);

void seal_random(void *at, size_t len);
void seal_wipe(void *at, size_t len); /* never optimised away */
/* Time does not depend on where the bytes differ. */
bool seal_same(const void *a, const void *b, size_t len);

/*
 * What one guess of a passphrase costs.  SEAL_COST_MODERATE (3 passes,
 * 256 MiB: about 1 s) is what the programs use and the least they accept
 * from a file; tests pass SEAL_COST_TEST, by name, where they create and
 * where they open.  The most that is accepted from anybody is 10 passes and
 * 1 GiB, so that a hostile header cannot take the machine.
 */
struct seal_cost {
	uint32_t passes;
	uint32_t kib;
};
extern const struct seal_cost SEAL_COST_MODERATE;
extern const struct seal_cost SEAL_COST_TEST;

/* ERR_DENIED below least, ERR_LIMIT above the bounds of this file. */
enum err seal_cost_check(struct seal_cost c, struct seal_cost least) MUST_CHECK;

/* A key of SEAL_KEY bytes from a passphrase; out as for seal_secret_init().
 * ERR_LIMIT as above, ERR_IO when the memory is not there. */
enum err seal_stretch(struct secret *out, const struct secret *passphrase,
    const uint8_t salt[SEAL_SALT], struct seal_cost c) MUST_CHECK;

/* The key for one purpose, named by a domain string that is used nowhere
 * else ("vitrine/record/box/1").  out as for seal_secret_init(). */
void seal_subkey(struct secret *out, const struct secret *key,
    const char *domain);
/* key = BLAKE2b(key, "evolve"): the key before cannot be had back. */
void seal_evolve(struct secret *key);

/* key NULL: a plain hash. */
void seal_mac(uint8_t out[SEAL_HASH], const struct secret *key,
    struct str bytes);

/*
 * A box is nonce(24) | ciphertext | tag(16) of u32 length | plain | zeros,
 * padded to the next power of two from SEAL_PAD up; aad is bound to it and
 * not in it.  The nonce is random and hedged: a keyed hash of fresh
 * randomness, aad and plain, so that a generator that repeats itself after a
 * snapshot of the machine is restored still gives no nonce twice.
 */
void seal_box(struct buf *out, const struct secret *key, struct str aad,
    struct str plain); /* appends */
/* Replaces out.  ERR_DENIED: not sealed by this key for this aad, or
 * damaged.  ERR_FORMAT: sealed by it, but not as above. */
enum err seal_open(struct buf *out, const struct secret *key, struct str aad,
    struct str box) MUST_CHECK;

/* A key in a box of its own: nonce(24) | ciphertext(32) | tag(16). */
enum { SEAL_WRAPPED = SEAL_NONCE + SEAL_KEY + SEAL_TAG };
void seal_wrap(uint8_t out[SEAL_WRAPPED], const struct secret *key,
    struct str aad, const struct secret *inner);
/* out as for seal_secret_init(); ERR_DENIED. */
enum err seal_unwrap(struct secret *out, const struct secret *key,
    struct str aad, const uint8_t box[SEAL_WRAPPED]) MUST_CHECK;
