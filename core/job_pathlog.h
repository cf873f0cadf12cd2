/*
 * job_pathlog.h - "pathlog": the commits that changed a path, newest first.
 */
#pragma once

#include "core/git_log.h"
#include "core/job.h"

struct pathlog_args {
	struct oid from;
	struct str path; /* "": every commit */
	bool first_parent;
	bool follow; /* a file's earlier names too: git_follow.h */
};

void job_pathlog_args(struct buf *b, const struct pathlog_args *p);

struct pathlog_row {
	struct oid commit; /* zero: copies were not looked for everywhere */
	struct str path;   /* with follow: what it is called there; else "" */
};

void job_pathlog_write_row(struct buf *b, const struct pathlog_row *row);
bool job_pathlog_read_row(struct pathlog_row *row, struct wire *w);
