/*
 * job.h - work for the worker rooms, and how it is asked for.
 *
 * A job is core/job_NAME.c with one const struct job_NAME; the table is
 * made from the file names.  The reading room gives a worker one job at a
 * time and sends nothing but MSG_JOB_CANCEL before its MSG_JOB_DONE.
 *
 *   MSG_JOB           u32 id (not 0), str name, str args
 *   MSG_JOB_CANCEL    u32 id
 *   MSG_JOB_DATA      u32 id, then what job_NAME.h says
 *   MSG_JOB_PROGRESS  u32 id, u64 done, u64 total (0: not known yet)
 *   MSG_JOB_DONE      u32 id, u8 enum err, str text (without an error: ""
 *                     or what a person should know all the same)
 *
 * A worker that has just started sends MSG_JOB_DONE with id 0: nothing is
 * sent to it before that, and when it comes again, the worker was started
 * anew and the job it had is lost.  A job that does not end soon after its
 * cancel ends with its process, by itself or, when it does not even do that,
 * by the launcher, which the reading room asks.  Answers with a stale id are dropped.
 */
#pragma once

#include "core/arena.h"
#include "core/git_repo.h"
#include "core/wire.h"

struct history_keep;
struct job_run; /* what a running job may use */

struct job {
	const char *name;
	const char *help; /* one line, for :jobs */
	enum err (*run)(struct job_run *run, struct str args);
};

const struct job *job_find(struct str name); /* NULL */

/* For a job: */
struct git_repo *job_repo(struct job_run *run);
/* Kept between jobs, as is the index of history that the graph uses. */
struct git_graph *job_graph(struct job_run *run);
struct history_keep *job_history(struct job_run *run);
/* One MSG_JOB_DATA; body at most JOB_DATA_MAX.  ERR_STOPPED, ERR_IO. */
enum { JOB_DATA_MAX = 60 * 1024 };
enum err job_data(struct job_run *run, struct str body) MUST_CHECK;
/* Sent at most every 50 ms. */
void job_progress(struct job_run *run, uint64_t done, uint64_t total);
/* Ask once per blob or commit; jobs then return ERR_STOPPED. */
bool job_cancelled(const struct job_run *run);
bool job_stop(void *run); /* the same, as a callback */
/* A descriptor for core/feed.h, or -1 when this worker has none. */
int job_searcher(const struct job_run *run);
int job_checker(const struct job_run *run);

/*
 * Rows of results are gathered: append one to the buf, then say so.  They
 * are sent when about 32 KiB or 50 ms are full, and when the job ends.
 */
struct buf *job_rows(struct job_run *run);
enum err job_row(struct job_run *run) MUST_CHECK;

/* For the reading room: */
void job_write(struct buf *b, uint32_t id, struct str name, struct str args);

struct job_progress {
	uint64_t done, total;
};
struct job_done {
	enum err rc;
	struct str text; /* borrowed */
};
/* Each takes the id off first; ERR_FORMAT. */
enum err job_read_id(uint32_t *id, struct str *rest,
    struct str body) MUST_CHECK;
enum err job_read_progress(struct job_progress *out,
    struct str rest) MUST_CHECK;
enum err job_read_done(struct job_done *out, struct str rest) MUST_CHECK;

/* For room_worker.c and tests: serves one connection until it ends. */
struct job_fds {
	int reading, searcher, checker; /* -1: none */
	const char *history;            /* index of a session, or NULL */
};
/* Exit status of a process whose job did not hear a cancel: start another. */
enum { JOB_STUCK = 75 };
enum err job_serve(struct git_repo *r, const struct job_fds *fds) MUST_CHECK;
