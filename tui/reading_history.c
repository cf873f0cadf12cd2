#include "tui/reading_history.h"

#include <string.h>

#include "core/job_index.h"
#include "tui/reading_inside.h"

bool
reading_history_asks(const char *job)
{
	static const char *const names[] = { "blame", "linelog", "pathlog",
		"pickaxe" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], job) == 0)
			return true;
	return false;
}

/* Stopped is not failed: it goes on when there is time. */
static void
on_done(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;
	struct reading_history *h = &r->history;

	h->job = 0;
	if (h->state != INDEX_MADE)
		return;
	if (rc == ERR_NONE) {
		h->state = INDEX_THERE;
	} else if (rc != ERR_STOPPED && rc != ERR_IO) {
		h->state = INDEX_REFUSED;
		shell_message(r->shell,
		    "%.*s: log and blame compare commits one by one",
		    STR_ARG(text));
	}
}

/* For the list of jobs. */
static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct reading *r = arg;

	(void)done;
	(void)total;
	shell_redraw(r->shell);
}

/* What is read, and all that has a name. */
static uint32_t
tips_of(struct oid *tips, const struct reading *r)
{
	uint32_t n = 0;

	tips[n++] = r->commit;
	if (!oid_is_zero(&r->refs.head_id))
		tips[n++] = r->refs.head_id;
	for (size_t i = 0; i < r->refs.len && n < JOB_INDEX_TIPS; i++)
		if (r->refs.at[i].kind != REF_OTHER)
			tips[n++] = r->refs.at[i].target;
	return n;
}

static void
start_on(struct reading *r, unsigned worker)
{
	static const struct reading_sink sink = { .progress = on_progress,
		.done = on_done,
		.always = true };
	static struct oid tips[JOB_INDEX_TIPS];
	struct reading_history *h = &r->history;
	struct buf args = { 0 };

	job_index_args(&args, tips, tips_of(tips, r));
	h->worker = worker;
	h->job = reading_job_on(r, worker, "index", buf_view(&args), &sink, r);
	buf_release(&args);
}

static bool
is_free(const struct reading *r, unsigned worker)
{
	const struct reading_worker *w = &r->workers[worker];

	return w->ready && !w->taken && w->now == NULL;
}

/* The last worker, as the first has more to do; then always the same. */
void
reading_history_idle(struct reading *r)
{
	struct reading_history *h = &r->history;

	if ((h->state != INDEX_WANTED && h->state != INDEX_MADE) ||
	    h->job != 0 || r->first_line != NULL)
		return;
	if (h->state == INDEX_MADE) {
		if (is_free(r, h->worker))
			start_on(r, h->worker);
		return;
	}
	for (unsigned i = r->cores; i > 0; i--)
		if (is_free(r, i - 1)) {
			h->state = INDEX_MADE;
			start_on(r, i - 1);
			return;
		}
}

/* A session has its own. */
void
reading_history_want(struct reading *r)
{
	if (r->start->session && r->start->text.len > 0)
		return;
	if (r->history.state == INDEX_NONE)
		r->history.state = INDEX_WANTED;
	reading_history_idle(r);
}

bool
reading_history_yield_any(struct reading *r)
{
	if (r->history.job == 0)
		return false;
	reading_job_cancel(r, r->history.job);
	return true;
}

bool
reading_history_yield(struct reading *r, unsigned worker)
{
	return r->history.worker == worker && reading_history_yield_any(r);
}

void
reading_history_lost(struct reading *r, unsigned worker)
{
	struct reading_history *h = &r->history;

	if (h->worker == worker &&
	    (h->state == INDEX_MADE || h->state == INDEX_THERE))
		h->state = INDEX_NONE;
}

void
reading_history_stop(struct reading *r)
{
	r->history.state = INDEX_REFUSED;
	(void)reading_history_yield_any(r);
}

int
reading_history_worker(const struct reading *r)
{
	return r->history.state == INDEX_THERE ? (int)r->history.worker : -1;
}
