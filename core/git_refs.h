/*
 * git_refs.h - the names of a repository: HEAD, packed-refs, loose refs.
 *
 * Read by ourselves: regular files only, bounded, links not followed.  A
 * loose ref hides the packed one of the same name.  In a session the names
 * are the releases that were signed, and nothing is read.  Format:
 * gitrepository-layout(5), git-pack-refs(1).
 */
#pragma once

#include "core/git_repo.h"
#include "core/rooms.h"

enum ref_kind { REF_RELEASE, REF_BRANCH, REF_TAG, REF_REMOTE, REF_OTHER };

struct ref {
	struct str name;   /* whole: "refs/heads/main"; hostile bytes */
	struct str brief;  /* as people say it: "main", "origin/main" */
	struct oid target; /* what stands there: commit, tag, anything */
	struct oid commit; /* after git_refs_peel(); zero: not a commit */
	struct oid told;   /* what packed-refs says that is; not proven */
	struct str status; /* of a release: production, ... */
	enum ref_kind kind;
	bool peeled;
	bool annotated; /* a tag object stands between; after peel */
};

struct refs {
	struct ref *at; /* sorted by name; releases in their order */
	size_t len;
	struct str head;    /* "refs/heads/main", or "" when HEAD is an id */
	struct oid head_id; /* zero: HEAD names a branch that is not there */
	uint32_t skipped;   /* files under refs/ that held no id */
};

/* Everything in a.  ERR_FORMAT names the file; ERR_LIMIT over LIMIT_REFS. */
enum err git_refs_read(struct refs *out, struct arena *a,
    struct git_repo *r) MUST_CHECK;
/* HEAD is the last release. */
void git_refs_releases(struct refs *out, struct arena *a,
    const struct release *releases, size_t n);

/* Follows tag objects (at most 16) to a commit; what is missing or is no
 * commit leaves commit zero. */
void git_refs_peel(struct ref *ref, struct git_repo *r);

/* Is it known that ref names this commit?  Only a tag that packed-refs says
 * to be of this commit is read, so that asking all names costs nothing. */
bool git_refs_names(struct ref *ref, struct git_repo *r,
    const struct oid *commit);

/* By whole name; NULL. */
const struct ref *git_refs_find(const struct refs *refs, struct str name);
