/*
 * pty.h - a program in a pseudo-terminal, its screen read by libvterm.
 *
 * Nothing here waits for a time: pty_wait() returns as soon as the text is on
 * the screen, and gives up only when it is certain to be broken.
 */
#pragma once

#include <stdbool.h>

#include "core/str.h"

struct pty;

struct pty_setup {
	const char *term; /* TERM */
	int rows, cols;
	/* What runs: a program, or a function of the test in a child of its
	 * own, whose result is the exit status. */
	char *const *argv;
	int (*run)(void *arg);
	void *arg;
	char *const *env; /* NAME=VALUE beside TERM and LC_ALL; NULL: none */
};

struct pty *pty_start(const struct pty_setup *s);
void pty_stop(struct pty *p); /* kills what still runs; NULL is fine */

/* false: it did not appear, and the screen is on standard error. */
bool pty_wait(struct pty *p, const char *text);
bool pty_wait_gone(struct pty *p, const char *text);
bool pty_shows(struct pty *p, const char *text); /* now */
void pty_send(struct pty *p, struct str bytes);
void pty_resize(struct pty *p, int rows, int cols);
void pty_signal(struct pty *p, int signal);
/* Waits for the end; the exit status, or 128 + signal. */
int pty_end(struct pty *p);

struct pty_cell {
	uint32_t ch; /* 0: blank, or the right half of a wide one */
	int width;
	bool bold, reverse;
	int colour; /* of the 16; -1: default or another */
};
struct pty_cell pty_cell(struct pty *p, int row, int col);
bool pty_wait_cursor(struct pty *p, int row, int col);
bool pty_second_screen(const struct pty *p);     /* the alternate one is on */
void pty_screen(struct pty *p, struct buf *out); /* rows as text */

/* Every byte the program wrote. */
struct str pty_bytes(const struct pty *p);
