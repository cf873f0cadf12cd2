/*
 * git_hide.h - a history without the names of what is withheld.
 *
 * Folders are made again with only what is shown, commits with those folders
 * and with parents that were made again; messages, people and dates stay, a
 * signature of a commit, which would fit no more, does not.  All ids change:
 * git's hashes prove nothing about the vendor's release any more, which is
 * the price of not telling a name.
 */
#pragma once

#include "core/git_repo.h"

struct git_hide_wish {
	const struct oid *commits;
	size_t n;
	bool (*shown)(void *arg, struct str path);
	/* NULL, or told how many commits are done. */
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	void *arg;
};

/*
 * Adds what is made again to the objects of r, in memory; out[i] is the
 * commit in place of commits[i].  The same history gives the same ids.
 * ERR_ABSENT: a folder of one of these commits was not delivered.
 */
enum err git_hide(struct oid *out, struct git_repo *r,
    const struct git_hide_wish *wish) MUST_CHECK;
