#include "tui/query_line.h"

#include "tests/t.h"

static struct arena arena;

static void
options_come_before_the_pattern(void **state)
{
	struct query q;

	(void)state;
	assert_int_equal(query_line_read(&q, &arena,
			     STR("-Fw -i -g *.c -g !t/* -r v1 -- -x y")),
	    ERR_NONE);
	assert_int_equal(q.flags,
	    SEARCH_LITERAL | SEARCH_WORD | SEARCH_IGNORE_CASE);
	assert_int_equal(q.n_globs, 2);
	assert_int_equal(q.n_releases, 1);
	assert_true(str_eq(q.releases[0], STR("v1")));
	assert_true(str_eq(q.globs[1], STR("!t/*")));
	assert_true(str_eq(q.pattern, STR("-x y")));
}

static void
what_is_no_option_is_pattern(void **state)
{
	const char *patterns[] = { "->next", "-1", "-", "a -w b", " lead",
		"--x" };
	struct query q;

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		assert_int_equal(query_line_read(&q, &arena,
				     str_of(patterns[i])),
		    ERR_NONE);
		assert_true(str_eq(q.pattern, str_of(patterns[i])));
		assert_int_equal(q.flags, 0);
	}
}

static void
bad_lines_are_refused(void **state)
{
	const char *bad[] = { "", "-w ", "-w", "-wz x", "-g", "-r ", "-g *.c",
		"--" };
	struct query q;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear();
		assert_int_equal(query_line_read(&q, &arena, str_of(bad[i])),
		    ERR_FORMAT);
	}
	err_clear();
}

static void
what_is_written_reads_back(void **state)
{
	const char *lines[] = { "x", "-F -w a b", "-i -r a -r b -g *.h -- -x",
		"-m -b -u y" };
	struct query q, r;
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		assert_int_equal(query_line_read(&q, &arena, str_of(lines[i])),
		    ERR_NONE);
		buf_clear(&b);
		query_line_write(&q, &b);
		assert_int_equal(query_line_read(&r, &arena, buf_view(&b)),
		    ERR_NONE);
		assert_true(str_eq(q.pattern, r.pattern));
		assert_int_equal(q.flags, r.flags);
		assert_int_equal(q.n_globs, r.n_globs);
		assert_int_equal(q.n_releases, r.n_releases);
	}
	buf_release(&b);
}

static void
a_language_stands_for_its_files(void **state)
{
	struct query q;

	(void)state;
	assert_int_equal(query_line_read(&q, &arena,
			     STR("-l c -c -g src/ todo")),
	    ERR_NONE);
	assert_true(q.n_globs >= 3 && q.flags == SEARCH_COMMENTS);
	assert_true(search_glob(q.globs[0], STR("lib/a.c")));
	assert_true(str_eq(q.globs[q.n_globs - 1], STR("src/")));
	assert_int_equal(query_line_read(&q, &arena, STR("-l klingon x")),
	    ERR_FORMAT);
}

static void
a_language_is_written_as_one(void **state)
{
	static const char *const lines[][2] = {
		{ "-l c todo", "-l C todo" },
		{ "-g a/ -l python -g !t/ x", "-g a/ -l Python -g !t/ x" },
		{ "-l rust x", "-g *.rs x" },
		{ "-g *.c -g *.h x", "-g *.c -g *.h x" },
	};
	struct query q, r;
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_int_equal(query_line_read(&q, &arena,
				     str_of(lines[i][0])),
		    ERR_NONE);
		buf_clear(&b);
		query_line_write(&q, &b);
		assert_true(str_eq(buf_view(&b), str_of(lines[i][1])));
		assert_int_equal(query_line_read(&r, &arena, buf_view(&b)),
		    ERR_NONE);
		assert_int_equal(q.n_globs, r.n_globs);
		for (uint32_t k = 0; k < q.n_globs; k++)
			assert_true(str_eq(q.globs[k], r.globs[k]));
	}
	buf_release(&b);
}

static int
done(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_come_before_the_pattern),
		cmocka_unit_test(what_is_no_option_is_pattern),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(a_language_stands_for_its_files),
		cmocka_unit_test(a_language_is_written_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
