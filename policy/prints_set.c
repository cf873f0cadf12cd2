#include "policy/prints_set.h"

#include <stdlib.h>
#include <string.h>

#include "policy/siphash.h"

const struct prints_kind prints_set_kinds[PRINTS_SETS] = {
	[SPAN_TOKENS] = { 12, 4, 4, 0, 19, 64000 },
	[SPAN_WORDS] = { 10, 4, 4, 0, 19, 64000 },
	[SPAN_LETTERS] = { 28, 12, 8, 2, 8, 1000 },
	[SPAN_CLASSES] = { 24, 4, 8, 8, 19, 64000 },
	[SPAN_REMARKS] = { 12, 4, 6, 0, 19, 64000 },
};

void
prints_set_read(struct prints_text *t, const struct canon *c,
    enum tokens_syntax syntax, bool remarks)
{
	t->from = c;
	tokens_read(&t->code, remarks ? &t->remarks : NULL, c, syntax);
}

void
prints_set_release(struct prints_text *t)
{
	tokens_release(&t->code);
	tokens_release(&t->words);
	tokens_release(&t->remarks);
	canon_release(&t->letters);
	free(t->runs);
	*t = (struct prints_text){ 0 };
}

/* An odd constant; tokens are hashed before, so that any will do. */
#define POLY 0x9e3779b97f4a7c15u

/* So that what is least is no matter of the last token. */
static inline uint64_t
stir(uint64_t poly)
{
	poly = (poly ^ poly >> 32) * 0xd6e8feb86659fd93u;
	poly ^= poly >> 29;
	return poly == 0 ? 1 : poly;
}

static uint64_t
power_of(size_t run)
{
	uint64_t top = 1;

	while (--run > 0)
		top *= POLY;
	return top;
}

/* Room for as many runs as can begin in n places. */
static bool
make_room(struct prints_text *t, size_t n, size_t run)
{
	t->n = n < run ? 0 : n - run + 1;
	if (n > t->room) {
		t->room = n + n / 2;
		t->runs = reallocarray(t->runs, t->room, sizeof *t->runs);
		if (t->runs == NULL)
			bug("no memory for %zu runs", t->room);
	}
	return t->n > 0;
}

/* What of the last so many tokens differed from the two before it, or is a
 * keyword or a sign; a run is shorter. */
enum { RING = 32 };

static inline bool
is_change(const struct tokens *t, size_t i)
{
	return (i < 1 || t->t[i].hash != t->t[i - 1].hash) &
	    (i < 2 || t->t[i].hash != t->t[i - 2].hash);
}

void
prints_set_runs_of(struct prints_text *text, int set, const struct tokens *t)
{
	const struct prints_kind kind = prints_set_kinds[set];
	size_t k = kind.run;
	uint64_t poly = 0, top = power_of(k), *runs;
	uint8_t changed[RING] = { 0 }, weighs[RING] = { 0 };
	unsigned changes = 0, weight = 0;

	if (!make_room(text, t->n, k))
		return;
	runs = text->runs;
	for (size_t i = 0; i < t->n; i++) {
		uint64_t out = i < k ? 0 : t->t[i - k].hash * top;
		uint8_t change = is_change(t, i);
		uint8_t heavy = t->t[i].kind <= TOKEN_KEYWORD;

		/* Zeroes are taken out until there are k tokens. */
		changes += change - changed[(i - k) % RING];
		weight += heavy - weighs[(i - k) % RING];
		changed[i % RING] = change;
		weighs[i % RING] = heavy;
		poly = (poly - out) * POLY + t->t[i].hash;
		if (i + 1 < k)
			continue;
		runs[i + 1 - k] =
		    changes < kind.changes || weight < kind.weight ? 0 :
								     stir(poly);
	}
}

/* A sign, and no part of a word. */
static const bool signs[256] = {
	['!' ... '/'] = true,
	[':' ... '@'] = true,
	['[' ... '^'] = true,
	['`'] = true,
	['{' ... '~'] = true,
};

/* Letters are small numbers: spread, or near runs would be near numbers. */
static inline uint64_t
spread(uint8_t c)
{
	return (c + 1) * 0xc2b2ae3d27d4eb4fu;
}

static void
runs_of_letters(struct prints_text *text, const struct canon *c)
{
	const struct prints_kind *kind = &prints_set_kinds[SPAN_LETTERS];
	size_t k = kind->run;
	uint64_t poly = 0, top = power_of(k);
	unsigned of[256] = { 0 }, kinds = 0, weight = 0;

	if (!make_room(text, c->n, k))
		return;
	for (size_t i = 0; i < c->n; i++) {
		if (i >= k) {
			poly -= spread(c->c[i - k]) * top;
			kinds -= --of[c->c[i - k]] == 0;
			weight -= signs[c->c[i - k]];
		}
		poly = poly * POLY + spread(c->c[i]);
		kinds += of[c->c[i]]++ == 0;
		weight += signs[c->c[i]];
		if (i + 1 >= k)
			text->runs[i + 1 - k] =
			    kinds < kind->changes || weight < kind->weight ?
			    0 :
			    stir(poly);
	}
}

