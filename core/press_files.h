/*
 * press_files.h - which files shall become pages: the order of the notes
 * room for the reading room, and the arguments of the job "press".
 *
 * The job sends them to the checker as a feed: with index k the commit of
 * file k, the folder of each part of its path, the file.  Whoever computes
 * their names again knows that the commit has that file at that path,
 * whatever has become of the rooms in between.
 *
 * Arguments: u32 job, u32 n, n times oid commit, str path.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

struct press_file {
	struct oid commit;
	struct str path;
};

struct press_files {
	uint32_t job; /* of the feed */
	struct press_file *files;
	uint32_t n;
};

enum { PRESS_FILES_MAX = 64 };

void press_files_write(struct buf *b, const struct press_files *j);
/* Everything in a.  ERR_FORMAT. */
enum err press_files_read(struct press_files *out, struct arena *a,
    struct str args) MUST_CHECK;
