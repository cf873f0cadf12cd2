/*
 * history_index.h - which commit changed which path: text/history of a
 * session image, or the same made in memory where there is no session.
 *
 * Every commit that the releases reach, its parents, and for every path the
 * commits in which it differs from the FIRST parent, with the content before
 * and after.  So the history of a file is one look-up, a blame skips what did
 * not touch its file, and a search through all versions of a file reads each
 * once.  What differs from another parent of a merge is compared as before,
 * folder by folder.  The same input gives the same bytes; vitrine-index(5).
 *
 * The reader believes nothing: history_index_open() checks every number and
 * every order once, so that what the functions below return lies inside the
 * bytes and no walk over parents can turn in a circle.  A sum over everything
 * finds damage; whether it is true is for the signature over the image to say.
 */
#pragma once

#include "core/git_graph.h"

struct history_index;

#define HISTORY_INDEX_NONE UINT32_MAX

/* Maps the file read-only.  ERR_ABSENT, ERR_FORMAT with what is wrong. */
enum err history_index_open(struct history_index **out,
    const char *path) MUST_CHECK;
/* Bytes in memory, 8-byte aligned; they stay the caller's. */
enum err history_index_open_bytes(struct history_index **out,
    struct str bytes) MUST_CHECK;
void history_index_close(struct history_index *x); /* NULL is fine */

/* In the order of their ids. */
struct history_index_commit {
	struct oid id, tree;
	int64_t time;            /* of the committer */
	const uint32_t *parents; /* commits, first parent first */
	uint32_t n_parents;
	uint32_t level; /* above that of every parent; without parents 1 */
	bool missing;   /* named as a parent and not delivered: level 0 */
	/* Its changes are not listed (its tree, or its first parent's, could
	 * not be read, or they were too many): compare it oneself. */
	bool unknown;
};
uint32_t history_index_commits(const struct history_index *x);
struct history_index_commit history_index_commit(const struct history_index *x,
    uint32_t i);
/* false: not in it. */
bool history_index_find(uint32_t *commit, const struct history_index *x,
    const struct oid *id);

/* In the order of their bytes. */
uint32_t history_index_paths(const struct history_index *x);
struct str history_index_path(const struct history_index *x, uint32_t i);
bool history_index_find_path(uint32_t *i, const struct history_index *x,
    struct str path);
/* The paths below a folder stand side by side; "" is all of them. */
void history_index_below(uint32_t *first, uint32_t *n,
    const struct history_index *x, struct str folder);

struct history_index_change {
	uint32_t commit;
	uint32_t before, after; /* contents, or HISTORY_INDEX_NONE; both the
				 * same where only the mode changed */
};
/* Of a path, commits ascending (by number, which is no order of time). */
const struct history_index_change *history_index_changes(
    const struct history_index *x, uint32_t path, uint32_t *n);
/* NULL: this commit did not change that path (or is unknown). */
const struct history_index_change *history_index_change(
    const struct history_index *x, uint32_t path, uint32_t commit);

/* In the order of their ids; a submodule's is a commit elsewhere. */
struct oid history_index_content(const struct history_index *x, uint32_t i);

/* Files that a commit moved, as core/git_rename.h sees it. */
struct history_index_rename {
	uint32_t commit, from, to; /* paths */
	uint32_t similarity;       /* percent */
};
const struct history_index_rename *history_index_renames(
    const struct history_index *x, uint32_t commit, uint32_t *n);
/* Renames by similar content were looked for, not only by equal content. */
bool history_index_has_renames(const struct history_index *x);

/*
 * Making one, in slices.  Everything that tips reach, over the commits of g,
 * which it loads.  old: an index of an earlier part of the same history or
 * NULL; commits in it are not compared again.  Both outlive the build.
 *
 * history_index_build_step() looks at steps commits; *done of *total commits
 * so far (total grows while they are counted).  ERR_ABSENT: all is done (no
 * failure: no text).  After ERR_STOPPED one may go on.  ERR_LIMIT: over
 * wish.most.  Other errors are the repository's, and final.
 */
struct history_index_build;
struct history_index_wish {
	const struct oid *tips; /* commits */
	size_t n;
	uint64_t pairs; /* renames: git_rename_pairs(); 0: equal content */
	const struct history_index *old;
	size_t most; /* bytes of what is gathered, about; 0: no bound */
	bool (*stop)(void *arg); /* NULL, or asked often: ERR_STOPPED */
	void *arg;
};
void history_index_build_open(struct history_index_build **out,
    struct git_graph *g, const struct history_index_wish *wish);
enum err history_index_build_step(uint64_t *done, uint64_t *total,
    struct history_index_build *b, unsigned steps) MUST_CHECK;
/* After the last step: the bytes are appended to out, which is best empty. */
void history_index_build_write(struct history_index_build *b, struct buf *out);
void history_index_build_close(struct history_index_build *b); /* or NULL */
