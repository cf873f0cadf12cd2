#include "core/lines.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

/* Against the obvious way: split once, from the front. */
static void
check(struct str text, size_t budget)
{
	struct str rest = text, line;
	struct lines l;
	uint32_t n = 0;
	size_t at = 0;

	lines_init(&l, text);
	if (budget > 0)
		lines_extend(&l, UINT32_MAX, budget);
	while (str_cut(&rest, '\n', &line)) {
		struct str got;
		bool lf;

		n++;
		assert_true(lines_get(&l, n, &got, &lf));
		assert_true(str_eq(got, line));
		assert_int_equal(lf, at + line.len < text.len);
		assert_int_equal(lines_start(&l, n), at);
		assert_int_equal(lines_at(&l, at), n);
		assert_int_equal(lines_at(&l, at + line.len - !lf), n);
		at += line.len + 1;
	}
	assert_int_equal(lines_count(&l), n);
	/* Back again, and here and there. */
	for (uint32_t k = n, far = n; k > 0; k--, far = far * 7 % n + 1) {
		assert_int_equal(lines_at(&l, lines_start(&l, k)), k);
		if (k % 3 == 0)
			assert_int_equal(lines_at(&l, lines_start(&l, far)),
			    far);
	}
	assert_false(lines_get(&l, n + 1, &line, NULL));
	assert_false(lines_get(&l, 0, &line, NULL));
	assert_int_equal(lines_start(&l, n + 1), text.len);
	lines_release(&l);
}

static void
every_line_is_found_from_everywhere(void **state)
{
	struct buf b = { 0 };
	unsigned seed = 5;

	(void)state;
	check(STR("a"), 0);
	check(STR("a\n"), 0);
	check(STR("\n"), 0);
	check(STR("\n\na\r\nb\0c\n\n"), 1);
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1103515245u + 12345u;
		for (unsigned k = seed >> 16 & 63; k > 0; k--)
			buf_char(&b, 'x');
		if (i % 500 == 0)
			for (unsigned k = 0; k < 30000; k++)
				buf_char(&b, 'y');
		buf_char(&b, '\n');
	}
	check(buf_view(&b), 0);
	check(buf_view(&b), 10000);
	b.len--;
	check(buf_view(&b), 0);
	buf_release(&b);
}

static void
nothing_has_no_lines(void **state)
{
	struct lines l;
	struct str line;

	(void)state;
	lines_init(&l, STR(""));
	assert_int_equal(lines_count(&l), 0);
	assert_int_equal(lines_at(&l, 0), 0);
	assert_false(lines_get(&l, 1, &line, NULL));
	lines_release(&l);
}

static void
only_what_is_asked_for_is_looked_at(void **state)
{
	struct buf b = { 0 };
	struct str line;
	struct lines l;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_str(&b, STR("0123456789\n"));
	lines_init(&l, buf_view(&b));
	assert_true(lines_get(&l, 50, &line, NULL));
	assert_int_equal(l.scanned, 50 * 11);
	assert_false(l.done);
	lines_extend(&l, UINT32_MAX, 5000);
	assert_true(l.scanned >= 5000 && l.scanned < 7000);
	assert_int_equal(lines_count(&l), 100000);
	assert_true(l.done);
	lines_release(&l);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_found_from_everywhere),
		cmocka_unit_test(nothing_has_no_lines),
		cmocka_unit_test(only_what_is_asked_for_is_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
