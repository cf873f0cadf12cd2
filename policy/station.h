/*
 * station.h - what the machine really is: a table of what a review station
 * should be, held against /proc, /sys and /etc.
 *
 * Everything is read below a root: "" is this machine, anything else a tree
 * that looks like one.  Nothing is changed, started or asked over a socket.
 * What cannot be read is never taken for what should be there: the state of
 * a row that was not filled is "cannot tell".
 */
#pragma once

#include <sys/types.h>

#include "core/arena.h"

enum station_state { STATION_UNKNOWN, STATION_FAILS, STATION_HOLDS };

struct station_row {
	const char *key;  /* "sysrq": how rules name it */
	const char *what; /* what should hold, a short sentence */
	enum station_state state;
	struct str found;  /* one line: what is there, or why nobody can tell */
	struct str remedy; /* one line: what to do; "" when it holds */
};

struct station_report {
	struct station_row *rows;
	size_t n;
};

const char *station_state_name(enum station_state s); /* "holds" */

/* Whether there is a row of this name. */
bool station_known(struct str key);
/* Its name, or NULL after the last: to list them. */
const char *station_key(size_t i);

/* Everything in a; now in seconds since 1970. */
void station_check(struct station_report *out, struct arena *a,
    const char *root, int64_t now);

/* NULL when there is none. */
const struct station_row *station_find(const struct station_report *r,
    struct str key);

/* How many rows are in a state. */
size_t station_count(const struct station_report *r, enum station_state s);

/* A table for people, 80 columns; all false: without the rows that hold. */
void station_table(const struct station_report *r, bool all, struct buf *out);

/*
 * What the system's own unit saw, for those who may not look everywhere
 * themselves (policy/station_state.c): lines "holds KEY", "fails KEY",
 * "unknown KEY" below "vitrine-station 1" and "boot ID".
 */
#define STATION_STATE_PATH "/run/vitrine/station"
void station_state_write(const struct station_report *r, struct arena *a,
    const char *root, struct buf *out);
/*
 * Rows that this process cannot tell are taken from the file below root,
 * when root's administrator alone can have written it since this boot.
 */
void station_state_add(struct station_report *r, struct arena *a,
    const char *root, uid_t administrator);

/* What a path of this machine lies on; empty where nobody can tell. */
struct station_medium {
	struct str device, kind; /* "/dev/sda1", "ext4" */
	bool encrypted;          /* LUKS, here or below a logical volume */
};
void station_medium_of(struct station_medium *out, struct arena *a,
    struct str path);

/*
 * Whether these rows hold on this machine, now, as far as this process and
 * the file together can tell.  ERR_DENIED names the first that does not,
 * with what was found and the remedy.
 */
enum err station_require(const struct str *keys, size_t n,
    struct buf *text) MUST_CHECK;
