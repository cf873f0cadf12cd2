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
	uint64_t missing;  /* different objects of the history, not delivered */
	uint64_t packed;   /* objects in the packs */
};

/*
 * One is made in steps, so that they can be done by several processes: what
 * was counted is a copy of each after a fork.
 *
 * git_image_open() looks through the files of the releases; r and all that
 * want points to outlive it.  ERR_ABSENT: one of the commits, or a shown file
 * of their trees, is not there.  git_image_count() looks through all that
 * came before them.  Facts, and what blob() is told, leave out what only
 * before has.
 */
struct git_image;
enum err git_image_open(struct git_image **out, struct git_repo *r,
    const struct git_image_want *want) MUST_CHECK;
enum err git_image_count(struct git_image *im) MUST_CHECK;
void git_image_facts(struct git_image_facts *out, const struct git_image *im);
void git_image_close(struct git_image *im); /* NULL is fine */

/*
 * A pack with its index into folder, the absolute path of an objects/pack:
 * the files of the releases, not as deltas; and, once they are counted, all
 * that history has besides.  None when there is nothing for it; one that is
 * there already, from a run that was ended, is left as it is.
 */
enum err git_image_write_files(struct git_image *im,
    struct str folder) MUST_CHECK;
enum err git_image_write_history(struct git_image *im,
    struct str folder) MUST_CHECK;
