#include "core/job.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/git_graph.h"
#include "core/history_keep.h"
#include "core/limits.h"
#include "core/loop.h"
#include "core/messages.h"
#include "core/port.h"

#ifdef TINY
enum { JOB_BATCH = 64 };
#else
enum { JOB_BATCH = 32 * 1024 };
#endif
enum {
	JOB_EVERY_MS = 50,       /* results and progress are sent */
	JOB_TICK_US = 20 * 1000, /* a cancel is looked for */
	JOB_GRACE = 10,          /* ticks until the process ends itself */
	JOB_NAME = 32,
};

#define X(name) extern const struct job job_##name;
#include "jobs.inc"
#undef X

static const struct job *const jobs[] = {
#define X(name) &job_##name,
#include "jobs.inc"
#undef X
};

struct job_run {
	struct git_repo *repo;
	struct git_graph *graph;
	struct history_keep *history; /* with the graph */
	struct job_fds fds;
	uint32_t id;
	struct buf rows, out;
	uint64_t rows_sent, progress_sent; /* when: loop_now() */
};

const struct job *
job_find(struct str name)
{
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
		if (str_eq(name, str_of(jobs[i]->name)))
			return jobs[i];
	return NULL;
}

/*
 * A long call into a library cannot ask whether it is still wanted.  So a
 * timer looks at the next message without taking it; a job that goes on for
 * long after its cancel ends with this process, which is started again and
 * finds that cancel as its first message.
 */
static volatile sig_atomic_t job_wanted_stop;
static int job_watched = -1;

