/*
 * job_lines.h - "lines": how many lines each file of a revision has.
 *
 * Args: an oid, of a commit or tree.  Each content is counted once; what was
 * not delivered or is no file is left out.
 */
#pragma once

#include "core/job.h"

struct job_lines_row {
	struct oid blob;
	uint32_t lines; /* ended by LF, and the rest */
};

void job_lines_write_row(struct buf *b, const struct job_lines_row *row);
bool job_lines_read_row(struct job_lines_row *row, struct wire *w);
