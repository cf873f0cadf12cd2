/*
 * uses.h - what a word is where it stands: code, a comment, a string; called
 * or only named; in which function.
 *
 * By the lexer of the language and the look of lines: it can be wrong, so
 * what shows it says how it was found.  Meant to be asked file after file:
 * the file asked last is kept.
 */
#pragma once

#include "tui/code.h"

struct uses { /* zeroed is ready */
	struct code code;
	struct oid blob;
	bool open, unread;
};

enum uses_kind {
	USES_CODE,   /* at least once on the line */
	USES_CALL,   /* ... and a "(" follows it */
	USES_BEGIN,  /* ... where the line begins a definition or declares it */
	USES_TEXT,   /* in comments and strings only */
	USES_UNREAD, /* the file cannot be read: nobody knows */
};

enum uses_kind uses_look(struct uses *u, struct git_repo *r,
    const struct oid *blob, struct str path, uint32_t line, struct str word);
/* The function that the line of the file asked last stands in, by the look
 * of the lines before it; 0: none. */
uint32_t uses_around(struct uses *u, uint32_t line, struct str *name);
void uses_release(struct uses *u);
