#include "tui/options.h"

#include <string.h>

#include "core/search.h"

#include "tests/t.h"

enum { WORDS = 12 };

static enum err
read_words(struct options *o, const char *const *words)
{
	static char room[WORDS][64];
	char *argv[WORDS + 2] = { room[0] };
	int argc = 1;

	for (; *words != NULL; words++, argc++) {
		strncpy(room[argc - 1], *words, 63);
		argv[argc] = room[argc - 1];
	}
	err_clear();
	return options_read(o, argc, argv);
}

#define READ(o, ...) read_words((o), (const char *const[]){ __VA_ARGS__, NULL })

static void
every_option_lands_in_its_place(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(READ(&o, "-r", "v1", "--data=/d", "repo"), ERR_NONE);
	assert_int_equal(o.what, OPTIONS_OPEN);
	assert_string_equal(o.revision, "v1");
	assert_string_equal(o.data, "/d");
	assert_string_equal(o.path, "repo");
	assert_null(o.log);
	assert_false(o.session);
	assert_int_equal(READ(&o, "--session", "s"), ERR_NONE);
	assert_true(o.session);
	assert_int_equal(READ(&o, "repo", "-a", "ann", "-l", "f", "-t", "x"),
	    ERR_NONE);
	assert_string_equal(o.auditor, "ann");
	assert_string_equal(o.log, "f");
	assert_string_equal(o.term, "x");
	assert_int_equal(READ(&o, "--", "-odd"), ERR_NONE);
	assert_string_equal(o.path, "-odd");
}

static void
a_proof_needs_no_path(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(READ(&o, "--proof"), ERR_NONE);
	assert_int_equal(o.what, OPTIONS_PROOF);
	assert_null(o.path);
	assert_int_equal(READ(&o, "--proof", "repo"), ERR_NONE);
	assert_string_equal(o.path, "repo");
}

static void
a_search_takes_its_pattern_and_its_globs(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(READ(&o, "--search", "a b", "-iw", "-F", "--count",
			     "*.c", "!x/*", "repo"),
	    ERR_NONE);
	assert_int_equal(o.what, OPTIONS_SEARCH);
	assert_string_equal(o.pattern, "a b");
	assert_int_equal(o.flags,
	    SEARCH_IGNORE_CASE | SEARCH_WORD | SEARCH_LITERAL);
	assert_true(o.count);
	assert_int_equal(o.n_globs, 2);
	assert_string_equal(o.globs[0], "*.c");
	assert_string_equal(o.globs[1], "!x/*");
	assert_string_equal(o.path, "repo");
	assert_int_equal(READ(&o, "--search=x", "repo"), ERR_NONE);
	assert_int_equal(o.n_globs, 0);
	assert_int_equal(o.flags, 0);
	assert_int_equal(READ(&o, "--search", "x"), ERR_DENIED);
	assert_int_equal(READ(&o, "--search", "", "repo"), ERR_DENIED);
	assert_int_equal(READ(&o, "-i", "repo"), ERR_DENIED);
	assert_int_equal(READ(&o, "--search", "x", "", "repo"), ERR_DENIED);
	err_clear();
}

/* vitrine-kiosk says --session --wipe --data FOLDER -- PATH. */
static void
no_search_gets_into_a_locked_session(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(READ(&o, "--session", "--wipe", "--data", "/d", "--",
			     "/s"),
	    ERR_NONE);
	assert_int_equal(o.what, OPTIONS_OPEN);
	assert_int_equal(READ(&o, "--session", "--search", "x", "/s"),
	    ERR_DENIED);
	assert_non_null(strstr(err_text(), "locked session"));
	assert_int_equal(READ(&o, "--search", "x", "--wipe", "/s"), ERR_DENIED);
	assert_int_equal(READ(&o, "--session", "--wipe", "--", "--search"),
	    ERR_NONE);
	assert_int_equal(o.what, OPTIONS_OPEN);
	assert_string_equal(o.path, "--search");
	err_clear();
}

static void
what_is_not_understood_is_named_in_one_line(void **state)
{
	struct options o = { .path = "untouched" };

	(void)state;
	assert_int_equal(READ(&o, "--fly", "repo"), ERR_DENIED);
	assert_non_null(strstr(err_text(), "--fly"));
	assert_int_equal(READ(&o, "repo", "--rev"), ERR_DENIED);
	assert_non_null(strstr(err_text(), "--rev needs a value"));
	assert_int_equal(READ(&o, "-c", "id"), ERR_DENIED);
	assert_int_equal(READ(&o, "one", "two"), ERR_DENIED);
	assert_int_equal(READ(&o, ""), ERR_DENIED);
	assert_int_equal(READ(&o, "--data", "", "repo"), ERR_DENIED);
	assert_int_equal(read_words(&o, (const char *const[]){ NULL }),
	    ERR_DENIED);
	assert_string_equal(o.path, "untouched");
	err_clear();
}

static void
help_fits_the_smallest_screen(void **state)
{
	struct str rest = options_help(), line;
	unsigned lines = 0;

	(void)state;
	while (str_cut(&rest, '\n', &line)) {
		assert_in_range(line.len, 0, 80);
		lines++;
	}
	assert_in_range(lines, 5, 24);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_lands_in_its_place),
		cmocka_unit_test(a_proof_needs_no_path),
		cmocka_unit_test(a_search_takes_its_pattern_and_its_globs),
		cmocka_unit_test(no_search_gets_into_a_locked_session),
		cmocka_unit_test(what_is_not_understood_is_named_in_one_line),
		cmocka_unit_test(help_fits_the_smallest_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
