/*
 * job_files.h - "files": every file of a revision, in path order.
 */
#pragma once

#include "core/git_tree.h"
#include "core/job.h"

struct files_args {
	struct oid of; /* commit, tag or tree */
	bool sizes;    /* also the size of each blob */
};

void job_files_args(struct buf *b, const struct files_args *f);

struct files_row {
	struct str path;         /* borrowed from the message */
	struct tree_entry entry; /* name is the last part of path */
	enum err trouble;        /* not ERR_NONE: path is a folder that could
	                          * not be read, entry.id its tree */
};

void job_files_write_row(struct buf *b, const struct files_row *row);
bool job_files_read_row(struct files_row *row, struct wire *w);
