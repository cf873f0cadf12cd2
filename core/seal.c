#include "core/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/wire.h"

enum { PASSES_MAX = 10, KIB_MAX = 1024 * 1024, KIB_MIN = 8 };

const struct seal_cost SEAL_COST_MODERATE = {
	crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
	crypto_pwhash_argon2id_MEMLIMIT_MODERATE / 1024,
};
const struct seal_cost SEAL_COST_TEST = { 1, 8 };

_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(SEAL_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    "nonce");
_Static_assert(SEAL_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(SEAL_SALT == crypto_pwhash_argon2id_SALTBYTES, "salt");
_Static_assert(SEAL_HASH == crypto_generichash_BYTES, "hash");

enum err
seal_start(void)
{
	if (sodium_init() < 0)
		return fail(ERR_IO, "no source of randomness on this machine");
	return ERR_NONE;
}

void
seal_secret_init(struct secret *s, size_t room)
{
	s->at = sodium_malloc(room);
	if (s->at == NULL)
		bug("no guarded memory for %zu bytes", room);
	s->len = 0;
	s->room = room;
}

void
seal_secret_release(struct secret *s)
{
	sodium_free(s->at);
	*s = (struct secret){ 0 };
}

void
seal_secret_clear(struct secret *s)
{
	if (s->at != NULL)
		sodium_memzero(s->at, s->room);
	s->len = 0;
}

enum err
seal_secret_add(struct secret *s, const void *bytes, size_t len)
{
	if (len > s->room - s->len)
		return fail(ERR_LIMIT, "a secret of over %zu bytes", s->room);
	if (len > 0)
		memcpy(s->at + s->len, bytes, len);
	s->len += len;
	return ERR_NONE;
}

bool
seal_secret_eq(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && seal_same(a->at, b->at, a->len);
}

/* A secret of exactly SEAL_KEY bytes that the caller fills. */
static void
init_key(struct secret *s)
{
	seal_secret_init(s, SEAL_KEY);
	s->len = SEAL_KEY;
}

void
seal_secret_random(struct secret *s)
{
	init_key(s);
	randombytes_buf(s->at, s->len);
}

void
seal_random(void *at, size_t len)
{
	randombytes_buf(at, len);
}

void
seal_wipe(void *at, size_t len)
{
	sodium_memzero(at, len);
}

bool
seal_same(const void *a, const void *b, size_t len)
{
	return len == 0 || sodium_memcmp(a, b, len) == 0;
}

enum err
seal_cost_check(struct seal_cost c, struct seal_cost least)
{
	if (c.passes > PASSES_MAX || c.kib > KIB_MAX)
		return fail(ERR_LIMIT,
		    "a passphrase slot asks for %u passes "
		    "over %u KiB, at most %u over %u are done",
		    c.passes, c.kib, (unsigned)PASSES_MAX, (unsigned)KIB_MAX);
	if (c.passes < least.passes || c.kib < least.kib || c.kib < KIB_MIN)
		return fail(ERR_DENIED,
		    "a passphrase slot of %u passes over "
		    "%u KiB is too weak, at least %u over %u are wanted",
		    c.passes, c.kib, least.passes, least.kib);
	return ERR_NONE;
}

enum err
seal_stretch(struct secret *out, const struct secret *passphrase,
    const uint8_t salt[SEAL_SALT], struct seal_cost c)
{
	enum err rc = seal_cost_check(c, SEAL_COST_TEST);

	if (rc != ERR_NONE)
		return rc;
	init_key(out);
	if (crypto_pwhash(out->at, SEAL_KEY, (const char *)passphrase->at,
		passphrase->len, salt, c.passes, (size_t)c.kib * 1024,
		crypto_pwhash_ALG_ARGON2ID13) != 0) {
		seal_secret_release(out);
		return fail(ERR_IO,
		    "no %u MiB of memory to check the "
		    "passphrase",
		    c.kib / 1024);
	}
	return ERR_NONE;
}

void
seal_mac(uint8_t out[SEAL_HASH], const struct secret *key, struct str bytes)
{
	crypto_generichash(out, SEAL_HASH, (const unsigned char *)bytes.at,
	    bytes.len, key == NULL ? NULL : key->at,
	    key == NULL ? 0 : key->len);
}

void
seal_subkey(struct secret *out, const struct secret *key, const char *domain)
{
	init_key(out);
	seal_mac(out->at, key, str_of(domain));
}

void
seal_evolve(struct secret *key)
{
	struct secret next;

	seal_subkey(&next, key, "evolve");
	memcpy(key->at, next.at, SEAL_KEY);
	seal_secret_release(&next);
}

/* Keyed by a subkey, so that the box key itself only ever seals. */
static void
hedge_nonce(uint8_t nonce[SEAL_NONCE], const struct secret *key, struct str aad,
    struct str plain)
{
	crypto_generichash_state st;
	struct secret sub;
	uint8_t fresh[SEAL_NONCE];
	uint64_t len = aad.len;

	seal_subkey(&sub, key, "vitrine/nonce/1");
	randombytes_buf(fresh, sizeof fresh);
	crypto_generichash_init(&st, sub.at, sub.len, SEAL_NONCE);
	crypto_generichash_update(&st, fresh, sizeof fresh);
	crypto_generichash_update(&st, (const unsigned char *)&len, sizeof len);
	crypto_generichash_update(&st, (const unsigned char *)aad.at, aad.len);
	crypto_generichash_update(&st, (const unsigned char *)plain.at,
	    plain.len);
	crypto_generichash_final(&st, nonce, SEAL_NONCE);
	sodium_memzero(&st, sizeof st);
	seal_secret_release(&sub);
}

static size_t
padded(size_t len)
{
	size_t size = SEAL_PAD;

	while (size < len + 4)
		size *= 2;
	return size;
}

void
seal_box(struct buf *out, const struct secret *key, struct str aad,
    struct str plain)
{
	struct buf inner = { 0 };
	uint8_t nonce[SEAL_NONCE];
	size_t size = padded(plain.len);
	unsigned char *at;

	wire_put_str(&inner, plain);
	memset(buf_grow(&inner, size - inner.len), 0, size - inner.len);
	hedge_nonce(nonce, key, aad, plain);
	buf_add(out, nonce, sizeof nonce);
	at = (unsigned char *)buf_grow(out, size + SEAL_TAG);
	crypto_aead_xchacha20poly1305_ietf_encrypt(at, NULL,
	    (const unsigned char *)inner.at, size,
	    (const unsigned char *)aad.at, aad.len, NULL, nonce, key->at);
	out->len += size + SEAL_TAG;
	sodium_memzero(inner.at, inner.room);
	buf_release(&inner);
}

/* u32 length | plain | zeros, of the one size that fits. */
static enum err
unpad(struct buf *b)
{
	struct wire w = wire_of(buf_view(b));
	struct str plain = wire_str(&w, b->len);

	if (w.bad || b->len != padded(plain.len))
		return fail(ERR_FORMAT, "a box is padded wrongly");
	for (size_t i = 0; i < w.rest.len; i++)
		if (w.rest.at[i] != 0)
			return fail(ERR_FORMAT, "a box is padded wrongly");
	memmove(b->at, plain.at, plain.len);
	b->len = plain.len;
	b->at[b->len] = '\0';
	return ERR_NONE;
}

static bool
decrypt(void *out, const struct secret *key, struct str aad, struct str box)
{
	const unsigned char *at = (const unsigned char *)box.at;

	return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
		   at + SEAL_NONCE, box.len - SEAL_NONCE,
		   (const unsigned char *)aad.at, aad.len, at, key->at) == 0;
}

