#include "core/arena.h"
#include "core/str.h"

#include "tests/t.h"

static void
cutting_gives_every_piece_once(void **state)
{
	struct str rest = STR("a,,b,"), piece;
	const char *want[] = { "a", "", "b" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(str_cut(&rest, ',', &piece));
		assert_true(str_eq(piece, str_of(want[i])));
	}
	assert_false(str_cut(&rest, ',', &piece)); /* no piece after the last */
	rest = (struct str){ NULL, 0 };
	assert_false(str_cut(&rest, ',', &piece));
}

static void
what_is_longer_than_the_rest_is_not_found(void **state)
{
	const struct str nothing = { NULL, 0 };

	(void)state;
	assert_int_equal(str_find(STR("abcab"), STR("ab"), 1), 3);
	assert_int_equal(str_find(STR("abcab"), STR("ab"), 4), SIZE_MAX);
	assert_int_equal(str_find(STR("abcab"), STR("ab"), 6), SIZE_MAX);
	assert_int_equal(str_find(nothing, STR("a"), 0), SIZE_MAX);
	assert_int_equal(str_find(nothing, nothing, 0), 0);
}

static void
a_number_is_digits_and_in_range(void **state)
{
	uint64_t n = 7;

	(void)state;
	assert_int_equal(str_number(STR("120"), 1000, &n), ERR_NONE);
	assert_int_equal(n, 120);
	assert_int_equal(str_number(STR("1001"), 1000, &n), ERR_LIMIT);
	assert_int_equal(str_number(STR(""), 1000, &n), ERR_FORMAT);
	assert_int_equal(str_number(STR("-1"), 1000, &n), ERR_FORMAT);
	assert_int_equal(str_number(STR("18446744073709551615"), UINT64_MAX,
			     &n),
	    ERR_NONE);
	assert_true(n == UINT64_MAX);
	assert_int_equal(str_number(STR("18446744073709551616"), UINT64_MAX,
			     &n),
	    ERR_LIMIT);
	assert_true(n == UINT64_MAX);
}

static void
hex_goes_both_ways(void **state)
{
	struct buf b = { 0 };
	uint8_t raw[3] = { 0 };

	(void)state;
	buf_hex(&b, "\x00\xff\x1e", 3);
	assert_true(str_eq(buf_view(&b), STR("00ff1e")));
	assert_int_equal(str_unhex(buf_view(&b), raw, 3), ERR_NONE);
	assert_memory_equal(raw, "\x00\xff\x1e", 3);
	assert_int_equal(str_unhex(STR("00f"), raw, 2), ERR_FORMAT);
	assert_int_equal(str_unhex(STR("0g"), raw, 1), ERR_FORMAT);
	buf_release(&b);
}

static void
an_escaped_text_is_one_word_of_ascii(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_escape(&b, STR("a~/b c%\n\x7f\xe9"));
	assert_true(str_eq(buf_view(&b), STR("a~/b%20c%25%0a%7f%e9")));
	buf_release(&b);
}

static void
an_error_text_holds_no_raw_bytes(void **state)
{
	(void)state;
	err_clear();
	assert_int_equal(fail(ERR_FORMAT, "bad %s", "\033[2Jx"), ERR_FORMAT);
	assert_string_equal(err_text(), "bad <1b>[2Jx");
	assert_int_equal(fail(ERR_IO, "second"), ERR_IO);
	assert_string_equal(err_text(), "bad <1b>[2Jx");
	err_clear();
	assert_string_equal(err_text(), "");
}

static void
arena_memory_is_zeroed_and_survives_growth(void **state)
{
	struct arena a = { 0 };
	struct str first = arena_printf(&a, "%s-%d", "one", 1);

	(void)state;
	for (size_t i = 1; i < 5000; i += 97) {
		unsigned char *p = arena_get(&a, i, 1);

		for (size_t k = 0; k < i; k++)
			assert_int_equal(p[k], 0);
		p[i - 1] = 0xff;
	}
	assert_true(str_eq(first, STR("one-1")));
	arena_clear(&a);
	assert_int_equal(a.used, 0);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cutting_gives_every_piece_once),
		cmocka_unit_test(what_is_longer_than_the_rest_is_not_found),
		cmocka_unit_test(a_number_is_digits_and_in_range),
		cmocka_unit_test(hex_goes_both_ways),
		cmocka_unit_test(an_escaped_text_is_one_word_of_ascii),
		cmocka_unit_test(an_error_text_holds_no_raw_bytes),
		cmocka_unit_test(arena_memory_is_zeroed_and_survives_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
