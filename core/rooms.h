/*
 * rooms.h - which rooms there are, what each is given when it starts.
 *
 * Every room is an executable of its own, started by exec with the fixed
 * descriptor table below and nothing else open; 0, 1 and 2 are the terminal
 * in the desk and /dev/null elsewhere (2 may be a log file).
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

enum room {
	ROOM_DESK,
	ROOM_READING,
	ROOM_NOTES,
	ROOM_WORKER,
	ROOM_SEARCH,
	ROOM_CHECK,
	ROOMS,
};

const char *room_name(enum room r); /* "reading": for people and the journal */
const char *room_file(enum room r); /* "room_reading": the executable */

enum {
	ROOM_FD_LAUNCHER = 3, /* in every room */

	DESK_FD_READING = 4,
	DESK_FD_NOTES = 5,

	READING_FD_DESK = 4,
	READING_FD_NOTES = 5,
	READING_FD_WORKER = 6, /* + 2 * i */
	READING_FD_SEARCH = 7, /* + 2 * i */

	NOTES_FD_DESK = 4,
	NOTES_FD_READING = 5,
	NOTES_FD_CHECK = 6,
	NOTES_FD_VISITS = 7, /* of a session: those so far, read-only */
	NOTES_FD_LISTS = 8,  /* + i: checklist i of its rules, read-only */

	WORKER_FD_READING = 4,
	WORKER_FD_SEARCH = 5,
	WORKER_FD_CHECK = 6, /* worker 0 only */

	SEARCH_FD_READING = 4,
	SEARCH_FD_WORKER = 5,
	SEARCH_FD_STORE = 6, /* text store of a session, read-only */

	CHECK_FD_NOTES = 4,
	CHECK_FD_WORKER = 5,
	CHECK_FD_PRINTS = 6, /* fingerprints of a session, read-only */
	CHECK_FD_SPOOL = 7,  /* pages on their way to paper, or not there */

	ROOM_FD_MAX = 64,
};

enum { ROOM_CORES_MAX = 16 }; /* workers, and as many searchers */

struct release {
	struct str name; /* "v1.0": as the session names it */
	struct oid commit;
	struct str status; /* production, intermediate, custom */
};

/*
 * What a room needs to know.  The launcher fills only what that room is
 * meant to have: paths of the source go to reading and workers, the data
 * path to notes, the rules to notes and checker, and so on.
 */
struct start {
	bool session;       /* false: any repository, personal vault */
	struct str title;   /* short name of what is read */
	struct str git;     /* absolute path of the git directory */
	struct str text;    /* absolute path of the session's text folder */
	struct str data;    /* absolute path of the data folder */
	struct str welcome; /* of a session, lines for the first screen */
	struct str rules;   /* session.conf, whole; "" without a session */
	/* Milliseconds that a line must be in view to count as seen: for each
	 * line with it, and at least; 0: as without a session. */
	uint16_t seen_line, seen_least;
	struct str manifest; /* SHA-256 of the manifest, 64 hex digits, or "" */
	struct str auditor;  /* name of the person at the desk */
	struct str revision; /* what to open first, "" for the default */
	uint16_t cores;      /* workers and searchers, each */
	uint16_t index;      /* which worker or searcher this is */
	struct release *releases; /* of a session, in its order */
	uint32_t n_releases;
	struct str query; /* without a screen: what to search for, as
			   * search_query_write() writes it; else "" */
	bool count;       /* ... and only how many lines */
	bool spool;       /* pages can be printed: CHECK_FD_SPOOL is there */
	int64_t until;    /* of a session: when this visit has to end, seconds
			   * since 1970; 0: never */
};

void start_write(const struct start *s, struct buf *b);
/* Everything in a.  ERR_FORMAT; ERR_LIMIT never: limits are part of it. */
enum err start_read(struct start *s, struct arena *a,
    struct str body) MUST_CHECK;
