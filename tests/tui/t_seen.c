#include "tui/seen.h"

#include "tests/t.h"

static void
a_glance_is_not_a_reading(void **state)
{
	struct seen s = { 0 };
	uint32_t first, last;

	(void)state;
	seen_show(&s, 1, 20, 1000);
	seen_tick(&s, 1000 + SEEN_MS - 1);
	assert_false(seen_take(&s, &first, &last));
	seen_tick(&s, 1000 + SEEN_MS);
	assert_true(seen_take(&s, &first, &last));
	assert_int_equal(first, 1);
	assert_int_equal(last, 20);
	assert_false(seen_take(&s, &first, &last));
	seen_release(&s);
}

static void
lines_keep_their_time_while_the_screen_moves(void **state)
{
	struct seen s = { 0 };
	uint32_t first, last;
	uint64_t now = 0;

	(void)state;
	for (uint32_t top = 1; top <= 5; top++, now += 500)
		seen_show(&s, top, top + 9, now);
	seen_tick(&s, now);
	assert_true(seen_take(&s, &first, &last));
	assert_int_equal(first, 5);
	assert_int_equal(last, 11);
	seen_release(&s);
}

/* Sixty lines take six seconds, though two are enough for twenty. */
static void
a_tall_screen_is_not_read_faster_than_a_low_one(void **state)
{
	struct seen s = { 0 };
	uint32_t first, last;

	(void)state;
	seen_show(&s, 1, 60, 0);
	seen_tick(&s, 2 * SEEN_MS);
	assert_false(seen_take(&s, &first, &last));
	seen_tick(&s, (uint64_t)60 * SEEN_LINE_MS - 1);
	assert_false(seen_take(&s, &first, &last));
	seen_tick(&s, (uint64_t)60 * SEEN_LINE_MS);
	assert_true(seen_take(&s, &first, &last));
	assert_int_equal(last, 60);
	seen_release(&s);
}

/* Short steps add up, on a screen of any height: all lines but those at
 * both ends, which were in view for less than their share. */
static void
leafing_line_by_line_counts_as_long_as_it_lasts(void **state)
{
	(void)state;
	for (uint32_t rows = 20; rows <= 200; rows += 180) {
		struct seen s = { 0 };
		uint32_t first, last, n = 0;
		uint64_t now = 0;

		for (uint32_t top = 1; top <= 1000; top++, now += 130) {
			seen_show(&s, top, top + rows - 1, now);
			while (seen_take(&s, &first, &last))
				n += last - first + 1;
		}
		assert_in_range(n, 880, 1000);
		seen_release(&s);
	}
}

static void
nothing_shown_is_nothing_seen(void **state)
{
	struct seen s = { 0 };
	uint32_t first, last;

	(void)state;
	seen_tick(&s, 1000000);
	assert_false(seen_take(&s, &first, &last));
	seen_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glance_is_not_a_reading),
		cmocka_unit_test(lines_keep_their_time_while_the_screen_moves),
		cmocka_unit_test(
		    a_tall_screen_is_not_read_faster_than_a_low_one),
		cmocka_unit_test(
		    leafing_line_by_line_counts_as_long_as_it_lasts),
		cmocka_unit_test(nothing_shown_is_nothing_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
