/*
 * launch_inside.h - the fields of a session, for tui/launch*.c.
 */
#pragma once

#include "core/spawn.h"

#include "tui/launch.h"
#include "tui/launch_hours.h"
#include "tui/proof.h"

enum {
	LAUNCH_SINGLE = 4, /* desk, reading, notes, checker: one each */
	LAUNCH_ROOMS = LAUNCH_SINGLE + 2 * ROOM_CORES_MAX,
	LAUNCH_RETRIES = 3, /* starts in a row that never get ready */
	LAUNCH_LINKS = 5 + 3 * ROOM_CORES_MAX,
	LAUNCH_FDS = 3 + 3 + 2 * ROOM_CORES_MAX + 4,
};

/* One end of a pair that a room is given as descriptor `to`. */
struct plug {
	int fd, to;
};

struct launch_room {
	struct launch *launch;
	enum room kind;
	uint16_t index;
	pid_t pid;         /* 0: not running */
	struct port *port; /* NULL: it hung up */
	struct spawn_end end;
	unsigned fails;   /* ends in a row before it was ready */
	unsigned quick;   /* short lives in a row */
	unsigned bad;     /* of these, in a row, with a signal or a status */
	uint64_t since;   /* when it was started, then when it was ready */
	unsigned late;    /* timer: it should be ready by now */
	bool ready, kept; /* kept: plugs stay open for its successor */
	bool followed;    /* it ended because a neighbour had hung up */
	bool ended;       /* by us, because it was asked for */
	struct plug plugs[LAUNCH_FDS];
	size_t n_plugs;
};

struct launch {
	struct loop *loop;
	const struct launch_target *target;
	const struct launch_setup *setup;
	struct arena arena;
	struct launch_room rooms[LAUNCH_ROOMS];
	size_t n_rooms;
	struct proof *proof; /* NULL: not begun */
	struct proof_way way;
	struct launch_hours *hours; /* NULL: no session */
	struct str proof_text;
	int log_in, log_out;     /* pipe: rooms write out, we read in */
	int spool_in, spool_out; /* pipe: the checker writes pages */
	void (*spool_trouble)(struct launch *l); /* err_text() says which */
	unsigned rest_timer, proof_timer, kill_timer, blame_timer;
	struct launch_room *first; /* ended well, but should not have */
	bool rest, ending, over, desk_well;
	bool waited; /* for rooms to end; all but the notes room are killed */
	bool more;   /* the other searchers are started, too */
	enum err why;
	char text[600]; /* the line for the person */
};

/* launch.c, for what the rooms say. */
void launch_end(struct launch *l, enum err why); /* takes a moment */
void launch_end_because(struct launch *l, enum err why, struct str text);
/* The first reason is the one that is said. */
void launch_reason(struct launch *l, const char *text);
void launch_start_rest(void *arg); /* all but desk and reading room, once */
void launch_start_more(void *arg); /* further searchers, once */

/* The messages that a room of this kind may send to the launcher; their
 * argument is its struct launch_room. */
const struct port_row *launch_said_rows(const struct launch *l, enum room kind);

/*
 * Pages go through a pipe into the spool: a room has no file that it could
 * write to.  What cannot be written there ends the session.
 */
enum err launch_spool_open(struct launch *l,
    void (*trouble)(struct launch *l)) MUST_CHECK;
void launch_spool_close(struct launch *l); /* what is under way comes first */

/*
 * The table of rooms and the pairs between them: core/rooms.h.  For a search
 * without a screen there are only those that search.
 */
enum err launch_table_fill(struct launch *l) MUST_CHECK;
/* All that is searched lies in a store: no worker, and rooms that do only
 * that, below. */
bool launch_table_scribe(const struct launch *l);
const char *launch_table_file(const struct launch *l, enum room kind);
struct launch_room *launch_table_find(struct launch *l, enum room kind);
void launch_table_drop(struct launch_room *r); /* closes its plugs */

/* What rooms say for a developer, with lines of the launcher among it. */
enum err launch_log_open(struct launch *l) MUST_CHECK;
void launch_log_say(struct launch *l, const struct launch_room *r,
    const char *what);
void launch_log_close(struct launch *l);
