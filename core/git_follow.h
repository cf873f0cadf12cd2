/*
 * git_follow.h - the history of one file under all the names it had.
 *
 * Lists what "git log --follow -- PATH" lists: by date, no merges; where the
 * file appears, the file it was made from is followed from there on, for all
 * of the history that is still to come.
 */
#pragma once

#include "core/git_graph.h"

struct git_follow;

/* g must outlive it. */
enum err git_follow_open(struct git_follow **out, struct git_graph *g,
    const struct oid *from, struct str path) MUST_CHECK;
void git_follow_close(struct git_follow *f); /* NULL is fine */

/*
 * The next commit, and what the file is called in it (until the next call).
 * *got and steps as in git_log_next(); ERR_ABSENT: the end.  stop may be
 * NULL; it is asked while files are compared.
 */
enum err git_follow_next(uint32_t *node, struct str *path, bool *got,
    struct git_follow *f, unsigned steps, bool (*stop)(void *arg),
    void *arg) MUST_CHECK;
uint64_t git_follow_seen(const struct git_follow *f);
/* Somewhere a copy was looked for among too many files: only those that were
 * deleted there count. */
bool git_follow_capped(const struct git_follow *f);
