/*
 * git_image.h - the pack of a session image: commits, trees, and only the
 * files that are shown.
 *
 * All that the releases' commits reach, in two packs with their indexes.  The
 * same objects give the same bytes, however they were packed before: every
 * one is unpacked, its name computed, and packed again.  What is left out is
 * not there at all, while git's own hashes still prove that what is there
 * belongs to the release.
 */
#pragma once

#include "core/git_repo.h"

struct git_image_want {
	const struct oid *commits;
	size_t n;
	/* Whether the content of the file at this path belongs into it. */
	bool (*shown)(void *arg, struct str path);
	/* NULL, or told of every file's content that goes in, once. */
	void (*blob)(void *arg, const struct oid *id, struct str path);
	/* Folders in which nothing is shown: kept, so that their names can
	 * be read, or left out. */
	bool keep_names;
	/*
	 * NULL, or an earlier image of the same scope, all of whose releases
	 * are among the commits: what lies in its packs is not packed again,
	 * and history is walked no further than to what it has.
	 */
	const struct git_repo *before;
	/* NULL: nobody is told.  what: "counting", "packing ...". */
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	void *arg;
};

struct git_image_facts {
	uint64_t commits, trees, blobs;
	uint64_t withheld; /* different files left out */
	uint64_t modules;  /* entries that are commits of other repositories */
	uint64_t missing;  /* of the history, and not in the repository */
	uint64_t packed;   /* objects in the packs */
};

/*
 * Facts, and what blob() is told, leave out what only before has.
 *
 * Writes two packs with their indexes into folder, the absolute path of an
 * objects/pack: first the files of the releases, not as deltas, then all that
 * history has besides.  "": only looks
 * through all that would go in.  ERR_ABSENT:
 * one of the commits, or a shown file of their trees, is not there.
 */
enum err git_image_write(struct git_image_facts *out, struct git_repo *r,
    const struct git_image_want *want, struct str folder) MUST_CHECK;
