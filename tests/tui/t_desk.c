#include "tui/desk.h"

#include <string.h>

#include "tests/t.h"

enum { ROWS = 6, COLS = 30 };

static struct desk *desk;
static char screen[ROWS][COLS + 1];
static unsigned cells;

static void
put(int row, int col, const struct cell *c)
{
	assert_true(row >= 0 && row < ROWS && col >= 0 && col < COLS);
	cells++;
	if (c->ch == 0)
		return;
	assert_true(text_columns(c->ch) > 0);
	assert_true(col + text_columns(c->ch) <= COLS);
	screen[row][col] = c->ch < 0x80 ? (char)c->ch : '#';
	if (text_columns(c->ch) == 2)
		screen[row][col + 1] = '#';
}

static int
set_up(void **state)
{
	(void)state;
	memset(screen, ' ', sizeof screen);
	for (int i = 0; i < ROWS; i++)
		screen[i][COLS] = '\0';
	desk = desk_open();
	desk_resize(desk, &(struct screen_size){ ROWS, COLS, SCREEN_UTF8 });
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	desk_close(desk);
	err_clear();
	return 0;
}

static enum err
cells_of(enum room r, int row, int col, const char *text, bool trusted)
{
	struct cell run[64];
	struct buf b = { 0 };
	size_t n = strlen(text);
	enum err rc;

	for (size_t i = 0; i < n; i++)
		run[i] = (struct cell){ (unsigned char)text[i], 0, 0 };
	screen_write_run(&b, row, col, run, (int)n);
	rc = trusted ? desk_take_trusted(desk, buf_view(&b)) :
		       desk_take_cells(desk, r, buf_view(&b));
	buf_release(&b);
	return rc;
}

static void
show(enum room r, int rows, int cols)
{
	struct buf b = { 0 };

	screen_write_show(&b, (uint16_t)rows, (uint16_t)cols);
	assert_int_equal(desk_take_show(desk, r, buf_view(&b)), ERR_NONE);
	buf_release(&b);
}

static void
focus(enum room r)
{
	struct buf b = { 0 };

	screen_write_focus(&b, r);
	assert_int_equal(desk_take_focus(desk, buf_view(&b)), ERR_NONE);
	buf_release(&b);
}

static bool
draw(void)
{
	int row, col;

	return desk_draw(desk, put, &row, &col);
}

static void
a_room_has_one_row_less_than_the_terminal(void **state)
{
	(void)state;
	assert_int_equal(desk_room_size(desk).rows, ROWS - 1);
	assert_int_equal(desk_room_size(desk).cols, COLS);
	desk_resize(desk, &(struct screen_size){ 0 });
	assert_int_equal(desk_room_size(desk).rows, 0);
	assert_false(draw());
}

static void
a_frame_is_drawn_when_it_is_whole(void **state)
{
	(void)state;
	assert_true(draw()); /* the trusted line */
	assert_string_equal(screen[5], " READING ROOM                 ");
	assert_int_equal(cells_of(ROOM_READING, 0, 2, "hello", false),
	    ERR_NONE);
	assert_false(draw());
	assert_false(desk_has_frame(desk));
	show(ROOM_READING, ROWS - 1, COLS);
	assert_true(desk_has_frame(desk));
	assert_true(draw());
	assert_string_equal(screen[0], "  hello                       ");
	assert_false(draw());
}

static void
only_the_room_in_focus_is_on_the_screen(void **state)
{
	(void)state;
	cells_of(ROOM_READING, 0, 0, "source", false);
	show(ROOM_READING, ROWS - 1, COLS);
	cells_of(ROOM_NOTES, 0, 0, "a note", false);
	show(ROOM_NOTES, ROWS - 1, COLS);
	draw();
	assert_memory_equal(screen[0], "source", 6);
	focus(ROOM_NOTES);
	assert_int_equal(desk_focus(desk), ROOM_NOTES);
	draw();
	assert_memory_equal(screen[0], "a note", 6);
	assert_memory_equal(screen[5], " NOTES ROOM ", 12);
	/* the other draws on and is not seen */
	cells_of(ROOM_READING, 0, 0, "SOURCE", false);
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	assert_memory_equal(screen[0], "a note", 6);
	focus(ROOM_READING);
	draw();
	assert_memory_equal(screen[0], "SOURCE", 6);
}

