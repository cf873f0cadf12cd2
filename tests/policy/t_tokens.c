#include "policy/tokens.h"

#include "tests/t.h"

#include <string.h>

static struct canon canon;
static struct tokens tokens, words, remarks;

/* With a blank between them. */
static void
are(const struct tokens *t, const char *want)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < t->n; i++)
		buf_printf(&b, "%s%.*s", i == 0 ? "" : " ",
		    (int)(t->t[i].end - t->t[i].at), canon.c + t->t[i].at);
	buf_str(&b, STR(""));
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
read_text(const char *text, enum tokens_syntax syntax)
{
	canon_text(&canon, str_of(text), NULL);
	tokens_read(&tokens, &remarks, &canon, syntax);
	tokens_words(&words, &tokens, &canon);
}

static void
reads_as(const char *text, enum tokens_syntax syntax, const char *want)
{
	read_text(text, syntax);
	are(&tokens, want);
}

static void
comments_go_as_the_language_has_them(void **state)
{
	static const char text[] = "a /* b */ c // d\n# e\n-- f\ng";

	(void)state;
	reads_as(text, TOKENS_PLAIN, "a / * b * / c / / d # e - - f g");
	reads_as(text, TOKENS_C, "a c # e - - f g");
	reads_as(text, TOKENS_HASH, "a / * b * / c / / d - - f g");
	reads_as(text, TOKENS_DASH, "a / * b * / c / / d # e g");
	reads_as(text, TOKENS_OPEN, "a b c d # e f g");
}

static void
a_comment_that_never_ends_takes_the_rest(void **state)
{
	(void)state;
	reads_as("a /* b", TOKENS_C, "a");
	reads_as("a /*", TOKENS_C, "a");
	reads_as("a /* b */", TOKENS_C, "a");
	reads_as("a /", TOKENS_C, "a /");
}

static void
a_text_in_quotes_hides_no_comment(void **state)
{
	(void)state;
	reads_as("x = \"http://a\"; // b", TOKENS_C,
	    "x = \" http : / / a \" ;");
	reads_as("x = \"\\\"//\" + 1", TOKENS_C, "x = \" \\ \" / / \" + 1");
	reads_as("it's // gone\nnot", TOKENS_C, "it ' s not");
}

static void
names_split_where_case_or_underscores_split_them(void **state)
{
	(void)state;
	read_text("readHTTPHeader_v2(x, MAX_LEN)", TOKENS_C);
	are(&words, "read HTTP Header v2 x MAX LEN");
	read_text("__a__", TOKENS_C);
	are(&words, "a");
	read_text("{ ; }", TOKENS_C);
	are(&words, "");
}

/* Where blanks stand, and where there are none, does not matter; neither do
 * capitals, and comments are not among them. */
static void
letters_are_all_there_is_but_blanks(void **state)
{
	static const char *const same[] = {
		"static int X = (a  b); /* c */ \"d e\"",
		"staticintx=(ab);\"de\"",
		"st atic\nint x // y\n\t= (ab) ; \"DE\"",
	};
	struct canon letters = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		read_text(same[i], TOKENS_C);
		tokens_letters(&letters, &tokens, &canon);
		assert_int_equal(letters.n, strlen(same[1]));
		assert_memory_equal(letters.c, same[1], letters.n);
		for (size_t k = 0; k < letters.n; k++)
			assert_int_equal(canon.c[letters.at[k]] | 0x20,
			    letters.c[k] | 0x20);
	}
	read_text("staticinty=(ab);\"de\"", TOKENS_C);
	tokens_letters(&letters, &tokens, &canon);
	assert_memory_not_equal(letters.c, same[1], letters.n);
	canon_release(&letters);
}

static void
remarks_are_the_words_of_comments(void **state)
{
	(void)state;
	read_text("int a; /* read it, twice */ b(); // no_way", TOKENS_C);
	are(&remarks, "read it twice no way");
	are(&words, "int a b");
	read_text("a = 1; # read", TOKENS_HASH);
	are(&remarks, "read");
	/* Where delimiters alone are comments, they have no words. */
	read_text("a /* b */ c", TOKENS_OPEN);
	are(&remarks, "");
	are(&words, "a b c");
	reads_as("i--; -- said", TOKENS_OPEN, "i - - ; said");
}

static uint64_t
hash_of_first(const char *text, bool shape)
{
	read_text(text, TOKENS_C);
	if (shape)
		tokens_shape(&tokens);
	assert_true(tokens.n > 0);
	return tokens.t[0].hash;
}

static void
shapes_forget_names_and_exact_tokens_only_case(void **state)
{
	(void)state;
	assert_true(hash_of_first("Foo", false) == hash_of_first("foo", false));
	assert_true(hash_of_first("foo", false) != hash_of_first("bar", false));
	assert_true(hash_of_first("foo", true) == hash_of_first("bar", true));
	assert_true(hash_of_first("12", true) == hash_of_first("0x7f", true));
	assert_true(hash_of_first("12", true) != hash_of_first("foo", true));
	assert_true(
	    hash_of_first("while", true) != hash_of_first("return", true));
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

/* What could take the square of its length. */
static void
hostile_lines_take_no_longer(void **state)
{
	static const char *const lines[] = { "'\\'", "\"\\\"", "'\"\\'", "/*",
		"\\\"'" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf text = { 0 };

		while (text.len < 2 * 1024 * 1024)
			buf_str(&text, str_of(lines[i]));
		canon_text(&canon, buf_view(&text), NULL);
		tokens_read(&tokens, &remarks, &canon, TOKENS_C);
		assert_true(i == 3 || tokens.n > 1024 * 1024);
		buf_release(&text);
	}
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
		cmocka_unit_test(letters_are_all_there_is_but_blanks),
		cmocka_unit_test(remarks_are_the_words_of_comments),
		cmocka_unit_test(
		    shapes_forget_names_and_exact_tokens_only_case),
		cmocka_unit_test(the_name_tells_the_syntax_and_else_the_text),
		cmocka_unit_test(hostile_lines_take_no_longer),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	canon_release(&canon);
	tokens_release(&tokens);
	tokens_release(&words);
	tokens_release(&remarks);
	return rc;
}
