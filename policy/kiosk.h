/*
 * kiosk.h - from a login to a review session, and to nothing else.
 *
 * What vitrine-kiosk does, apart from its main so that it can be tested with
 * another list.  The list of sessions, man vitrine-kiosk:
 *
 *	# comment
 *	vitrine /usr/local/bin/vitrine
 *	data    /var/lib/vitrine
 *	session acme-5g  /srv/vitrine/acme-5g for=1001,1002 to=2026-12-31
 */
#pragma once

#include <sys/types.h>

#include "core/arena.h"

enum { KIOSK_SESSIONS = 32 };

struct kiosk_session {
	struct str name; /* [A-Za-z0-9._-]+ */
	struct str path; /* absolute */
	struct str who;  /* numbers of users, commas between; "": everybody */
	uint32_t first;  /* 20261130; 0: always */
	uint32_t last;
};

struct kiosk_list {
	struct str vitrine, data; /* absolute */
	struct kiosk_session sessions[KIOSK_SESSIONS];
	uint32_t n_sessions; /* at least one */
};

/* Everything in a.  ERR_FORMAT with the line. */
enum err kiosk_list_read(struct kiosk_list *out, struct arena *a,
    struct str text) MUST_CHECK;

/*
 * Keeps the sessions that are open to this person on this day (20261130).
 * ERR_DENIED when none is.
 */
enum err kiosk_list_open(struct kiosk_list *l, uid_t who,
    uint32_t day) MUST_CHECK;

struct kiosk_place {
	const char *list;  /* the file */
	const char *rooms; /* USERS_LIST, policy/users.h */
	uid_t owner;       /* who alone may be able to change both */
};

/*
 * Refuses whatever is not a plain login on a terminal, cleans up, asks which
 * session when there are several, and becomes vitrine.  Returns the exit
 * status when it does not.
 */
int kiosk_main(const struct kiosk_place *place, int argc, char **argv);
