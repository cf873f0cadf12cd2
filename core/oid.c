#include "core/oid.h"

#include <string.h>

#include "core/hash.h"

bool
oid_eq(const struct oid *a, const struct oid *b)
{
	return memcmp(a->id, b->id, OID_BYTES) == 0;
}

int
oid_cmp(const struct oid *a, const struct oid *b)
{
	return memcmp(a->id, b->id, OID_BYTES);
}

bool
oid_is_zero(const struct oid *a)
{
	static const struct oid zero;

	return oid_eq(a, &zero);
}

enum err
oid_parse(struct oid *out, struct str hex)
{
	return str_unhex(hex, out->id, OID_BYTES);
}

struct oid
oid_of(const char *kind, struct str bytes)
{
	struct hash_git run;
	struct oid id;

	hash_git_start(&run, kind, bytes.len);
	hash_git_add(&run, bytes);
	hash_git_finish(&run, id.id);
	return id;
}

struct oid_text
oid_text(const struct oid *o)
{
	static const char digits[] = "0123456789abcdef";
	struct oid_text text;

	for (size_t i = 0; i < OID_BYTES; i++) {
		text.hex[2 * i] = digits[o->id[i] >> 4];
		text.hex[2 * i + 1] = digits[o->id[i] & 15];
	}
	text.hex[OID_HEX] = '\0';
	return text;
}
