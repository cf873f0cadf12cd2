#include "core/worddiff.h"

#include <string.h>

#include "tests/t.h"

/* The line with brackets round what differs. */
static const char *
marked(const struct worddiff_span *s, size_t n, const char *line)
{
	static char out[2][256];
	static int turn;
	char *o = out[turn = !turn];
	size_t at = 0;

	for (size_t i = 0; i <= strlen(line); i++) {
		for (size_t k = 0; k < n; k++) {
			if (s[k].to == i)
				o[at++] = ']';
		}
		for (size_t k = 0; k < n; k++) {
			if (s[k].from == i)
				o[at++] = '[';
		}
		o[at++] = line[i];
	}
	return o;
}

static void
expect(const char *a, const char *b, const char *want_a, const char *want_b)
{
	struct worddiff d;

	worddiff_lines(&d, str_of(a), str_of(b));
	assert_string_equal(marked(d.a, d.n_a, a), want_a);
	assert_string_equal(marked(d.b, d.n_b, b), want_b);
}

static void
words_that_differ_are_marked_whole(void **state)
{
	(void)state;
	expect("x = strcpy(a, b);", "x = strlcpy(a, b, n);",
	    "x = [strcpy](a, b);", "x = [strlcpy](a, b[, n]);");
	expect("same", "same", "same", "same");
	expect("", "new", "", "[new]");
	expect("a b c", "a c", "a [b ]c", "a c");
}

static void
lines_with_nothing_in_common_are_not_worth_marking(void **state)
{
	struct worddiff d;

	(void)state;
	worddiff_lines(&d, STR("return 0;"), STR("foo(bar)"));
	assert_false(d.useful);
	worddiff_lines(&d, STR("return 0; /* ok */"),
	    STR("return 1; /* ok */"));
	assert_true(d.useful);
}

static void
spans_stay_inside_any_two_lines(void **state)
{
	uint32_t seed = 7;
	char a[700], b[700];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)round % sizeof a, m = seed % sizeof b;
		struct worddiff d;

		for (size_t i = 0; i < sizeof a; i++) {
			seed = seed * 1664525u + 1013904223u;
			a[i] = "ab .;\303"[seed >> 20 & 5];
			b[i] = "ab .;\303"[seed >> 10 & 5];
		}
		worddiff_lines(&d, (struct str){ a, n }, (struct str){ b, m });
		for (size_t i = 0; i < d.n_a; i++) {
			assert_true(d.a[i].from < d.a[i].to && d.a[i].to <= n);
			assert_true(i == 0 || d.a[i].from > d.a[i - 1].to);
		}
		for (size_t i = 0; i < d.n_b; i++)
			assert_true(d.b[i].from < d.b[i].to && d.b[i].to <= m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_differ_are_marked_whole),
		cmocka_unit_test(
		    lines_with_nothing_in_common_are_not_worth_marking),
		cmocka_unit_test(spans_stay_inside_any_two_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
