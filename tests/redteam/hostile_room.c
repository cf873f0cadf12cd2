/*
 * hostile_room.c - a room that was taken over: what it does is in the title
 * of what is read, that is the name of the repository's folder.
 *
 *   flood-desk    as reading room: cells as fast as they go, for ever
 *   fake-prompt   as reading room: a passphrase prompt, on every row
 *   bad-cells     as reading room: then a message that is none
 *   flood-worker  as worker: results of jobs that nobody asked for
 *   stall-worker, stall-search   ready, and then nothing, for ever
 *   deaf-worker, deaf-search   take work, and then hear nothing
 *   mute-worker   never ready
 *   spin-search   ready, and then all of a processor
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/job.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/room.h"
#include "core/search.h"
#include "core/wire.h"
#include "policy/probe.h"
#include "tui/screen.h"

static _Noreturn void
sleep_on(void)
{
	for (;;)
		pause();
}

/* One row of a frame: u16 row, u16 column, cells. */
static void
put_row(struct buf *b, uint16_t row, const char *text)
{
	struct cell cells[80] = { 0 };

	for (size_t i = 0; i < 80; i++)
		cells[i].ch = i < strlen(text) ? (uint32_t)text[i] : ' ';
	buf_clear(b);
	screen_write_run(b, row, 0, cells, 80);
}

static void
draw(const char *text, unsigned rows)
{
	struct buf b = { 0 };

	for (uint16_t row = 0; row < rows; row++) {
		put_row(&b, row, text);
		if (port_write(READING_FD_DESK, MSG_CELLS, buf_view(&b)) !=
		    ERR_NONE)
			_exit(0);
	}
	buf_clear(&b);
	screen_write_show(&b, 24, 80);
	if (port_write(READING_FD_DESK, MSG_SHOW, buf_view(&b)) != ERR_NONE)
		_exit(0);
	buf_release(&b);
}

static void
as_reading(const struct start *s)
{
	if (str_eq(s->title, STR("flood-desk")))
		for (;;)
			draw("flooded", 24);
	if (str_eq(s->title, STR("fake-prompt")))
		draw("Passphrase of the notes:", 24);
	if (str_eq(s->title, STR("bad-cells"))) {
		draw("soon", 24);
		(void)!port_write(READING_FD_DESK, MSG_CELLS, STR("no cells"));
	}
	sleep_on();
}

static void
as_worker(const struct start *s)
{
	struct buf b = { 0 };

	wire_put_u32(&b, 4711);
	wire_put_str(&b, STR("what nobody has asked for"));
	if (str_eq(s->title, STR("flood-worker")))
		while (port_write(WORKER_FD_READING, MSG_JOB_DATA,
			   buf_view(&b)) == ERR_NONE)
			continue;
	if (str_eq(s->title, STR("deaf-worker"))) {
		buf_clear(&b); /* job 0 is done: it takes work */
		wire_put_u32(&b, 0);
		wire_put_u8(&b, ERR_NONE);
		wire_put_str(&b, STR(""));
		(void)!port_write(WORKER_FD_READING, MSG_JOB_DONE,
		    buf_view(&b));
	}
	sleep_on();
}

static void
as_searcher(const struct start *s)
{
	struct buf b = { 0 };

	if (str_eq(s->title, STR("deaf-search"))) {
		search_hello_write(STR("none"), &b);
		(void)!port_write(SEARCH_FD_READING, MSG_SEARCH_HELLO,
		    buf_view(&b));
	}
	sleep_on();
}

static bool
is_called(const char *argv0, enum room r)
{
	size_t len = strlen(argv0), n = strlen(room_file(r));

	return len >= n && strcmp(argv0 + len - n, room_file(r)) == 0;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum room r = ROOM_READING;

	if (is_called(argv[0], ROOM_WORKER))
		r = ROOM_WORKER;
	if (is_called(argv[0], ROOM_SEARCH))
		r = ROOM_SEARCH;
	if (probe_wanted(argc, argv)) /* it lies about its walls, too */
		return probe_main(r, argc, argv);
	if (room_begin(&s, &a, r) != ERR_NONE)
		return 1;
	if (str_eq(s.title, STR("mute-worker")))
		sleep_on();
	if (room_ready() != ERR_NONE)
		return 1;
	if (str_eq(s.title, STR("spin-search")))
		for (volatile unsigned long n = 0;; n++)
			continue;
	if (r == ROOM_READING)
		as_reading(&s);
	if (r == ROOM_WORKER)
		as_worker(&s);
	if (r == ROOM_SEARCH)
		as_searcher(&s);
	sleep_on();
}
