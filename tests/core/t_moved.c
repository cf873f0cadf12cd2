#include "core/moved.h"

#include "tests/t.h"

static struct moved_line lines[64];
static uint32_t mate[64];
static size_t n;

/* A line with its sign; numbers follow each other until "" breaks them. */
static void
diff(const char *const *text)
{
	uint64_t number = 1;

	for (n = 0; *text != NULL; text++) {
		if (**text == '\0') {
			number += 100;
			continue;
		}
		if (n > 0 && lines[n - 1].added != (**text == '+'))
			number += 100;
		lines[n].text = str_of(*text + 1);
		lines[n].added = **text == '+';
		lines[n++].number = number++;
	}
	moved_find(mate, lines, n);
}

static void
a_block_that_moved_is_found(void **state)
{
	static const char *const text[] = { "-int first_function(void)", "-{",
		"-	return 1;", "-}", "", "+int something_else;",
		"+	int first_function(void)", "+	{",
		"+		return 1;", "+	}", NULL };

	(void)state;
	diff(text);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(mate[i], 5 + i);
		assert_int_equal(mate[5 + i], i);
	}
	assert_int_equal(mate[4], MOVED_NONE);
}

static void
what_is_too_little_is_no_block(void **state)
{
	static const char *const one[] = {
		"-a line of more than twenty letters", "-b", "",
		"+a line of more than twenty letters", "+c", NULL
	};
	static const char *const braces[] = { "-{", "-}", "", "+{", "+}",
		NULL };
	static const char *const torn[] = { "-first line of a long block",
		"-second line of a long block", "",
		"+first line of a long block", "",
		"+second line of a long block", NULL };

	(void)state;
	diff(one);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(mate[i], MOVED_NONE);
	diff(braces);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(mate[i], MOVED_NONE);
	diff(torn);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(mate[i], MOVED_NONE);
}

/* And a line is nobody's mate twice. */
static void
of_two_places_the_longer_block_is_taken(void **state)
{
	static const char *const text[] = { "-alpha alpha alpha",
		"-beta beta beta beta", "-gamma gamma gamma", "",
		"+alpha alpha alpha", "+beta beta beta beta", "",
		"+alpha alpha alpha", "+beta beta beta beta",
		"+gamma gamma gamma", NULL };

	(void)state;
	diff(text);
	assert_int_equal(mate[0], 5);
	assert_int_equal(mate[2], 7);
	assert_int_equal(mate[3], MOVED_NONE);
	for (size_t i = 0; i < n; i++)
		if (mate[i] != MOVED_NONE)
			assert_int_equal(mate[mate[i]], i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_moved_is_found),
		cmocka_unit_test(what_is_too_little_is_no_block),
		cmocka_unit_test(of_two_places_the_longer_block_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
