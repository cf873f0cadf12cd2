#include "tui/prompt.h"

#include <string.h>

#include "core/limits.h"
#include "tests/t.h"

static void
type(struct prompt *p, const char *keys, struct prompt_history *h)
{
	struct str rest = str_of(keys), word;
	uint32_t key;

	while (str_cut(&rest, ' ', &word))
		while (word.len > 0) {
			assert_true(keys_take(&word, &key));
			prompt_key(p, key, h);
		}
}

static void
holds(const struct prompt *p, const char *want, size_t at)
{
	assert_true(str_eq(buf_view(&p->text), str_of(want)));
	assert_int_equal(p->at, at);
}

static void
a_line_is_edited(void **state)
{
	struct prompt p;

	(void)state;
	prompt_start(&p, STR("ab"));
	type(&p, "c Left Left X", NULL);
	holds(&p, "aXbc", 2);
	type(&p, "Delete Backspace", NULL);
	holds(&p, "ac", 1);
	type(&p, "End Space dä Backspace", NULL);
	holds(&p, "ac d", 4);
	type(&p, "Home e C-e é Left Backspace", NULL);
	holds(&p, "eac é", 4);
	type(&p, "C-a C-f C-k", NULL);
	holds(&p, "e", 1);
	prompt_release(&p);
}

static void
words_and_ends_are_cut(void **state)
{
	struct prompt p;

	(void)state;
	prompt_start(&p, STR("one two  "));
	type(&p, "C-w", NULL);
	holds(&p, "one ", 4);
	type(&p, "C-w C-w", NULL);
	holds(&p, "", 0);
	prompt_set(&p, STR("äb"));
	type(&p, "Left C-u", NULL);
	holds(&p, "b", 0);
	prompt_release(&p);
}

static void
esc_leaves_and_an_empty_line_backs_out(void **state)
{
	struct prompt p;

	(void)state;
	prompt_start(&p, STR("a"));
	assert_int_equal(prompt_key(&p, KEYS_ESC, NULL), PROMPT_LEFT);
	assert_int_equal(prompt_key(&p, KEYS_CTRL('c'), NULL), PROMPT_LEFT);
	assert_int_equal(prompt_key(&p, KEYS_BACKSPACE, NULL), PROMPT_EDITED);
	assert_int_equal(prompt_key(&p, KEYS_BACKSPACE, NULL), PROMPT_LEFT);
	assert_int_equal(prompt_key(&p, KEYS_ENTER, NULL), PROMPT_DONE);
	assert_int_equal(prompt_key(&p, KEYS_F1, NULL), PROMPT_NOTHING);
	prompt_release(&p);
}

static void
history_comes_back_and_so_does_what_was_typed(void **state)
{
	struct prompt_history h = { 0 };
	struct prompt p;

	(void)state;
	prompt_history_add(&h, STR("first"));
	prompt_history_add(&h, STR("second"));
	prompt_history_add(&h, STR("second"));
	prompt_history_add(&h, STR(""));
	assert_int_equal(h.len, 2);
	prompt_start(&p, STR("new"));
	type(&p, "Up", &h);
	holds(&p, "second", 6);
	type(&p, "Up Up", &h);
	holds(&p, "first", 5);
	type(&p, "Down Down", &h);
	holds(&p, "new", 3);
	type(&p, "Down", &h);
	holds(&p, "new", 3);
	for (int i = 0; i < PROMPT_HISTORY + 5; i++)
		prompt_history_add(&h, i % 2 ? STR("x") : STR("y"));
	assert_int_equal(h.len, PROMPT_HISTORY);
	prompt_release(&p);
	prompt_history_release(&h);
}

static void
a_line_has_an_end(void **state)
{
	struct prompt p;

	(void)state;
	prompt_start(&p, STR(""));
	for (int i = 0; i < LIMIT_PATTERN + 10; i++)
		prompt_key(&p, 'x', NULL);
	assert_int_equal(p.text.len, LIMIT_PATTERN);
	assert_true(p.full);
	prompt_key(&p, KEYS_BACKSPACE, NULL);
	assert_false(p.full);
	prompt_release(&p);
}

static void
the_cursor_stays_in_sight(void **state)
{
	struct canvas_grid *g = canvas_open(1, 10);
	struct canvas c = canvas_all(g);
	struct prompt p;
	struct buf b = { 0 };
	int row, col;

	(void)state;
	prompt_start(&p, STR("0123456789abcdef"));
	prompt_draw(&p, &c, ":");
	canvas_show(g, &b);
	assert_true(str_eq(buf_view(&b), STR(":<9abcdef\n")));
	assert_true(canvas_cursor_at(g, &row, &col));
	assert_int_equal(col, 9);
	buf_clear(&b);
	prompt_key(&p, KEYS_HOME, NULL);
	prompt_draw(&p, &c, ":");
	canvas_show(g, &b);
	assert_true(str_eq(buf_view(&b), STR(":01234567>\n")));
	assert_true(canvas_cursor_at(g, &row, &col));
	assert_int_equal(col, 1);
	buf_release(&b);
	prompt_release(&p);
	canvas_close(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_edited),
		cmocka_unit_test(words_and_ends_are_cut),
		cmocka_unit_test(esc_leaves_and_an_empty_line_backs_out),
		cmocka_unit_test(history_comes_back_and_so_does_what_was_typed),
		cmocka_unit_test(a_line_has_an_end),
		cmocka_unit_test(the_cursor_stays_in_sight),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
