#include "tui/fuzzy.h"

#include <stdlib.h>

enum {
	SCORE_LETTER = 1,
	SCORE_RUN = 8,    /* right after the letter before */
	SCORE_START = 10, /* of a word in the path */
	SCORE_NAME = 4,   /* in the file name */
	SCORE_ORDER = 30, /* a part behind the part typed before it */
	FUZZY_TRIES = 8,  /* starts tried for one pattern */
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
same(char typed, char there)
{
	return typed == there || typed == lower(there);
}

static bool
starts_word(struct str path, size_t at)
{
	char before;

	if (at == 0)
		return true;
	before = path.at[at - 1];
	return before == '/' || before == '_' || before == '-' ||
	    before == '.' ||
	    (lower(before) == before && path.at[at] >= 'A' &&
		path.at[at] <= 'Z');
}

/* Matches from path[from] on, each letter at the next place; the score. */
static int32_t
run_one(struct str pattern, struct str path, size_t from, size_t name,
    bool leap, uint32_t *where, size_t *n)
{
	int32_t score = 0;
	size_t last = SIZE_MAX, at = from;

	*n = 0;
	for (size_t i = 0; i < pattern.len; i++, at++) {
		size_t next;

		while (at < path.len && !same(pattern.at[i], path.at[at]))
			at++;
		if (at == path.len)
			return FUZZY_NONE;
		/* A start of a word further on is worth more than a letter in
		 * the middle of one, unless it goes on with a run. */
		if (leap && last != at - 1 && !starts_word(path, at)) {
			for (next = at + 1; next < path.len; next++)
				if (same(pattern.at[i], path.at[next]) &&
				    starts_word(path, next))
					break;
			if (next < path.len)
				at = next;
		}
		score += SCORE_LETTER;
		if (last != SIZE_MAX && at == last + 1)
			score += SCORE_RUN;
		if (starts_word(path, at))
			score += SCORE_START;
		if (at >= name)
			score += SCORE_NAME;
		last = at;
		if (*n < FUZZY_PLACES)
			where[(*n)++] = (uint32_t)at;
	}
	return score;
}

/* Leaping to a better letter may leave a later one without a place. */
static int32_t
run(struct str pattern, struct str path, size_t from, size_t name,
    uint32_t *where, size_t *n)
{
	int32_t score = run_one(pattern, path, from, name, true, where, n);

	if (score == FUZZY_NONE)
		score = run_one(pattern, path, from, name, false, where, n);
	return score;
}

static size_t
name_of(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/')
			return i;
	return 0;
}

/* The best of some starts: in the name first, then from the left. */
static int32_t
part_score(struct str pattern, struct str path, uint32_t *where, size_t *n)
{
	size_t name = name_of(path), tries = 0, k;
	uint32_t places[FUZZY_PLACES];
	int32_t best = run(pattern, path, name, name, where, n);

	for (size_t at = 0; at < path.len && tries < FUZZY_TRIES; at++) {
		int32_t score;

		if (!same(pattern.at[0], path.at[at]))
			continue;
		tries++;
		score = run(pattern, path, at, name, places, &k);
		if (score <= best)
			continue;
		best = score;
		*n = k;
		for (size_t i = 0; i < k; i++)
			where[i] = places[i];
	}
	return best;
}

static int
compare_places(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int32_t
fuzzy_score(struct str pattern, struct str path, uint32_t *where, size_t *n)
{
	struct str rest = pattern, part;
	uint32_t all[FUZZY_PLACES], places[FUZZY_PLACES];
	size_t len = 0, k;
	uint32_t behind = UINT32_MAX; /* the last letter of the part before */
	int32_t score = 0;

	while (str_cut(&rest, ' ', &part)) {
		int32_t one;

		if (part.len == 0)
			continue;
		one = part_score(part, path, places, &k);
		if (one == FUZZY_NONE)
			return FUZZY_NONE;
		if (behind != UINT32_MAX && k > 0 && places[0] > behind)
			one += SCORE_ORDER;
		if (k > 0)
			behind = places[k - 1];
		score += 4 * one;
		for (size_t i = 0; i < k && len < FUZZY_PLACES; i++)
			all[len++] = places[i];
	}
	if (where != NULL) {
		qsort(all, len, sizeof *all, compare_places);
		*n = 0;
		for (size_t i = 0; i < len; i++)
			if (*n == 0 || where[*n - 1] != all[i])
				where[(*n)++] = all[i];
	}
	return score - (int32_t)(path.len / 4);
}
