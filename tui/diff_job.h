/*
 * diff_job.h - a diff of large files, made by a worker while keys are heard.
 */
#pragma once

#include "core/git_diff.h"
#include "tui/code.h"

struct reading;

/* Bytes of both sides together that are compared at once, without one. */
enum { DIFF_JOB_LEAST = 1 << 20 };

struct diff_job {
	struct reading *room;
	struct code *old, *new; /* whole (code_finish()), not converted */
	struct arena *arena;    /* of what is found */
	struct file_diff diff;
	void (*done)(void *arg, enum err rc, struct str text);
	void *arg;
	/* diff_job.c's */
	size_t hunks, lines; /* room */
	uint32_t old_line, new_line;
	uint32_t id; /* 0: none runs */
	bool damaged;
};

/* For struct diff_job with the fields up to arg set.  done() is called once,
 * from the loop, unless it is stopped before. */
void diff_job_start(struct diff_job *j, const struct oid *old,
    const struct oid *new, const struct diff_options *o);
bool diff_job_stop(struct diff_job *j); /* false: nothing ran */
