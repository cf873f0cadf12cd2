/*
 * cell.h - one place on the screen.
 *
 * A cell says what is there and what it means, never a colour: only the desk
 * knows what the terminal can.  Every role survives without colour because a
 * glyph or a sign carries the meaning too.
 */
#pragma once

#include <stdint.h>

enum role {
	ROLE_TEXT,      /* terminal default */
	ROLE_NAME,      /* cyan: paths, people, refs */
	ROLE_NUMBER,    /* yellow: line numbers, ids, counts */
	ROLE_WARNING,   /* yellow, bold: needs a look */
	ROLE_ADDED,     /* green */
	ROLE_REMOVED,   /* red */
	ROLE_HUNK,      /* magenta: heads of hunks and sections */
	ROLE_KEYWORD,   /* bold */
	ROLE_TYPE,      /* cyan */
	ROLE_STRING,    /* green */
	ROLE_COMMENT,   /* magenta: readable on every console */
	ROLE_DIRECTIVE, /* yellow: preprocessor, decorators */
	ROLE_LITERAL,   /* yellow */
	ROLE_TITLE,     /* reverse: first row */
	ROLE_STATUS,    /* reverse: status row */
	ROLE_HINT,      /* default: last row of a room */
	ROLE_KEY,       /* bold: a key in hints and help */
	ROLE_FAINT,     /* default; gutters, bars, what is not text */
	ROLE_ERROR,     /* red, bold: the message row */
	ROLES,
};

/* attr: a role and any of these. */
enum {
	ATTR_ROLE = 0x001f,
	ATTR_FOCUS = 0x0100,    /* bold */
	ATTR_CURSOR = 0x0200,   /* reverse: the selected row */
	ATTR_HIT = 0x0400,      /* reverse: search hit; turns CURSOR around */
	ATTR_HAZARD = 0x0800,   /* reverse: a token of core/text.h, an edge */
	ATTR_SELECTED = 0x1000, /* reverse: lines chosen with v */
	ATTR_ALL = 0x1f1f,
};

/* ch 0: the right half of the wide cell before it.  A blank is ' '. */
struct cell {
	uint32_t ch;
	uint32_t mark; /* one combining mark on ch, or 0 */
	uint16_t attr;
};
