#include "tui/fuzzy.h"

#include "tests/t.h"

static int32_t
score(const char *pattern, const char *path)
{
	return fuzzy_score(str_of(pattern), str_of(path), NULL, NULL);
}

static void
letters_must_all_be_there_in_order(void **state)
{
	(void)state;
	assert_true(score("dfc", "src/diff.c") != FUZZY_NONE);
	assert_true(score("cfd", "src/diff.c") == FUZZY_NONE);
	assert_true(score("DIFF", "src/diff.c") == FUZZY_NONE);
	assert_true(score("diff", "src/DIFF.c") != FUZZY_NONE);
	assert_true(score("", "x") != FUZZY_NONE);
	assert_true(score("x", "") == FUZZY_NONE);
	assert_true(score("src diff", "src/diff.c") != FUZZY_NONE);
	assert_true(score("abc", "axbc/b") != FUZZY_NONE);
	assert_true(score("src zzz", "src/diff.c") == FUZZY_NONE);
}

static void
the_likely_file_comes_first(void **state)
{
	(void)state;
	assert_true(score("diff.c", "diff.c") > score("diff.c", "t/diff.c"));
	assert_true(
	    score("diff", "src/diff.c") > score("diff", "diffuse/a/b/c.c"));
	assert_true(score("vf", "tui/view_file.c") > score("vf", "tui/avf.c"));
	assert_true(score("tvf", "tui/view_file.c") != FUZZY_NONE);
	assert_true(score("nas 5gs deco", "lib/nas/5gs/decoder.c") >
	    score("nas 5gs deco", "docs/images/can_decode_nas_5gs.png"));
	assert_true(score("deco nas", "lib/nas/5gs/decoder.c") != FUZZY_NONE);
}

static void
places_are_ascending_and_are_those_letters(void **state)
{
	struct str path = STR("tui/view_file.c");
	uint32_t where[FUZZY_PLACES];
	size_t n;

	(void)state;
	assert_true(
	    fuzzy_score(STR("file tui"), path, where, &n) != FUZZY_NONE);
	assert_int_equal(n, 7);
	for (size_t i = 0; i < n; i++) {
		assert_true(where[i] < path.len);
		assert_true(i == 0 || where[i] > where[i - 1]);
	}
	assert_int_equal(where[3], 9);
}

static void
a_long_pattern_and_a_long_path_stay_in_bounds(void **state)
{
	char text[4096];
	uint32_t where[FUZZY_PLACES];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = "a/"[i % 2];
	assert_true(
	    fuzzy_score((struct str){ text, 500 },
		(struct str){ text, sizeof text }, where, &n) != FUZZY_NONE);
	assert_true(n <= FUZZY_PLACES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_must_all_be_there_in_order),
		cmocka_unit_test(the_likely_file_comes_first),
		cmocka_unit_test(places_are_ascending_and_are_those_letters),
		cmocka_unit_test(a_long_pattern_and_a_long_path_stay_in_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
