/*
 * job_linelog.h - "linelog": the commits that changed some lines of a file.
 */
#pragma once

#include "core/git_linelog.h"
#include "core/job.h"

struct linelog_args {
	struct oid from;
	struct str path;
	uint32_t first, last; /* from 1 */
};

void job_linelog_args(struct buf *b, const struct linelog_args *p);

void job_linelog_write_row(struct buf *b, const struct linelog_row *row);
/* path is borrowed from the message. */
bool job_linelog_read_row(struct linelog_row *row, struct wire *w);
