#include "tui/reading_job.h"

#include <stdlib.h>

#include "core/messages.h"
#include "core/port.h"
#include "tui/reading_inside.h"

/* One job, in line or with a worker. */
struct line {
	struct line *next;
	uint32_t id;
	const char *name;
	struct buf args;
	int only; /* this worker; -1: any */
	bool cancelled;
	const struct reading_sink *sink;
	void *arg;
	uint64_t done, total;
};

static void
free_line(struct line *j)
{
	buf_release(&j->args);
	free(j);
}

static void
send_job(struct reading_worker *w, struct line *j)
{
	struct buf b = { 0 };

	w->now = j;
	job_write(&b, j->id, str_of(j->name), buf_view(&j->args));
	port_send(w->port, MSG_JOB, buf_view(&b));
	buf_release(&b);
}

static bool
may_run(const struct reading *r, const struct line *j, unsigned i)
{
	const struct reading_worker *w = &r->workers[i];

	if (!w->ready || w->now != NULL)
		return false;
	return j->only >= 0 ? (unsigned)j->only == i : !w->taken;
}

/* Which worker takes it now; r->cores: none. */
static unsigned
worker_for(const struct reading *r, const struct line *j)
{
	int best =
	    reading_history_asks(j->name) ? reading_history_worker(r) : -1;
	unsigned i = 0;

	if (best >= 0 && may_run(r, j, (unsigned)best))
		return (unsigned)best;
	while (i < r->cores && !may_run(r, j, i))
		i++;
	return i;
}

static void
dispatch(struct reading *r)
{
	struct line **at = &r->first_line;

	while (*at != NULL) {
		struct line *j = *at;
		unsigned i = worker_for(r, j);

		if (i == r->cores) {
			if (j->only >= 0)
				(void)reading_history_yield(r,
				    (unsigned)j->only);
			else
				(void)reading_history_yield_any(r);
			at = &j->next;
			continue;
		}
		*at = j->next;
		send_job(&r->workers[i], j);
	}
}

static uint32_t
start(struct reading *r, int only, const char *name, struct str args,
    const struct reading_sink *sink, void *arg)
{
	struct line *j = calloc(1, sizeof *j), **at = &r->first_line;
	uint32_t id;

	if (j == NULL)
		bug("no memory for a job");
	if (++r->last_job == 0)
		r->last_job = 1;
	j->id = r->last_job;
	j->name = name;
	j->only = only;
	j->sink = sink;
	j->arg = arg;
	buf_str(&j->args, args);
	while (*at != NULL)
		at = &(*at)->next;
	*at = j;
	dispatch(r);
	id = j->id;
	if (reading_history_asks(name))
		reading_history_want(r);
	return id;
}

uint32_t
reading_job_start(struct reading *r, const char *name, struct str args,
    const struct reading_sink *sink, void *arg)
{
	return start(r, -1, name, args, sink, arg);
}

uint32_t
reading_job_on(struct reading *r, unsigned worker, const char *name,
    struct str args, const struct reading_sink *sink, void *arg)
{
	return start(r, (int)worker, name, args, sink, arg);
}

bool
reading_job_take(struct reading *r, unsigned worker)
{
	struct reading_worker *w = &r->workers[worker];

	if (!w->ready || w->now != NULL || w->taken)
		return false;
	w->taken = true;
	return true;
}

void
reading_job_give(struct reading *r, unsigned worker)
{
	r->workers[worker].taken = false;
	dispatch(r);
	reading_history_idle(r);
}

static void
cancel_running(struct reading *r, unsigned i)
{
	struct reading_worker *w = &r->workers[i];
	struct buf b = { 0 };

	w->now->cancelled = true;
	wire_put_u32(&b, w->now->id);
	port_send(w->port, MSG_JOB_CANCEL, buf_view(&b));
	buf_release(&b);
	reading_deaf_wait(r, ROOM_WORKER, i);
}

