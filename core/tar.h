/*
 * tar.h - the canonical tar of an export, and a strict reader of it.
 *
 * POSIX ustar, plain files only, in the order given; mode 0644, owner 0,
 * time 0, so that the same files give the same bytes.  The reader takes
 * exactly what the writer makes, bounded: no links, folders, devices, sparse
 * or extended headers, no absolute or ".." names, no name twice, nothing
 * after the end.  Everything else is ERR_FORMAT.
 */
#pragma once

#include "core/arena.h"

enum { TAR_NAME_MAX = 99, TAR_FILES_MAX = 1000 };

struct tar_file {
	struct str name; /* parts of [A-Za-z0-9._-], joined by '/' */
	struct str bytes;
};

/* Appends a file; ERR_FORMAT for a name that the reader would refuse. */
enum err tar_add(struct buf *tar, struct str name, struct str bytes) MUST_CHECK;
void tar_end(struct buf *tar); /* once, after the last file */

struct tar {
	struct tar_file *files; /* borrowed from the bytes that were read */
	uint32_t n;
};

enum err tar_read(struct tar *out, struct arena *a, struct str bytes,
    size_t max) MUST_CHECK;
const struct tar_file *tar_find(const struct tar *t, struct str name);
