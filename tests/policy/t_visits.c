#include "policy/visits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/t.h"

static char top[] = "/tmp/t-visits-XXXXXX";

static void
put(const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/visits", top);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int
make(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return mkdtemp(top) == NULL ? -1 : 0;
}

static int
drop(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof path, "%s/visits", top);
	unlink(path);
	return rmdir(top);
}

static void
what_is_written_is_read(void **state)
{
	const struct visit one = { 1783328400, 1783332000, 3600 };
	const struct visit two = { 1783335600, 1783335700, 90 };
	struct visits v = { 0 };
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(visits_read(&v, &a, top), ERR_NONE);
	assert_int_equal(v.n, 0);
	assert_int_equal(visits_write(&v, &one, top), ERR_NONE);
	assert_int_equal(visits_read(&v, &a, top), ERR_NONE);
	assert_int_equal(visits_write(&v, &two, top), ERR_NONE);
	assert_int_equal(visits_read(&v, &a, top), ERR_NONE);
	assert_int_equal(v.n, 2);
	assert_memory_equal(&v.at[0], &one, sizeof one);
	assert_memory_equal(&v.at[1], &two, sizeof two);
	assert_int_equal(visits_seconds(&v), 3690);
	arena_release(&a);
}

static void
a_damaged_list_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "line 1" },
		{ "vitrine-visits 2\n", "line 1" },
		{ "vitrine-visits 1", "line 1" },
		{ "vitrine-visits 1\n1 2\n", "line 2" },
		{ "vitrine-visits 1\n1 2 3\nx 2 3\n", "line 3" },
		{ "vitrine-visits 1\n1 2 3 4\n", "line 2" },
		{ "vitrine-visits 1\n1 2 99999999999\n", "line 2" },
		{ "vitrine-visits 1\n-1 2 3\n", "line 2" },
		{ "vitrine-visits 1\n1 2 3", "line 1" },
	};
	struct arena a = { 0 };
	struct visits v;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put(bad[i].text);
		assert_int_equal(visits_read(&v, &a, top), ERR_FORMAT);
		assert_non_null(strstr(err_text(), bad[i].says));
		err_clear();
	}
	put("vitrine-visits 1\n1 2 3\n"); /* the control */
	assert_int_equal(visits_read(&v, &a, top), ERR_NONE);
	assert_int_equal(v.n, 1);
	arena_release(&a);
}

/* 2026-07-06 was a Monday; 09:00 UTC is 1783328400. */
static void
a_visit_ends_with_the_day_or_with_the_hours(void **state)
{
	enum { NINE = 1783328400, HOUR = 3600 };
	struct rules r = { .session = STR("s"),
		.hours = { .from = 8 * 60, .to = 17 * 60 + 30 } };
	struct visit used = { 1, 2, 3 * HOUR };
	struct visits v = { &used, 1 };
	int64_t until = 1;

	(void)state;
	assert_int_equal(visits_until(&until, &r, &v, NINE), ERR_NONE);
	assert_int_equal(until, NINE + 8 * HOUR + HOUR / 2);
	r.hours.total = 5;
	assert_int_equal(visits_until(&until, &r, &v, NINE), ERR_NONE);
	assert_int_equal(until, NINE + 2 * HOUR);
	r.hours.total = 3;
	assert_int_equal(visits_until(&until, &r, &v, NINE), ERR_DENIED);
	assert_non_null(strstr(err_text(), "the 3 hours"));
	err_clear();
	/* round the clock, to the end of Wednesday, the last day */
	r.hours = (struct rules_hours){ .first = 20260706,
		.last = 20260708,
		.to = 24 * 60,
		.days = 0x7f };
	assert_int_equal(visits_until(&until, &r, &v, NINE), ERR_NONE);
	assert_int_equal(until, NINE + (15 + 2 * 24) * HOUR);
	r.personal = true;
	assert_int_equal(visits_until(&until, &r, &v, NINE), ERR_NONE);
	assert_int_equal(until, 0);
}

static void
a_visit_is_said_in_hours(void **state)
{
	const struct visit v = { 1783328400, 1783335660, 7260 };
	struct buf b = { 0 };

	(void)state;
	visits_say(&v, &b);
	assert_string_equal(b.at, "2026-07-06 09:00 to 11:01, 2 h 1 min");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_damaged_list_is_refused_with_its_line),
		cmocka_unit_test(a_visit_ends_with_the_day_or_with_the_hours),
		cmocka_unit_test(a_visit_is_said_in_hours),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
