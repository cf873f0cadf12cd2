/*
 * job_treediff.h - "treediff": what changed between two revisions.
 *
 * First every change in path order, then which deletions and additions are
 * one rename, then line counts; the reader applies them to its list by index
 * (of the first kind of row, from 0).
 */
#pragma once

#include "core/git_diff.h"
#include "core/job.h"

struct treediff_args {
	struct oid old, new; /* commits, tags or trees; zero: nothing there */
	bool renames, counts;
	uint64_t pairs; /* as in git_diff_changes() */
};

void job_treediff_args(struct buf *b, const struct treediff_args *t);

enum treediff_row_kind {
	TREEDIFF_CHANGE = 1,
	TREEDIFF_RENAME,  /* index deleted, other added: similarity */
	TREEDIFF_COUNT,   /* index: change.added, .deleted, .binary */
	TREEDIFF_CAPPED,  /* too many to compare: exact renames only */
	TREEDIFF_TROUBLE, /* index could not be counted: rc */
	TREEDIFF_CUT,     /* index folders were not delivered: what differs
			   * below them is not in the list */
};

struct treediff_row {
	enum treediff_row_kind kind;
	uint32_t index, other;
	enum err rc;
	struct change change; /* paths borrowed from the message */
};

void job_treediff_write_row(struct buf *b, const struct treediff_row *row);
bool job_treediff_read_row(struct treediff_row *row, struct wire *w);
