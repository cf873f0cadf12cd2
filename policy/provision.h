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
	uint32_t modules;  /* entries that are other repositories' */
	uint32_t links;    /* symbolic links: kept as data, never followed */
	uint32_t pointers; /* of Git LFS: the content was not delivered */
	uint32_t deceive;  /* shown under a name that is not what it seems */
	struct str first;  /* one of these */
};

/*
 * What a vendor delivered: a git repository of any kind, a bundle, an
 * archive, a folder of files.  Those that are no repository are made into one
 * in a folder that is gone when all is done.
 */
struct provision_input {
	const char *product; /* as releases name it; "" when there is one */
	const char *path;
};

enum { PROVISION_INPUTS = 64 };

struct provision {
	/* given */
	const char *conf;       /* path of session.conf */
	const char *repository; /* the one delivery; NULL: inputs */
	const struct provision_input *inputs;
	size_t n_inputs;
	const char *out; /* folder that is made; NULL: a dry run */
	/*
	 * A session of an earlier delivery, signed by the same key, or NULL.
	 * What it knows of contents and commits is taken from there.  Are all
	 * its releases among the new ones, with the same scope, its packs are
	 * kept as they are and its fingerprints added to: the objects are
	 * the same without it, the bytes of packs and fingerprints are not.
	 */
	const char *before;
	const char *work; /* what is imported lies there; NULL: OUT.import,
			   * of a dry run CONF.import */
	const struct sign_secret *signer;
	const char *ctags; /* path of universal-ctags; NULL: the usual one */
	const char *pack;  /* fingerprints of public source; NULL: none */
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	unsigned at_once; /* processes; 0: as many as there are processors */
	/* While they work: how far all of it is, or PARTS_UNKNOWN, and what
	 * is being done.  NULL: nobody is told. */
	void (*working)(void *arg, unsigned thousandths, const char *what);
	/* a file of a release, shown or not; NULL: nobody is told */
	void (*file)(void *arg, const struct release *release, struct str path,
	    bool shown, uint64_t bytes);
	void *arg;
	/* found; everything in the arena */
	struct rules rules;
	struct provision_scope *scope; /* one for each release */
	struct git_image_facts image;
	struct str notice;  /* what was delivered, a line each, or "" */
	uint64_t delivered; /* objects in the packs that were delivered */
	bool resumed;       /* goes on where an earlier run was ended */
	uint64_t taken;     /* objects in packs of `before` that are kept */
	uint64_t files;     /* different contents that are new in it */
	uint64_t symbols;   /* definitions that were found in the releases */
	uint32_t symbols_failed;   /* files on which the parser failed */
	struct str symbols_method; /* "" when there is no index of them */
	struct str symbols_why;    /* ... and why */
	struct hash manifest;
};

/*
 * ERR_DENIED when out is there and not empty, unless an earlier run with the
 * same rules, releases and program was ended there: then what that run had
 * finished is not made again, and the result is the same.  What was begun
 * when it fails is left without a manifest, which nothing opens.
 */
enum err provision_run(struct provision *p, struct arena *a) MUST_CHECK;
