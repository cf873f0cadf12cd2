/*
 * launch_target.h - what is to be opened, and what every room may know of
 * it.
 */
#pragma once

#include "core/arena.h"
#include "core/rooms.h"

#include "policy/session.h"
#include "policy/users.h"
#include "policy/visits.h"

#include "tui/options.h"

struct launch_target {
	struct start start;          /* what all rooms together may know */
	struct session session;      /* when start.session */
	int store, prints;           /* of a session, read-only, or -1 */
	int lists[RULES_CHECKLISTS]; /* of its rules, read-only */
	uint32_t n_lists;
	int spool;            /* where pages are printed to, or -1 */
	struct visits visits; /* to this session before, of this auditor */
	struct users users;   /* who the rooms are */
	/* Folder of the launcher itself: start.data, unless the rooms are
	 * users of their own and the record is the notes room's. */
	struct str own;
};

/* Nothing yet, as launch_target_release() leaves it: no descriptor. */
#define LAUNCH_TARGET_NONE .store = -1, .prints = -1, .spool = -1

/*
 * The git directory of a repository, or a session whose signature and files
 * were verified; the launcher's folder exists (mode 0700), and so does the
 * data folder, unless the notes room is to make it.  Everything in a.
 * progress: as in session_verify().
 */
enum err launch_target_find(struct launch_target *out, struct arena *a,
    const struct options *o, void (*progress)(void *, uint64_t, uint64_t),
    void *arg) MUST_CHECK;

/* Nothing to open, only a place to try the walls on; "" without a home. */
void launch_target_proof(struct launch_target *out, struct arena *a,
    const struct options *o);

void launch_target_release(struct launch_target *t);

/* The part of it that room r may know. */
struct start launch_target_start(const struct launch_target *t, enum room r,
    uint16_t index);
