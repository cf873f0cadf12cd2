/*
 * users.h - which user each room is, where the station says so.
 *
 * The desk stays the person who logged in, because the terminal is theirs.
 * Whatever reads source is one user more, whatever reads notes another: then
 * the kernel keeps the rooms apart by who they are, too, and the record
 * belongs to nobody who can log in.
 *
 * The station's list, written by vitrine-lab station install, man
 * vitrine-kiosk(8):
 *
 *	# comment
 *	reading 997 997 /var/lib/vitrine/reading
 *	notes   996 996 /var/lib/vitrine/record
 */
#pragma once

#include "core/arena.h"
#include "core/rooms.h"
#include "core/spawn.h"

#define USERS_LIST "/etc/vitrine/rooms.conf"

struct users {
	bool apart;                       /* false: one user for all rooms */
	struct spawn_user reading, notes; /* when apart */
	/* Belong to these users: one to try walls on, one for the records of
	 * all auditors, each in a folder of its number. */
	struct str reading_folder, notes_folder;
	const char *why; /* not apart: why, for people; else NULL */
};

/* The list's text.  Everything in a.  ERR_FORMAT with the line. */
enum err users_parse(struct users *out, struct arena *a,
    struct str text) MUST_CHECK;

/*
 * The list at path, which belongs to owner.  able: whether this process may
 * become somebody else (sandbox_able()).  No list, or not able: not apart.
 * ERR_DENIED: others could have written the list; ERR_FORMAT.
 */
enum err users_find(struct users *out, struct arena *a, const char *path,
    uid_t owner, bool able) MUST_CHECK;

/* Who that room is; NULL: whoever starts it. */
const struct spawn_user *users_of(const struct users *u, enum room r);
