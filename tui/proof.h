/*
 * proof.h - the proof of environment: what held when Vitrine tried to break
 * out of its own rooms (policy/probe.h), on this machine, just now.
 */
#pragma once

#include "core/arena.h"
#include "core/loop.h"
#include "core/rooms.h"

struct proof;

struct proof_count {
	uint32_t stopped, needed, undemonstrated, reached;
};

/*
 * Starts every room with --probe, all at once; done() is called from the
 * loop when the last has answered or died.  libexec: folder of the rooms;
 * s: the paths.  Children are reaped by whoever handles SIGCHLD, if anybody.
 */
struct proof *proof_open(struct loop *l, const char *libexec,
    const struct start *s, void (*done)(void *arg), void *arg);
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
 * ("create-file"): stopped or needed everywhere.
 */
bool proof_row(const struct proof *p, struct str name);
/* For people, at most 80 columns, ends with LF; lives as long as p. */
struct str proof_text(const struct proof *p);
