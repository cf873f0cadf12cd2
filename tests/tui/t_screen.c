#include "tui/screen.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"
#include "tests/t.h"

static void
a_run_goes_both_ways(void **state)
{
	const struct cell cells[] = {
		{ 'a', 0, ROLE_NAME },
		{ 'e', 0x301, ATTR_HIT },
		{ 0x65e5, 0, 0 },
		{ 0, 0, 0 },
	};
	struct screen_run run;
	struct buf b = { 0 };

	(void)state;
	screen_write_run(&b, 3, 7, cells, 4);
	assert_int_equal(screen_read_run(&run, buf_view(&b)), ERR_NONE);
	assert_int_equal(run.row, 3);
	assert_int_equal(run.col, 7);
	assert_int_equal(run.n, 4);
	for (uint16_t i = 0; i < 4; i++) {
		struct cell c = screen_cell(&run, i);

		assert_int_equal(c.ch, cells[i].ch);
		assert_int_equal(c.mark, cells[i].mark);
		assert_int_equal(c.attr, cells[i].attr);
	}
	buf_release(&b);
}

static struct cell
after(struct cell one)
{
	const struct cell cells[] = { one, { 'x', 0, 0 } };
	struct screen_run run;
	struct buf b = { 0 };
	struct cell c;

	screen_write_run(&b, 0, 0, cells, 2);
	assert_int_equal(screen_read_run(&run, buf_view(&b)), ERR_NONE);
	c = screen_cell(&run, 0);
	buf_release(&b);
	return c;
}

static void
a_cell_that_a_terminal_would_obey_is_replaced(void **state)
{
	static const uint32_t hostile[] = { 0x1b, 0x07, 0x0a, 0x08, 0x7f, 0x9b,
		0x202e, 0x200b, 0xfeff, 0xe0041, 0xad, 0x3164, 0xe000, 0xffff,
		0xd800, 0x110000, 0xffffffff, 0x301 };

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
		assert_int_equal(after((struct cell){ hostile[i], 0, 0 }).ch,
		    0xfffd);
	assert_int_equal(after((struct cell){ 'a', 0, 0 }).ch, 'a');
	assert_int_equal(after((struct cell){ 0xfffd, 0, 0 }).ch, 0xfffd);
	/* marks that are none, and attributes nobody knows */
	assert_int_equal(after((struct cell){ 'a', 0x202e, 0 }).mark, 0);
	assert_int_equal(after((struct cell){ 'a', 'b', 0 }).mark, 0);
	assert_int_equal(after((struct cell){ 'a', 0x1b, 0 }).mark, 0);
	assert_int_equal(after((struct cell){ 'a', 0, 0xffff }).attr &
		~ATTR_ALL,
	    0);
	assert_true(
	    (after((struct cell){ 'a', 0, 0x1f }).attr & ATTR_ROLE) < ROLES);
}

static void
half_of_a_wide_cell_becomes_a_blank(void **state)
{
	const struct cell cells[] = { { 0, 0, 0 }, { 0x65e5, 0, 0 },
		{ 'x', 0, 0 }, { 0, 0, 0 }, { 0x65e5, 0, 0 } };
	struct screen_run run;
	struct buf b = { 0 };

	(void)state;
	screen_write_run(&b, 0, 0, cells, 5);
	assert_int_equal(screen_read_run(&run, buf_view(&b)), ERR_NONE);
	for (uint16_t i = 0; i < 5; i++)
		assert_int_equal(screen_cell(&run, i).ch, i == 2 ? 'x' : ' ');
	buf_release(&b);
}

