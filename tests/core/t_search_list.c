#include "core/search_list.h"

#include <stdio.h>

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

enum { MANY = 1000 };

static void
list_many(void)
{
	static struct search_file files[MANY];
	static char names[MANY][8];

	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof names[i], "%04d", i);
		files[i] = (struct search_file){ .path = str_of(names[i]),
			.blob = { .id = { (uint8_t)i, (uint8_t)(i >> 8) } } };
	}
	search_list_clear(&list);
	assert_int_equal(search_list_of_files(&list, &query, files, MANY),
	    ERR_NONE);
}

/* Some of a share at once, from a number on; in done, one by one. */
static void
finish_some(bool *done, unsigned part, uint32_t from, uint32_t some)
{
	uint32_t n = search_share_size(part, 2, MANY);
	uint32_t to = from + some < n ? from + some : n;

	if (from >= to)
		return;
	search_list_finish_share(&list, part, 2, from, to);
	for (uint32_t k = from; k < to; k++)
		done[search_share_blob(part, 2, k)] = true;
}

static void
a_share_is_finished_as_its_blobs_are(void **state)
{
	(void)state;
	for (uint32_t step = 1; step < 200; step += 33) {
		bool done[MANY + 1] = { false };

		list_many();
		assert_int_equal(add(70), ERR_NONE);
		for (uint32_t at = 0; at < MANY; at += step) {
			uint32_t front = 0, n = 0;

			finish_some(done, 1, at, step);
			finish_some(done, 0, at, step);
			search_list_advance(&list);
			for (uint32_t i = 0; i < MANY; i++)
				n += done[i];
			while (done[front])
				front++;
			assert_int_equal(list.n_done, n);
			assert_int_equal(list.front, front);
			assert_int_equal(list.n_list, front > 70);
		}
		assert_int_equal(list.front, MANY);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_comes_to_a_blob_that_is_finished),
		TEST(what_was_counted_comes_out_once_finished),
		TEST(a_share_is_finished_as_its_blobs_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
