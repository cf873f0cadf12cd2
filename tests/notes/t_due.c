#include "notes/due.h"

#include "tests/t.h"

static int64_t
day(const char *text)
{
	int64_t ms = -1;

	assert_int_equal(due_read(&ms, str_of(text)), ERR_NONE);
	return ms;
}

static void
a_day_goes_both_ways(void **state)
{
	static const char *const days[] = { "1970-01-01", "2024-02-29",
		"2026-12-05", "2099-12-31" };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		buf_clear(&b);
		due_write(day(days[i]), &b);
		assert_string_equal(b.at, days[i]);
	}
	buf_release(&b);
}

static void
what_is_no_day_is_refused(void **state)
{
	static const char *const bad[] = { "", "2026-12-5", "2026-13-01",
		"2025-02-29", "2026/12/05", "2026-00-10", "x026-12-05",
		"2026-12-05 ", "1969-12-31" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_clear();
		assert_int_equal(due_read(&ms, str_of(bad[i])), ERR_FORMAT);
	}
}

static void
only_working_days_count(void **state)
{
	struct buf b = { 0 };

	(void)state;
	/* 2026-11-20 is a Friday. */
	assert_true(
	    due_after(day("2026-11-20") + 5000, 1) == day("2026-11-23"));
	assert_true(due_after(day("2026-11-21"), 10) == day("2026-12-04"));
	assert_int_equal(due_left(day("2026-12-04"), day("2026-11-21")), 10);
	assert_int_equal(due_left(day("2026-11-20"), day("2026-11-23")), -1);
	due_say(day("2026-11-20"), day("2026-11-24"), &b);
	assert_string_equal(b.at, "overdue by 2 working days");
	buf_clear(&b);
	due_say(day("2026-11-24"), day("2026-11-24") + 7200000, &b);
	assert_string_equal(b.at, "due today");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_goes_both_ways),
		cmocka_unit_test(what_is_no_day_is_refused),
		cmocka_unit_test(only_working_days_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
