#include "core/search_lines.h"

#include "tests/t.h"

static const struct search_hit hits[] = {
	{ .line = 1, .column = 0, .length = 3 },
	{ .line = 2, .column = 127, .length = 128 },
	{ .line = 2, .column = 5, .length = 0 },
	{ .line = 70000, .column = 16384, .length = 2097152 },
	{ .line = UINT32_MAX, .column = UINT32_MAX, .length = UINT32_MAX },
};
enum { HITS = sizeof hits / sizeof *hits };

static void
all_of_them_are_counted_in_one_part_or_in_several(void **state)
{
	(void)state;
	for (size_t cut = 0; cut <= HITS; cut++) {
		struct buf part[2] = { { 0 } };
		uint32_t last = 0, line = 0, n = 0;

		for (size_t i = 0; i < HITS; i++)
			search_lines_add(&part[i >= cut], &line, &hits[i]);
		for (int k = 0; k < 2; k++)
			n += search_lines_count(buf_view(&part[k]), &last);
		assert_int_equal(n, HITS);
		assert_int_equal(last, UINT32_MAX);
		buf_release(&part[0]);
		buf_release(&part[1]);
	}
}

static void
what_is_packed_is_what_the_header_says(void **state)
{
	static const unsigned char right[] = { 1, 0, 3, 1, 127, 0x80, 1 };
	struct buf b = { 0 };
	uint32_t last = 0;

	(void)state;
	for (int i = 0; i < 2; i++)
		search_lines_add(&b, &last, &hits[i]);
	assert_int_equal(b.len, sizeof right);
	assert_memory_equal(b.at, right, sizeof right);
	buf_release(&b);
}

static void
none_are_refused(void **state)
{
	static const struct {
		struct str packed;
		uint32_t last;
	} bad[] = {
		{ { "", 0 }, 0 },
		{ { "\x01\x02", 2 }, 0 },              /* no length */
		{ { "\x01\x02\x80", 3 }, 0 },          /* half of one */
		{ { "\x00\x02\x01", 3 }, 0 },          /* line 0 */
		{ { "\x01\x02\x01", 3 }, UINT32_MAX }, /* beyond the last */
		{ { "\x01\xff\xff\xff\xff\x1f\x01", 7 }, 0 },
		{ { "\x01\x80\x80\x80\x80\x80\x00\x01", 8 }, 0 },
	};
	uint32_t last = 0;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		last = bad[i].last;
		assert_int_equal(search_lines_count(bad[i].packed, &last), 0);
		assert_int_equal(last, bad[i].last);
	}
	last = 0;
	assert_int_equal(search_lines_count(STR("\x01\x02\x01"), &last), 1);
	assert_int_equal(last, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    all_of_them_are_counted_in_one_part_or_in_several),
		cmocka_unit_test(what_is_packed_is_what_the_header_says),
		cmocka_unit_test(none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
