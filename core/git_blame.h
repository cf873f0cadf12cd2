/*
 * git_blame.h - which commit each line of a file comes from.
 *
 * Our own: suspects by date over core/git_graph.h, folders compared by id
 * before anything is unpacked.  Agrees with "git blame" line by line except
 * where a block of equal lines can be aligned in two ways.
 */
#pragma once

#include "core/git_graph.h"

struct git_blame;

struct blame_options {
	bool ignore_space; /* -w */
	bool moves;        /* -M: lines moved inside a file */
};

/* Lines first..first+len-1 of the file come from .commit, where they were
 * lines old_first.. of old_path. */
struct blame_part {
	uint32_t first, len, old_first;
	struct oid commit;
	struct str old_path; /* lives as long as the blame */
	bool boundary;       /* the commit has no parent that was delivered */
};

/* ERR_ABSENT: no such file there.  g must outlive it. */
enum err git_blame_open(struct git_blame **out, struct git_graph *g,
    const struct oid *commit, struct str path,
    const struct blame_options *o) MUST_CHECK;
void git_blame_close(struct git_blame *b); /* NULL is fine */

uint32_t git_blame_lines(const struct git_blame *b);

/* Works on until one more part is known, or steps commits were looked at
 * (*got false).  ERR_ABSENT: every line is known. */
enum err git_blame_next(struct blame_part *part, bool *got, struct git_blame *b,
    unsigned steps) MUST_CHECK;
