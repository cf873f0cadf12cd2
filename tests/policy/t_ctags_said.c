#include "policy/ctags_said.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "tests/t.h"

static struct buf room;

static enum err
read_it(struct ctags_said *s, const char *line)
{
	enum err rc;

	memset(s, 0, sizeof *s);
	rc = ctags_said_read(s, str_of(line), &room);
	err_clear();
	return rc;
}

static void
a_definition_is_five_fields(void **state)
{
	struct ctags_said s;

	(void)state;
	assert_int_equal(read_it(&s, "\t3\t6\tfunction\tf\tK"), ERR_NONE);
	assert_int_equal(s.what, CTAGS_TAG);
	assert_true(str_eq(s.symbol.name, STR("f")));
	assert_true(str_eq(s.symbol.kind, STR("function")));
	assert_true(str_eq(s.symbol.scope, STR("K")));
	assert_int_equal(s.symbol.line, 3);
	assert_int_equal(s.symbol.last, 6);
	assert_false(s.anonymous);
	assert_int_equal(read_it(&s, "\t3\t\tmacro\tM\t"), ERR_NONE);
	assert_int_equal(s.symbol.last, 3);
	assert_int_equal(s.symbol.scope.len, 0);
	assert_int_equal(read_it(&s, "\t3\t2\tk\tM\t__anon12"), ERR_NONE);
	assert_int_equal(s.symbol.last, 3);
	assert_int_equal(s.symbol.scope.len, 0);
	assert_int_equal(read_it(&s, "\t3\t\tk\t__anon12\t"), ERR_NONE);
	assert_true(s.anonymous);
	assert_int_equal(read_it(&s, "\t2147483647\t2147483648\tk\ta\t"),
	    ERR_NONE);
	assert_int_equal(s.symbol.last, INT32_MAX);
}

static void
escapes_are_read_back(void **state)
{
	struct ctags_said s;

	(void)state;
	assert_int_equal(
	    read_it(&s,
		"\t1\t\tk\t\\x21\\a\\b\\t\\n\\v\\f\\r\\\\\\x1B\\x7F"
		"\xc3\xa9\ta\\tb"),
	    ERR_NONE);
	assert_true(
	    str_eq(s.symbol.name, STR("!\a\b\t\n\v\f\r\\\x1b\x7f\xc3\xa9")));
	assert_true(str_eq(s.symbol.scope, STR("a\tb")));
}

/* What the parser cut in the middle of a letter is no name; as a scope it is
 * none. */
static void
a_name_that_is_no_text_is_nothing(void **state)
{
	struct ctags_said s;

	(void)state;
	assert_int_equal(read_it(&s, "\t1\t\tk\ta\xc3\t"), ERR_NONE);
	assert_int_equal(s.what, CTAGS_NOTHING);
	assert_int_equal(read_it(&s, "\t1\t\tk\ta\tb\xc3"), ERR_NONE);
	assert_int_equal(s.what, CTAGS_TAG);
	assert_int_equal(s.symbol.scope.len, 0);
}

static void
messages_are_read(void **state)
{
	struct ctags_said s;

	(void)state;
	assert_int_equal(read_it(&s,
			     "{\"_type\": \"program\", \"name\": \"Universal "
			     "Ctags\", \"version\": \"5.9.0\"}"),
	    ERR_NONE);
	assert_int_equal(s.what, CTAGS_PROGRAM);
	assert_true(str_eq(s.program, STR("Universal Ctags 5.9.0")));
	assert_int_equal(read_it(&s,
			     "{\"_type\": \"completed\", \"command\": "
			     "\"generate-tags\"}"),
	    ERR_NONE);
	assert_int_equal(s.what, CTAGS_COMPLETED);
}

static void
what_no_parser_says_is_refused(void **state)
{
	static const char *const bad[] = { "", "x", "\t", "\t\t\t\t\t",
		"\t1\t\tk\ta", "\t1\t\tk\ta\t\t", "1\t\tk\ta\t",
		"\t0\t\tk\ta\t", "\t-1\t\tk\ta\t", "\t2147483648\t\tk\ta\t",
		"\t99999999999999999999999\t\tk\ta\t", "\t1\tx\tk\ta\t",
		"\t 1\t\tk\ta\t", "\t1\t\tk\ta\r\t", "\t1\t\tk\ta\\\t",
		"\t1\t\tk\ta\\q\t", "\t1\t\tk\ta\\x0\t", "\t1\t\tk\ta\\x00\t",
		"\t1\t\tk\ta\\xg0\t", "\t1\t\tk\ta\t\\", "\t1\t\t\xff\ta\t",
		"\t1\t\tk\x7f\ta\t", "{", "{}", "null",
		"{\"_type\": \"program\"}",
		"{\"_type\": \"error\", \"message\": \"x\"}",
		"{\"_type\": \"tag\", \"name\": \"a\", \"kind\": \"k\", "
		"\"line\": 1}" };
	struct ctags_said s;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(read_it(&s, bad[i]), ERR_FORMAT);
}

static int
set_up(void **state)
{
	(void)state;
	err_clear();
	return encoding_open() == ERR_NONE ? 0 : 1;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&room);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_definition_is_five_fields),
		cmocka_unit_test(escapes_are_read_back),
		cmocka_unit_test(a_name_that_is_no_text_is_nothing),
		cmocka_unit_test(messages_are_read),
		cmocka_unit_test(what_no_parser_says_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
