#include "core/hash.h"

#include <md5.h>
#include <sha1.h>
#include <sha2.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(struct hash_run),
    "a SHA-256 state fits");
_Static_assert(sizeof(SHA1_CTX) <= sizeof(struct hash_git),
    "a SHA-1 state fits");

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

void
hash_git_start(struct hash_git *r, const char *kind, uint64_t size)
{
	char head[64];
	int n;

	SHA1Init((SHA1_CTX *)(void *)r->state);
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
		SHA1Update((SHA1_CTX *)(void *)r->state,
		    (const uint8_t *)bytes.at, bytes.len);
}

void
hash_git_finish(struct hash_git *r, uint8_t out[HASH_GIT_BYTES])
{
	SHA1Final(out, (SHA1_CTX *)(void *)r->state);
}
