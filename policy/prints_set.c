#include "policy/prints_set.h"

#include <string.h>

#include "policy/siphash.h"

const int prints_set_order[PRINTS_SETS] = { SPAN_TOKENS, SPAN_CLASSES,
	SPAN_WORDS, SPAN_GLUED, SPAN_REMARKS };

const struct prints_kind prints_set_kinds[PRINTS_SETS] = {
	[SPAN_TOKENS] = { TOKENS_EXACT, 12, 4, 0 },
	[SPAN_WORDS] = { TOKENS_WORDS, 10, 4, 0 },
	[SPAN_GLUED] = { TOKENS_GLUED, 10, 6, 0 },
	[SPAN_CLASSES] = { TOKENS_SHAPE, 24, 8, 8 },
	[SPAN_REMARKS] = { TOKENS_REMARKS, 12, 6, 0 },
};

void
prints_set_read(struct tokens *t, const struct canon *c,
    enum tokens_syntax syntax, int set)
{
	if (prints_set_kinds[set].stream == TOKENS_SHAPE)
		tokens_shape(t);
	else
		tokens_read(t, c, syntax, prints_set_kinds[set].stream);
}

/* An odd constant; tokens are hashed before, so that any will do. */
#define POLY 0x9e3779b97f4a7c15u

struct sums {
	unsigned changes, weight;
};

static bool
is_change(const struct tokens *t, size_t i)
{
	return (i < 1 || t->t[i].hash != t->t[i - 1].hash) &&
	    (i < 2 || t->t[i].hash != t->t[i - 2].hash);
}

static void
count(struct sums *s, const struct tokens *t, size_t i, int by)
{
	s->changes += (unsigned)(is_change(t, i) * by);
	s->weight += (unsigned)((t->t[i].kind <= TOKEN_KEYWORD) * by);
}

static uint64_t
name_run(uint64_t poly, const uint8_t *key)
{
	uint8_t raw[8];
	uint64_t h;

	for (int i = 0; i < 8; i++)
		raw[i] = (uint8_t)(poly >> (8 * i));
	h = siphash(key, raw, sizeof raw);
	return h == 0 ? 1 : h;
}

size_t
prints_set_runs(uint64_t *out, const struct tokens *t,
    const struct prints_kind *kind, const uint8_t key[PRINTS_KEY_BYTES])
{
	size_t k = kind->run;
	struct sums sums = { 0 };
	uint64_t poly = 0, top = 1;

	if (t->n < k)
		return 0;
	for (size_t i = 1; i < k; i++)
		top *= POLY;
	for (size_t i = 0; i < t->n; i++) {
		if (i >= k) {
			poly -= t->t[i - k].hash * top;
			count(&sums, t, i - k, -1);
		}
		poly = poly * POLY + t->t[i].hash;
		count(&sums, t, i, 1);
		if (i + 1 < k)
			continue;
		out[i + 1 - k] =
		    sums.changes < kind->changes || sums.weight < kind->weight ?
		    0 :
		    name_run(poly, key);
	}
	return t->n - k + 1;
}

bool
prints_set_has(const struct prints_set *s, uint64_t run)
{
	uint64_t mask = ((uint64_t)1 << s->log2) - 1, h = run;

	for (int i = 0; i < s->hashes; i++) {
		uint64_t bit = h & mask;

		if ((s->bits[bit >> 3] >> (bit & 7) & 1) == 0)
			return false;
		h += run >> 32 | 1;
	}
	return true;
}

/*
 * A run that was copied is in the set with 2/5 (one of PRINTS_WINDOW is
 * kept, 2 / (window + 1) on average); another one with eps.  yes is
 * log2(0.4 / eps), no is log2(0.6 / (1 - eps)), in eighths of a bit.
 */
void
prints_set_weigh(const struct prints_set *s, int *yes, int *no)
{
	const double eighth = 1.0905077326652577; /* 2^(1/8) */
	double fill = (double)s->ones / (double)((uint64_t)1 << s->log2);
	double eps = 1;
	int bits = 0;

	for (int i = 0; i < s->hashes; i++)
		eps *= fill;
	if (eps < 1e-6)
		eps = 1e-6; /* a small set is no better witness than that */
	while (eps < 0.4) {
		eps *= eighth;
		bits++;
	}
	*yes = bits;
	*no = -6;
}
