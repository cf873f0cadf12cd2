/*
 * io_place.h - what a name stands for, and putting things in their place:
 * owners, modes, links, folders, and taking them away for good.
 *
 * For whoever sets up a machine or takes a session apart; rooms only read
 * and write files (core/io.h).  Names below a directory are as there:
 * relative, no part "..", empty or a symbolic link.
 */
#pragma once

#include "core/arena.h"

enum io_kind { IO_NOTHING, IO_FILE, IO_FOLDER, IO_LINK, IO_OTHER };

struct io_place {
	enum io_kind kind; /* of the name itself: a link is not followed */
	uint32_t mode;     /* permissions, with setuid and sticky bits */
	uint32_t uid, gid;
	uint64_t bytes;
	int64_t changed; /* mtime, seconds since 1970 */
	uint64_t device; /* st_dev */
};

/* Nothing there is IO_NOTHING, no error.  ERR_DENIED: may not be looked at. */
enum err io_place_look(struct io_place *out, const char *path) MUST_CHECK;
enum err io_place_look_at(struct io_place *out, int dir,
    const char *name) MUST_CHECK;

/* What a symbolic link holds; in a.  ERR_ABSENT: no link there. */
enum err io_place_target(struct str *out, struct arena *a,
    const char *path) MUST_CHECK;

/* The link; what was there must be gone.  ERR_DENIED: something is there. */
enum err io_place_link(int dir, const char *name, const char *to) MUST_CHECK;
/* Mode and owner of a file or a folder that is there. */
enum err io_place_own(int dir, const char *name,
    const struct io_place *p) MUST_CHECK;
/* An empty folder; ERR_DENIED when it is not empty, none is fine. */
enum err io_place_remove_folder(int dir, const char *name) MUST_CHECK;

/*
 * Overwrites a file with zeros, syncs, cuts it to nothing and removes it.
 * What that destroys is up to the medium: a flash disk, a journal or a
 * snapshot may keep what was there (man vitrine-lab).
 */
enum err io_place_wipe(int dir, const char *name) MUST_CHECK;