static void
no_room_reaches_the_trusted_line_with_its_frame(void **state)
{
	(void)state;
	draw();
	/* its row is beyond the rows of a room: dropped, as after a resize */
	assert_int_equal(cells_of(ROOM_READING, ROWS - 1, 0, "FAKE", false),
	    ERR_NONE);
	assert_int_equal(cells_of(ROOM_NOTES, ROWS - 1, 0, "FAKE", false),
	    ERR_NONE);
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	assert_string_equal(screen[5], " READING ROOM                 ");
	/* a frame for the whole terminal is not shown at all */
	cells_of(ROOM_READING, 0, 0, "big", false);
	show(ROOM_READING, ROWS, COLS);
	assert_false(draw());
}

static void
the_notes_room_writes_behind_the_label_only(void **state)
{
	(void)state;
	assert_int_equal(cells_of(ROOM_NOTES, 0, 0, "session 7", true),
	    ERR_NONE);
	draw();
	assert_string_equal(screen[5], " READING ROOM session 7       ");
	assert_int_equal(cells_of(ROOM_NOTES, 0, 0,
			     "0123456789012345678901234567890123456789", true),
	    ERR_NONE);
	draw();
	assert_string_equal(screen[5], " READING ROOM 0123456789012345");
	assert_int_equal(cells_of(ROOM_NOTES, 0, 0, "x", true), ERR_NONE);
	draw();
	assert_string_equal(screen[5], " READING ROOM x               ");
	assert_int_equal(cells_of(ROOM_NOTES, 1, 0, "x", true), ERR_FORMAT);
}

static void
a_glyph_cut_by_another_run_leaves_no_half(void **state)
{
	const struct cell wide[] = { { 0x65e5, 0, 0 }, { 0, 0, 0 },
		{ 0x672c, 0, 0 }, { 0, 0, 0 } };
	struct buf b = { 0 };

	(void)state;
	screen_write_run(&b, 0, 0, wide, 4);
	assert_int_equal(desk_take_cells(desk, ROOM_READING, buf_view(&b)),
	    ERR_NONE);
	cells_of(ROOM_READING, 0, 1, "ab", false);
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	assert_memory_equal(screen[0], " ab  ", 5);
	/* and one that would stick out at the right */
	buf_clear(&b);
	screen_write_run(&b, 1, COLS - 1, wide, 2);
	assert_int_equal(desk_take_cells(desk, ROOM_READING, buf_view(&b)),
	    ERR_NONE);
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	assert_int_equal(screen[1][COLS - 1], ' ');
	buf_release(&b);
}

static void
only_changed_rows_are_drawn(void **state)
{
	(void)state;
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	cells = 0;
	cells_of(ROOM_READING, 2, 3, "x", false);
	show(ROOM_READING, ROWS - 1, COLS);
	draw();
	assert_int_equal(cells, COLS);
	cells = 0;
	desk_repaint(desk);
	draw();
	assert_int_equal(cells, ROWS * COLS);
}

static void
a_damaged_message_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(desk_take_cells(desk, ROOM_READING, STR("abc")),
	    ERR_FORMAT);
	assert_int_equal(desk_take_show(desk, ROOM_READING, STR("abc")),
	    ERR_FORMAT);
	assert_int_equal(desk_take_focus(desk, STR("\x05")), ERR_FORMAT);
	assert_int_equal(desk_take_cursor(desk, ROOM_NOTES, STR("")),
	    ERR_FORMAT);
	assert_int_equal(desk_focus(desk), ROOM_READING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_room_has_one_row_less_than_the_terminal),
		TEST(a_frame_is_drawn_when_it_is_whole),
		TEST(only_the_room_in_focus_is_on_the_screen),
		TEST(no_room_reaches_the_trusted_line_with_its_frame),
		TEST(the_notes_room_writes_behind_the_label_only),
		TEST(a_glyph_cut_by_another_run_leaves_no_half),
		TEST(only_changed_rows_are_drawn),
		TEST(a_damaged_message_changes_nothing),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
