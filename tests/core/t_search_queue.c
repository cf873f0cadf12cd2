#include "core/search_queue.h"

#include <string.h>

#include "core/search.h"

#include "tests/t.h"

enum { PARTS = 2, BLOBS = 20000 };

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct search_queue
shares(uint32_t total)
{
	struct search_queue q = { .a = &arena };

	for (unsigned i = 0; i < PARTS; i++)
		search_queue_add_share(&q, i, PARTS, total);
	return q;
}

static void
each_blob_is_dealt_once_however_many_are_joined(void **state)
{
	static uint8_t dealt[BLOBS];

	(void)state;
	for (uint32_t total = BLOBS - 70; total < BLOBS; total++)
		for (unsigned most = 1; most < 9; most += 3) {
			struct search_queue q = shares(total);

			memset(dealt, 0, sizeof dealt);
			while (q.first != NULL) {
				const struct search_chunk *c =
				    search_queue_take(&q, most);

				for (uint32_t k = c->from; k < c->to; k++)
					dealt[search_queue_blob(c, k)]++;
			}
			for (uint32_t i = 0; i < BLOBS; i++)
				assert_int_equal(dealt[i], i < total);
			arena_clear(&arena);
		}
}

static void
only_what_goes_on_in_the_same_share_is_joined(void **state)
{
	const struct search_chunk one = { .part = 0, .parts = 2 };
	const struct search_chunk two = { .part = 1, .parts = 2 };
	struct search_queue q = { .a = &arena };
	const struct search_chunk *c;

	(void)state;
	search_queue_add(&q, &one, 20, 30); /* 15 to 20 are out already */
	search_queue_add(&q, &two, 10, 15);
	search_queue_add(&q, &one, 10, 15);
	search_queue_add(&q, &one, 0, 10);
	search_queue_add(&q, &one, 7, 7);
	c = search_queue_take(&q, 1);
	assert_int_equal(c->part, 0);
	assert_int_equal(c->from, 0);
	assert_int_equal(c->to, 10);
	search_queue_add(&q, &one, 0, 10);
	c = search_queue_take(&q, 9);
	assert_int_equal(c->part, 0);
	assert_int_equal(c->from, 0);
	assert_int_equal(c->to, 15);
	c = search_queue_take(&q, 9);
	assert_int_equal(c->part, 1);
	assert_int_equal(c->to, 15);
	c = search_queue_take(&q, 9);
	assert_int_equal(c->from, 20);
	assert_null(q.first);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_blob_is_dealt_once_however_many_are_joined),
		TEST(only_what_goes_on_in_the_same_share_is_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