void
reading_job_cancel(struct reading *r, uint32_t id)
{
	for (struct line **at = &r->first_line; *at != NULL;
	     at = &(*at)->next) {
		struct line *j = *at;

		if (j->id != id)
			continue;
		*at = j->next;
		if (j->sink->always)
			j->sink->done(j->arg, ERR_STOPPED, STR("stopped"));
		free_line(j);
		return;
	}
	for (unsigned i = 0; i < r->cores; i++) {
		struct reading_worker *w = &r->workers[i];

		if (w->now != NULL && w->now->id == id && !w->now->cancelled)
			cancel_running(r, i);
	}
}

bool
reading_job_at(const struct reading *r, size_t i, struct reading_job *out)
{
	const struct line *j;
	size_t n = 0;

	for (unsigned k = 0; k < r->cores; k++) {
		j = r->workers[k].now;
		if (j == NULL || n++ != i)
			continue;
		*out = (struct reading_job){ j->id, j->name, (int)k, j->done,
			j->total };
		return true;
	}
	for (j = r->first_line; j != NULL; j = j->next) {
		if (n++ != i)
			continue;
		*out = (struct reading_job){ j->id, j->name, -1, 0, 0 };
		return true;
	}
	return false;
}

/* The job a message is about; NULL when it is stale. */
static struct line *
line_of(struct reading *r, unsigned worker, uint32_t id)
{
	struct line *j = r->workers[worker].now;

	return j == NULL || j->id != id ? NULL : j;
}

enum err
reading_job_data(struct reading *r, unsigned worker, struct str body)
{
	struct str rest;
	struct line *j;
	uint32_t id;
	enum err rc = job_read_id(&id, &rest, body);

	if (rc != ERR_NONE)
		return rc;
	j = line_of(r, worker, id);
	if (j != NULL && !j->cancelled && j->sink->data != NULL)
		j->sink->data(j->arg, rest);
	return ERR_NONE;
}

enum err
reading_job_progress(struct reading *r, unsigned worker, struct str body)
{
	struct job_progress p;
	struct str rest;
	struct line *j;
	uint32_t id;
	enum err rc = job_read_id(&id, &rest, body);

	if (rc == ERR_NONE)
		rc = job_read_progress(&p, rest);
	if (rc != ERR_NONE)
		return rc;
	j = line_of(r, worker, id);
	if (j == NULL || j->cancelled)
		return ERR_NONE;
	j->done = p.done;
	j->total = p.total;
	if (j->sink->progress != NULL)
		j->sink->progress(j->arg, p.done, p.total);
	return ERR_NONE;
}

static void
finish(struct reading *r, unsigned worker, enum err rc, struct str text)
{
	struct reading_worker *w = &r->workers[worker];
	struct line *j = w->now;

	reading_deaf_heard(r, ROOM_WORKER, worker);

	w->now = NULL;
	if (j == NULL)
		return;
	if ((!j->cancelled || j->sink->always) && j->sink->done != NULL)
		j->sink->done(j->arg, rc, text);
	free_line(j);
}

enum err
reading_job_done(struct reading *r, unsigned worker, struct str body)
{
	struct reading_worker *w = &r->workers[worker];
	struct job_done d;
	struct str rest;
	uint32_t id;
	enum err rc = job_read_id(&id, &rest, body);

	if (rc == ERR_NONE)
		rc = job_read_done(&d, rest);
	if (rc != ERR_NONE)
		return rc;
	if (id == 0) {
		w->ready = true;
		reading_history_lost(r, worker);
		finish(r, worker, ERR_IO,
		    STR("the worker ended and was started anew"));
	} else if (line_of(r, worker, id) != NULL) {
		finish(r, worker, d.rc, d.text);
	}
	if (d.rc == ERR_NONE && d.text.len > 0 && !r->remarked) {
		r->remarked = true;
		shell_say(r->shell, ROLE_WARNING, d.text);
	}
	dispatch(r);
	reading_search_idle(r);
	reading_history_idle(r);
	return ERR_NONE;
}

void
reading_job_release(struct reading *r)
{
	while (r->first_line != NULL) {
		struct line *next = r->first_line->next;

		free_line(r->first_line);
		r->first_line = next;
	}
	for (unsigned i = 0; i < r->cores; i++)
		if (r->workers[i].now != NULL) {
			free_line(r->workers[i].now);
			r->workers[i].now = NULL;
		}
	reading_deaf_release(r);
}
