#include "core/hazard.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "tests/t.h"

static struct hazards got;

/* The only kind that is there, as a line; "clean" when none is. */
static const char *
kinds(void)
{
	static char line[200];
	size_t n = 0;

	line[0] = '\0';
	for (int i = 0; i < HAZARDS; i++) {
		const struct hazard_seen *s = &got.at[i];

		if (s->count == 0)
			continue;
		n += (size_t)snprintf(line + n, sizeof line - n,
		    "%s%s %llu %u:%u %s", n > 0 ? "; " : "",
		    hazard_name((enum hazard)i), (unsigned long long)s->count,
		    s->line, s->column, s->what);
	}
	return n == 0 ? "clean" : line;
}

static void
holds(const char *path, struct str bytes, const char *want)
{
	hazard_bytes(&got, bytes, str_of(path));
	assert_string_equal(kinds(), want);
}

static void
what_deceives_is_found_where_it_is(void **state)
{
	(void)state;
	holds("a.c", STR("int x;\n"), "clean");
	holds("a.c", STR("int x;\n/* \xe2\x80\xae */\n"),
	    "bidi control 1 2:4 <U+202E>");
	holds("a.c", STR("a\xe2\x80\x8b\n\xe2\x80\x8b\n"),
	    "without ink 2 1:2 <U+200B>");
	holds("a.c", STR("a\x1b[2J\n"), "control byte 1 1:2 ^[");
	holds("a.c", STR("\xe6\x97\xa5\xe6\x9c\xac\n\xff\n"),
	    "no character 1 2:1 <FF>");
	holds("a.txt", STR("e\xcc\x81 \xcc\x81\n"), "clean");
}

/* In code; words of other languages in comments and strings are no trap. */
static void
letters_of_another_alphabet_are_found_in_code(void **state)
{
	(void)state;
	holds("a.c", STR("int c\xd0\xbeunt;\n"),
	    "look-alike 1 1:5 c<U+043E>unt");
	holds("a.c", STR("x = \xd0\xb0;\n"), "look-alike 1 1:5 <U+0430>");
	holds("a.c", STR("/* \xd0\xbe\xd0\xbd\xd0\xb0 */ int x;\n"), "clean");
	holds("a.c", STR("char *s = \"\xd0\xbe\";\n"), "clean");
	holds("a.c", STR("int pl\xc3\xa4tze;\n"), "clean");
	holds("a.c", STR("int \xd0\xb4\xd0\xbb\xd1\x8f;\n"), "clean");
	holds("a.py", STR("pass\xd0\xb4 = 1\n"),
	    "look-alike 1 1:1 pass<U+0434>");
	/* the comment goes on in the next line */
	holds("a.c", STR("/*\n \xd0\xbe */\nint c\xd0\xbe;\n"),
	    "look-alike 1 3:5 c<U+043E>");
	holds("notes", STR("\xd0\xbe\n"), "clean");
}

static void
lines_that_hide_something_are_found(void **state)
{
	struct buf b = { 0 };

	(void)state;
	holds("a.c", STR("a\r\nb\r\nc\n"), "mixed ends 1 3:1 LF among CRLF");
	holds("a.c", STR("a\nb\r\nc\n"), "mixed ends 1 2:1 CRLF among LF");
	holds("a.c", STR("a\r\nb\r\nc"), "clean");
	for (int i = 0; i < HAZARD_LINE; i++)
		buf_char(&b, 'x');
	holds("a.c", buf_view(&b), "clean");
	buf_char(&b, 'x');
	holds("a.c", buf_view(&b), "long line 1 1:1001 ");
	buf_clear(&b);
	buf_str(&b, STR("x;"));
	for (int i = 0; i < HAZARD_BLANKS; i++)
		buf_char(&b, ' ');
	holds("a.c", buf_view(&b), "clean");
	buf_str(&b, STR("exit();\n"));
	holds("a.c", buf_view(&b), "far right 1 1:83 behind blanks");
	buf_release(&b);
}

static void
other_encodings_are_read_as_such(void **state)
{
	(void)state;
	holds("a.txt", STR("\xff\xfeh\0i\0\n\0"), "clean");
	assert_false(got.binary);
	holds("a.txt", STR("\xff\xfeh\0\x2e\x20\n\0"),
	    "bidi control 1 1:2 <U+202E>");
	holds("a.bin",
	    STR("\x7f"
		"ELF\x02\x01\x01\0\0\x01\x02\x03"),
	    "clean");
	assert_true(got.binary);
	holds("a.c", STR(""), "clean");
}

static void
names_and_links_are_looked_at(void **state)
{
	(void)state;
	hazard_path(&got, STR("src/ring.c"));
	assert_string_equal(kinds(), "clean");
	hazard_path(&got,
	    STR("src/gpj\xe2\x80\xae"
		"c"));
	assert_string_equal(kinds(), "odd name 1 0:0 <U+202E>");
	hazard_path(&got, STR("a\nb"));
	assert_int_equal(got.at[HAZARD_NAME].count, 1);
	hazard_path(&got, STR("a/.GiT/config"));
	assert_int_equal(got.at[HAZARD_GIT].count, 1);
	hazard_path(&got, STR("a/.g\xe2\x80\x8cit/x"));
	assert_int_equal(got.at[HAZARD_GIT].count, 1);
	hazard_path(&got, STR("a/.gitignore"));
	assert_string_equal(kinds(), "clean");

	hazard_link(&got, STR("a/b/l"), STR("../../c"));
	assert_string_equal(kinds(), "clean");
	hazard_link(&got, STR("a/b/l"), STR("../../../c"));
	assert_string_equal(kinds(), "link outside 1 0:0 -> ../../../c");
	hazard_link(&got, STR("a/l"), STR("x/../../../c"));
	assert_int_equal(got.at[HAZARD_LINK].count, 1);
	hazard_link(&got, STR("l"), STR("/etc/passwd"));
	assert_int_equal(got.at[HAZARD_LINK].count, 1);
}

static struct buf clashes;

static void
take_clash(void *arg, struct str path, struct str other)
{
	(void)arg;
	buf_str(&clashes, path);
	buf_char(&clashes, '=');
	buf_str(&clashes, other);
	buf_char(&clashes, ' ');
}

static void
names_that_somebody_takes_for_one_are_found(void **state)
{
	static const char *const paths[] = { "Makefile", "a/x.c", "a/y.c",
		"b/x.c", "doc/A/one", "doc/a/two", "makefile", "s/caf\xc3\xa9",
		"s/cafe\xcc\x81" };
	struct hazard_names n = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		hazard_names_add(&n, str_of(paths[i]));
	hazard_names_end(&n, take_clash, NULL);
	buf_char(&clashes, '\0');
	assert_non_null(strstr(clashes.at, "akefile="));
	assert_non_null(strstr(clashes.at, "doc/A=doc/a"));
	assert_null(strstr(clashes.at, "x.c"));
	assert_null(strstr(clashes.at, "one"));
	assert_non_null(strstr(clashes.at, "s/caf"));
	buf_release(&clashes);
}

static int
start(void **state)
{
	(void)state;
	return text_start() == ERR_NONE && encoding_open() == ERR_NONE ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_deceives_is_found_where_it_is),
		cmocka_unit_test(letters_of_another_alphabet_are_found_in_code),
		cmocka_unit_test(lines_that_hide_something_are_found),
		cmocka_unit_test(other_encodings_are_read_as_such),
		cmocka_unit_test(names_and_links_are_looked_at),
		cmocka_unit_test(names_that_somebody_takes_for_one_are_found),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
