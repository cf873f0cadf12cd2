#include "tui/reading_deaf.h"

#include "tui/reading_inside.h"

/* Longer than either gives itself, on a machine that is busy, too. */
enum { DEAF_MS = 8000 };

static unsigned *
timer_of(struct reading *r, enum room kind, unsigned i)
{
	return kind == ROOM_WORKER ? &r->deaf_workers[i] :
				     &r->deaf_searchers[i];
}

static void
ask(const struct reading_peer *p, enum room kind)
{
	*timer_of(p->r, kind, p->i) = 0;
	p->r->restart(p->r->restart_arg, kind, (uint16_t)p->i);
}

static void
on_worker(void *arg)
{
	ask(arg, ROOM_WORKER);
}

static void
on_searcher(void *arg)
{
	ask(arg, ROOM_SEARCH);
}

void
reading_deaf_open(struct reading *r, const struct reading_wires *w)
{
	r->restart = w->restart;
	r->restart_arg = w->restart_arg;
}

void
reading_deaf_wait(struct reading *r, enum room kind, unsigned i)
{
	unsigned *timer = timer_of(r, kind, i);

	if (r->restart != NULL && *timer == 0)
		*timer = loop_after(r->loop, DEAF_MS,
		    kind == ROOM_WORKER ? on_worker : on_searcher,
		    &r->peers[i]);
}

void
reading_deaf_heard(struct reading *r, enum room kind, unsigned i)
{
	unsigned *timer = timer_of(r, kind, i);

	loop_cancel(r->loop, *timer);
	*timer = 0;
}

void
reading_deaf_release(struct reading *r)
{
	for (unsigned i = 0; i < r->cores; i++) {
		reading_deaf_heard(r, ROOM_WORKER, i);
		reading_deaf_heard(r, ROOM_SEARCH, i);
	}
}
