#include "core/search_lf.h"

#include <stdlib.h>

#include "tests/core/search_random.h"
#include "tests/t.h"

static void
as_many_are_counted_as_there_are(void **state)
{
	enum { MOST = 70000 };
	char *at = malloc(MOST);

	(void)state;
	assert_non_null(at);
	for (int round = 0; round < 400; round++) {
		size_t len = search_random(round < 300 ? 300 : MOST - 40);
		size_t from = search_random(33);
		unsigned often = 1 + search_random(4);
		uint32_t n = 0;

		for (size_t i = 0; i < len; i++) {
			bool lf = search_random(often) == 0;

			at[from + i] = lf ? '\n' : (char)search_random(256);
			n += at[from + i] == '\n';
		}
		assert_int_equal(search_lf_count(at + from, len), n);
		assert_int_equal(search_lf_count_plain(at + from, len), n);
	}
	free(at);
}

static void
lines_begin_and_end_where_they_do(void **state)
{
	struct str text = STR("a\n\nbc");

	(void)state;
	assert_int_equal(search_lf_start(text, 0), 0);
	assert_int_equal(search_lf_start(text, 1), 0);
	assert_int_equal(search_lf_start(text, 2), 2);
	assert_int_equal(search_lf_start(text, 5), 3);
	assert_int_equal(search_lf_end(text, 0), 1);
	assert_int_equal(search_lf_end(text, 2), 2);
	assert_int_equal(search_lf_end(text, 3), 5);
	assert_int_equal(search_lf_end(text, 5), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_are_counted_as_there_are),
		cmocka_unit_test(lines_begin_and_end_where_they_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
