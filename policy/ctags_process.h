/*
 * ctags_process.h - one process of universal-ctags and its two pipes.
 *
 * A part of policy/ctags.c, which says what is asked and believed.  Nothing
 * here waits, but for the end of a process that was killed.
 */
#pragma once

#include <sys/types.h>

#include "core/str.h"
#include "policy/ctags.h"

enum {
	CTAGS_PROCESS_LINE = 64 * 1024, /* of what it says, at most */
#ifdef TINY
	CTAGS_PROCESS_SAID = 2 * CTAGS_PROCESS_LINE,
#else
	CTAGS_PROCESS_SAID = 4 * 1024 * 1024, /* kept until it is wanted */
#endif
};

/* Zeroed: none runs. */
struct ctags_process {
	pid_t pid;
	int in, out;
	bool ended;   /* it says no more */
	bool deaf;    /* it takes no more */
	bool greeted; /* its first line was seen: the caller's */
	struct buf said;
	size_t taken;   /* of said */
	size_t scanned; /* of said: no line ends between the two */
};

/* ERR_IO: it cannot be started; none runs then. */
enum err ctags_process_start(struct ctags_process *p,
    const struct ctags_options *o) MUST_CHECK;
/* Whether one runs or not; what it said and nobody took is forgotten. */
void ctags_process_stop(struct ctags_process *p);
void ctags_process_release(struct ctags_process *p);

/* Whether there is room for more of what it says. */
bool ctags_process_hears(const struct ctags_process *p);
/* false: nothing came.  The end of it is not something. */
bool ctags_process_read(struct ctags_process *p);
/* How many of them it took. */
size_t ctags_process_write(struct ctags_process *p, struct str bytes);

/* The next whole line, without its end; until something is read. */
bool ctags_process_line(struct ctags_process *p, struct str *line);
/* A line that is longer than any may be. */
bool ctags_process_rambles(const struct ctags_process *p);
