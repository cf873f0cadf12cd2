#include "policy/numbers.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"

enum {
	TOP = 10, /* bits that say which bucket */
	BUCKETS = 1 << TOP,
	DIGIT = 11, /* bits that are sorted by at once */
	FEW = 64,   /* are sorted without ado */
	MOVES = 16, /* of a number; who needs more of them is sorted slowly */
	MANY = 512, /* that were not sorted yet */
	LARGE = 6 * 1024,
	WIDE = 16 * 1024,
#ifdef TINY
	STAGE = 100,
#else
	STAGE = 8 * 1024,
#endif
};

struct numbers_bucket {
	uint32_t n, sorted; /* so many in front are */
};

void
numbers_release(struct numbers *s)
{
	free(s->at);
	free(s->buckets);
	free(s->stage);
	free(s->joined);
	free(s->merged);
	free(s->spare);
	*s = (struct numbers){ 0 };
}

static void
make_room(uint64_t **at, size_t *room, size_t n)
{
	if (n <= *room)
		return;
	*room = n + n / 4;
	*at = reallocarray(*at, *room, sizeof **at);
	if (*at == NULL)
		bug("no memory for %zu numbers", n);
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What is nearly in order. */
static void
insert_all(uint64_t *at, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n; i++) {
		uint64_t v = at[i];
		size_t k = i;

		for (; k > 0 && at[k - 1] > v; k--)
			at[k] = at[k - 1];
		at[k] = v;
		moves += i - k;
		if (moves > MOVES * n && n > FEW) {
			qsort(at, n, sizeof *at, compare);
			return;
		}
	}
}

/* By the DIGIT bits at shift; equal ones stay in their order. */
static void
deal(uint64_t *to, const uint64_t *from, size_t n, unsigned shift)
{
	const uint64_t mask = (1u << DIGIT) - 1;
	uint32_t place[1u << DIGIT] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i++)
		place[from[i] >> shift & mask]++;
	for (size_t i = 0; i <= mask; i++) {
		uint32_t count = place[i];

		place[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i] >> shift & mask]++] = from[i];
}

static size_t
leave_one_of_each(uint64_t *at, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t v = at[i];

		at[left] = v;
		left += i + 1 == n || v != at[i + 1];
	}
	return left;
}

/* Numbers that differ below bit top; how many are left.  Twice DIGIT of those
 * bits bring them nearly into order. */
static size_t
sort(struct numbers *s, uint64_t *at, size_t n, unsigned top)
{
	if (n > FEW) {
		make_room(&s->spare, &s->spare_room, n);
		deal(s->spare, at, n, top - 2 * DIGIT);
		deal(at, s->spare, n, top - DIGIT);
	}
	insert_all(at, n);
	return leave_one_of_each(at, n);
}

static void
sort_bucket(struct numbers *s, size_t i)
{
	struct numbers_bucket *b = &s->buckets[i];
	uint32_t n = b->n;

	if (b->sorted == n)
		return;
	b->n = (uint32_t)sort(s, s->at + i * s->room, n, 64 - TOP);
	b->sorted = b->n;
	s->n -= n - b->n;
}

/*
 * All buckets fill at the same pace.  What is not used yet costs nothing but
 * addresses.
 */
static void
widen(struct numbers *s)
{
	size_t room = s->room == 0 ? 64 : s->room * (s->room < WIDE ? 4 : 2);
	uint64_t *at = reallocarray(NULL, room * BUCKETS, sizeof *at);

	if (at == NULL || room > UINT32_MAX)
		bug("no memory for %zu numbers", room * BUCKETS);
	for (size_t i = 0; i < BUCKETS && s->room > 0; i++)
		memcpy(at + i * room, s->at + i * s->room,
		    s->buckets[i].n * sizeof *at);
	free(s->at);
	s->at = at;
	s->room = room;
}

/* A bucket that has no room, or is a quarter larger than when it was sorted:
 * some of it is there twice. */
