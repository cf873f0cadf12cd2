/*
 * job_blame.h - "blame": which commit each line of a file comes from.
 *
 * Rows come as they are found, in no order; what is not named yet is not
 * known yet.  Progress counts lines.  Agrees with "git blame".
 */
#pragma once

#include "core/git_blame.h"
#include "core/job.h"

struct blame_args {
	struct oid from; /* a commit */
	struct str path;
	struct blame_options options;
};

void job_blame_args(struct buf *b, const struct blame_args *p);

struct blame_row {
	struct blame_part part;
};

void job_blame_write_row(struct buf *b, const struct blame_row *row);
bool job_blame_read_row(struct blame_row *row, struct wire *w);