void
prints_set_runs(struct prints_text *t, int set)
{
	switch (set) {
	case SPAN_TOKENS:
		prints_set_runs_of(t, set, &t->code);
		break;
	case SPAN_LETTERS:
		tokens_letters(&t->letters, &t->code, t->from);
		runs_of_letters(t, &t->letters);
		break;
	case SPAN_WORDS:
		tokens_words(&t->words, &t->code, t->from);
		prints_set_runs_of(t, set, &t->words);
		break;
	case SPAN_CLASSES:
		tokens_shape(&t->code);
		prints_set_runs_of(t, set, &t->code);
		break;
	case SPAN_REMARKS:
		prints_set_runs_of(t, set, &t->remarks);
	}
}

/* The least of the window that ends at i, the last of equal ones; n when all
 * of them say too little. */
static size_t
least_of(const uint64_t *runs, size_t from, size_t i, size_t n)
{
	size_t least = n;

	for (size_t k = from; k <= i; k++)
		if (runs[k] != 0 && (least == n || runs[k] <= runs[least]))
			least = k;
	return least;
}

/*
 * Winnowing: of every window of neighbours the smallest.  A run that says
 * too little (0) is never kept.  What is decided lies behind the window, so
 * it can be blanked in place.
 */
void
prints_set_winnow(struct prints_text *t, int set)
{
	size_t window = prints_set_kinds[set].window, least = t->n, done = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t from = i + 1 < window ? 0 : i + 1 - window;

		if (least == t->n || least < from)
			least = least_of(t->runs, from, i, t->n);
		else if (t->runs[i] != 0 && t->runs[i] <= t->runs[least])
			least = i;
		if ((i + 1 < window && i + 1 < t->n) || least == t->n)
			continue;
		/* Whatever stands before it is not the least of any window
		 * to come. */
		while (done < least)
			t->runs[done++] = 0;
		done = least + 1;
	}
	while (done < t->n)
		t->runs[done++] = 0;
}

/* A run and where it stands; of two, the lesser or else the later one. */
struct least {
	uint64_t key;
	size_t at;
};

static inline struct least
lesser(struct least earlier, struct least later)
{
	bool early = earlier.key < later.key;

	later.key = early ? earlier.key : later.key;
	later.at = early ? earlier.at : later.at;
	return later;
}

/*
 * Every window is one of four in a row, or three of those: with the least of
 * each pair, and of two pairs, no step depends on what the numbers are.
 */
static inline size_t
keep(uint64_t *runs, size_t all, size_t window)
{
	const struct least none = { UINT64_MAX, SIZE_MAX };
	struct least one = none, pair = none, before = none, fours[RING];
	size_t n = 0, last = SIZE_MAX;

	for (size_t i = 0; i < RING; i++)
		fours[i] = none;
	for (size_t i = 0; i < all; i++) {
		/* 0 says too little: it is more than any other. */
		struct least now = { runs[i] - 1, i };
		struct least two = lesser(one, now), w = lesser(before, two);

		if (window > 4)
			fours[i % RING] = w;
		for (size_t k = 4; k < window; k += 4)
			w = lesser(fours[(i - k) % RING], w);
		before = pair;
		pair = two;
		one = now;
		if (i + 1 < window && i + 1 < all)
			continue;
		runs[n] = w.key + 1;
		n += (w.at != last) & (w.key != UINT64_MAX);
		last = w.at;
	}
	return n;
}

size_t
prints_set_keep(struct prints_text *t, int set)
{
	size_t window = prints_set_kinds[set].window;

	/* The compiler makes one of each. */
	return window == 4 ? keep(t->runs, t->n, 4) :
	    window == 12   ? keep(t->runs, t->n, 12) :
			     keep(t->runs, t->n, window);
}

void
prints_set_key(struct prints_text *t, const uint8_t *key)
{
	for (size_t i = 0; i < t->n; i++) {
		uint8_t raw[8];
		uint64_t h;

		if (t->runs[i] == 0)
			continue;
		for (int k = 0; k < 8; k++)
			raw[k] = (uint8_t)(t->runs[i] >> (8 * k));
		h = siphash(key, raw, sizeof raw);
		t->runs[i] = h == 0 ? 1 : h;
	}
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
 * A run that was copied is in the set with 2/5 (one of a window of 4 is kept,
 * 2 / (window + 1) on average); of the letters those are asked for that would
 * have been kept, and all of them are in it but for the edges.  Another one is
 * with eps.  yes is log2(copied / eps), no is log2((1 - copied) / (1 - eps)),
 * in eighths of a bit.
 */
void
prints_set_weigh(const struct prints_set *s, int set, int *yes, int *no)
{
	const double eighth = 1.0905077326652577; /* 2^(1/8) */
	double fill = (double)s->ones / (double)((uint64_t)1 << s->log2);
	double copied = set == SPAN_LETTERS ? 0.9 : 0.4, eps = 1;
	int most = prints_set_kinds[set].most * 8, bits = 0;

	for (int i = 0; i < s->hashes; i++)
		eps *= fill;
	while (eps < copied && bits < most) {
		eps *= eighth;
		bits++;
	}
	*yes = bits;
	*no = set == SPAN_LETTERS ? -26 : -6;
}
