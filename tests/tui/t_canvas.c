#include "tui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct canvas_grid *grid;
static struct canvas all;

static int
set_up(void **state)
{
	(void)state;
	grid = canvas_open(3, 10);
	all = canvas_all(grid);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	canvas_close(grid);
	return 0;
}

static void
shows(const char *want)
{
	struct buf b = { 0 };

	canvas_show(grid, &b);
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static const struct cell *
at(int row, int col)
{
	return canvas_cells(grid) + row * canvas_cols(grid) + col;
}

static void
text_is_clipped_with_marks_at_its_edges(void **state)
{
	struct canvas_draw d = { .text = STR("0123456789abcdef") };

	(void)state;
	assert_int_equal(canvas_text(&all, 0, 0, 10, &d), 10);
	d.skip = 3;
	canvas_text(&all, 1, 0, 10, &d);
	d.skip = 6;
	canvas_text(&all, 2, 0, 10, &d);
	shows("012345678>\n<456789ab>\n<789abcdef\n");
	assert_true(at(0, 9)->attr & ATTR_HAZARD);
	assert_true(at(1, 0)->attr & ATTR_HAZARD);
	assert_false(at(2, 9)->attr & ATTR_HAZARD);
}

static void
a_wide_glyph_is_never_cut_in_half(void **state)
{
	(void)state;
	canvas_str(&all, 0, 0, 4, 0, STR("日本語"));
	canvas_str(&all, 1, 0, 3, 0, STR("a日"));
	canvas_str(&all, 2, 0, 2, 0, STR("a日"));
	/* the right edge takes half of a glyph: all of it goes */
	shows("日 >\na日\na>\n");
	canvas_str(&all, 0, 0, 3, 0, STR("日本"));
	assert_int_equal(at(0, 0)->ch, 0x65e5);
	assert_int_equal(at(0, 1)->ch, 0);
	assert_int_equal(at(0, 2)->ch, '>');
}

static void
writing_over_half_a_glyph_frees_the_other_half(void **state)
{
	(void)state;
	canvas_str(&all, 0, 0, 10, 0, STR("日本"));
	canvas_put(&all, 0, 1, 0, "x");
	canvas_put(&all, 0, 2, 0, "y");
	assert_int_equal(at(0, 0)->ch, ' ');
	assert_int_equal(at(0, 1)->ch, 'x');
	assert_int_equal(at(0, 2)->ch, 'y');
	assert_int_equal(at(0, 3)->ch, ' ');
}

static void
a_skipped_half_of_a_wide_glyph_is_marked(void **state)
{
	struct canvas_draw d = { .text = STR("日本語x"), .skip = 1 };

	(void)state;
	canvas_text(&all, 0, 0, 10, &d);
	d.skip = 2;
	d.no_edges = true;
	canvas_text(&all, 1, 0, 10, &d);
	shows("<本語x\n本語x\n\n");
}

static void
hazards_are_lit_and_marks_kept(void **state)
{
	(void)state;
	canvas_str(&all, 0, 0, 10, ROLE_NAME,
	    STR("a\x1b"
		"e\u0301"));
	assert_int_equal(at(0, 0)->attr, ROLE_NAME);
	assert_int_equal(at(0, 1)->ch, '^');
	assert_int_equal(at(0, 1)->attr, ROLE_NAME | ATTR_HAZARD);
	assert_int_equal(at(0, 3)->ch, 'e');
	assert_int_equal(at(0, 3)->mark, 0x301);
}

static void
spans_and_hits_colour_bytes(void **state)
{
	const struct canvas_span spans[] = {
		{ 0, 2, ROLE_KEYWORD },
		{ 4, 5, ROLE_STRING },
	};
	const struct canvas_span over[] = { { 1, 5, ATTR_SELECTED } };
	struct canvas_draw d = {
		.text = STR("if (x) If"),
		.attr = ROLE_COMMENT,
		.spans = spans,
		.n_spans = 2,
		.over = over,
		.n_over = 1,
		.find = STR("if"),
	};

	(void)state;
	canvas_text(&all, 0, 0, 10, &d);
	assert_int_equal(at(0, 0)->attr, ROLE_KEYWORD | ATTR_HIT);
	assert_int_equal(at(0, 1)->attr,
	    ROLE_KEYWORD | ATTR_HIT | ATTR_SELECTED);
	assert_int_equal(at(0, 2)->attr, ROLE_COMMENT | ATTR_SELECTED);
	assert_int_equal(at(0, 4)->attr, ROLE_STRING | ATTR_SELECTED);
	assert_int_equal(at(0, 5)->attr, ROLE_COMMENT);
	assert_int_equal(at(0, 7)->attr, ROLE_COMMENT | ATTR_HIT);
	/* scrolled into the middle of a hit it is still a hit */
	d.skip = 8;
	d.no_edges = true;
	canvas_text(&all, 1, 0, 10, &d);
	assert_int_equal(at(1, 0)->attr, ROLE_COMMENT | ATTR_HIT);
}

static void
a_spot_saves_the_way_and_changes_nothing(void **state)
{
	struct text_spot spot = { 0 };
	struct canvas_draw d = { .text = STR("日本\t語 0123456789 tail") };
	struct buf with = { 0 }, without = { 0 };

	(void)state;
	for (int i = 0; i < 40; i++) {
		d.skip = (uint32_t)(i < 30 ? i : i - 15);
		buf_clear(&with);
		buf_clear(&without);
		canvas_clear(&all, 0);
		d.spot = &spot;
		canvas_text(&all, 0, 0, 10, &d);
		canvas_show(grid, &with);
		canvas_clear(&all, 0);
		d.spot = NULL;
		canvas_text(&all, 0, 0, 10, &d);
		canvas_show(grid, &without);
		assert_true(str_eq(buf_view(&with), buf_view(&without)));
	}
	buf_release(&with);
	buf_release(&without);
}

static void
nothing_leaves_its_part(void **state)
{
	struct canvas part = canvas_part(&all, 1, 2, 1, 5), none;

	(void)state;
	canvas_put(&part, 0, 0, 0, "0123456789");
	canvas_put(&part, 1, 0, 0, "no");
	canvas_put(&part, -1, 0, 0, "no");
	canvas_put(&part, 0, -1, 0, "no");
	canvas_fill(&part, 0, -5, 100, ROLE_NAME);
	canvas_put(&part, 0, 0, 0, "0123456789");
	canvas_mark(&part, 0, 3, 100, ATTR_CURSOR);
	canvas_bar(&part, -3, 4, 100);
	canvas_rule(&part, 5, -3, 100);
	none = canvas_part(&part, 7, 7, 100, 100);
	assert_int_equal(none.rows, 0);
	assert_int_equal(none.cols, 0);
	canvas_put(&none, 0, 0, 0, "no");
	shows("\n  0123│\n\n");
	assert_false(at(1, 7)->attr & ATTR_CURSOR);
	assert_int_equal(at(1, 1)->attr, 0);
}

static void
a_path_loses_its_middle(void **state)
{
	(void)state;
	canvas_resize(grid, 3, 20);
	all = canvas_all(grid);
	canvas_path(&all, 0, 0, 20, 0,
	    STR("Documentation/RelNotes/2.56.0.adoc"));
	canvas_path(&all, 1, 0, 20, 0, STR("short/path.c"));
	canvas_path(&all, 2, 0, 6, 0, STR("a/long/path.c"));
	shows("Docu...s/2.56.0.adoc\nshort/path.c\n<ath.c\n");
}

static int sent;
static char seen[3][10];

static void
take(void *arg, int row, int col, const struct cell *cells, int n)
{
	(void)arg;
	sent++;
	assert_true(cells[0].ch != 0);
	assert_true(col + n <= 10);
	for (int i = 0; i < n; i++)
		seen[row][col + i] = (char)cells[i].ch;
}

static void
only_what_changed_is_sent(void **state)
{
	struct canvas_grid *before = canvas_open(0, 0);

	(void)state;
	canvas_put(&all, 0, 0, 0, "hello");
	canvas_diff(grid, before, take, NULL);
	assert_int_equal(sent, 3); /* each row once */
	assert_memory_equal(seen[0], "hello     ", 10);
	sent = 0;
	canvas_diff(grid, before, take, NULL);
	assert_int_equal(sent, 0);
	canvas_put(&all, 1, 3, 0, "x");
	canvas_put(&all, 2, 0, 0, "a");
	canvas_put(&all, 2, 9, 0, "b");
	canvas_diff(grid, before, take, NULL);
	assert_int_equal(sent, 3);
	assert_memory_equal(seen[2], "a        b", 10);
	sent = 0;
	canvas_mark(&all, 0, 1, 2, ATTR_CURSOR);
	canvas_diff(grid, before, take, NULL);
	assert_int_equal(sent, 1);
	canvas_close(before);
}

static void
a_changed_right_half_takes_its_left_along(void **state)
{
	struct canvas_grid *before = canvas_open(0, 0);

	(void)state;
	canvas_put(&all, 0, 0, 0, "ab");
	canvas_diff(grid, before, take, NULL);
	canvas_str(&all, 0, 0, 10, 0, STR("日"));
	sent = 0;
	canvas_diff(grid, before, take, NULL);
	assert_int_equal(sent, 1);
	canvas_close(before);
}

static void
a_small_font_gets_tokens_everywhere(void **state)
{
	(void)state;
	canvas_font(grid, (struct text_style){ .latin = true });
	canvas_str(&all, 0, 0, 10, 0, STR("é日"));
	assert_int_equal(at(0, 0)->ch, 0xe9);
	assert_int_equal(at(0, 1)->ch, '<');
	assert_int_equal(at(0, 1)->attr, ATTR_FOCUS);
	canvas_font(grid, (struct text_style){ .ascii = true });
	canvas_str(&all, 1, 0, 10, 0, STR("é"));
	assert_int_equal(at(1, 0)->ch, '<');
}

static void
the_cursor_is_hidden_until_it_is_put(void **state)
{
	struct canvas part = canvas_part(&all, 1, 2, 1, 5);
	int row, col;

	(void)state;
	assert_false(canvas_cursor_at(grid, &row, &col));
	canvas_cursor(&part, 0, 5);
	assert_false(canvas_cursor_at(grid, &row, &col));
	canvas_cursor(&part, 0, 3);
	assert_true(canvas_cursor_at(grid, &row, &col));
	assert_int_equal(row, 1);
	assert_int_equal(col, 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_is_clipped_with_marks_at_its_edges),
		TEST(a_wide_glyph_is_never_cut_in_half),
		TEST(writing_over_half_a_glyph_frees_the_other_half),
		TEST(a_skipped_half_of_a_wide_glyph_is_marked),
		TEST(hazards_are_lit_and_marks_kept),
		TEST(spans_and_hits_colour_bytes),
		TEST(a_spot_saves_the_way_and_changes_nothing),
		TEST(nothing_leaves_its_part),
		TEST(a_path_loses_its_middle),
		TEST(only_what_changed_is_sent),
		TEST(a_changed_right_half_takes_its_left_along),
		TEST(a_small_font_gets_tokens_everywhere),
		TEST(the_cursor_is_hidden_until_it_is_put),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
