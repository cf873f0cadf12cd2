/*
 * room.h - how every room begins and ends.
 *
 * What is between, and the order of it, is policy/enter.h.  The launcher
 * fills only the paths that a room may have.
 *
 * A room with a loop opens its launcher port itself, after room_ready():
 * port_open(loop, ROOM_FD_LAUNCHER, rows, gone, arg), with rows for
 * MSG_PROOF (notes, reading) and MSG_SHUTDOWN.  When gone() is called the
 * session is over: keep what must be kept and end with status 0.  A room
 * without a loop need not read the port: it is killed with the launcher.
 */
#pragma once

#include "core/rooms.h"

/*
 * Names the process in its log, ignores SIGPIPE and SIGXFSZ, and waits for
 * MSG_START.  Everything in s lives in a.  A room started by hand gets one
 * clear line and ERR_DENIED.  The locale is "C" until text_start(), which
 * costs a search for scripts more than it is worth.
 */
enum err room_begin(struct start *s, struct arena *a,
    enum room which) MUST_CHECK;

enum err room_ready(void) MUST_CHECK; /* MSG_READY: the walls are closed */
enum err room_first_frame(void) MUST_CHECK; /* desk: MSG_FIRST_FRAME */
enum err room_quit(void) MUST_CHECK;        /* notes: MSG_QUIT, "it may end" */

/*
 * The exit status of main.  Unless rc is ERR_NONE the launcher is told why
 * first (MSG_TROUBLE with err_text()); it ends the session with that line.
 */
int room_end(enum err rc);

/*
 * For gone() of the port to a neighbour: the error to end with.  A protocol
 * error names that room; after a hang-up it is ERR_STOPPED, which tells the
 * launcher to look for whoever ended first.
 */
enum err room_left(enum room neighbour, enum err rc) MUST_CHECK;

/* The body of MSG_RESTART.  ERR_FORMAT: neither a worker nor a searcher. */
void room_restart_write(struct buf *b, enum room kind, uint16_t index);
enum err room_restart_read(enum room *kind, uint16_t *index,
    struct str body) MUST_CHECK;

/* MSG_TROUBLE, as the launcher reads it: in a. */
enum err room_trouble_read(enum err *kind, struct str *text, struct arena *a,
    struct str body) MUST_CHECK;
