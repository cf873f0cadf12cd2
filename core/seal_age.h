/*
 * seal_age.h - files sealed to recipients: age v1, X25519 recipients; and
 * files sealed with a passphrase, which are read only.
 *
 * Format: https://c2sp.org/age (age-encryption.org/v1): a header of one
 * stanza for each recipient and a MAC, then 64 KiB chunks of
 * ChaCha20-Poly1305.  The standard "age" opens what is made here and the
 * other way round, armoured or not; other kinds of recipients, and every
 * encoding that is not the canonical one are refused.
 * One of the doors to libsodium.
 */
#pragma once

#include "core/arena.h"
#include "core/seal.h"

enum { SEAL_AGE_SEED_BYTES = 32, SEAL_AGE_RECIPIENTS_MAX = 20 };

struct seal_age_recipient {
	uint8_t key[32];
};

struct seal_age_identity; /* in guarded memory */

/* "age1...", lower case. */
enum err seal_age_recipient_read(struct seal_age_recipient *out,
    struct str text) MUST_CHECK;
void seal_age_recipient_write(const struct seal_age_recipient *r,
    struct buf *b);

enum err seal_age_identity_make(struct seal_age_identity **out) MUST_CHECK;
/* A key file of age-keygen: one AGE-SECRET-KEY-1..., # comments, blanks. */
enum err seal_age_identity_read(struct seal_age_identity **out,
    struct str file) MUST_CHECK;
void seal_age_identity_write(const struct seal_age_identity *id,
    struct buf *b); /* the caller wipes b */
void seal_age_identity_close(struct seal_age_identity *id); /* NULL is fine */
struct seal_age_recipient seal_age_recipient_of(
    const struct seal_age_identity *id);

/*
 * Appends the sealed file to out.  Nothing in it is random: file key,
 * ephemeral keys and nonce are HKDF-SHA-256 of the seed, the recipients and
 * the SHA-256 of plain, so that no byte is left in which a vault that was
 * taken over could hide text, and whoever is given seed and plain makes the
 * same file again.  The seed is a secret: it opens the file.
 */
enum err seal_age_seal(struct buf *out, struct str plain,
    const struct seal_age_recipient *to, size_t n,
    const uint8_t seed[SEAL_AGE_SEED_BYTES]) MUST_CHECK;

/*
 * Replaces out by what was sealed.  ERR_DENIED: not for this identity, or
 * changed; ERR_FORMAT: no age file, cut short; ERR_LIMIT: over max.
 * out is empty on failure: nothing unverified is given out.
 */
enum err seal_age_open(struct buf *out, const struct seal_age_identity *id,
    struct str sealed, size_t max) MUST_CHECK;

/* Whether it is an age file that a passphrase opens (age -p), armoured or
 * not; false as well for what is no age file. */
bool seal_age_locked(struct str sealed);

/*
 * The same for such a file, which may be armoured.  ERR_DENIED: not this
 * passphrase, or changed.  ERR_LIMIT: a guess costs over 1 GiB (work factor
 * 20), or over max.  The caller wipes out.
 */
enum err seal_age_open_locked(struct buf *out, const struct secret *passphrase,
    struct str sealed, size_t max) MUST_CHECK;
