/*
 * station_inside.h - how the rows of the station look at it, for
 * policy/station*.c.
 */
#pragma once

#include "core/io.h"
#include "core/io_place.h"
#include "policy/station.h"

struct station {
	struct arena *a;
	const char *root; /* "" or a path without a slash at its end */
	int64_t now;
};

/* A row: look() fills state and found; the remedy is taken over from here
 * unless it sets its own. */
struct station_test {
	const char *key, *what, *remedy;
	void (*look)(struct station *s, struct station_row *row);
};

/* Each ends with a row of key NULL. */
extern const struct station_test station_kernel_tests[], station_ways_tests[],
    station_doors_tests[], station_mounts_tests[], station_people_tests[];

enum station_got { STATION_READ, STATION_NONE, STATION_CLOSED };

/* PATH is absolute, below the root; in the arena. */
const char *station_path(struct station *s, const char *fmt, ...) PRINTF(2, 3);
/* A whole file, at most 1 MiB; trimmed. */
enum station_got station_text(struct station *s, struct str *out,
    const char *path);
/* Names in a folder, sorted. */
enum station_got station_names(struct station *s, struct io_names *out,
    const char *path);
bool station_there(struct station *s, const char *path); /* a name, any kind */
/* What a symbolic link holds; not followed. */
enum station_got station_link(struct station *s, struct str *out,
    const char *path);

/* "holds" or "fails" with what was found. */
void station_says(struct station *s, struct station_row *row, bool holds,
    const char *fmt, ...) PRINTF(4, 5);
void station_cannot(struct station *s, struct station_row *row, const char *fmt,
    ...) PRINTF(3, 4);

/* The next word of a line, blanks and tabs between; false at its end. */
bool station_word(struct str *line, struct str *word);

/* A list of names for people: "a, b and 3 more". */
struct station_list {
	struct buf text;
	size_t n;
};
void station_list_add(struct station_list *l, struct str name);
/* The row says it, after a few words; the list is released. */
void station_says_list(struct station *s, struct station_row *row, bool holds,
    const char *before, struct station_list *l);
struct str station_list_text(struct station_list *l, struct arena *a);

/* A program by its name among those that run: pid and terminal, of each.
 * STATION_NONE: no /proc. */
enum station_got station_running(struct station *s, const char *const *names,
    struct station_list *found);

/* A unit that is masked (a link to /dev/null or an empty file in
 * /etc/systemd/system). */
bool station_masked(struct station *s, const char *unit);

/* /etc/passwd, one line. */
struct station_account {
	struct str name, word, home, shell; /* word: "x", it is in shadow */
	uint32_t uid, gid;
};
enum station_got station_accounts(struct station *s,
    struct station_account **out, size_t *n);
/* The login shell of auditors. */
bool station_is_kiosk(struct str shell);
