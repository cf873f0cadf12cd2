/*
 * repo.h - repositories for tests, made by the git command itself.
 *
 * Nothing of the machine's or the person's git configuration has a say, and
 * every date is fixed, so that every id is the same everywhere.
 */
#pragma once

#include "core/git_graph.h"
#include "core/git_refs.h"
#include "core/git_rev.h"
#include "core/git_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/t.h"

struct repo {
	struct arena a;
	struct git_repo *git;
	struct git_graph *graph;
	struct refs refs;
};

/* A folder to work in; commit MESSAGE is a function of its scripts. */
void repo_start(void);
void repo_end(void);
/* A script with "set -e" and commit() in front; it must succeed. */
void repo_script(const char *lines);
/* Opens DIR of that folder strictly, with references and a graph. */
void repo_open(struct repo *r, const char *dir);
void repo_close(struct repo *r);
struct oid repo_id(struct repo *r, const char *revision);
struct oid repo_tree(struct repo *r, const char *revision);
/* What a command prints; replaces b. */
PRINTF(2, 3)
void repo_ask(struct buf *b, const char *fmt, ...);
/* Exit status of a command line run in that folder. */
PRINTF(1, 2)
int repo_run(const char *fmt, ...);
/* Of a file there; good for four calls. */
const char *repo_path(const char *name);
void repo_same(const struct buf *ours, const struct buf *theirs);

/*
 * A history of that many commits in DIR (bare): files that are edited,
 * renamed, deleted and brought back, merges with and without conflict, equal
 * and backward dates; all from one number.
 */
void repo_history(const char *dir, unsigned seed, unsigned commits);
