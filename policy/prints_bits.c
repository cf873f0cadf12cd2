#include "policy/prints_bits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	HUGE = 2 << 20,
	NEAR = 23, /* log2 of bits that fit in a cache */
	PLACES_LOG2 = 7,
	PLACES = 1 << PLACES_LOG2, /* of a larger bitmap */
	AHEAD = 16,                /* numbers */
#ifdef TINY
	PUT_OFF = 300,
	WORTH_IT = 100,
#else
	PUT_OFF = 2 * 1000 * 1000,
	WORTH_IT = 128 * 1024, /* numbers, to go through all of a bitmap */
#endif
};

/*
 * Zeroes, in pages as large as there are: what is read at random from small
 * ones waits for the page tables more than for the memory.
 */
static void *
zeroes(size_t bytes)
{
	const uintptr_t page = HUGE - 1;
	void *p = calloc(bytes, 1);
	uintptr_t from = ((uintptr_t)p + page) & ~page;
	uintptr_t end = ((uintptr_t)p + bytes) & ~page;

	if (p == NULL)
		bug("no memory for %zu bytes of fingerprints", bytes);
	if (from < end)
		/* Small ones do as well. */
		(void)madvise((void *)from, end - from, MADV_HUGEPAGE);
	return p;
}

void
prints_bits_open(struct prints_bits *b, unsigned log2, unsigned hashes)
{
	*b = (struct prints_bits){ .log2 = (uint8_t)log2,
		.hashes = (uint8_t)hashes };
	b->at = zeroes(prints_bits_bytes(b));
}

void
prints_bits_close(struct prints_bits *b)
{
	free(b->at);
	free(b->put_off);
	*b = (struct prints_bits){ 0 };
}

size_t
prints_bits_bytes(const struct prints_bits *b)
{
	return (size_t)1 << (b->log2 - 3);
}

static inline uint64_t
step(uint64_t run)
{
	return run >> 32 | 1;
}

/* Whether it is new. */
static inline bool
set(uint8_t *at, uint64_t bit)
{
	uint8_t one = (uint8_t)(1 << (bit & 7)), was = at[bit >> 3];

	at[bit >> 3] = was | one;
	return (was & one) == 0;
}

/* As they come: memory is asked for AHEAD. */
static void
set_few(struct prints_bits *b, const uint64_t *v, size_t n)
{
	uint64_t mask = ((uint64_t)1 << b->log2) - 1, ones = 0;
	uint8_t *at = b->at;
	unsigned hashes = b->hashes;

	for (size_t i = 0; i < n; i++) {
		uint64_t next = v[i + AHEAD < n ? i + AHEAD : i], h = v[i];
		uint64_t by = step(h), next_by = step(next);

		for (unsigned k = 0; k < hashes; k++, next += next_by)
			__builtin_prefetch(&at[(next & mask) >> 3], 1);
		for (unsigned k = 0; k < hashes; k++, h += by)
			ones += set(at, h & mask);
	}
	b->ones += ones;
}

/* Where among all bits those of each place begin. */
static void
find_places(const struct prints_bits *b, size_t place[PLACES],
    const uint64_t *v, size_t n)
{
	uint64_t mask = ((uint64_t)1 << b->log2) - 1;
	unsigned shift = b->log2 - PLACES_LOG2, hashes = b->hashes;
	size_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t h = v[i], by = step(h);

		for (unsigned k = 0; k < hashes; k++, h += by)
			place[(h & mask) >> shift]++;
	}
	for (size_t i = 0; i < PLACES; i++) {
		size_t count = place[i];

		place[i] = sum;
		sum += count;
	}
}

/* Those of one place after the other: dealt out first. */
static void
set_many(struct prints_bits *b, const uint64_t *v, size_t n)
{
	uint64_t mask = ((uint64_t)1 << b->log2) - 1, ones = 0;
	unsigned shift = b->log2 - PLACES_LOG2, hashes = b->hashes;
	uint32_t *bits = calloc(n * hashes, sizeof *bits);
	size_t place[PLACES] = { 0 };
	uint8_t *at = b->at;

	if (bits == NULL)
		bug("no memory for %zu fingerprints", n);
	find_places(b, place, v, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t h = v[i], by = step(h);

		for (unsigned k = 0; k < hashes; k++, h += by)
			bits[place[(h & mask) >> shift]++] =
			    (uint32_t)(h & mask);
	}
	for (size_t i = 0; i < n * hashes; i++)
		ones += set(at, bits[i]);
	b->ones += ones;
	free(bits);
}

static void
set_all(struct prints_bits *b, const uint64_t *v, size_t n)
{
	if (b->log2 <= NEAR || n < WORTH_IT)
		set_few(b, v, n);
	else
		set_many(b, v, n);
}

void
prints_bits_add(struct prints_bits *b, const uint64_t *v, size_t n)
{
	while (n > 0) {
		size_t some = PUT_OFF - b->n < n ? PUT_OFF - b->n : n;

		if (b->put_off == NULL)
			b->put_off = calloc(PUT_OFF, sizeof *b->put_off);
		if (b->put_off == NULL)
			bug("no memory for fingerprints");
		memcpy(b->put_off + b->n, v, some * sizeof *v);
		b->n += some;
		v += some;
		n -= some;
		if (b->n == PUT_OFF)
			prints_bits_settle(b);
	}
}

void
prints_bits_settle(struct prints_bits *b)
{
	set_all(b, b->put_off, b->n);
	b->n = 0;
}

void
prints_bits_join(struct prints_bits *b, const uint8_t *other)
{
	size_t n = prints_bits_bytes(b) / 8;
	uint64_t ones = 0;

	prints_bits_settle(b);
	for (size_t i = 0; i < n; i++) {
		uint64_t x, y;

		memcpy(&x, b->at + 8 * i, 8);
		memcpy(&y, other + 8 * i, 8);
		x |= y;
		memcpy(b->at + 8 * i, &x, 8);
		ones += (unsigned)__builtin_popcountll(x);
	}
	b->ones = ones;
}
