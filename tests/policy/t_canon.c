#include "policy/canon.h"

#include "tests/t.h"

#include <string.h>

static struct canon made, other;

static void
same(const struct canon *c, const char *want)
{
	if (c->n != strlen(want) || memcmp(c->c, want, c->n) != 0)
		print_message("%.*s, wanted %s\n", (int)c->n, c->c, want);
	assert_int_equal(c->n, strlen(want));
	assert_memory_equal(c->c, want, c->n);
}

static void
disguised_letters_become_plain_ones(void **state)
{
	static const char *const rows[][2] = {
		{ "plain_text(1);", "plain_text(1);" },
		{ "\xef\xbd\x89\xef\xbd\x8e\xef\xbd\x94", "int" }, /* wide */
		{ "i\xe2\x80\x8bn\xe2\x80\x8dt", "int" }, /* zero width */
		{ "\xe2\x80\xae"
		  "int\xe2\x80\xac",
		    "int" },                   /* bidi */
		{ "r\xd0\xb5turn", "return" }, /* Cyrillic */
		{ "\xce\xbfpen", "open" },     /* Greek */
		{ "\xd0\x9d\xd0\x95", "HE" },
		{ "c\xc3\xa1"
		  "f\xc3\xa9",
		    "cafe" },
		{ "e\xcc\x81", "e" }, /* combining */
		{ "\xf0\x9d\x90\xa2\xf0\x9d\x90\xa7\xf0\x9d\x90\xad", "int" },
		{ "a\xc2\xa0\tb", "a  b" },
		{ "\xe2\x80\x9cx\xe2\x80\x9d", "\"x\"" },
		{ "a\xe2\x88\x92"
		  "1",
		    "a-1" },
		{ "a\xf3\xa0\x81\xa1", "a" },                      /* tags */
		{ "\xe2\x93\x98\xe2\x93\x9d\xe2\x93\xa3", "int" }, /* circled */
		{ "\xe6\x97\xa5", "\xe6\x97\xa5" },                /* stays */
		{ "\xff\xc0", "\xff\xc0" }, /* no UTF-8 */
		{ "a\r\nb", "a \nb" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		canon_text(&made, str_of(rows[i][0]), NULL);
		same(&made, rows[i][1]);
	}
}

static void
every_character_knows_where_it_was(void **state)
{
	static const uint32_t want[] = { 0, 3, 6 };

	(void)state;
	canon_text(&made,
	    STR("\xef\xbd\x89\xe2\x80\x8b"
		"n"),
	    NULL);
	same(&made, "in");
	assert_int_equal(made.at[0], want[0]);
	assert_int_equal(made.at[1], want[2]);
	canon_text(&made, STR("ab"), want + 1);
	assert_int_equal(made.at[1], 6);
}

static void
rot13_and_reversal_undo_themselves(void **state)
{
	(void)state;
	canon_text(&made, STR("Hello, World\nsecond line\n"), NULL);
	canon_rot13(&other, &made);
	same(&other, "Uryyb, Jbeyq\nfrpbaq yvar\n");
	canon_reverse(&other, &made);
	same(&other, "\nenil dnoces\ndlroW ,olleH");
	assert_int_equal(other.at[0], made.n - 1);
	canon_reverse_lines(&other, &made);
	same(&other, "second line\nHello, World\n");
	canon_text(&made, STR("if (a < B) return 0;"), NULL);
	canon_rot47(&other, &made);
	same(&other, ":7 W2 k qX C6EFC? _j");
	canon_mirror(&other, &made);
	same(&other, "ru (z < Y) ivgfim 0;");
	canon_second(&other, &made, 0);
	same(&other, "i a<B eun0");
	canon_second(&other, &made, 1);
	same(&other, "f(  )rtr ;");
	assert_int_equal(other.at[1], 3);
}

static void
marks_of_quotation_go_and_text_stays(void **state)
{
	static const char *const rows[][2] = {
		{ "> a\n> > b\n", "a\nb\n" },
		{ "  12: x = 1;\n 13: y\n", "x = 1;\ny\n" },
		{ "12| x\n", "x\n" },
		{ "+ x\n", "x\n" },
		{ " * x\n", "x\n" },
		{ "x > 1\n", "x > 1\n" },
		{ "> #define A\n 7: *p = 1;\n", "#define A\n*p = 1;\n" },
		{ "1)", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		canon_text(&made, str_of(rows[i][0]), NULL);
		canon_strip_prefixes(&other, &made);
		same(&other, rows[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disguised_letters_become_plain_ones),
		cmocka_unit_test(every_character_knows_where_it_was),
		cmocka_unit_test(rot13_and_reversal_undo_themselves),
		cmocka_unit_test(marks_of_quotation_go_and_text_stays),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	canon_release(&made);
	canon_release(&other);
	return rc;
}