static void
every_truncation_and_every_tail_is_refused(void **state)
{
	const struct cell cells[] = { { 'a', 0, 0 }, { 'b', 0, 0 } };
	struct screen_run run;
	struct buf b = { 0 };

	(void)state;
	screen_write_run(&b, 0, 0, cells, 2);
	assert_int_equal(screen_read_run(&run, buf_view(&b)), ERR_NONE);
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(screen_read_run(&run,
				     (struct str){ b.at, len }),
		    ERR_FORMAT);
	buf_char(&b, 'x');
	assert_int_equal(screen_read_run(&run, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
	err_clear();
}

static enum err
run_at(int row, int col, int n)
{
	struct cell cells[4] = { { 'a', 0, 0 }, { 'a', 0, 0 }, { 'a', 0, 0 },
		{ 'a', 0, 0 } };
	struct screen_run run;
	struct buf b = { 0 };
	enum err rc;

	screen_write_run(&b, row, col, cells, n);
	rc = screen_read_run(&run, buf_view(&b));
	buf_release(&b);
	err_clear();
	return rc;
}

static void
places_beyond_every_terminal_are_refused(void **state)
{
	(void)state;
	assert_int_equal(run_at(LIMIT_ROWS - 1, LIMIT_COLUMNS - 4, 4),
	    ERR_NONE);
	assert_int_equal(run_at(LIMIT_ROWS, 0, 4), ERR_FORMAT);
	assert_int_equal(run_at(0, LIMIT_COLUMNS - 3, 4), ERR_FORMAT);
	assert_int_equal(run_at(0, 65535, 4), ERR_FORMAT);
	assert_int_equal(run_at(0, 0, 0), ERR_FORMAT);
}

static void
small_messages_are_strict(void **state)
{
	struct screen_cursor cursor = { true, 3, 4 };
	struct screen_size size = { 24, 80, SCREEN_UTF8 };
	struct screen_look look = { SCREEN_THEME_CB, true };
	struct buf b = { 0 };
	enum room room;
	uint32_t key;

	(void)state;
	screen_write_cursor(&b, &cursor);
	cursor = (struct screen_cursor){ 0 };
	assert_int_equal(screen_read_cursor(&cursor, buf_view(&b)), ERR_NONE);
	assert_true(cursor.shown && cursor.row == 3 && cursor.col == 4);
	b.at[0] = 2;
	assert_int_equal(screen_read_cursor(&cursor, buf_view(&b)), ERR_FORMAT);
	buf_clear(&b);
	screen_write_look(&b, &look);
	look = (struct screen_look){ 0 };
	assert_int_equal(screen_read_look(&look, buf_view(&b)), ERR_NONE);
	assert_true(look.theme == SCREEN_THEME_CB && look.mouse);
	b.at[0] = SCREEN_THEMES;
	assert_int_equal(screen_read_look(&look, buf_view(&b)), ERR_FORMAT);
	b.at[0] = 0;
	b.at[1] = 2;
	assert_int_equal(screen_read_look(&look, buf_view(&b)), ERR_FORMAT);
	buf_clear(&b);
	screen_write_size(&b, &size);
	size = (struct screen_size){ 0 };
	assert_int_equal(screen_read_size(&size, buf_view(&b)), ERR_NONE);
	assert_true(size.rows == 24 && size.cols == 80 && size.flags == 1);
	buf_clear(&b);
	screen_write_show(&b, 501, 80);
	assert_int_equal(screen_read_show(&size, buf_view(&b)), ERR_FORMAT);
	for (unsigned r = 0; r < 256; r++) {
		buf_clear(&b);
		screen_write_focus(&b, (enum room)r);
		assert_int_equal(screen_read_focus(&room, buf_view(&b)),
		    r == ROOM_READING || r == ROOM_NOTES ? ERR_NONE :
							   ERR_FORMAT);
	}
	buf_clear(&b);
	screen_write_key(&b, KEYS_UP);
	assert_int_equal(screen_read_key(&key, buf_view(&b)), ERR_NONE);
	assert_int_equal(key, KEYS_UP);
	buf_clear(&b);
	screen_write_key(&b, KEYS_LAST + 1);
	assert_int_equal(screen_read_key(&key, buf_view(&b)), ERR_FORMAT);
	buf_clear(&b);
	screen_write_key(&b, 0xd800);
	assert_int_equal(screen_read_key(&key, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
	err_clear();
}

static void
gone(void *arg, enum err rc)
{
	(void)arg;
	(void)rc;
}

/* Messages of a frame, as the other end reads them. */
static unsigned
messages_of(struct port *p, int fd, struct canvas_grid *frame,
    struct canvas_grid *before)
{
	struct buf body = { 0 };
	unsigned n = 0;
	uint16_t type;

	screen_send(p, frame, before);
	do {
		assert_int_equal(port_read(fd, &type, &body), ERR_NONE);
		n++;
	} while (type != MSG_SHOW);
	buf_release(&body);
	return n;
}

static void
only_what_changed_crosses_the_port(void **state)
{
	static const struct port_row none[] = { { 0 } };
	struct canvas_grid *frame = canvas_open(10, 20);
	struct canvas_grid *before = canvas_open(0, 0);
	struct canvas c = canvas_all(frame);
	struct loop *loop;
	struct port *p;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(loop_open(&loop), ERR_NONE);
	p = port_open(loop, pair[0], none, gone, NULL);
	assert_int_equal(messages_of(p, pair[1], frame, before), 10 + 2);
	assert_int_equal(messages_of(p, pair[1], frame, before), 2);
	canvas_put(&c, 4, 4, 0, "hello");
	assert_int_equal(messages_of(p, pair[1], frame, before), 1 + 2);
	canvas_resize(frame, 3, 20);
	assert_int_equal(messages_of(p, pair[1], frame, before), 3 + 2);
	port_close(p);
	close(pair[1]);
	loop_close(loop);
	canvas_close(frame);
	canvas_close(before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_goes_both_ways),
		cmocka_unit_test(a_cell_that_a_terminal_would_obey_is_replaced),
		cmocka_unit_test(half_of_a_wide_cell_becomes_a_blank),
		cmocka_unit_test(every_truncation_and_every_tail_is_refused),
		cmocka_unit_test(places_beyond_every_terminal_are_refused),
		cmocka_unit_test(small_messages_are_strict),
		cmocka_unit_test(only_what_changed_crosses_the_port),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
