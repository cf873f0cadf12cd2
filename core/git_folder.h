/*
 * git_folder.h - folders of which most are almost equal to another that was
 * looked at before: versions of each other.
 *
 * What two of them begin and end with is found by comparing bytes; only what
 * lies between is taken apart.  Entries are those of git_tree_list(), in the
 * same order, and what is damaged there is damaged here.
 */
#pragma once

#include "core/git_tree.h"

struct git_folder {
	struct git_bytes bytes;
	uint32_t *at; /* where entries begin in bytes, in git's order */
	uint32_t n;
	bool plain; /* at rises, and no name is there twice: all honest ones */
};

/*
 * Takes bytes over when it succeeds.  like: NULL, or a folder that may be
 * another version, good for the call.  ERR_FORMAT: an entry without a name or
 * with an impossible mode; says which folder by id.
 */
enum err git_folder_parse(struct git_folder *out, struct git_bytes bytes,
    const struct oid *id, const struct git_folder *like) MUST_CHECK;
void git_folder_release(struct git_folder *f); /* a zeroed one is fine */

/* Its name is borrowed from f. */
struct tree_entry git_folder_entry(const struct git_folder *f, uint32_t i);

/* Runs through what differs between two; both outlive it. */
struct git_folder_diff {
	const struct git_folder *old, *new;
	uint32_t i, k, i_end, k_end;    /* what is left of either */
	struct tree_entry entry[2];     /* old, new */
	const struct tree_entry *o, *n; /* the same; NULL: not there */
};

/* old, new: either may be NULL, which is an empty folder. */
void git_folder_diff(struct git_folder_diff *out, const struct git_folder *old,
    const struct git_folder *new);
/*
 * The next name that is not the same on both sides (a folder by its id, all
 * else by id and mode), in git's order; false: none.  A file and a folder of
 * one name are two.
 */
bool git_folder_next(struct git_folder_diff *d);
