#include "policy/tokens.h"

#include "tests/t.h"

#include <string.h>

static struct canon canon;
static struct tokens tokens;

/* The tokens with a blank between them. */
static void
reads_as(const char *text, enum tokens_syntax syntax, enum tokens_stream stream,
    const char *want)
{
	struct buf b = { 0 };

	canon_text(&canon, str_of(text), NULL);
	tokens_read(&tokens, &canon, syntax, stream);
	for (size_t i = 0; i < tokens.n; i++)
		buf_printf(&b, "%s%.*s", i == 0 ? "" : " ",
		    (int)(tokens.t[i].end - tokens.t[i].at),
		    canon.c + tokens.t[i].at);
	buf_str(&b, STR(""));
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
comments_go_as_the_language_has_them(void **state)
{
	static const char text[] = "a /* b */ c // d\n# e\n-- f\ng";

	(void)state;
	reads_as(text, TOKENS_PLAIN, TOKENS_EXACT,
	    "a / * b * / c / / d # e - - f g");
	reads_as(text, TOKENS_C, TOKENS_EXACT, "a c # e - - f g");
	reads_as(text, TOKENS_HASH, TOKENS_EXACT,
	    "a / * b * / c / / d - - f g");
	reads_as(text, TOKENS_DASH, TOKENS_EXACT, "a / * b * / c / / d # e g");
	reads_as(text, TOKENS_OPEN, TOKENS_EXACT, "a b c d # e f g");
}

static void
a_comment_that_never_ends_takes_the_rest(void **state)
{
	(void)state;
	reads_as("a /* b", TOKENS_C, TOKENS_EXACT, "a");
	reads_as("a /*", TOKENS_C, TOKENS_EXACT, "a");
	reads_as("a /* b */", TOKENS_C, TOKENS_EXACT, "a");
	reads_as("a /", TOKENS_C, TOKENS_EXACT, "a /");
}

static void
a_text_in_quotes_hides_no_comment(void **state)
{
	(void)state;
	reads_as("x = \"http://a\"; // b", TOKENS_C, TOKENS_EXACT,
	    "x = \" http : / / a \" ;");
	reads_as("x = \"\\\"//\" + 1", TOKENS_C, TOKENS_EXACT,
	    "x = \" \\ \" / / \" + 1");
	reads_as("it's // gone\nnot", TOKENS_C, TOKENS_EXACT, "it ' s not");
}

static void
names_split_where_case_or_underscores_split_them(void **state)
{
	(void)state;
	reads_as("readHTTPHeader_v2(x, MAX_LEN)", TOKENS_C, TOKENS_WORDS,
	    "read HTTP Header v2 x MAX LEN");
	reads_as("__a__", TOKENS_C, TOKENS_WORDS, "a");
	reads_as("{ ; }", TOKENS_C, TOKENS_WORDS, "");
}

/* Where blanks stand, and where there are none, does not matter. */
static void
words_side_by_side_are_one_when_they_are_glued(void **state)
{
	struct canon one = { 0 };
	struct tokens a = { 0 };

	(void)state;
	reads_as("static int x = (a  b);", TOKENS_C, TOKENS_GLUED,
	    "static int x = ( a  b ) ;");
	canon_text(&one, STR("staticintx=(ab);"), NULL);
	tokens_read(&a, &one, TOKENS_C, TOKENS_GLUED);
	assert_int_equal(a.n, tokens.n);
	for (size_t i = 0; i < a.n; i++)
		assert_int_equal(a.t[i].hash, tokens.t[i].hash);
	canon_text(&one, STR("staticinty=(ab);"), NULL);
	tokens_read(&a, &one, TOKENS_C, TOKENS_GLUED);
	assert_int_not_equal(a.t[0].hash, tokens.t[0].hash);
	canon_release(&one);
	tokens_release(&a);
}

static void
remarks_are_the_words_of_comments(void **state)
{
	(void)state;
	reads_as("int a; /* read it, twice */ b(); // no_way", TOKENS_C,
	    TOKENS_REMARKS, "read it twice no way");
	reads_as("a = 1; # read", TOKENS_HASH, TOKENS_REMARKS, "read");
	reads_as("a /* b */ c", TOKENS_OPEN, TOKENS_REMARKS, "a b c");
	reads_as("i--; -- said", TOKENS_OPEN, TOKENS_EXACT, "i - - ; said");
}

static uint64_t
hash_of_first(const char *text, enum tokens_stream stream)
{
	canon_text(&canon, str_of(text), NULL);
	tokens_read(&tokens, &canon, TOKENS_C, stream);
	assert_true(tokens.n > 0);
	return tokens.t[0].hash;
}

static void
shapes_forget_names_and_exact_tokens_only_case(void **state)
{
	(void)state;
	assert_true(hash_of_first("Foo", TOKENS_EXACT) ==
	    hash_of_first("foo", TOKENS_EXACT));
	assert_true(hash_of_first("foo", TOKENS_EXACT) !=
	    hash_of_first("bar", TOKENS_EXACT));
	assert_true(hash_of_first("foo", TOKENS_SHAPE) ==
	    hash_of_first("bar", TOKENS_SHAPE));
	assert_true(hash_of_first("12", TOKENS_SHAPE) ==
	    hash_of_first("0x7f", TOKENS_SHAPE));
	assert_true(hash_of_first("12", TOKENS_SHAPE) !=
	    hash_of_first("foo", TOKENS_SHAPE));
	assert_true(hash_of_first("while", TOKENS_SHAPE) !=
	    hash_of_first("return", TOKENS_SHAPE));
}

static void
the_name_tells_the_syntax_and_else_the_text(void **state)
{
	(void)state;
	assert_int_equal(tokens_guess(STR("a/b.c"), STR("")), TOKENS_C);
	assert_int_equal(tokens_guess(STR("x.py"), STR("a;\nb;\n")),
	    TOKENS_HASH);
	assert_int_equal(tokens_guess(STR("x.sql"), STR("")), TOKENS_DASH);
	assert_int_equal(tokens_guess(STR("README"), STR("")), TOKENS_PLAIN);
	assert_int_equal(tokens_guess(STR(""), STR("#!/bin/sh\na;\n")),
	    TOKENS_HASH);
	assert_int_equal(tokens_guess(STR(""), STR("int a;\nint b;\n")),
	    TOKENS_C);
	assert_int_equal(tokens_guess(STR(""), STR("# a\nb = 1\n")),
	    TOKENS_HASH);
	assert_int_equal(tokens_guess(STR(""), STR("Some words here.\n")),
	    TOKENS_PLAIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_go_as_the_language_has_them),
		cmocka_unit_test(a_comment_that_never_ends_takes_the_rest),
		cmocka_unit_test(a_text_in_quotes_hides_no_comment),
		cmocka_unit_test(
		    names_split_where_case_or_underscores_split_them),
		cmocka_unit_test(
		    words_side_by_side_are_one_when_they_are_glued),
		cmocka_unit_test(remarks_are_the_words_of_comments),
		cmocka_unit_test(
		    shapes_forget_names_and_exact_tokens_only_case),
		cmocka_unit_test(the_name_tells_the_syntax_and_else_the_text),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	canon_release(&canon);
	tokens_release(&tokens);
	return rc;
}