static void
on_tick(int signal)
{
	static unsigned ticks;
	unsigned char head[2];
	int kept = errno;
	ssize_t n;

	(void)signal;
	n = recv(job_watched, head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
	if (n == 0)
		_exit(JOB_STUCK);
	if (n == 2 && (head[0] | head[1] << 8) == MSG_JOB_CANCEL) {
		ticks = job_wanted_stop ? ticks + 1 : 0;
		job_wanted_stop = 1;
		if (ticks > JOB_GRACE)
			_exit(JOB_STUCK);
	}
	errno = kept;
}

static void
watch(int fd)
{
	struct sigaction act = { .sa_handler = on_tick,
		.sa_flags = SA_RESTART };
	struct itimerval every = { { 0, JOB_TICK_US }, { 0, JOB_TICK_US } };

	job_watched = fd;
	job_wanted_stop = 0;
	if (sigaction(SIGALRM, &act, NULL) != 0 ||
	    setitimer(ITIMER_REAL, &every, NULL) != 0)
		bug("no timer: %s", strerror(errno));
}

static void
unwatch(void)
{
	struct itimerval never = { { 0, 0 }, { 0, 0 } };

	if (setitimer(ITIMER_REAL, &never, NULL) != 0)
		bug("no timer: %s", strerror(errno));
}

bool
job_cancelled(const struct job_run *run)
{
	(void)run;
	return job_wanted_stop != 0;
}

bool
job_stop(void *run)
{
	return job_cancelled(run);
}

struct git_repo *
job_repo(struct job_run *run)
{
	return run->repo;
}

struct git_graph *
job_graph(struct job_run *run)
{
	if (run->graph == NULL) {
		git_graph_open(&run->graph, run->repo);
		history_keep_open(&run->history, run->graph, run->fds.history);
	}
	return run->graph;
}

struct history_keep *
job_history(struct job_run *run)
{
	(void)job_graph(run);
	return run->history;
}

int
job_searcher(const struct job_run *run)
{
	return run->fds.searcher;
}

int
job_checker(const struct job_run *run)
{
	return run->fds.checker;
}

static enum err
send_out(struct job_run *run, uint16_t type)
{
	return port_write_unless(run->fds.reading, type, buf_view(&run->out),
	    job_stop, run);
}

enum err
job_data(struct job_run *run, struct str body)
{
	if (body.len > JOB_DATA_MAX)
		bug("a batch of %zu bytes", body.len);
	if (job_cancelled(run))
		return fail(ERR_STOPPED, "stopped");
	buf_clear(&run->out);
	wire_put_u32(&run->out, run->id);
	buf_str(&run->out, body);
	return send_out(run, MSG_JOB_DATA);
}

static enum err
flush(struct job_run *run)
{
	enum err rc = ERR_NONE;

	if (run->rows.len > 0)
		rc = job_data(run, buf_view(&run->rows));
	buf_clear(&run->rows);
	run->rows_sent = loop_now();
	return rc;
}

struct buf *
job_rows(struct job_run *run)
{
	return &run->rows;
}

enum err
job_row(struct job_run *run)
{
	if (job_cancelled(run))
		return fail(ERR_STOPPED, "stopped");
	if (run->rows.len < JOB_BATCH &&
	    loop_now() - run->rows_sent < JOB_EVERY_MS)
		return ERR_NONE;
	return flush(run);
}

void
job_progress(struct job_run *run, uint64_t done, uint64_t total)
{
	uint64_t now = loop_now();

	if (now - run->progress_sent < JOB_EVERY_MS)
		return;
	run->progress_sent = now;
	buf_clear(&run->out);
	wire_put_u32(&run->out, run->id);
	wire_put_u64(&run->out, done);
	wire_put_u64(&run->out, total);
	if (send_out(run, MSG_JOB_PROGRESS) != ERR_NONE)
		err_clear(); /* the next batch meets the same end */
}

void
job_write(struct buf *b, uint32_t id, struct str name, struct str args)
{
	wire_put_u32(b, id);
	wire_put_str(b, name);
	wire_put_str(b, args);
}

enum err
job_read_id(uint32_t *id, struct str *rest, struct str body)
{
	struct wire w = wire_of(body);

	*id = wire_u32(&w);
	*rest = w.rest;
	return w.bad ? fail(ERR_FORMAT, "a message without a number") :
		       ERR_NONE;
}

enum err
job_read_progress(struct job_progress *out, struct str rest)
{
	struct wire w = wire_of(rest);
	struct job_progress p;

	p.done = wire_u64(&w);
	p.total = wire_u64(&w);
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	*out = p;
	return ERR_NONE;
}

enum err
job_read_done(struct job_done *out, struct str rest)
{
	struct wire w = wire_of(rest);
	struct job_done d;
	unsigned rc = wire_u8(&w);

	d.text = wire_str(&w, LIMIT_MESSAGE);
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	if (rc > ERR_STOPPED)
		return fail(ERR_FORMAT, "an error that there is not");
	d.rc = (enum err)rc;
	*out = d;
	return ERR_NONE;
}

static struct str
last_words(struct job_run *run, enum err rc)
{
	if (rc == ERR_NONE)
		return run->history == NULL ? STR("") :
					      history_keep_remark(run->history);
	return str_of(err_text()[0] != '\0' ? err_text() : err_name(rc));
}

static enum err
send_done(struct job_run *run, uint32_t id, enum err rc)
{
	buf_clear(&run->out);
	wire_put_u32(&run->out, id);
	wire_put_u8(&run->out, (uint8_t)rc);
	wire_put_str(&run->out, last_words(run, rc));
	return port_write(run->fds.reading, MSG_JOB_DONE, buf_view(&run->out));
}

static enum err
run_job(struct job_run *run, struct str body)
{
	struct wire w = wire_of(body);
	const struct job *job;
	struct str name, args;
	enum err rc;

	run->id = wire_u32(&w);
	name = wire_str(&w, JOB_NAME);
	args = wire_str(&w, LIMIT_MESSAGE);
	rc = wire_done(&w);
	if (rc != ERR_NONE || run->id == 0)
		return fail(ERR_FORMAT, "a job that is none");
	job = job_find(name);
	run->rows_sent = run->progress_sent = loop_now();
	buf_clear(&run->rows);
	err_clear();
	watch(run->fds.reading);
	rc =
	    job == NULL ? fail(ERR_ABSENT, "no such job") : job->run(run, args);
	if (rc == ERR_NONE)
		rc = flush(run);
	unwatch();
	return send_done(run, run->id, rc);
}

static enum err
serve_one(struct job_run *run, uint16_t type, struct str body)
{
	struct str rest;
	uint32_t id;
	enum err rc;

	if (type == MSG_JOB)
		return run_job(run, body);
	if (type != MSG_JOB_CANCEL)
		return fail(ERR_FORMAT, "message type %u to a worker", type);
	rc = job_read_id(&id, &rest, body);
	if (rc == ERR_NONE && rest.len > 0)
		rc = fail(ERR_FORMAT, "a cancel with more in it");
	return rc == ERR_NONE ? send_done(run, id, ERR_STOPPED) : rc;
}

enum err
job_serve(struct git_repo *r, const struct job_fds *fds)
{
	struct job_run run = { .repo = r, .fds = *fds };
	struct buf body = { 0 };
	uint16_t type;
	enum err rc = send_done(&run, 0, ERR_NONE);

	while (rc == ERR_NONE) {
		rc = port_read(fds->reading, &type, &body);
		if (rc == ERR_NONE)
			rc = serve_one(&run, type, buf_view(&body));
	}
	buf_release(&body);
	buf_release(&run.rows);
	buf_release(&run.out);
	git_graph_close(run.graph);
	history_keep_close(run.history);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}
