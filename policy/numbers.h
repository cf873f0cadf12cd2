/*
 * numbers.h - a set of numbers that is larger than any cache.
 *
 * Numbers are laid side by side as they come, in buckets by their uppermost
 * bits; a bucket that is full is sorted in the cache, and what was there twice
 * goes.  A number costs no wait for memory, and eight bytes and a quarter.
 * What is in a set does not depend on the order in which it came.
 *
 * The numbers should be spread evenly (a keyed hash): others only make it
 * slower.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* In ascending order, each once. */
struct numbers_run {
	const uint64_t *at;
	size_t n;
};

/* Zeroed is ready.  n is how many there are at most; the rest is numbers.c's
 * own. */
struct numbers {
	uint64_t n;
	uint64_t *at; /* of all buckets; behind their numbers untouched */
	struct numbers_bucket *buckets; /* NULL: all is in the stage */
	size_t room;                    /* of each bucket */
	uint64_t *stage;                /* what has no bucket yet */
	size_t n_stage;
	struct numbers_run *joined; /* borrowed */
	size_t n_joined;
	uint64_t *merged, *spare; /* room to join, and to sort in */
	size_t merged_room, spare_room;
};
void numbers_release(struct numbers *s);

void numbers_add(struct numbers *s, const uint64_t *v, size_t n);

/* And those of a run, little endian, that stays where it is until the set is
 * released. */
void numbers_join(struct numbers *s, struct numbers_run run);

/* How many there are, exactly.  Takes the time of sorting what is new, and of
 * reading what was joined. */
uint64_t numbers_count(struct numbers *s);

/*
 * One stretch after the other, the smallest numbers first; *at is 0 at first.
 * n is 0 behind the last one.  It is valid until the set is touched.
 */
struct numbers_run numbers_next(struct numbers *s, size_t *at);
