/*
 * job_index.h - an index of history in a worker, where no session has one.
 *
 * Arguments: u32 n, then n ids: of commits, or of tags that lead to one.  No
 * rows come back.  When it is done, this worker answers questions about
 * history out of it.  A cancel keeps what was done: the same job goes on.
 */
#pragma once

#include "core/job.h"

enum { JOB_INDEX_TIPS = 2000 };

/* n at most JOB_INDEX_TIPS. */
void job_index_args(struct buf *b, const struct oid *tips, uint32_t n);
