/*
 * git_inside.h - what core/git_*.c share; nobody else includes it.
 */
#pragma once

#include <git2.h>

#include "core/git_pack.h"
#include "core/git_repo.h"
#include "core/git_tree.h"
#include "core/git_unpack.h"

struct git_repo {
	struct arena arena;
	git_odb *odb;
	git_repository *lib; /* the same objects; NULL until wanted */
	struct str staged;   /* git_fast_stage() */
	struct str path;
	int fd;                 /* of the git directory */
	struct git_pack *packs; /* in the order of their names */
	uint32_t n_packs;
	struct git_unpack *fast; /* NULL until something is read not strictly */
	struct git_repo_facts facts;
};

/* What was said last to git_repo_strict(). */
bool git_repo_checks(void);

/* Our own unpacking, whether checks are on or not. */
struct git_unpack *git_fast_packs(struct git_repo *r);
/* From our own unpacking, strict or not as git_repo_strict() says; false: not
 * from here. */
bool git_fast_read(struct git_bytes *out, struct git_repo *r,
    const struct oid *id, size_t max);
/* Whether these bytes have that name, by the SHA-1 of libgit2, which refuses
 * what was made to collide. */
bool git_fast_named(const struct oid *id, struct str bytes, enum git_kind kind);
/* The same for what libgit2 reads by itself; freed with the database. */
enum unpack_chain git_fast_chain(struct git_repo *r, const struct oid *id);

git_odb_backend *git_fast_backend(struct git_repo *r);
/* Bytes as a blob of libgit2 that is in no repository, for comparing; free it
 * with git_blob_free().  An error code of libgit2. */
int git_fast_stage(git_blob **out, struct git_repo *r, struct str bytes);

/* libgit2's own words, which may hold anything: for fail() only. */
const char *git_repo_words(void);

enum { TREE_BYTES = 256 * 1024 * 1024 }; /* of one folder, at most */

/* A tree while it is walked: names borrowed from its bytes. */
struct tree_level {
	struct git_bytes bytes;
	struct tree_entry *at;
	size_t len;
	bool unsorted;
};

enum err git_tree_load(struct tree_level *out, struct git_repo *r,
    const struct oid *tree) MUST_CHECK;
void git_tree_unload(struct tree_level *l); /* a zeroed one is fine */

/* Entries in git's order: a folder's name counts as if it ended in '/'. */
int git_tree_cmp(const struct tree_entry *a, const struct tree_entry *b);

/* One entry off the front of raw; false at its end or, with *bad, before. */
bool git_tree_next(struct tree_entry *e, struct str *raw, bool *bad);