enum err
seal_open(struct buf *out, const struct secret *key, struct str aad,
    struct str box)
{
	buf_clear(out);
	if (box.len < SEAL_NONCE + SEAL_PAD + SEAL_TAG)
		return fail(ERR_DENIED, "a box is too short");
	buf_grow(out, box.len);
	if (!decrypt(out->at, key, aad, box))
		return fail(ERR_DENIED, "a box does not open");
	out->len = box.len - SEAL_NONCE - SEAL_TAG;
	return unpad(out);
}

void
seal_wrap(uint8_t out[SEAL_WRAPPED], const struct secret *key, struct str aad,
    const struct secret *inner)
{
	if (inner->len != SEAL_KEY)
		bug("a key of %zu bytes", inner->len);
	hedge_nonce(out, key, aad,
	    (struct str){ (char *)inner->at, inner->len });
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEAL_NONCE, NULL,
	    inner->at, SEAL_KEY, (const unsigned char *)aad.at, aad.len, NULL,
	    out, key->at);
}

enum err
seal_unwrap(struct secret *out, const struct secret *key, struct str aad,
    const uint8_t box[SEAL_WRAPPED])
{
	struct str bytes = { (const char *)box, SEAL_WRAPPED };

	init_key(out);
	if (!decrypt(out->at, key, aad, bytes)) {
		seal_secret_release(out);
		return fail(ERR_DENIED, "a wrapped key does not open");
	}
	return ERR_NONE;
}
