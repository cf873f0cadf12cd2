/*
 * play.h - keys in, screen out, without a terminal or a loop.
 *
 * A play is tests/tui/NAME.keys.  Each line is one of
 *
 *	# a comment
 *	j gg Enter C-d          keys by name, separated by blanks
 *	"text as it is typed"   characters between the first and last quote
 *	= 24 80                 the size, rows of the room and columns
 *	! WORD                  calls the test's own step() with WORD
 *	--- a caption           the screen now, compared with the next
 *	                        screen in tests/tui/NAME.screen
 *
 * NAME.screen holds, for each "---", that same line and then the rows of the
 * screen, blanks at their ends left out.  Under a row that holds more than
 * plain text stands a line that begins with "^", and then gives the
 * attributes of the cells: a letter for the role, upper case when the cell
 * is in reverse ("#" without a role), "*" for bold text without a role;
 * PLAY_ROLES has the letters.  Only when the caption ends in "(attributes)".
 *
 * PLAY_WRITE=1 in the environment writes NAME.screen anew: look at the
 * difference before it is kept.
 */
#pragma once

#include "tui/shell.h"

#define PLAY_ROLES "-nuwarhktscdlio-y-e"

struct play {
	struct shell *shell;
	/* Runs jobs and the like until nothing is left to do; NULL: not
	 * needed.  Called before every screen. */
	void (*settle)(void *arg);
	/* "! WORD"; NULL: the play has none. */
	void (*step)(void *arg, struct str word);
	void *arg;
};

/* Plays it and fails the test, with the first line that differs.  Starts at
 * 24 rows and 80 columns with SCREEN_UTF8 | SCREEN_COLOUR. */
void play_run(const struct play *p, const char *name);

/* The same lines from a text, without pictures; what was shown against
 * NAME.screen, or into it. */
void play_lines(const struct play *p, const char *lines);
void play_check(const char *name, struct str shown);

/* The screen as it is now, as in NAME.screen; for short checks by hand. */
void play_show(struct shell *s, struct buf *out, bool attributes);
void play_keys(struct shell *s, const char *keys); /* names, blanks between */
void play_type(struct shell *s, const char *text);
