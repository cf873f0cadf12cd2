#include "tui/list.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct canvas_grid *grid;
static struct canvas all;
static struct list list;
static uint64_t asked; /* rows whose text was asked for */

/* Row n is "row n"; every tenth is also "ten". */
static struct str
text(void *arg, uint64_t row, struct buf *b)
{
	(void)arg;
	asked++;
	buf_printf(b, "row %llu%s", (unsigned long long)row,
	    row % 10 == 0 ? " ten" : "");
	return buf_view(b);
}

static uint32_t
parts(void *arg, uint64_t row, int cols)
{
	(void)arg;
	(void)cols;
	return row == 3 ? 4 : row == 6 ? 20 : 1;
}

static void
draw(void *arg, const struct list_row *r, const struct canvas *line)
{
	(void)arg;
	canvas_printf(line, 0, 0, r->attr, "%s%llu", r->selected ? ">" : "",
	    (unsigned long long)r->row);
	if (r->part > 0)
		canvas_printf(line, 0, 4, r->attr, "+%u", r->part);
}

static const struct list_source plain = { draw, text, NULL };
static const struct list_source parted = { draw, text, parts };

static int
set_up(void **state)
{
	(void)state;
	grid = canvas_open(5, 8);
	all = canvas_all(grid);
	list_init(&list, &plain, NULL);
	asked = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	list_release(&list);
	canvas_close(grid);
	return 0;
}

