/* Lines of several people laid over each other. */
#include "core/sweep.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

enum { LINES = 60, RUNS = 40, PEOPLE = 5 };

static struct arena a;

static int
clear(void **state)
{
	(void)state;
	arena_release(&a);
	return 0;
}

static void
every_line_says_who_saw_and_who_reviewed_it(void **state)
{
	const struct sweep_run runs[] = {
		{ 1, 40, 0, false },
		{ 10, 20, 0, true },
		{ 15, 30, 1, true },
		{ 50, UINT32_MAX, 2, false },
	};
	static const struct sweep_part want[] = {
		{ 1, 9, 1, 0 },
		{ 10, 14, 1, 1 },
		{ 15, 20, 3, 3 },
		{ 21, 30, 3, 2 },
		{ 31, 40, 1, 0 },
		{ 50, UINT32_MAX, 4, 0 },
	};
	struct sweep_part *parts;
	struct sweep_sum sum = { 0 };
	size_t n = sweep(&parts, &a, runs, 4);

	(void)state;
	assert_int_equal(n, 6);
	assert_memory_equal(parts, want, sizeof want);
	sweep_add(&sum, parts, n, 1, 1, 60);
	assert_int_equal(sum.seen, 40);
	assert_int_equal(sum.reviewed, 11);
	assert_int_equal(sum.twice, 6);
	sweep_add(&sum, parts, n, 4, 55, 60);
	assert_int_equal(sum.seen, 46);
	assert_int_equal(sweep(&parts, &a, runs, 0), 0);
}

/* Line by line, the slow way. */
static void
mark(struct sweep_part *lines, const struct sweep_run *r)
{
	for (uint32_t n = r->first; n <= r->last; n++) {
		lines[n].seen |= 1u << r->who;
		if (r->reviewed)
			lines[n].reviewed |= 1u << r->who;
	}
}

static void
compare(const struct sweep_part *lines, const struct sweep_part *parts,
    size_t n)
{
	uint32_t at = 1;

	for (size_t i = 0; i < n; i++) {
		assert_true(parts[i].first >= at);
		assert_true(parts[i].last >= parts[i].first);
		if (i > 0 && parts[i].first == at)
			assert_true(parts[i].seen != parts[i - 1].seen ||
			    parts[i].reviewed != parts[i - 1].reviewed);
		for (; at < parts[i].first; at++)
			assert_int_equal(lines[at].seen, 0);
		for (; at <= parts[i].last; at++) {
			assert_int_equal(lines[at].seen, parts[i].seen);
			assert_int_equal(lines[at].reviewed, parts[i].reviewed);
		}
	}
	for (; at <= LINES; at++)
		assert_int_equal(lines[at].seen, 0);
}

static void
sum_up(const struct sweep_part *lines, const struct sweep_part *parts, size_t n,
    uint32_t who)
{
	struct sweep_sum sum = { 0 }, want = { 0 };

	sweep_add(&sum, parts, n, who, 7, 50);
	for (uint32_t i = 7; i <= 50; i++) {
		want.seen += (lines[i].seen & who) != 0;
		want.reviewed += (lines[i].reviewed & who) != 0;
		want.twice += sweep_people(lines[i].reviewed) > 1;
	}
	assert_memory_equal(&sum, &want, sizeof sum);
}

/* However they overlap and come: no line twice, none left out, and the same
 * in any order. */
static void
a_sweep_is_that_of_every_line_alone(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 3000; round++) {
		struct sweep_part lines[LINES + 1] = { 0 }, *parts, *again;
		struct sweep_run runs[RUNS];
		size_t n = (size_t)(rand() % (RUNS + 1)), len;

		for (size_t i = 0; i < n; i++) {
			runs[i].first = (uint32_t)(1 + rand() % LINES);
			runs[i].last = (uint32_t)(runs[i].first +
			    (unsigned)rand() % (LINES + 1 - runs[i].first));
			runs[i].who = (uint8_t)(rand() % PEOPLE);
			runs[i].reviewed = rand() % 2 == 0;
			mark(lines, &runs[i]);
		}
		len = sweep(&parts, &a, runs, n);
		compare(lines, parts, len);
		sum_up(lines, parts, len, (uint32_t)(1 + rand() % 31));
		for (size_t i = 0; i + 1 < n; i += 2) {
			struct sweep_run other = runs[i];

			runs[i] = runs[i + 1];
			runs[i + 1] = other;
		}
		assert_int_equal(sweep(&again, &a, runs, n), len);
		assert_int_equal(memcmp(again, parts, len * sizeof *parts), 0);
		arena_clear(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    every_line_says_who_saw_and_who_reviewed_it, clear),
		cmocka_unit_test_teardown(a_sweep_is_that_of_every_line_alone,
		    clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
