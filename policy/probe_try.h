/*
 * probe_try.h - the primitives of a break-out, one function each.
 *
 * Each runs in a child of its own, with walls and without.  It returns 0
 * when it got what it wanted, otherwise the errno that stopped it; the
 * walls may also kill it.
 */
#pragma once

#include "core/rooms.h"

enum { PROBE_PATH = 1024 };

/* What lies ready for the primitives, made before the walls. */
struct probe_scene {
	char folder[PROBE_PATH];    /* of our own, or "": there is none */
	char file[PROBE_PATH + 8];  /* in it, 4096 bytes */
	char spare[PROBE_PATH + 8]; /* in it, not there */
	const char *git, *data;     /* "" when not given */
	int fd;                     /* file, read and write, or -1 */
	int look;                   /* file, read only, or -1 */
	int memory;                 /* memfd, read and write */
	int terminal;               /* slave of a pty */
	int pair[2];                /* SOCK_SEQPACKET */
	int program;                /* an executable, opened to be run */
	int victim;                 /* process of the same user */
	char neighbour[32];         /* its memory in /proc */
	void *page;                 /* one page of private memory */
};

struct probe_try {
	const char *name;
	unsigned needed; /* rooms (bits) whose work needs it */
	bool ruins;      /* leaves the process unusable for others */
	int (*fn)(const struct probe_scene *s);
};

/* probe_more.c has the second part. */
extern const struct probe_try probe_try_table[], probe_more_table[];
extern const size_t probe_try_count, probe_more_count;
