/*
 * hash.h - SHA-256 and SHA-1 (FIPS 180-4), MD5 (RFC 1321).
 *
 * SHA-256 names regions of source, files of a session image and exports.
 * MD5 is computed beside it in manifests only, because court orders name it;
 * nothing relies on it.  The door to nettle.
 */
#pragma once

#include "core/str.h"

enum { HASH_BYTES = 32, HASH_MD5_BYTES = 16 };

struct hash {
	uint8_t at[HASH_BYTES];
};

struct hash hash_of(struct str bytes);
bool hash_eq(const struct hash *a, const struct hash *b);

/* For more than fits in memory.  Ready after hash_start(). */
struct hash_run {
	_Alignas(16) unsigned char state[256];
};

void hash_start(struct hash_run *r);
void hash_add(struct hash_run *r, struct str bytes);
struct hash hash_finish(struct hash_run *r);

/* The name git gives an object: SHA-1 of "blob 12" and NUL, then its bytes.
 * Finds damage; says nothing about who made it.  kind NULL: of the bytes
 * alone, as at the end of a pack. */
enum { HASH_GIT_BYTES = 20 };
struct hash_git {
	_Alignas(16) unsigned char state[128];
};
void hash_git_start(struct hash_git *r, const char *kind, uint64_t size);
void hash_git_add(struct hash_git *r, struct str bytes);
void hash_git_finish(struct hash_git *r, uint8_t out[HASH_GIT_BYTES]);

void hash_md5(struct str bytes, uint8_t out[HASH_MD5_BYTES]);
