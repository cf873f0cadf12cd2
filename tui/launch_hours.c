#include "tui/launch_hours.h"

#include <stdlib.h>
#include <time.h>

enum { KEEP_MS = 60 * 1000, LOOK_MS = 5 * 1000 };

struct launch_hours {
	struct loop *loop;
	const char *data;
	const struct visits *before;
	struct visit now;
	int64_t until, allowed; /* allowed: seconds from the beginning */
	uint64_t began, kept;   /* loop_now() */
	unsigned timer;
	void (*over)(void *arg);
	void *arg;
};

static enum err
keep(struct launch_hours *h)
{
	h->kept = loop_now();
	h->now.end = time(NULL);
	h->now.seconds = (h->kept - h->began) / 1000;
	return visits_write(h->before, &h->now, h->data);
}

static bool
is_over(const struct launch_hours *h)
{
	return h->until != 0 &&
	    (time(NULL) >= h->until ||
		(int64_t)((loop_now() - h->began) / 1000) >= h->allowed);
}

static void
look(void *arg)
{
	struct launch_hours *h = arg;

	h->timer = 0;
	if (is_over(h)) {
		h->over(h->arg);
		return;
	}
	/* A full disk is not worth a session: the next minute tries again. */
	if (loop_now() - h->kept >= KEEP_MS && keep(h) != ERR_NONE)
		err_clear();
	h->timer = loop_after(h->loop, LOOK_MS, look, h);
}

enum err
launch_hours_open(struct launch_hours **out, struct loop *l, const char *data,
    const struct visits *before, int64_t until, void (*over)(void *arg),
    void *arg)
{
	struct launch_hours *h = calloc(1, sizeof *h);
	enum err rc;

	if (h == NULL)
		bug("no memory for the hours");
	*h = (struct launch_hours){ .loop = l,
		.data = data,
		.before = before,
		.until = until,
		.began = loop_now(),
		.over = over,
		.arg = arg };
	h->now.begin = time(NULL);
	h->allowed = until - h->now.begin;
	rc = keep(h);
	if (rc != ERR_NONE) {
		free(h);
		return rc;
	}
	h->timer = loop_after(l, LOOK_MS, look, h);
	*out = h;
	return ERR_NONE;
}

void
launch_hours_close(struct launch_hours *h)
{
	if (h == NULL)
		return;
	loop_cancel(h->loop, h->timer);
	if (keep(h) != ERR_NONE)
		err_clear();
	free(h);
}
