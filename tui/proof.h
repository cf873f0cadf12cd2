/*
 * proof.h - the proof of environment: what held when Vitrine tried to break
 * out of its own rooms (policy/probe.h), on this machine, just now.
 */
#pragma once

#include "core/arena.h"
#include "core/loop.h"
#include "core/rooms.h"
#include "policy/users.h"

struct proof;

struct proof_count {
	uint32_t stopped, needed, undemonstrated, reached;
};

/* How the rooms are started. */
struct proof_way {
	const char *libexec;       /* their folder */
	const struct start *start; /* the paths */
	const struct users *users;
	struct str own; /* folder of the launcher, beside which the desk may
			 * try on files; "": beside the data folder */
};

/*
 * Starts every room with --probe, all at once, as the user it will be;
 * done() is called from the loop when the last has answered or died.
 * Children are reaped by whoever handles SIGCHLD, if anybody.  w is borrowed
 * until then.
 */
struct proof *proof_open(struct loop *l, const struct proof_way *w,
    void (*done)(void *arg), void *arg);
void proof_close(struct proof *p); /* NULL is fine */

/* After done(). */

/* Every room answered, all layers hold, nothing was reached. */
bool proof_held(const struct proof *p);
/* The first thing that did not hold, one line; "" when proof_held(). */
const char *proof_trouble(const struct proof *p);
struct proof_count proof_count(const struct proof *p);
/*
 * Whether a row of the rules holds in every room: "seccomp", "landlock",
 * "no_new_privs", "no_capabilities", or the name of a primitive
 * ("create-file"): stopped or needed everywhere.  "separate_users": desk,
 * reading rooms and notes rooms are three users, as the rooms themselves see
 * it.
 */
bool proof_row(const struct proof *p, struct str name);
/* For people, at most 80 columns, ends with LF; lives as long as p. */
struct str proof_text(const struct proof *p);
