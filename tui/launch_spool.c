#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"

#include "tui/launch_inside.h"

/* *more false: there is nothing now. */
static enum err
move(struct launch *l, bool *more)
{
	char page[16 * 1024];
	ssize_t n = read(l->spool_in, page, sizeof page);

	*more = n > 0;
	if (n <= 0)
		return ERR_NONE;
	if (io_put(l->target->spool, (struct str){ page, (size_t)n }) !=
	    ERR_NONE)
		return fail(ERR_IO,
		    "the print spool cannot be written: the journal says "
		    "which pages were meant for it");
	return ERR_NONE;
}

static void
on_pages(void *arg, int events)
{
	struct launch *l = arg;
	bool more;

	(void)events;
	if (move(l, &more) != ERR_NONE)
		l->spool_trouble(l);
}

enum err
launch_spool_open(struct launch *l, void (*trouble)(struct launch *l))
{
	int ends[2];

	l->spool_in = l->spool_out = -1;
	if (l->target->spool < 0 || l->setup->script != NULL)
		return ERR_NONE;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	l->spool_in = ends[0];
	l->spool_out = ends[1];
	if (fcntl(l->spool_in, F_SETFL, O_NONBLOCK) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	l->spool_trouble = trouble;
	loop_watch(l->loop, l->spool_in, LOOP_READ, on_pages, l);
	return ERR_NONE;
}

void
launch_spool_close(struct launch *l)
{
	bool more = true;

	if (l->spool_in < 0)
		return;
	loop_drop(l->loop, l->spool_in);
	while (more)
		if (move(l, &more) != ERR_NONE)
			more = false;
	close(l->spool_in);
	close(l->spool_out);
	l->spool_in = l->spool_out = -1;
}
