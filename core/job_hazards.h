/*
 * job_hazards.h - "hazards": every file of a revision looked at for what may
 * deceive.
 *
 * Each worker is given the same revision and its own slice of the files;
 * slice 0 compares the names, too.
 */
#pragma once

#include "core/hazard.h"
#include "core/job.h"

struct hazards_args {
	struct oid of; /* commit, tag or tree */
	uint32_t slice, slices;
};

void job_hazards_args(struct buf *b, const struct hazards_args *h);

enum hazards_row_kind {
	HAZARDS_FOUND = 1, /* kind, path, blob, seen */
	HAZARDS_SKIPPED,   /* path could not be read: rc */
	HAZARDS_TOTAL,     /* last: what the slice has looked at */
};

struct hazards_row {
	enum hazards_row_kind row;
	enum hazard kind;
	struct str path; /* borrowed from the message */
	struct oid blob;
	struct hazard_seen seen; /* of a clash .what is unused */
	struct str other;        /* of a clash: the other path */
	enum err rc;
	uint64_t files, binary, bytes;
};

void job_hazards_write_row(struct buf *b, const struct hazards_row *row);
bool job_hazards_read_row(struct hazards_row *row, struct wire *w);
