#include "policy/numbers.h"

#include "tests/t.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static uint64_t dice;

static uint64_t
roll(void)
{
	uint64_t v;

	dice += 0x9e3779b97f4a7c15u;
	v = (dice ^ dice >> 30) * 0xbf58476d1ce4e5b9u;
	v = (v ^ v >> 27) * 0x94d049bb133111ebu;
	return v ^ v >> 31;
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorted, each once. */
static size_t
plain(uint64_t *at, size_t n)
{
	size_t left = 0;

	qsort(at, n, sizeof *at, compare);
	for (size_t i = 0; i < n; i++)
		if (left == 0 || at[left - 1] != at[i])
			at[left++] = at[i];
	return left;
}

static void
check_holds(struct numbers *s, const uint64_t *want, size_t n)
{
	struct numbers_run run;
	size_t at = 0, seen = 0;

	while ((run = numbers_next(s, &at)).n > 0) {
		assert_true(seen + run.n <= n);
		assert_memory_equal(run.at, want + seen, run.n * sizeof *want);
		seen += run.n;
	}
	assert_int_equal(seen, n);
	assert_int_equal(numbers_count(s), n);
}

/* In pieces of any length; of values so many. */
static uint64_t *
fill(struct numbers *s, size_t n, uint64_t values, unsigned shift)
{
	uint64_t *all = calloc(n + 1, sizeof *all);
	size_t done = 0;

	assert_non_null(all);
	for (size_t i = 0; i < n; i++) {
		all[i] = roll() % values;
		if (values < UINT32_MAX)
			all[i] = all[i] * 0x9e3779b97f4a7c15u >> shift;
	}
	while (done < n) {
		size_t some = 1 + roll() % 3000;

		if (some > n - done)
			some = n - done;
		numbers_add(s, all + done, some);
		done += some;
	}
	return all;
}

static void
each_number_is_held_once_and_in_order(void **state)
{
	static const struct {
		size_t n;
		uint64_t values;
		unsigned shift; /* 40: all of them in one bucket */
	} cases[] = { { 0, 1, 0 }, { 1, UINT64_MAX, 0 }, { 50, 7, 0 },
		{ 5000, UINT64_MAX, 0 }, { 8192, 100, 0 },
		{ 300000, UINT64_MAX, 0 }, { 300000, 20000, 0 },
		{ 300000, 200000, 0 }, { 50000, 30000, 40 },
		{ 20000, UINT64_MAX, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct numbers s = { 0 };
		uint64_t *all =
		    fill(&s, cases[i].n, cases[i].values, cases[i].shift);
		size_t n;

		assert_true(s.n >= 1 || cases[i].n == 0);
		n = plain(all, cases[i].n);
		assert_true(s.n >= n);
		check_holds(&s, all, n);
		check_holds(&s, all, n);
		/* More of the same is nothing more. */
		numbers_add(&s, all, n);
		check_holds(&s, all, n);
		free(all);
		numbers_release(&s);
	}
}

/* What is there twice does not take room for long. */
static void
the_same_numbers_again_take_no_room(void **state)
{
	struct numbers s = { 0 };
	uint64_t some[1000];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		some[i] = roll();
	for (int i = 0; i < 3000; i++)
		numbers_add(&s, some, 1000);
	assert_true(s.n < 1000 * 1000);
	assert_int_equal(numbers_count(&s), 1000);
	numbers_release(&s);
}

static void
joined_runs_are_in_it(void **state)
{
	enum { RUNS = 5, EACH = 20000 };

	(void)state;
	for (size_t own = 0; own <= 30000; own += 15000) {
		struct numbers s = { 0 };
		uint64_t *all = calloc(own + RUNS * EACH, sizeof *all);
		uint64_t *first = fill(&s, own, 60000, 0);
		uint64_t *runs[RUNS];
		size_t n = own;

		assert_non_null(all);
		memcpy(all, first, own * sizeof *all);
		for (size_t i = 0; i < RUNS; i++) {
			struct numbers other = { 0 };
			size_t len;

			runs[i] = fill(&other, EACH, 60000, 0);
			len = plain(runs[i], EACH);
			memcpy(all + n, runs[i], len * sizeof *all);
			n += len;
			for (size_t k = 0; k < len; k++)
				runs[i][k] = htole64(runs[i][k]);
			numbers_join(&s, (struct numbers_run){ runs[i], len });
			numbers_release(&other);
		}
		n = plain(all, n);
		check_holds(&s, all, n);
		for (size_t i = 0; i < RUNS; i++)
			free(runs[i]);
		numbers_release(&s);
		free(first);
		free(all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_number_is_held_once_and_in_order),
		cmocka_unit_test(the_same_numbers_again_take_no_room),
		cmocka_unit_test(joined_runs_are_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
