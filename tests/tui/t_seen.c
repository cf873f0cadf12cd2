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

/* What two sessions agreed on: the same screen, the same time. */
static void
the_rule_of_the_session_says_how_long(void **state)
{
	static const struct {
		struct start start;
		uint64_t whole; /* for 20 lines */
		const char *text;
	} rows[] = {
		{ { .session = false }, 2000, "0.1 s a line, at least 2 s" },
		{ { .seen_line = 500, .seen_least = 3000 }, 10000,
		    "0.5 s a line, at least 3 s" },
		{ { .seen_line = 1, .seen_least = 1250 }, 1250,
		    "0.001 s a line, at least 1.25 s" },
		{ { .seen_line = 10000, .seen_least = 60000 }, 200000,
		    "10 s a line, at least 60 s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s = { .rule = seen_rule_of(&rows[i].start) };
		struct buf b = { 0 };
		uint32_t first, last;

		seen_show(&s, 1, 20, 50);
		seen_tick(&s, 50 + rows[i].whole - 10);
		assert_false(seen_take(&s, &first, &last));
		seen_tick(&s, 50 + rows[i].whole);
		assert_true(seen_take(&s, &first, &last));
		assert_int_equal(last, 20);
		assert_in_range(seen_pause(&s), 1, rows[i].whole / 2);
		seen_rule_text(&s.rule, &b);
		assert_string_equal(b.at, rows[i].text);
		buf_release(&b);
		seen_release(&s);
	}
}

/* The slowest rule there is, leafed through quickly: nothing is lost. */
static void
short_looks_add_up_under_a_slow_rule(void **state)
{
	struct seen s = { .rule = { 10000, 60000 } };
	uint32_t first, last;
	uint64_t now = 0;

	(void)state;
	/* Line 20 is in view all the time, with 19 others: 200 s. */
	for (; now < 199000; now += 50)
		seen_show(&s, 1 + now / 50 % 2, 20 + now / 50 % 2, now);
	assert_false(seen_take(&s, &first, &last));
	for (; now < 216000; now += 50)
		seen_show(&s, 1 + now / 50 % 2, 20 + now / 50 % 2, now);
	assert_true(seen_take(&s, &first, &last));
	assert_in_range(first, 1, 20);
	seen_release(&s);
}

static void
what_is_behind_something_else_is_not_seen(void **state)
{
	struct seen s = { 0 };
	uint32_t first, last;

	(void)state;
	seen_show(&s, 1, 20, 1000);
	seen_tick(&s, 2000);
	seen_hide(&s);
	seen_tick(&s, 60000);
	seen_show(&s, 1, 20, 60000);
	assert_false(seen_take(&s, &first, &last));
	seen_tick(&s, 60990);
	assert_false(seen_take(&s, &first, &last));
	seen_tick(&s, 61000); /* the second before counts */
	assert_true(seen_take(&s, &first, &last));
	seen_release(&s);
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
		cmocka_unit_test(the_rule_of_the_session_says_how_long),
		cmocka_unit_test(short_looks_add_up_under_a_slow_rule),
		cmocka_unit_test(what_is_behind_something_else_is_not_seen),
		cmocka_unit_test(nothing_shown_is_nothing_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
