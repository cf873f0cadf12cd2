/*
 * sign.h - signatures in minisign's format, which the standard tool reads.
 *
 * Only the prehashed kind ("ED": Ed25519 over BLAKE2b-512) is made and
 * accepted; the legacy kind ("Ed") is refused.  A signature file is four
 * lines: untrusted comment, signature, trusted comment, and a signature over
 * the two before.  Anything before, between or after them is ERR_FORMAT.
 * Format: minisign 0.11, https://jedisct1.github.io/minisign/.
 * One of the doors to libsodium.
 */
#pragma once

#include "core/arena.h"

enum { SIGN_SEED_BYTES = 32, SIGN_COMMENT_MAX = 1024, SIGN_FILE_MAX = 8192 };

struct sign_public {
	uint8_t id[8]; /* names the key; not a secret, not a proof */
	uint8_t key[32];
};

struct sign_secret; /* in guarded memory, gone with sign_close() */

/* A fresh key pair.  ERR_IO: no guarded memory.  The caller closes it. */
enum err sign_make(struct sign_secret **out) MUST_CHECK;
/* The same pair, key id included, for the same seed. */
enum err sign_from_seed(struct sign_secret **out,
    const uint8_t seed[SIGN_SEED_BYTES]) MUST_CHECK;
void sign_close(struct sign_secret *s); /* NULL is fine */

struct sign_public sign_public_of(const struct sign_secret *s);
bool sign_public_eq(const struct sign_public *a, const struct sign_public *b);

/* The two lines of a key file, or the 56 characters of base64 alone. */
enum err sign_public_read(struct sign_public *out, struct str text) MUST_CHECK;
void sign_public_write(const struct sign_public *p, struct buf *b); /* file */
struct str sign_public_text(const struct sign_public *p, struct arena *a);
/* 16 upper-case hex digits, as minisign prints a key id. */
struct str sign_id_text(const struct sign_public *p, struct arena *a);

/*
 * Secret key files, with (scrypt) and without a passphrase.  An empty
 * passphrase means none.  ERR_DENIED: wrong passphrase, or one is needed.
 */
enum err sign_secret_read(struct sign_secret **out, struct str file,
    struct str passphrase) MUST_CHECK;
enum err sign_secret_write(const struct sign_secret *s, struct buf *b,
    struct str passphrase) MUST_CHECK;
/* Whether a passphrase is needed; false as well for what is no key file. */
bool sign_secret_locked(struct str file);

/*
 * Appends a whole signature file to out.  The trusted comment is one line
 * of printable text, at most SIGN_COMMENT_MAX bytes.
 */
enum err sign_bytes(struct buf *out, const struct sign_secret *s,
    struct str bytes, struct str comment) MUST_CHECK;

/*
 * ERR_DENIED: another key, or the bytes or the comment were changed.
 * *comment (NULL: not wanted) is then borrowed from signature.
 */
enum err sign_verify(struct str *comment, const struct sign_public *p,
    struct str bytes, struct str signature) MUST_CHECK;

/* Key id of a well-formed signature, to find the key that belongs to it. */
enum err sign_key_of(uint8_t id[8], struct str signature) MUST_CHECK;
