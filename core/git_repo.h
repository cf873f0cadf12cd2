/*
 * git_repo.h - a git directory, opened as objects and nothing else.
 *
 * No configuration, attributes, alternates, replacements, grafts, index,
 * commit-graph, multi-pack-index or hook of the repository is ever read;
 * libgit2's own search paths are emptied.  Packs are taken one by one after
 * a look at their headers, so that a damaged one is named.
 *
 * Needed below the directory: objects/.  References are read by git_refs.h.
 * A process opens what it opens after its walls are closed: only openat and
 * mmap of the given directory are used.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

struct git_repo; /* core/git_inside.h, for core/git_*.c alone */

/* libgit2 loads its own libraries: once, before the walls are closed.  Done
 * by the first git_repo_open() where there are none. */
enum err git_repo_prepare(void) MUST_CHECK;

/*
 * strict: the hash of every object is computed again when it is read.  It
 * is one switch for the process: the last call decides.
 *
 * ERR_ABSENT: not a git directory.  ERR_FORMAT: a damaged pack, SHA-256
 * names, the reftable format: said in one line with the file.
 */
enum err git_repo_open(struct git_repo **out, struct str git,
    bool strict) MUST_CHECK;
/* The objects of another git directory as well, before anything is read; its
 * references and facts are not. */
enum err git_repo_also(struct git_repo *r, struct str git) MUST_CHECK;
void git_repo_close(struct git_repo *r); /* NULL is fine */
void git_repo_strict(bool on);

/* What a reader has to know about this directory; all false is usual. */
struct git_repo_facts {
	bool alternates;    /* objects/info/alternates is there: not followed */
	bool shallow;       /* history was cut off when it was copied */
	bool partial;       /* objects were left out when it was copied */
	bool replaced;      /* refs/replace is there: ignored */
	bool grafted;       /* info/grafts is there: ignored */
	uint32_t unindexed; /* packs without an index: not read, as in git */
	uint32_t packs;
	uint64_t pack_bytes;
	uint64_t packed; /* objects in the packs; what is in two counts twice */
	uint64_t loose;  /* objects in files of their own */
};

void git_repo_facts(struct git_repo_facts *out, const struct git_repo *r);
/* One line for each fact that is true, separated by LF; in a. */
struct str git_repo_notice(const struct git_repo *r, struct arena *a);

enum git_kind { GIT_NOTHING, GIT_COMMIT, GIT_TREE, GIT_BLOB, GIT_TAG };

const char *git_repo_kind_name(enum git_kind k);

/* Kind and size without reading it all.  ERR_ABSENT: not delivered. */
enum err git_repo_header(enum git_kind *kind, uint64_t *size,
    struct git_repo *r, const struct oid *id) MUST_CHECK;
bool git_repo_has(struct git_repo *r, const struct oid *id);

/* Bytes of an object; who keeps them is nobody else's business. */
struct git_bytes {
	struct str bytes;
	enum git_kind kind;
	void *hold, *block;
};

/*
 * The size is looked at first: ERR_LIMIT over max, ERR_ABSENT when it is not
 * there, ERR_FORMAT when it is damaged or (want != GIT_NOTHING) another
 * kind.  The text names the object.
 */
enum err git_repo_read(struct git_bytes *out, struct git_repo *r,
    const struct oid *id, enum git_kind want, size_t max) MUST_CHECK;
void git_repo_drop(struct git_bytes *b); /* a zeroed one is fine */

/*
 * Where an object lies, for reading many in the cheapest order: pack number
 * and offset in one sortable number.  UINT64_MAX: in no pack.
 */
uint64_t git_repo_order(const struct git_repo *r, const struct oid *id);
