#include "policy/siphash.h"

#include <endian.h>
#include <string.h>

static inline uint64_t
load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return le64toh(v);
}

static inline uint64_t
turn(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

struct state {
	uint64_t a, b, c, d;
};

static inline void
mix(struct state *v)
{
	v->a += v->b;
	v->c += v->d;
	v->b = turn(v->b, 13) ^ v->a;
	v->d = turn(v->d, 16) ^ v->c;
	v->a = turn(v->a, 32);
	v->c += v->b;
	v->a += v->d;
	v->b = turn(v->b, 17) ^ v->c;
	v->d = turn(v->d, 21) ^ v->a;
	v->c = turn(v->c, 32);
}

static inline void
take(struct state *v, uint64_t word)
{
	v->d ^= word;
	mix(v);
	mix(v);
	v->a ^= word;
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY_BYTES], const void *bytes, size_t len)
{
	uint64_t k0 = load(key), k1 = load(key + 8);
	struct state v = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
		k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573 };
	const uint8_t *p = bytes;
	uint8_t last[8] = { 0 };

	last[7] = (uint8_t)len;
	for (; len >= 8; len -= 8, p += 8)
		take(&v, load(p));
	memcpy(last, p, len);
	take(&v, load(last));
	v.c ^= 0xff;
	mix(&v);
	mix(&v);
	mix(&v);
	mix(&v);
	return v.a ^ v.b ^ v.c ^ v.d;
}
