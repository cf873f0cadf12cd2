/*
 * reading_files.h - every file of a revision, listed once and kept.
 */
#pragma once

#include "core/git_tree.h"

struct reading;

struct reading_file {
	struct str path;
	struct oid blob;
	uint8_t kind; /* enum tree_kind */
};

struct reading_files {
	struct oid commit;
	struct reading_file *at; /* in path order */
	size_t len;
	bool done;         /* nothing more will come */
	uint32_t troubles; /* folders that could not be read */
	enum err rc;       /* when done: why it is not all */
};

/*
 * The first call for a commit starts the list; it grows until done, and the
 * screen is redrawn as it does.  A few revisions are kept: good until the
 * next call for a commit that is not among them.
 */
const struct reading_files *reading_files_of(struct reading *r,
    const struct oid *commit);
/* Where a path stands in the list, or would: the first file not before it. */
size_t reading_files_place(const struct reading_files *f, struct str path);
/* Other paths of the same content, in a list that is done; how many. */
size_t reading_files_same(const struct reading_files *f, const struct oid *blob,
    struct str not_path);
void reading_files_release(struct reading *r);
