/*
 * reading_job.h - work that the workers do for the reading room.
 *
 * A worker has one job at a time; what finds no free worker waits in line.
 */
#pragma once

#include "core/job.h"

struct reading;

/*
 * arg is the caller's; body is borrowed until the function returns.  done()
 * is called exactly once unless the job is cancelled, after which nothing is
 * called any more.  Always from the loop, never from inside the start.
 */
struct reading_sink {
	void (*data)(void *arg, struct str body);
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void (*done)(void *arg, enum err rc, struct str text);
	bool always; /* done() comes after a cancel, too */
};

/* The id, never 0. */
uint32_t reading_job_start(struct reading *r, const char *name, struct str args,
    const struct reading_sink *sink, void *arg);
void reading_job_cancel(struct reading *r, uint32_t id); /* 0 is fine */

/* What runs or waits, for ":jobs"; false beyond the last. */
struct reading_job {
	uint32_t id;
	const char *name;
	int worker; /* -1: waits */
	uint64_t done, total;
};
bool reading_job_at(const struct reading *r, size_t i, struct reading_job *out);

/*
 * For reading_search.c: one worker out of the line.  take() says false when
 * it has work; what starts on it afterwards waits for nobody else.
 */
bool reading_job_take(struct reading *r, unsigned worker);
void reading_job_give(struct reading *r, unsigned worker);
uint32_t reading_job_on(struct reading *r, unsigned worker, const char *name,
    struct str args, const struct reading_sink *sink, void *arg);

/* From the port of a worker. */
enum err reading_job_data(struct reading *r, unsigned worker,
    struct str body) MUST_CHECK;
enum err reading_job_progress(struct reading *r, unsigned worker,
    struct str body) MUST_CHECK;
enum err reading_job_done(struct reading *r, unsigned worker,
    struct str body) MUST_CHECK;
/* All that waits goes away without a word: the room ends. */
void reading_job_release(struct reading *r);
