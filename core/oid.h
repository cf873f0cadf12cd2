/*
 * oid.h - the name git gives an object: 20 bytes of SHA-1.
 *
 * Kept apart from libgit2 so that rooms without it can speak of objects.
 */
#pragma once

#include "core/str.h"

enum { OID_BYTES = 20, OID_HEX = 40 };

struct oid {
	uint8_t id[OID_BYTES];
};

bool oid_eq(const struct oid *a, const struct oid *b);
int oid_cmp(const struct oid *a, const struct oid *b);
bool oid_is_zero(const struct oid *a);
enum err oid_parse(struct oid *out, struct str hex) MUST_CHECK; /* 40 digits */

/* Of an object with these bytes; kind "commit", "tree", "blob" or "tag". */
struct oid oid_of(const char *kind, struct str bytes);

struct oid_text {
	char hex[OID_HEX + 1];
};
struct oid_text oid_text(const struct oid *o); /* 40 digits and NUL */
