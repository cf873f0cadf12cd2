/*
 * job_pickaxe.h - "pickaxe": commits that made a text appear or disappear.
 */
#pragma once

#include "core/git_pickaxe.h"
#include "core/job.h"

struct pickaxe_args {
	struct oid from;
	struct str text; /* bytes, at most LIMIT_PATTERN */
	struct str path; /* "": everywhere */
};

void job_pickaxe_args(struct buf *b, const struct pickaxe_args *p);

enum pickaxe_row_kind {
	PICKAXE_HIT = 1,
	/* Last: old files could not be read, new parents are not here. */
	PICKAXE_MISSING,
};

struct pickaxe_hit {
	enum pickaxe_row_kind kind;
	struct oid commit;
	struct str path;
	uint32_t old, new; /* how often the text stands there */
};

void job_pickaxe_write_row(struct buf *b, const struct pickaxe_hit *row);
bool job_pickaxe_read_row(struct pickaxe_hit *row, struct wire *w);
