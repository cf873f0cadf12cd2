/*
 * history_keep.h - the index of history that a worker goes by.
 *
 * Of a session it is text/history, opened with the first question about
 * history.  Otherwise it is made in memory, a turn at a time, and used as
 * soon as it is there.  Without one all answers are the same, only later.
 */
#pragma once

#include "core/git_graph.h"

struct history_keep;

/* g, which outlives it, uses the index as soon as there is one.  path: of the
 * index in a session, else NULL. */
void history_keep_open(struct history_keep **out, struct git_graph *g,
    const char *path);
/* After g: it may still look into the index.  NULL is fine. */
void history_keep_close(struct history_keep *k);

/* Why the index of the session is not used: said once, then ""; good until
 * the keep is closed. */
struct str history_keep_remark(struct history_keep *k);

/*
 * Makes one over all that the tips reach, from where the last turn stopped;
 * tips count the first time only.  stop is asked often: ERR_STOPPED, and
 * another call goes on.  tell may be NULL.  ERR_LIMIT: it would be larger
 * than is kept in memory; every further call says the same.
 */
struct history_keep_turn {
	const struct oid *tips; /* commits */
	size_t n;
	bool (*stop)(void *arg);
	void (*tell)(void *arg, uint64_t done, uint64_t total);
	void *arg;
};
enum err history_keep_build(struct history_keep *k,
    const struct history_keep_turn *turn) MUST_CHECK;
