#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"

#include "tui/launch_inside.h"

/* One line of our own among those of the rooms. */
void
launch_log_say(struct launch *l, const struct launch_room *r, const char *what)
{
	struct buf b = { 0 };

	if (l->setup->log < 0)
		return;
	buf_printf(&b, "launcher: %s %u %s\n", room_name(r->kind), r->index,
	    what);
	if (io_put(l->setup->log, buf_view(&b)) != ERR_NONE)
		err_clear(); /* a log is not worth a session */
	buf_release(&b);
}

/* What rooms say for a developer goes through a pipe: a room has no file
 * that it could write to. */
static void
on_log(void *arg, int events)
{
	struct launch *l = arg;
	char said[4096];
	ssize_t n = read(l->log_in, said, sizeof said);

	(void)events;
	if (n <= 0) {
		loop_drop(l->loop, l->log_in);
		return;
	}
	if (io_put(l->setup->log, (struct str){ said, (size_t)n }) !=
	    ERR_NONE) {
		err_clear(); /* a log is not worth a session */
		loop_drop(l->loop, l->log_in);
	}
}

enum err
launch_log_open(struct launch *l)
{
	int ends[2];

	l->log_in = l->log_out = -1;
	if (l->setup->log < 0)
		return ERR_NONE;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	l->log_in = ends[0];
	l->log_out = ends[1];
	loop_watch(l->loop, l->log_in, LOOP_READ, on_log, l);
	return ERR_NONE;
}

void
launch_log_close(struct launch *l)
{
	if (l->log_in < 0)
		return;
	loop_drop(l->loop, l->log_in);
	close(l->log_in);
	close(l->log_out);
}
