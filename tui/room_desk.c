/*
 * room_desk.c - the desk: the terminal on one side, two rooms on the other.
 *
 * It parses nothing but keys and frames, opens no file and knows no secret.
 */
#include "policy/enter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/loop.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"
#include "tui/desk.h"
#include "tui/input.h"
#include "tui/term.h"
#include "tui/typed.h"

enum {
	READ_AT_ONCE = 4096,
	SETTLE_MS = 2000, /* after a handover that nobody answers */
};

static struct {
	struct loop *loop;
	struct desk *desk;
	struct port *launcher, *reading, *notes;
	struct input input;
	unsigned wait; /* timer for the rest of a sequence */
	bool told;     /* MSG_FIRST_FRAME is sent */
	struct typed typed;
	unsigned settle; /* timer: the focus counts as settled */
} here;

static void
stop(void *arg, enum err rc)
{
	(void)arg;
	loop_stop(here.loop, rc);
}

static void
reading_gone(void *arg, enum err rc)
{
	stop(arg, room_left(ROOM_READING, rc));
}

static void
notes_gone(void *arg, enum err rc)
{
	stop(arg, room_left(ROOM_NOTES, rc));
}

/* Keys */

static void
send_key(void *arg, uint32_t key)
{
	enum room focus = desk_focus(here.desk);
	struct buf b = { 0 };

	(void)arg;
	if (key == KEYS_CTRL('l')) {
		term_repaint();
		desk_repaint(here.desk);
		return;
	}
	if (!typed_key(&here.typed, focus, key))
		return;
	screen_write_key(&b, key);
	port_send(focus == ROOM_NOTES ? here.notes : here.reading, MSG_KEY,
	    buf_view(&b));
	explicit_bzero(b.at, b.len);
	buf_release(&b);
}

static void
settle(void *arg)
{
	(void)arg;
	if (here.settle != 0)
		loop_cancel(here.loop, here.settle);
	here.settle = 0;
	typed_settle(&here.typed, send_key, NULL);
}

static enum err
hand_over(enum room from, struct str body)
{
	struct wire w = wire_of(body);
	uint32_t taken = wire_u32(&w);
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		rc = typed_handover(&here.typed, from, taken);
	if (rc != ERR_NONE)
		return rc;
	port_send(from == ROOM_NOTES ? here.notes : here.reading, MSG_RESUME,
	    STR(""));
	if (here.settle == 0)
		here.settle = loop_after(here.loop, SETTLE_MS, settle, NULL);
	return ERR_NONE;
}

static enum err
reading_handover(void *arg, struct str body)
{
	(void)arg;
	return hand_over(ROOM_READING, body);
}

static enum err
notes_handover(void *arg, struct str body)
{
	(void)arg;
	return hand_over(ROOM_NOTES, body);
}

/* Frames */

static enum err
reading_cells(void *arg, struct str body)
{
	(void)arg;
	return desk_take_cells(here.desk, ROOM_READING, body);
}

static enum err
reading_cursor(void *arg, struct str body)
{
	(void)arg;
	return desk_take_cursor(here.desk, ROOM_READING, body);
}

static enum err
reading_show(void *arg, struct str body)
{
	(void)arg;
	return desk_take_show(here.desk, ROOM_READING, body);
}

static enum err
notes_cells(void *arg, struct str body)
{
	(void)arg;
	return desk_take_cells(here.desk, ROOM_NOTES, body);
}

static enum err
notes_cursor(void *arg, struct str body)
{
	(void)arg;
	return desk_take_cursor(here.desk, ROOM_NOTES, body);
}

static enum err
notes_show(void *arg, struct str body)
{
	(void)arg;
	return desk_take_show(here.desk, ROOM_NOTES, body);
}

static enum err
notes_trusted(void *arg, struct str body)
{
	(void)arg;
	return desk_take_trusted(here.desk, body);
}

static enum err
notes_focus(void *arg, struct str body)
{
	enum room before = desk_focus(here.desk);
	enum err rc = desk_take_focus(here.desk, body);
	struct buf b = { 0 };

	if (rc != ERR_NONE)
		return rc;
	if (desk_focus(here.desk) != before) {
		wire_put_u8(&b, before != ROOM_READING);
		port_send(here.reading, MSG_WATCHED, buf_view(&b));
		buf_release(&b);
	}
	settle(arg);
	return rc;
}

static enum err
take_look(void *arg, struct str body)
{
	struct screen_look l;
	enum err rc = screen_read_look(&l, body);

	(void)arg;
	if (rc != ERR_NONE)
		return rc;
	term_theme(l.theme);
	term_mouse(l.mouse);
	here.input.mouse = l.mouse;
	desk_repaint(here.desk);
	return ERR_NONE;
}

