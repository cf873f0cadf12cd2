#include "tui/pager.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct canvas_grid *grid;
static struct canvas all;
static struct pager pager;

static int
set_up(void **state)
{
	(void)state;
	grid = canvas_open(4, 10);
	all = canvas_all(grid);
	pager_init(&pager);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pager_release(&pager);
	canvas_close(grid);
	return 0;
}

static void
shows(const char *want)
{
	struct buf b = { 0 };

	canvas_clear(&all, 0);
	pager_draw(&pager, &all);
	canvas_show(grid, &b);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\n')
			b.at[i] = '|';
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
lines_are_copied_with_their_spans(void **state)
{
	struct canvas_span spans[] = { { 0, 2, ROLE_KEYWORD } };
	char text[] = "if x";

	(void)state;
	pager_add(&pager, ROLE_TEXT, (struct str){ text, 4 })->tag = 7;
	pager_spans(&pager, spans, 1);
	pager_printf(&pager, ROLE_ADDED, "+%d", 42);
	memset(text, 'z', 4);
	spans[0].attr = ROLE_ERROR;
	shows("if x|+42|||");
	assert_int_equal(canvas_cells(grid)[0].attr,
	    ROLE_KEYWORD | ATTR_CURSOR);
	assert_int_equal(canvas_cells(grid)[10].attr, ROLE_ADDED);
	assert_int_equal(pager_selected(&pager)->tag, 7);
	assert_null(pager_at(&pager, 2));
}

static void
long_lines_scroll_sideways_or_wrap(void **state)
{
	(void)state;
	pager_add(&pager, 0, STR("0123456789abcdefghijklm"));
	pager_add(&pager, 0, STR("end"));
	shows("012345678>|end|||");
	pager.list.skip = 5;
	shows("<6789abcd>|<|||");
	pager.list.skip = 0;
	pager.wrap = true;
	shows("0123456789|abcdefghij|klm|end|");
	pager.wrap = false;
	shows("012345678>|end|||");
}

static void
a_wide_glyph_wraps_whole(void **state)
{
	struct canvas_span spans[] = { { 9, 12, ROLE_STRING } };

	(void)state;
	pager.wrap = true;
	pager_add(&pager, 0, STR("012345678日本"));
	pager_spans(&pager, spans, 1);
	shows("012345678|日本|||");
	assert_int_equal(canvas_cells(grid)[10].attr,
	    ROLE_STRING | ATTR_CURSOR);
	assert_int_equal(canvas_cells(grid)[12].attr, ATTR_CURSOR);
}

static void
a_wrapped_line_of_a_megabyte_is_all_there(void **state)
{
	size_t len = 1000 * 1000;
	char *text = malloc(len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)('0' + i / 10 % 10);
	pager.wrap = true;
	pager_add(&pager, 0, (struct str){ text, len });
	pager_add(&pager, 0, STR("end"));
	shows("0000000000|1111111111|2222222222|3333333333|");
	list_move(&pager.list, 1);
	shows("7777777777|8888888888|9999999999|end|");
	free(text);
}

static void
clearing_starts_at_the_top_again(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		pager_printf(&pager, 0, "%d", i);
	list_select(&pager.list, 500);
	pager_clear(&pager);
	assert_null(pager_selected(&pager));
	pager_add(&pager, 0, STR("new"));
	shows("new||||");
	assert_int_equal(pager.list.selected, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_copied_with_their_spans),
		TEST(long_lines_scroll_sideways_or_wrap),
		TEST(a_wide_glyph_wraps_whole),
		TEST(a_wrapped_line_of_a_megabyte_is_all_there),
		TEST(clearing_starts_at_the_top_again),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