static void
shows(const char *want)
{
	struct buf b = { 0 };

	canvas_clear(&all, 0);
	list_draw(&list, &all);
	canvas_show(grid, &b);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\n')
			b.at[i] = '|';
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
position_is(const char *want)
{
	struct buf b = { 0 };

	list_position(&list, &b);
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
the_selected_row_stays_in_sight(void **state)
{
	(void)state;
	list_count(&list, 100, false);
	shows(">0|1|2|3|4|");
	list_move(&list, 4);
	shows("0|1|2|3|>4|");
	list_move(&list, 1);
	shows("1|2|3|4|>5|");
	list_move(&list, -4);
	shows(">1|2|3|4|5|");
	list_move(&list, -100);
	shows(">0|1|2|3|4|");
	list_move(&list, INT64_MAX);
	shows("95|96|97|98|>99|");
	list_move(&list, INT64_MIN + 1);
	shows(">0|1|2|3|4|");
}

static void
what_is_far_comes_to_the_middle(void **state)
{
	(void)state;
	list_count(&list, 100, false);
	shows(">0|1|2|3|4|");
	list_select(&list, 50);
	shows("48|49|>50|51|52|");
	list_select(&list, 1000);
	shows("95|96|97|98|>99|");
	list_select(&list, 96);
	list_place(&list, -1);
	shows("95|>96|97|98|99|");
	list_select(&list, 50);
	list_place(&list, 1);
	shows("46|47|48|49|>50|");
}

static void
an_empty_list_says_what_would_fill_it(void **state)
{
	(void)state;
	list.empty = "none";
	shows(" none|||||");
	position_is("0/0");
	list_move(&list, 1);
	list_move(&list, -1);
	list_select(&list, 7);
	list_place(&list, 0);
	assert_int_equal(list.selected, 0);
	list_count(&list, 0, true);
	shows("|||||"); /* it may still come */
	position_is("0/>0");
	list_count(&list, 2, true);
	shows(">0|1||||");
	position_is("1/>2");
}

static void
a_list_that_shrinks_keeps_a_row_selected(void **state)
{
	(void)state;
	list_count(&list, 100, false);
	list_select(&list, 80);
	shows("78|79|>80|81|82|");
	list_count(&list, 3, false);
	shows("0|1|>2|||");
	list_count(&list, 0, false);
	assert_int_equal(list.selected, 0);
}

static void
rows_of_several_lines_scroll_by_lines(void **state)
{
	(void)state;
	list_release(&list);
	list_init(&list, &parted, NULL);
	list_count(&list, 9, false);
	shows(">0|1|2|3|3   +1|");
	list_move(&list, 3);
	/* all four lines of row 3 */
	shows("2|>3|>3  +1|>3  +2|>3  +3|");
	list_move(&list, 1);
	shows("3|3   +1|3   +2|3   +3|>4|");
	/* a row longer than the screen begins at its first line */
	list_move(&list, 2);
	shows(">6|>6  +1|>6  +2|>6  +3|>6  +4|");
	list_move(&list, 1);
	shows("6   +16|6   +17|6   +18|6   +19|>7|");
	list_move(&list, 1);
	shows("6   +17|6   +18|6   +19|7|>8|");
}

static void
lines_of_the_screen_know_their_rows(void **state)
{
	uint64_t row, first;

	(void)state;
	list_release(&list);
	list_init(&list, &parted, NULL);
	list_count(&list, 9, false);
	shows(">0|1|2|3|3   +1|");
	assert_true(list_row_at(&list, 4, &row));
	assert_int_equal(row, 3);
	assert_true(list_row_at(&list, 0, &row));
	assert_int_equal(row, 0);
	assert_int_equal(list_visible(&list, &first), 4);
	assert_int_equal(first, 0);
	assert_false(list_row_at(&list, 5, &row));
}

static void
says(bool back, struct str find, const char *want)
{
	struct buf b = { 0 };

	list_find(&list, find, back, &b);
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
a_search_says_which_of_how_many(void **state)
{
	(void)state;
	says(false, STR(""), "nothing to search for yet: / asks");
	list_count(&list, 100, false);
	list_select(&list, 15);
	says(false, STR("Ten"), "no match for 'Ten'");
	says(false, STR("ten"), "line 21 matches 'ten' (3 of 10)");
	says(false, STR(""), "line 31 matches 'ten' (4 of 10)");
	says(true, STR(""), "line 21 matches 'ten' (3 of 10)");
	list_select(&list, 95);
	says(false, STR(""), "line 1 matches 'ten' (1 of 10), wrapped to top");
	says(true, STR(""),
	    "line 91 matches 'ten' (10 of 10), wrapped to bottom");
	assert_true(list_find_clear(&list));
	assert_false(list_find_clear(&list));
}

static void
a_growing_list_is_searched_where_it_grew(void **state)
{
	(void)state;
	list_count(&list, 100, true);
	says(false, STR("ten"), "line 11 matches 'ten' (2 of >10)");
	assert_int_equal(asked, 100);
	list_count(&list, 200, false);
	assert_int_equal(asked, 200);
	says(false, STR(""), "line 21 matches 'ten' (3 of 20)");
	assert_int_equal(asked, 200);
}

static void
a_filter_leaves_rows_out_and_keeps_their_numbers(void **state)
{
	(void)state;
	list_count(&list, 100, false);
	list_select(&list, 33);
	list_filter(&list, STR("ten"));
	assert_int_equal(list.selected, 40);
	shows("20|30|>40|50|60|");
	position_is("5/10 of 100");
	list_move(&list, 1);
	assert_int_equal(list.selected, 50);
	list_count(&list, 130, false);
	position_is("6/13 of 130");
	list_filter(&list, STR("nowhere"));
	shows(" no row|||||");
	position_is("0/0 of 130");
	list_move(&list, 1);
	list_filter(&list, STR(""));
	assert_int_equal(list.selected, 50);
	shows("48|49|>50|51|52|");
}

static void
a_match_outside_the_filter_opens_it(void **state)
{
	(void)state;
	list_count(&list, 100, false);
	list_filter(&list, STR("ten"));
	says(false, STR("row 55"), "line 56 matches 'row 55' (1 of 1)");
	assert_int_equal(list.selected, 55);
	position_is("56/100");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static bool
is_ten(void *arg, uint64_t row)
{
	return row % 10 == *(const uint64_t *)arg;
}

static void
the_next_row_of_a_kind_is_looked_for_around_the_end(void **state)
{
	uint64_t wanted = 3;

	(void)state;
	assert_false(list_seek(&list, false, is_ten, &wanted));
	list_count(&list, 20, false);
	assert_true(list_seek(&list, false, is_ten, &wanted));
	assert_int_equal(list.selected, 3);
	assert_true(list_seek(&list, false, is_ten, &wanted));
	assert_int_equal(list.selected, 13);
	assert_true(list_seek(&list, false, is_ten, &wanted));
	assert_int_equal(list.selected, 3);
	assert_true(list_seek(&list, true, is_ten, &wanted));
	assert_int_equal(list.selected, 13);
	list_count(&list, 5, false);
	list_select(&list, 3);
	assert_true(list_seek(&list, true, is_ten, &wanted));
	assert_int_equal(list.selected, 3); /* the only one */
	wanted = 7;
	assert_false(list_seek(&list, false, is_ten, &wanted));
	assert_int_equal(list.selected, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_selected_row_stays_in_sight),
		TEST(what_is_far_comes_to_the_middle),
		TEST(the_next_row_of_a_kind_is_looked_for_around_the_end),
		TEST(an_empty_list_says_what_would_fill_it),
		TEST(a_list_that_shrinks_keeps_a_row_selected),
		TEST(rows_of_several_lines_scroll_by_lines),
		TEST(lines_of_the_screen_know_their_rows),
		TEST(a_search_says_which_of_how_many),
		TEST(a_growing_list_is_searched_where_it_grew),
		TEST(a_filter_leaves_rows_out_and_keeps_their_numbers),
		TEST(a_match_outside_the_filter_opens_it),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