enum { RUN_MAX = SCREEN_RUN + LIMIT_COLUMNS * SCREEN_CELL };

static const struct port_row rows_reading[] = {
	{ MSG_CELLS, SCREEN_RUN, RUN_MAX, reading_cells },
	{ MSG_CURSOR, 5, 5, reading_cursor },
	{ MSG_SHOW, 4, 4, reading_show },
	{ MSG_LOOK, 2, 2, take_look },
	{ MSG_HANDOVER, 4, 4, reading_handover },
	{ 0 },
};

static const struct port_row rows_notes[] = {
	{ MSG_CELLS, SCREEN_RUN, RUN_MAX, notes_cells },
	{ MSG_CURSOR, 5, 5, notes_cursor },
	{ MSG_SHOW, 4, 4, notes_show },
	{ MSG_LOOK, 2, 2, take_look },
	{ MSG_TRUSTED, SCREEN_RUN, RUN_MAX, notes_trusted },
	{ MSG_FOCUS, 1, 1, notes_focus },
	{ MSG_HANDOVER, 4, 4, notes_handover },
	{ 0 },
};

static enum err
shutdown_asked(void *arg, struct str body)
{
	(void)body;
	stop(arg, ERR_NONE);
	return ERR_NONE;
}

static const struct port_row rows_launcher[] = {
	{ MSG_SHUTDOWN, 0, 0, shutdown_asked },
	{ 0 },
};

/* The terminal */

static void
wait_over(void *arg)
{
	(void)arg;
	here.wait = 0;
	input_wait_over(&here.input, send_key, NULL);
}

static void
read_terminal(void *arg, int events)
{
	char bytes[READ_AT_ONCE];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (events & LOOP_READ) == 0) { /* it was hung up */
		stop(arg, ERR_NONE);
		return;
	}
	if (here.wait != 0)
		loop_cancel(here.loop, here.wait);
	here.wait = 0;
	input_bytes(&here.input, (struct str){ bytes, (size_t)n }, send_key,
	    NULL);
	if (input_waits(&here.input))
		here.wait =
		    loop_after(here.loop, INPUT_WAIT_MS, wait_over, NULL);
}

/* Sizes */

static void
send_size(struct port *p)
{
	struct screen_size s = desk_room_size(here.desk);
	struct buf b = { 0 };

	screen_write_size(&b, &s);
	port_send(p, MSG_SIZE, buf_view(&b));
	buf_release(&b);
}

static void
take_size(void)
{
	struct screen_size s = term_size();

	term_resize(&s);
	desk_resize(here.desk, &s);
	send_size(here.reading);
	send_size(here.notes);
}

static void
resized(void *arg, int signal)
{
	(void)arg;
	(void)signal;
	take_size();
}

static void
told_to_end(void *arg, int signal)
{
	(void)signal;
	stop(arg, ERR_NONE);
}

static void
draw(void *arg)
{
	int row, col;

	if (!desk_draw(here.desk, term_cell, &row, &col))
		return;
	term_show(row, col);
	if (here.told || !desk_has_frame(here.desk))
		return;
	here.told = true;
	if (room_first_frame() != ERR_NONE)
		stop(arg, ERR_NONE);
}

static enum err
take_signals(void)
{
	static const int ends[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	enum err rc = loop_signal(here.loop, SIGWINCH, resized, NULL);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (rc == ERR_NONE)
			rc = loop_signal(here.loop, ends[i], told_to_end, NULL);
	return rc;
}

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	enum err rc = text_start();

	(void)arg;
	(void)s;
	(void)paths;
	if (rc == ERR_NONE)
		rc = loop_open(&here.loop);
	if (rc == ERR_NONE)
		rc = take_signals();
	if (rc == ERR_NONE)
		rc = term_open(getenv("TERM"));
	return rc;
}

static enum err
work(void)
{
	struct screen_size s = term_size();

	here.desk = desk_open();
	desk_resize(here.desk, &s);
	here.launcher =
	    port_open(here.loop, ROOM_FD_LAUNCHER, rows_launcher, stop, NULL);
	here.reading = port_open(here.loop, DESK_FD_READING, rows_reading,
	    reading_gone, NULL);
	here.notes =
	    port_open(here.loop, DESK_FD_NOTES, rows_notes, notes_gone, NULL);
	loop_watch(here.loop, STDIN_FILENO, LOOP_READ, read_terminal, NULL);
	loop_before_sleep(here.loop, draw, NULL);
	take_size();
	return loop_run(here.loop);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_DESK, argc, argv);
	rc = enter_room(&s, &a, ROOM_DESK, prepare, NULL);
	if (rc == ERR_NONE)
		rc = work();
	term_close();
	return room_end(rc);
}
