/*
 * git_linelog.h - the commits that changed some lines of a file.
 *
 * As "git log -L FIRST,LAST:PATH" has it: the lines are mapped from commit to
 * parent, a change that touches them takes in all of what stood there before,
 * the file is followed under earlier names, and of a merge the one parent
 * that has the lines unchanged is followed alone.  Newest first by date; a
 * commit may come twice when dates lie.
 */
#pragma once

#include "core/git_graph.h"

struct git_linelog;

struct linelog_row {
	struct oid commit;
	struct str path;      /* in that commit; as long as the log lives */
	uint32_t first, last; /* the lines in that commit, all ranges in one */
};

/* Lines from 1, first to last.  ERR_ABSENT: no such file or lines. */
enum err git_linelog_open(struct git_linelog **out, struct git_graph *g,
    const struct oid *from, struct str path, uint32_t first,
    uint32_t last) MUST_CHECK;
void git_linelog_close(struct git_linelog *l); /* NULL is fine */

/* *got, steps, ERR_ABSENT as in git_log_next(). */
enum err git_linelog_next(struct linelog_row *row, bool *got,
    struct git_linelog *l, unsigned steps) MUST_CHECK;
uint64_t git_linelog_seen(const struct git_linelog *l);
