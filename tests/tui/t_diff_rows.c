#include "tui/diff_rows.h"

#include <string.h>

#include "tests/t.h"

enum { LINES = 64 };

static struct diff_line lines[LINES];
static struct diff_hunk hunks[2];
static struct diff_row rows[LINES + 2];

/* One letter for each line: blank, -, +. */
static size_t
make(const char *kinds, bool side_by_side)
{
	struct file_diff d = { .hunks = hunks, .n_hunks = 1, .lines = lines };

	d.n_lines = strlen(kinds);
	for (size_t i = 0; i < d.n_lines; i++)
		lines[i].kind = kinds[i];
	hunks[0] = (struct diff_hunk){ .first = 0, .len = (uint32_t)d.n_lines };
	return diff_rows_make(rows, &d, side_by_side);
}

static void
one_under_the_other_has_a_row_for_every_line(void **state)
{
	(void)state;
	assert_int_equal(make(" --++ ", false), 7);
	assert_int_equal(rows[0].hunk, 0);
	assert_int_equal(rows[1].old, 0);
	assert_int_equal(rows[1].new, 0);
	assert_int_equal(rows[2].old, 1);
	assert_int_equal(rows[2].new, DIFF_ROWS_NONE);
	assert_int_equal(rows[2].mate, 3);
	assert_int_equal(rows[5].new, 4);
	assert_int_equal(rows[5].mate, 2);
}

static void
side_by_side_a_change_is_one_row(void **state)
{
	(void)state;
	assert_int_equal(make(" --++ ", true), 5);
	assert_int_equal(rows[2].old, 1);
	assert_int_equal(rows[2].new, 3);
	assert_int_equal(make("-+++", true), 4);
	assert_int_equal(rows[1].old, 0);
	assert_int_equal(rows[1].new, 1);
	assert_int_equal(rows[3].old, DIFF_ROWS_NONE);
	assert_int_equal(rows[3].new, 3);
}

static void
lines_that_do_not_pair_have_no_mate(void **state)
{
	(void)state;
	assert_int_equal(make("-++", false), 4);
	assert_int_equal(rows[1].mate, DIFF_ROWS_NONE);
	assert_int_equal(rows[3].mate, DIFF_ROWS_NONE);
}

static void
every_line_is_on_the_screen_once_in_both_ways(void **state)
{
	uint32_t seed = 5;
	char kinds[LINES + 1];

	(void)state;
	for (int round = 0; round < 4000; round++) {
		size_t len = (size_t)round % LINES;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			kinds[i] = " -+"[(seed >> 16) % 3];
		}
		kinds[len] = '\0';
		for (int way = 0; way < 2; way++) {
			uint8_t times[LINES] = { 0 };
			size_t n = make(kinds, way);

			assert_true(n <= len + 1);
			for (size_t i = 1; i < n; i++) {
				if (rows[i].old != DIFF_ROWS_NONE)
					times[rows[i].old]++;
				if (rows[i].new != DIFF_ROWS_NONE &&
				    rows[i].new != rows[i].old)
					times[rows[i].new]++;
			}
			for (size_t i = 0; i < len; i++)
				assert_int_equal(times[i], 1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_under_the_other_has_a_row_for_every_line),
		cmocka_unit_test(side_by_side_a_change_is_one_row),
		cmocka_unit_test(lines_that_do_not_pair_have_no_mate),
		cmocka_unit_test(every_line_is_on_the_screen_once_in_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
