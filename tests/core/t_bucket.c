#include "core/bucket.h"
#include "tests/t.h"

static unsigned
take(struct bucket *b, int64_t now, unsigned tries)
{
	unsigned n = 0;

	while (tries-- > 0)
		n += bucket_take(b, now);
	return n;
}

static void
so_much_at_once_and_no_more(void **state)
{
	struct bucket b = { .most = 10, .second = 2 };

	(void)state;
	assert_int_equal(take(&b, 5000, 100), 10);
	assert_int_equal(take(&b, 5999, 100), 0);
}

static void
it_comes_back_by_the_second(void **state)
{
	struct bucket b = { .most = 10, .second = 2 };

	(void)state;
	assert_int_equal(take(&b, 5000, 100), 10);
	assert_int_equal(take(&b, 6000, 100), 2);
	assert_int_equal(take(&b, 7500, 100), 2);
	assert_int_equal(take(&b, 8000, 100), 2);
	assert_int_equal(take(&b, 1000000, 100), 10);
}

static void
a_clock_that_is_set_back_gives_nothing_for_free(void **state)
{
	struct bucket b = { .most = 3, .second = 1 };

	(void)state;
	assert_int_equal(take(&b, 900000, 10), 3);
	assert_int_equal(take(&b, 1000, 10), 0);
	assert_int_equal(take(&b, 2000, 10), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_much_at_once_and_no_more),
		cmocka_unit_test(it_comes_back_by_the_second),
		cmocka_unit_test(
		    a_clock_that_is_set_back_gives_nothing_for_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
