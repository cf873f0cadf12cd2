/*
 * git_import.h - what is no repository becomes one: a bundle, an archive, a
 * folder of files.
 *
 * A folder is made with one pack and its index, HEAD and packed-refs, and
 * nothing else.  Nothing of the input is obeyed or executed; no file of it is
 * ever created under its name.  Every byte is counted against a budget.
 *
 * Archives (tar: POSIX, pax, GNU; plain or compressed, then unpacked by
 * gzip, xz, bzip2 or zstd in a process with bounded memory) and folders
 * become one commit without a parent, "refs/heads/delivery".  A folder that
 * everything stands below is left out of the paths, and the commit says so.
 * The same archive gives the same commit.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

struct git_import_facts {
	uint64_t files, bytes; /* of an archive or folder */
	uint64_t links;        /* symbolic links, kept as data */
	uint64_t left_out;     /* devices, sockets, what lies in .git */
	struct str first_left; /* path of one of them */
	uint64_t twice;        /* paths that came again: the last one counts */
	struct str first_twice;
	uint64_t absolute; /* paths from the root, taken from the top */
	struct str first_absolute;
	struct str below; /* the folder that was left out of paths, "" */
	uint64_t objects; /* in the pack */
};

struct git_import_wish {
	const char *from;
	const char *name; /* for people: in the commit */
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	void *arg;
};

/*
 * Whether path is something to import: not a git directory, not a working
 * tree.  ERR_ABSENT: there is nothing.  ERR_DENIED: its ".git" leads to a
 * place outside of it, which is not what was delivered.
 */
enum err git_import_wanted(bool *wanted, const char *path) MUST_CHECK;

/*
 * Into dir, an open and empty folder whose absolute path is `path`.  Facts in
 * a.  ERR_FORMAT, ERR_LIMIT name what is wrong and where.
 */
enum err git_import(struct git_import_facts *out, struct arena *a,
    const struct git_import_wish *wish, int dir, struct str path) MUST_CHECK;

/* A part of git_import*.c: what is found, in any order. */
struct git_import_file {
	struct str path;
	uint32_t mode;      /* of git; 0: left out */
	struct str bytes;   /* where it points, of a link */
	struct str same_as; /* "", or the path whose content it has */
	bool absolute;      /* it was named from the root of a system */
	int64_t time;
};
typedef enum err git_import_fn(void *arg, const struct git_import_file *f);
typedef void git_import_at(void *arg, uint64_t done, uint64_t of);
enum err git_import_tar(const char *path, git_import_fn *fn, git_import_at *at,
    void *arg) MUST_CHECK;
enum err git_import_tree(const char *path, git_import_fn *fn, git_import_at *at,
    void *arg) MUST_CHECK;
