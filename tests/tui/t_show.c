#include "tui/show.h"

#include "tests/t.h"

static struct buf b;

static struct str
shown(void)
{
	return buf_view(&b);
}

static void
sizes_take_at_most_six_characters(void **state)
{
	(void)state;
	for (uint64_t n = 1; n != 0; n *= 2)
		for (int64_t d = -1; d <= 1; d++) {
			buf_clear(&b);
			show_size(n + (uint64_t)d, &b);
			assert_in_range(b.len, 1, 6);
		}
	buf_clear(&b);
	show_size(1536, &b);
	assert_true(str_eq(shown(), STR("1.5k")));
	buf_clear(&b);
	show_count(1234567, &b);
	assert_true(str_eq(shown(), STR("1,234,567")));
}

static void
dates_are_in_the_zone_of_the_person(void **state)
{
	struct person p = { .time = 1700000000, .zone = -330 };

	(void)state;
	buf_clear(&b);
	show_time(&p, &b);
	assert_true(str_eq(shown(), STR("2023-11-14 16:43 -0530")));
}

static void
impossible_dates_are_said_to_be(void **state)
{
	const struct person bad[] = {
		{ .time = INT64_MAX },
		{ .time = INT64_MIN },
		{ .time = 0, .zone = 100000 },
		{ .bad = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_clear(&b);
		show_time(&bad[i], &b);
		assert_true(str_eq(shown(), STR("---- no --")));
	}
}

static void
ages_use_the_largest_unit(void **state)
{
	const struct {
		int64_t seconds;
		const char *want;
	} t[] = {
		{ 0, "0s" },
		{ 90, "1m" },
		{ 86400 * 3, "3d" },
		{ 86400 * 400, "1y" },
		{ -5, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		buf_clear(&b);
		show_age(1000, 1000 + t[i].seconds, &b);
		assert_true(str_eq(shown(), str_of(t[i].want)));
	}
	buf_clear(&b);
	show_age(INT64_MIN, INT64_MAX, &b);
	assert_int_equal(b.len, 0);
}

static void
initials_are_first_and_last(void **state)
{
	(void)state;
	buf_clear(&b);
	show_initials(STR("Junio C Hamano"), &b);
	assert_true(str_eq(shown(), STR("JH")));
	buf_clear(&b);
	show_initials(STR("\033 2"), &b);
	assert_int_equal(b.len, 0);
}

static int
done(void **state)
{
	(void)state;
	buf_release(&b);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_take_at_most_six_characters),
		cmocka_unit_test(dates_are_in_the_zone_of_the_person),
		cmocka_unit_test(impossible_dates_are_said_to_be),
		cmocka_unit_test(ages_use_the_largest_unit),
		cmocka_unit_test(initials_are_first_and_last),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
