#include "core/hash.h"

#include <md5.h>
#include <sha2.h>
#include <string.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(struct hash_run),
    "a SHA-256 state fits");

void
hash_start(struct hash_run *r)
{
	SHA256Init((SHA2_CTX *)(void *)r->state);
}

void
hash_add(struct hash_run *r, struct str bytes)
{
	if (bytes.len > 0)
		SHA256Update((SHA2_CTX *)(void *)r->state,
		    (const uint8_t *)bytes.at, bytes.len);
}

struct hash
hash_finish(struct hash_run *r)
{
	struct hash h;

	SHA256Final(h.at, (SHA2_CTX *)(void *)r->state);
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
	MD5_CTX state;

	MD5Init(&state);
	if (bytes.len > 0)
		MD5Update(&state, (const uint8_t *)bytes.at, bytes.len);
	MD5Final(out, &state);
}
