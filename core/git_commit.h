/*
 * git_commit.h - what a commit says, byte by byte.
 *
 * Parsed by ourselves from the raw object, since what libgit2 refuses (a bad
 * date, no author) must still be shown.  All text is hostile bytes in the
 * encoding the commit names, which is a claim.  Format: git's
 * Documentation/gitformat-*, the headers of git-commit-tree(1).
 */
#pragma once

#include "core/git_repo.h"

struct person {
	struct str name, mail;
	int64_t time; /* seconds since 1970, 0 when it is not readable */
	int32_t zone; /* minutes east of Greenwich */
	bool bad;     /* the line was not as it should be */
};

struct commit {
	struct oid id, tree;
	struct oid *parents;
	uint32_t n_parents;
	struct person author, committer;
	struct str encoding; /* "" when none is named: UTF-8 is meant */
	struct str message;  /* all of it, NUL bytes included */
	struct str subject;  /* its first line that is not blank */
	bool is_signed;      /* a gpgsig header is there; not checked */
	bool bad;            /* headers are missing or out of order */
};

/* Everything in a.  ERR_ABSENT, ERR_FORMAT (no tree line), ERR_LIMIT. */
enum err git_commit_read(struct commit *out, struct arena *a,
    struct git_repo *r, const struct oid *id) MUST_CHECK;
/* From bytes of an object; text is borrowed from them, parents in a. */
enum err git_commit_parse(struct commit *out, struct arena *a,
    struct str raw) MUST_CHECK;

struct tag {
	struct oid target;
	enum git_kind kind;
	struct str name;
	struct person tagger;
	struct str message;
};

/* An annotated tag, as above. */
enum err git_commit_tag(struct tag *out, struct arena *a, struct git_repo *r,
    const struct oid *id) MUST_CHECK;
