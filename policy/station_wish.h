/*
 * station_wish.h - what a review station has: the things that
 * station_plan.h brings about, from the sessions that are to be held there.
 */
#pragma once

#include "policy/station_plan.h"

struct station_key {
	struct str name, text; /* NAME.pub, and what it holds */
};

struct station_session {
	struct str name; /* of the kiosk's list: [A-Za-z0-9._-]+ */
	struct str path; /* absolute, on the station: folder or squashfs */
	bool packed;     /* a squashfs file */
	const struct str *auditors; /* names of their accounts */
	uint32_t n_auditors;
	bool paper; /* pages of source may be printed */
	/* Of its roster: approvers, signers, auditors, recipients. */
	const struct station_key *people;
	uint32_t n_people;
};

struct station_wish {
	const struct station_session *sessions;
	uint32_t n_sessions;
	const struct station_key *keys; /* that may sign sessions */
	uint32_t n_keys;
	struct str prefix; /* where the programs are: "/usr/local" */
};

/*
 * Everything in a.  Accounts that are there keep their numbers; new ones get
 * numbers that no account, group or folder of notes has.  ERR_FORMAT: an
 * account of an auditor is there, and is somebody else's (its shell is not
 * the kiosk).
 */
enum err station_wish_list(struct station_things *out, struct arena *a,
    const char *root, const struct station_wish *w) MUST_CHECK;
