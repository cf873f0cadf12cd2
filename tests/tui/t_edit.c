#include "tui/edit.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct edit e;
static struct canvas_grid *g;

static int
setup(void **state)
{
	(void)state;
	edit_init(&e, 1000, false);
	g = canvas_open(5, 12);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	edit_release(&e);
	canvas_close(g);
	return 0;
}

static void
draw(const char *want, int want_row, int want_col)
{
	struct canvas c = canvas_all(g);
	struct buf b = { 0 };
	int row = -1, col = -1;

	canvas_clear(&c, 0);
	canvas_cursor_hide(g);
	edit_draw(&e, &c, ROLE_TEXT, true);
	canvas_show(g, &b);
	assert_string_equal(b.at, want);
	assert_true(canvas_cursor_at(g, &row, &col));
	assert_int_equal(row, want_row);
	assert_int_equal(col, want_col);
	buf_release(&b);
}

static void
keys(const char *names)
{
	struct str rest = str_of(names), word;
	uint32_t key;

	while (str_cut(&rest, ' ', &word))
		while (keys_take(&word, &key))
			edit_key(&e, key);
}

static void
type(const char *text)
{
	for (; *text != '\0'; text++)
		edit_key(&e, *text == '\n' ? KEYS_ENTER : (uint32_t)*text);
}

static void
text_is_wrapped_at_words_and_the_cursor_stands_in_it(void **state)
{
	(void)state;
	type("one two three four");
	draw("one two\nthree four\n\n\n\n", 1, 10);
	type("\n");
	draw("one two\nthree four\n\n\n\n", 2, 0);
	type("averyverylongword x");
	draw("one two\nthree four\naveryverylo\nngword x\n\n", 3, 8);
}

static void
the_cursor_goes_by_rows_and_keeps_its_column(void **state)
{
	(void)state;
	type("abcdef\nab\nabcdef");
	keys("Up");
	draw("abcdef\nab\nabcdef\n\n\n", 1, 2);
	keys("Up");
	draw("abcdef\nab\nabcdef\n\n\n", 0, 6);
	keys("Home Down Down");
	draw("abcdef\nab\nabcdef\n\n\n", 2, 0);
	keys("End Up Left Up");
	draw("abcdef\nab\nabcdef\n\n\n", 0, 1);
	keys("Up Up Up");
	draw("abcdef\nab\nabcdef\n\n\n", 0, 1);
	keys("PgDn PgDn");
	draw("abcdef\nab\nabcdef\n\n\n", 2, 1);
}

static void
what_is_cut_is_what_the_key_says(void **state)
{
	(void)state;
	type("one two\nthree four");
	keys("C-w");
	assert_true(str_eq(edit_text(&e), STR("one two\nthree ")));
	keys("Home Right C-k");
	assert_true(str_eq(edit_text(&e), STR("one two\nt")));
	keys("C-u");
	assert_true(str_eq(edit_text(&e), STR("one two\n")));
	keys("Backspace Left Delete");
	assert_true(str_eq(edit_text(&e), STR("one tw")));
	keys("Home Backspace End Delete");
	assert_true(str_eq(edit_text(&e), STR("one tw")));
}

static void
characters_are_whole(void **state)
{
	(void)state;
	edit_key(&e, 'a');
	edit_key(&e, 0x65e5);
	edit_key(&e, 0xe9);
	assert_true(str_eq(edit_text(&e), STR("a\xe6\x97\xa5\xc3\xa9")));
	draw("a\xe6\x97\xa5\xc3\xa9\n\n\n\n\n", 0, 4);
	keys("Left Backspace");
	assert_true(str_eq(edit_text(&e), STR("a\xc3\xa9")));
	keys("Delete");
	assert_true(str_eq(edit_text(&e), STR("a")));
}

static void
what_does_not_fit_is_said(void **state)
{
	(void)state;
	edit_release(&e);
	edit_init(&e, 4, false);
	type("abcd");
	assert_false(e.full);
	type("e");
	assert_true(e.full);
	assert_true(str_eq(edit_text(&e), STR("abcd")));
	keys("Backspace");
	edit_key(&e, 0x65e5);
	assert_true(e.full);
	assert_true(str_eq(edit_text(&e), STR("abc")));
}

static void
a_long_text_scrolls_with_the_cursor(void **state)
{
	(void)state;
	type("1\n2\n3\n4\n5\n6\n7");
	draw("3\n4\n5\n6\n7\n", 4, 1);
	keys("Up Up Up Up Up Up");
	draw("1\n2\n3\n4\n5\n", 0, 1);
}

static void
one_line_stays_one_line(void **state)
{
	(void)state;
	edit_release(&e);
	edit_init(&e, 100, true);
	type("one\ntwo");
	assert_true(str_eq(edit_text(&e), STR("one two")));
	type(" and more of it");
	draw("<more of it\n\n\n\n\n", 0, 11);
	assert_int_equal(edit_key(&e, KEYS_UP), EDIT_NOTHING);
}

/* Whatever keys come, the cursor stays on a character and in the text. */
static void
no_keys_lead_out_of_the_text(void **state)
{
	static const uint32_t all[] = { 'a', ' ', 0x65e5, KEYS_ENTER, KEYS_UP,
		KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END,
		KEYS_PGUP, KEYS_PGDN, KEYS_BACKSPACE, KEYS_DELETE,
		KEYS_CTRL('w'), KEYS_CTRL('k'), KEYS_CTRL('u'), KEYS_TAB };
	struct canvas c = canvas_all(g);
	uint64_t x = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct str text;

		x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
		edit_key(&e, all[(x >> 33) % (sizeof all / sizeof *all)]);
		text = edit_text(&e);
		assert_true(e.at <= text.len && text.len <= e.max);
		assert_true(e.at == text.len ||
		    ((unsigned char)text.at[e.at] & 0xc0) != 0x80);
		assert_true(text_is_utf8(text));
		if (i % 16 == 0)
			edit_draw(&e, &c, 0, true);
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(text_is_wrapped_at_words_and_the_cursor_stands_in_it),
		T(the_cursor_goes_by_rows_and_keeps_its_column),
		T(what_is_cut_is_what_the_key_says),
		T(characters_are_whole),
		T(what_does_not_fit_is_said),
		T(a_long_text_scrolls_with_the_cursor),
		T(one_line_stays_one_line),
		T(no_keys_lead_out_of_the_text),
	};

	if (text_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
