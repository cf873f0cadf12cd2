/*
 * job_moves.h - "moves": blocks of lines that went from one file into
 * another between two revisions.
 *
 * Bounded: after MOVES_FILES files, MOVES_BYTES bytes of both sides or MOVES_LINES
 * changed lines a row
 * says that the rest was not looked at; binary files, files of more than
 * MOVES_FILE bytes and what was not delivered are passed over.
 */
#pragma once

#include "core/git_diff.h"
#include "core/job.h"

enum {
	MOVES_FILES = 16 * 1000,
	MOVES_FILE = 4 << 20,
	MOVES_BYTES = 160 << 20,
	MOVES_LINES = 2 * 1000 * 1000,
};

struct moves_args {
	struct oid old, new; /* commits or tags */
};

void job_moves_args(struct buf *b, const struct moves_args *m);

/* A side of a block: its file under the name it has on each side, "" where
 * it has none; line is of the side that the block is on. */
struct moves_side {
	struct str old_path, new_path;
	uint32_t line;
};

struct moves_row {
	bool capped; /* no block: files behind this row were not looked at */
	struct moves_side from, to; /* paths borrowed from the message */
	uint32_t len;               /* lines */
};

void job_moves_write_row(struct buf *b, const struct moves_row *row);
bool job_moves_read_row(struct moves_row *row, struct wire *w);
