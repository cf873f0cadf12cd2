#include "core/search_list.h"

#include "core/search_lines.h"

#include "tests/t.h"

static struct search_list list;
static const struct query query = { .pattern = STR("x") };

static int
setup(void **state)
{
	static const struct search_file files[] = {
		{ STR("a"), { .id = { 1 } }, 0 },
		{ STR("b"), { .id = { 2 } }, 0 },
		{ STR("c"), { .id = { 3 } }, 0 },
	};

	(void)state;
	err_clear();
	assert_int_equal(search_list_of_files(&list, &query, files, 3),
	    ERR_NONE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	search_list_release(&list);
	return 0;
}

static enum err
add(uint32_t blob)
{
	static const struct search_hit hit = { .line = 1,
		.length = 1,
		.n_spans = 1,
		.excerpt = STR("x") };

	return search_list_add(&list, blob, &hit);
}

static enum err
count(uint32_t blob)
{
	static const struct search_hit hit = { .line = 1, .length = 1 };
	struct buf packed = { 0 };
	uint32_t last = 0;
	enum err rc;

	search_lines_add(&packed, &last, &hit);
	rc = search_list_count(&list, blob, buf_view(&packed));
	buf_release(&packed);
	return rc;
}

/* Also one behind others that are not: it is listed later, as it is. */
static void
nothing_comes_to_a_blob_that_is_finished(void **state)
{
	(void)state;
	assert_int_equal(add(0), ERR_NONE);
	assert_int_equal(add(2), ERR_NONE);
	search_list_finish(&list, 0);
	search_list_finish(&list, 2);
	search_list_advance(&list);
	assert_int_equal(add(0), ERR_FORMAT);
	assert_int_equal(add(2), ERR_FORMAT);
	assert_int_equal(count(0), ERR_FORMAT);
	assert_int_equal(count(2), ERR_FORMAT);
	assert_int_equal(list.received, 2);
	assert_int_equal(add(1), ERR_NONE);
	search_list_finish(&list, 1);
	search_list_advance(&list);
	assert_int_equal(list.n_list, 3);
	assert_int_equal(list.n_found, 3);
}

static void
what_was_counted_comes_out_once_finished(void **state)
{
	(void)state;
	assert_int_equal(count(1), ERR_NONE);
	search_list_finish(&list, 1);
	search_list_advance(&list);
	assert_int_equal(list.n_found, 0);
	search_list_discard(&list, 0);
	search_list_finish(&list, 0);
	search_list_advance(&list);
	assert_int_equal(list.n_found, 1);
	assert_int_equal(list.found[0].blob, 1);
	assert_int_equal(list.received, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_comes_to_a_blob_that_is_finished),
		TEST(what_was_counted_comes_out_once_finished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
