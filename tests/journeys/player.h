/*
 * player.h - the terminal of a journey: a program in a pseudo-terminal, its
 * screen, and every byte it wrote; for tests/journeys/play*.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

enum {
	PATIENCE_MS = 60000, /* what does not come by then never comes */
	ROWS_MAX = 500,
	LINE_ROOM = 4096,
	WORDS_MAX = 64,
};

struct player {
	int argc;
	char **argv; /* NAME=VALUE */
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	char term[64];
	int fd;
	pid_t pid;
	bool ended;
	int status;
	bool alternate, cursor_hidden;
	struct termios before;
	char *sent; /* every byte since the start */
	size_t n_sent;
	size_t n_judged; /* of those before, too */
	bool obeyed;     /* a terminal would have obeyed one of them */
	int64_t since_us, reached_us;
	int claims, line;
	FILE *script;
	int64_t until_ms; /* of the loop; where it begins: */
	long from;
	int from_line;
	bool failing, failed, in_claim;
	bool lost; /* something failed since the last start */
	char claim[LINE_ROOM];
};

int64_t player_now_ms(void);
int64_t player_now_us(void);
void player_print_screen(struct player *p, FILE *to, const char *prefix);
bool player_on_screen(struct player *p, const char *want, int row);
void player_wrong(struct player *p, const char *what, const char *arg);
void player_claim_end(struct player *p);
void player_answer(const char *bytes, size_t len, void *arg);
void player_reap(struct player *p, int flags);
bool player_take(struct player *p, int ms);
void player_stop(struct player *p);
extern const VTermScreenCallbacks player_callbacks;
