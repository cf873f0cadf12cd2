/*
 * provision.h - from a repository and an agreement to a session folder.
 *
 * The repository is hostile: it is opened as objects only, every hash is
 * computed again, nothing in it is obeyed.  The same repository, rules and
 * key give the same bytes.
 */
#pragma once

#include "core/git_image.h"
#include "policy/manifest.h"
#include "policy/rules.h"

struct provision_scope { /* of one release */
	struct str name;
	struct oid commit;
	uint32_t shown, withheld; /* files */
	uint64_t shown_bytes, withheld_bytes;
	uint32_t modules; /* entries that are other repositories' */
};

struct provision {
	/* given */
	const char *conf;       /* path of session.conf */
	const char *repository; /* any git repository */
	const char *out;        /* folder that is made; NULL: a dry run */
	const struct sign_secret *signer;
	const char *ctags; /* path of universal-ctags; NULL: the usual one */
	const char *pack;  /* fingerprints of public source; NULL: none */
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	/* a file of a release, shown or not; NULL: nobody is told */
	void (*file)(void *arg, const struct release *release, struct str path,
	    bool shown, uint64_t bytes);
	void *arg;
	/* found; everything in the arena */
	struct rules rules;
	struct provision_scope *scope; /* one for each release */
	struct git_image_facts image;
	struct str notice; /* what the repository is, a line each, or "" */
	uint64_t files;    /* different contents that were fingerprinted */
	uint64_t symbols;  /* definitions that were found in the releases */
	uint32_t symbols_failed;   /* files on which the parser failed */
	struct str symbols_method; /* "" when there is no index of them */
	struct str symbols_why;    /* ... and why */
	struct hash manifest;
};

/*
 * ERR_DENIED when out is there and not empty.  What was begun when it fails
 * is left without a manifest, which nothing opens.
 */
enum err provision_run(struct provision *p, struct arena *a) MUST_CHECK;
