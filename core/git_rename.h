/*
 * git_rename.h - which deleted and which added file are one that moved.
 *
 * As git sees it (since 2.31; the end of a file without LF counts, as since
 * 2.44): equal content first, then the same file name, then the most similar
 * of all that are left.  Similar means: the share of the larger side that
 * stands, line by line, in the other.
 */
#pragma once

#include "core/git_diff.h"

/*
 * Turns deleted + added into renamed, in place of the added one.  Content is
 * compared only while deleted x added files are at most pairs.  paths and
 * all else stay where they are.
 */
enum err git_rename_find(struct changes *list, struct git_repo *r,
    uint64_t pairs) MUST_CHECK;

/* The same as pairs of indexes, without touching the list. */
struct rename {
	uint32_t from, to; /* a deleted and an added one */
	uint8_t similarity;
};
struct renames {
	struct rename *at;
	size_t len;
	bool capped;
};
typedef bool git_rename_stop_fn(void *arg); /* true: ERR_STOPPED */
enum err git_rename_pairs(struct renames *out, struct arena *a,
    const struct changes *list, struct git_repo *r, uint64_t pairs,
    git_rename_stop_fn *stop, void *arg) MUST_CHECK;

/*
 * Where the one added file of a list came from, which holds all files of the
 * old tree in their order, those that were not deleted as CHANGE_MODIFIED:
 * equal content first; then, of the four that are most similar, a deleted one
 * before others, which are copies.  *found false: nowhere.
 */
enum err git_rename_source(uint32_t *from, bool *found,
    const struct changes *list, struct git_repo *r, git_rename_stop_fn *stop,
    void *arg) MUST_CHECK;
