/*
 * git_diff.h - what changed between two revisions, and inside a file.
 *
 * No attribute of the repository has a say: what its owner marked as binary
 * or as not to be shown is compared like all the rest.
 */
#pragma once

#include "core/git_tree.h"

enum change_kind {
	CHANGE_ADDED = 'A',
	CHANGE_DELETED = 'D',
	CHANGE_MODIFIED = 'M', /* content or mode */
	CHANGE_TYPE = 'T',     /* file, link, submodule: one became another */
	CHANGE_RENAMED = 'R',
};

struct change {
	enum change_kind kind;
	struct str old_path, new_path; /* the same unless renamed */
	struct oid old_id, new_id;     /* zero on the side it is not */
	uint32_t old_mode, new_mode;   /* 0 on the side it is not */
	uint8_t similarity;            /* percent, of a rename */
	bool counted;                  /* the next three are known */
	bool binary;                   /* one side is, by git's rule */
	uint32_t added, deleted;       /* lines; also counted when binary */
};

typedef enum err git_diff_fn(void *arg, const struct change *c);

/*
 * Every difference between two trees (a zero oid is the empty one), in path
 * order, without renames; a change lives for the call.  Submodules and links
 * are compared by id.  Any error of fn ends it and is returned.
 */
enum err git_diff_trees(struct git_repo *r, const struct oid *old_tree,
    const struct oid *new_tree, git_diff_fn *fn, void *arg) MUST_CHECK;

/* The same, but a folder below the first that is not there is passed over and
 * counted: what stands in it differs in ways that nobody can know here.  cut
 * NULL is git_diff_trees(). */
enum err git_diff_known(struct git_repo *r, const struct oid *old_tree,
    const struct oid *new_tree, git_diff_fn *fn, void *arg,
    uint32_t *cut) MUST_CHECK;

struct changes {
	struct change *at;
	size_t len;
	bool renames_capped; /* too many to compare: exact renames only */
};

enum { DIFF_RENAME_PERCENT = 50, DIFF_RENAME_PAIRS = 100 * 1000 };

/*
 * The same as a list in a, renames found: equal content first, then similar
 * content when added x deleted files are at most pairs (0: exact only).
 */
enum err git_diff_changes(struct changes *out, struct arena *a,
    struct git_repo *r, const struct oid *old_tree, const struct oid *new_tree,
    uint64_t pairs) MUST_CHECK;
/* Fills in the line counts.  ERR_ABSENT: a side was not delivered. */
enum err git_diff_count(struct change *c, struct git_repo *r) MUST_CHECK;

enum diff_space {
	DIFF_SPACE_ALL,    /* every byte counts */
	DIFF_SPACE_EOL,    /* not at the end of a line */
	DIFF_SPACE_AMOUNT, /* nor how much of it */
	DIFF_SPACE_NONE,   /* none counts */
};

struct diff_options {
	uint32_t context; /* lines around; UINT32_MAX: all */
	enum diff_space space;
	bool patience; /* more readable where much moved, slower */
};

struct diff_line {
	struct str text; /* without LF, borrowed from the two sides */
	uint32_t old_line, new_line; /* from 1; 0 on the side it is not */
	char kind;                   /* ' ', '-', '+' */
	bool no_lf;                  /* the file ends here without LF */
};

struct diff_hunk {
	uint32_t old_first, old_len, new_first, new_len;
	uint32_t first, len; /* of the lines below */
	struct str head;     /* the line before it that looks like a function */
};

struct file_diff {
	struct diff_hunk *hunks;
	size_t n_hunks;
	struct diff_line *lines;
	size_t n_lines;
	uint32_t added, deleted;
};

/* Two buffers that outlive out; everything else in a. */
enum err git_diff_bytes(struct file_diff *out, struct arena *a, struct str old,
    struct str new, const struct diff_options *o) MUST_CHECK;
