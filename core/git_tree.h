/*
 * git_tree.h - folders and files of a revision.
 *
 * Trees are parsed by ourselves: names are any bytes but NUL ("..", ".git",
 * "a/b", escapes), and never become a name of a file on disk.  A tree whose
 * entries are out of order is put in order; one with an empty name or an
 * impossible mode is damaged.  Links and submodules are data: never followed.
 */
#pragma once

#include "core/git_repo.h"

enum tree_kind {
	TREE_FILE,
	TREE_EXEC,
	TREE_LINK, /* the blob holds where it points */
	TREE_FOLDER,
	TREE_MODULE, /* id is a commit of another repository */
};

enum { TREE_SIZE_UNKNOWN = -1, TREE_SIZE_MISSING = -2 };

struct tree_entry {
	struct str name;
	struct oid id;
	int64_t size;  /* bytes of a blob; or one of the two above */
	uint32_t mode; /* 0100644, 0100755, 0120000, 0040000, 0160000 */
	enum tree_kind kind;
};

struct tree_list {
	struct tree_entry *at;
	size_t len;
	bool unsorted; /* the tree was not in git's order: hostile or old */
};

/* One folder, in git's order, sizes unknown; in a. */
enum err git_tree_list(struct tree_list *out, struct arena *a,
    struct git_repo *r, const struct oid *tree) MUST_CHECK;
/* Size of a blob entry, on demand since each costs a read of a header. */
void git_tree_size(struct tree_entry *e, struct git_repo *r);

/* The tree of a commit, a tag of a commit, or the tree itself. */
enum err git_tree_of(struct oid *out, struct git_repo *r,
    const struct oid *id) MUST_CHECK;

/* path without a slash at its ends; "" is the tree itself.  ERR_ABSENT.
 * The entry's name is borrowed from path. */
enum err git_tree_find(struct tree_entry *out, struct git_repo *r,
    const struct oid *tree, struct str path) MUST_CHECK;

/* Called for each file, link and submodule; path lives for the call.  Any
 * error ends the walk and is returned. */
typedef enum err git_tree_fn(void *arg, struct str path,
    const struct tree_entry *e);

/* A folder that cannot be read: ERR_NONE goes on without it, anything else
 * ends the walk.  NULL: every such folder ends it. */
typedef enum err git_tree_trouble_fn(void *arg, struct str path,
    const struct oid *tree, enum err rc);

/*
 * All of a revision below tree, in path order, whole paths.  A folder more
 * than LIMIT_TREE_DEPTH deep or with a path over LIMIT_PATH is trouble,
 * ERR_LIMIT; more than LIMIT_TREE_ENTRIES end the walk.
 */
enum err git_tree_each(struct git_repo *r, const struct oid *tree,
    git_tree_fn *fn, git_tree_trouble_fn *trouble, void *arg) MUST_CHECK;