static void
tidy(struct numbers *s, size_t i)
{
	sort_bucket(s, i);
	if (s->buckets[i].n >= s->room - s->room / 8)
		widen(s);
}

/* Of a large set memory counts, of a small one time. */
static inline uint32_t
most_unsorted(const struct numbers_bucket *b)
{
	return MANY + (b->sorted < LARGE ? b->sorted : b->sorted / 4);
}

/* From the stage into the buckets. */
static void
distribute(struct numbers *s)
{
	if (s->buckets == NULL) {
		s->buckets = calloc(BUCKETS, sizeof *s->buckets);
		if (s->buckets == NULL)
			bug("no memory for numbers");
		widen(s);
	}
	for (size_t i = 0; i < s->n_stage; i++) {
		uint64_t v = s->stage[i];
		size_t k = v >> (64 - TOP);
		struct numbers_bucket *b = &s->buckets[k];

		if (b->n == s->room || b->n - b->sorted > MANY + b->sorted / 4)
			tidy(s, k);
		s->at[k * s->room + b->n++] = v;
	}
	s->n_stage = 0;
}

void
numbers_add(struct numbers *s, const uint64_t *v, size_t n)
{
	if (s->stage == NULL && n > 0)
		s->stage = calloc(STAGE, sizeof *s->stage);
	while (n > 0) {
		size_t some = STAGE - s->n_stage < n ? STAGE - s->n_stage : n;

		if (s->stage == NULL)
			bug("no memory for numbers");
		memcpy(s->stage + s->n_stage, v, some * sizeof *v);
		s->n_stage += some;
		s->n += some;
		v += some;
		n -= some;
		if (s->n_stage == STAGE)
			distribute(s);
	}
}

void
numbers_join(struct numbers *s, struct numbers_run run)
{
	s->joined = reallocarray(s->joined, s->n_joined + 1, sizeof *s->joined);
	if (s->joined == NULL)
		bug("no memory for %zu runs of numbers", s->n_joined);
	s->joined[s->n_joined++] = run;
	s->n += run.n;
}

/* Where in a run the numbers of a bucket begin. */
static size_t
find(struct numbers_run run, size_t bucket)
{
	size_t low = 0, high = run.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le64toh(run.at[mid]) >> (64 - TOP) < bucket)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A bucket with what of the joined runs belongs there. */
static struct numbers_run
merge(struct numbers *s, size_t bucket)
{
	size_t n = s->buckets[bucket].n;

	make_room(&s->merged, &s->merged_room, n + 1);
	memcpy(s->merged, s->at + bucket * s->room, n * sizeof *s->merged);
	for (size_t i = 0; i < s->n_joined; i++) {
		size_t from = find(s->joined[i], bucket);
		size_t end = find(s->joined[i], bucket + 1);

		make_room(&s->merged, &s->merged_room, n + end - from);
		for (; from < end; from++)
			s->merged[n++] = le64toh(s->joined[i].at[from]);
	}
	n = sort(s, s->merged, n, 64 - TOP);
	return (struct numbers_run){ s->merged, n };
}

struct numbers_run
numbers_next(struct numbers *s, size_t *at)
{
	struct numbers_run run = { 0 };

	if (s->buckets == NULL && s->n_joined == 0) {
		if ((*at)++ > 0)
			return run;
		s->n_stage = sort(s, s->stage, s->n_stage, 64);
		s->n = s->n_stage;
		return (struct numbers_run){ s->stage, s->n_stage };
	}
	if (*at == 0)
		distribute(s);
	while (*at < BUCKETS && run.n == 0) {
		size_t i = (*at)++;

		sort_bucket(s, i);
		run = s->n_joined > 0 ?
		    merge(s, i) :
		    (struct numbers_run){ s->at + i * s->room,
			    s->buckets[i].n };
	}
	return run;
}

uint64_t
numbers_count(struct numbers *s)
{
	uint64_t n = 0;
	size_t at = 0;

	for (;;) {
		struct numbers_run run = numbers_next(s, &at);

		if (run.n == 0)
			return n;
		n += run.n;
	}
}
