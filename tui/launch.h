/*
 * launch.h - the rooms of one session, from the first to the last.
 *
 * Desk and reading room are started first, the others when something is on
 * the screen.  Searchers and workers that end are started again on the same
 * descriptors: ending them is how a search is cancelled.  The end of any
 * other room ends the session.
 *
 * For a script there is no desk, no notes room and no checker: the reading
 * room searches, and the session is over with its last line.
 *
 * As soon as the walls are proven the launcher closes its own around itself,
 * and so around every room that it starts from then on.
 */
#pragma once

#include "core/loop.h"

#include "tui/launch_target.h"

struct launch;
struct script;

struct launch_setup {
	const char *libexec;   /* folder of the rooms */
	const char *term;      /* kind of terminal, for the desk */
	int log;               /* where rooms write what they say, or -1 */
	struct str proof;      /* text, when it is known already, or "" */
	unsigned patience;     /* ms for rooms to end by themselves, 0: usual */
	unsigned slowest;      /* ms for a room to get ready, 0: usual */
	struct script *script; /* a search, without desk, notes, checker */
};

/*
 * Opens the pairs and starts the first two rooms.  target and setup are
 * borrowed until launch_close().
 */
enum err launch_open(struct launch **out, struct loop *l,
    const struct launch_target *target,
    const struct launch_setup *setup) MUST_CHECK;

/*
 * Until the session is over: ERR_NONE when the auditor left, ERR_STOPPED
 * when a signal ended it, otherwise why, with the text that names the room.
 */
enum err launch_run(struct launch *l) MUST_CHECK;

/* Whether the desk ended by itself, and so put the terminal back. */
bool launch_desk_ended_well(const struct launch *l);

void launch_close(struct launch *l); /* NULL is fine; kills what is left */
