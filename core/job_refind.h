/*
 * job_refind.h - "refind": where anchors stand in another revision.
 *
 * args: oid of the revision, then anchors to the end of the message.
 * Answer: a row for each, in the order of their commits and paths.
 */
#pragma once

#include "core/git_refind.h"
#include "core/job.h"

struct job_refind_row {
	uint32_t index; /* of the anchor in args, from 0 */
	struct refind found;
};

void job_refind_write_row(struct buf *b, const struct job_refind_row *row);
/* Everything in a; false at the end, or w->bad. */
bool job_refind_read_row(struct job_refind_row *row, struct arena *a,
    struct wire *w);
