#include "core/hash.h"

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct hash_run),
    "a SHA-256 state fits");
_Static_assert(_Alignof(struct sha256_ctx) <= _Alignof(struct hash_run),
    "a SHA-256 state may lie there");
_Static_assert(sizeof(struct sha1_ctx) <= sizeof(struct hash_git),
    "a SHA-1 state fits");
_Static_assert(_Alignof(struct sha1_ctx) <= _Alignof(struct hash_git),
    "a SHA-1 state may lie there");
_Static_assert(HASH_BYTES == SHA256_DIGEST_SIZE, "of FIPS 180-4");
_Static_assert(HASH_GIT_BYTES == SHA1_DIGEST_SIZE, "of FIPS 180-4");
_Static_assert(HASH_MD5_BYTES == MD5_DIGEST_SIZE, "of RFC 1321");

static struct sha256_ctx *
sha256(struct hash_run *r)
{
	return (struct sha256_ctx *)(void *)r->state;
}

static struct sha1_ctx *
sha1(struct hash_git *r)
{
	return (struct sha1_ctx *)(void *)r->state;
}

void
hash_start(struct hash_run *r)
{
	sha256_init(sha256(r));
}

void
hash_add(struct hash_run *r, struct str bytes)
{
	if (bytes.len > 0)
		sha256_update(sha256(r), bytes.len, (const uint8_t *)bytes.at);
}

struct hash
hash_finish(struct hash_run *r)
{
	struct hash h;

	sha256_digest(sha256(r), sizeof h.at, h.at);
	return h;
}

struct hash
hash_of(struct str bytes)
{
	struct hash_run r;

	hash_start(&r);
	hash_add(&r, bytes);
	return hash_finish(&r);
}

bool
hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->at, b->at, HASH_BYTES) == 0;
}

void
hash_md5(struct str bytes, uint8_t out[HASH_MD5_BYTES])
{
	struct md5_ctx state;

	md5_init(&state);
	if (bytes.len > 0)
		md5_update(&state, bytes.len, (const uint8_t *)bytes.at);
	md5_digest(&state, HASH_MD5_BYTES, out);
}

void
hash_git_start(struct hash_git *r, const char *kind, uint64_t size)
{
	char head[64];
	int n;

	sha1_init(sha1(r));
	if (kind == NULL)
		return;
	n = snprintf(head, sizeof head, "%s %llu", kind,
	    (unsigned long long)size);
	hash_git_add(r, (struct str){ head, (size_t)n + 1 });
}

void
hash_git_add(struct hash_git *r, struct str bytes)
{
	if (bytes.len > 0)
		sha1_update(sha1(r), bytes.len, (const uint8_t *)bytes.at);
}

void
hash_git_finish(struct hash_git *r, uint8_t out[HASH_GIT_BYTES])
{
	sha1_digest(sha1(r), HASH_GIT_BYTES, out);
}
