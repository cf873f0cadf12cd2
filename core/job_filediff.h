/*
 * job_filediff.h - "filediff": what changed in one file, for sides so large
 * that nobody should wait for it.
 *
 * The reading room has both texts; it is told which lines stand in which
 * change, and takes their bytes from there.
 */
#pragma once

#include "core/git_diff.h"
#include "core/job.h"

struct filediff_args {
	struct oid old, new; /* blobs; zero: nothing on that side */
	struct diff_options options;
};

void job_filediff_args(struct buf *b, const struct filediff_args *f);

/* A change begins, or lines of one kind follow each other in it. */
struct filediff_row {
	char kind; /* '@' a change, else ' ', '-', '+' */
	uint32_t old_first, old_len, new_first, new_len; /* of a change */
	struct str head; /* of a change; borrowed from the message */
	uint32_t len;    /* lines of that kind */
};

enum { FILEDIFF_HEAD = 200 }; /* bytes of a head that are sent */

void job_filediff_write_row(struct buf *b, const struct filediff_row *row);
bool job_filediff_read_row(struct filediff_row *row, struct wire *w);
