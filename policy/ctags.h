/*
 * ctags.h - definitions in hostile source, found by universal-ctags.
 *
 * A process of its own, with two pipes and nothing else open, no
 * environment, no option file, a bound on its memory; it closes itself in
 * ("--_interactive=sandbox": from then on it can read, write and end) before
 * it is given the first byte.  Contents go in through one pipe, definitions
 * come out of the other, several on the way at once.  What it says is as
 * hostile as what it read: every line is bounded and checked.  A content on
 * which it dies, hangs or talks nonsense is named as failed, and another
 * process goes on behind it.
 *
 * Several such processes work side by side where that is asked for.  What
 * they say is taken in the order in which the contents were put: the index
 * has the same bytes for any number of them.
 */
#pragma once

#include "core/symbols.h"

struct ctags;

struct ctags_options {
	const char *program;       /* NULL: /usr/bin/ctags */
	unsigned seconds;          /* for one content; 0: CTAGS_SECONDS */
	uint64_t memory;           /* bytes; 0: CTAGS_MEMORY */
	unsigned processes;        /* 0: one; CTAGS_PROCESSES at most */
	const struct symbols *old; /* what it knows is not asked again */
};

enum {
	CTAGS_SECONDS = 60,
	CTAGS_PROCESSES = 16,
	CTAGS_FAILURES = 100, /* what is put after that many is failed too */
	CTAGS_LARGEST = 64 * 1024 * 1024, /* larger contents are failed */
};
#define CTAGS_MEMORY ((uint64_t)2 << 30)

/* ERR_ABSENT: the program is not installed, or is no universal-ctags. */
enum err ctags_open(struct ctags **out,
    const struct ctags_options *o) MUST_CHECK;

/* Whether the old symbols have that content: its bytes are not looked at. */
bool ctags_knows(const struct ctags *c, const struct oid *id);
/* One content after the other.  path decides the language.  ERR_IO: another
 * process cannot be started. */
enum err ctags_put(struct ctags *c, const struct oid *id, struct str path,
    struct str bytes) MUST_CHECK;
/* Waits for all of them and appends text/symbols to out. */
enum err ctags_finish(struct ctags *c, struct buf *out) MUST_CHECK;
void ctags_close(struct ctags *c); /* NULL is fine */
