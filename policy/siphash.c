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

static struct state
begin(const uint8_t key[SIPHASH_KEY_BYTES])
{
	uint64_t k0 = load(key), k1 = load(key + 8);

	return (struct state){ k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
		k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573 };
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY_BYTES], const void *bytes, size_t len)
{
	struct state v = begin(key);
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

/* Two side by side: while one step waits for the step before it, that of the
 * other number can be done. */
static inline void
mix_both(struct state *v, struct state *w)
{
	mix(v);
	mix(w);
}

static inline void
hash_both(struct state v, uint64_t *x, uint64_t *y)
{
	const uint64_t length = (uint64_t)8 << 56;
	struct state w = v;

	v.d ^= *x;
	w.d ^= *y;
	mix_both(&v, &w);
	mix_both(&v, &w);
	v.a ^= *x;
	w.a ^= *y;
	v.d ^= length;
	w.d ^= length;
	mix_both(&v, &w);
	mix_both(&v, &w);
	v.a ^= length;
	w.a ^= length;
	v.c ^= 0xff;
	w.c ^= 0xff;
	mix_both(&v, &w);
	mix_both(&v, &w);
	mix_both(&v, &w);
	mix_both(&v, &w);
	*x = v.a ^ v.b ^ v.c ^ v.d;
	*y = w.a ^ w.b ^ w.c ^ w.d;
}

void
siphash_numbers(const uint8_t key[SIPHASH_KEY_BYTES], uint64_t *v, size_t n)
{
	struct state start = begin(key);
	uint64_t nobody = 0;

	for (size_t i = 0; i < n; i += 2)
		hash_both(start, &v[i], i + 1 < n ? &v[i + 1] : &nobody);
}
