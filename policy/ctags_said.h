/*
 * ctags_said.h - one line of what universal-ctags says, read.
 *
 * A definition is a line of five fields, each behind a tab, as asked for with
 * CTAGS_SAID_FORMAT: line, last line or nothing, kind, name, scope.  ctags(1),
 * --_xformat; controls and backslashes in names are escaped as in tags(5).
 * Everything else is an object of JSON (ctags-json-output(5)) and begins with
 * a brace.  It has read hostile source and is believed no more than that:
 * what is no such line is ERR_FORMAT.
 */
#pragma once

#include "core/symbols.h"

#define CTAGS_SAID_FORMAT "\t%n\t%e\t%K\t%N\t%s"

enum ctags_what {
	CTAGS_PROGRAM,   /* who it is: the first line */
	CTAGS_TAG,       /* a definition */
	CTAGS_NOTHING,   /* one whose name is no text: a letter cut in two */
	CTAGS_COMPLETED, /* all of a content was read */
};

struct ctags_said {
	enum ctags_what what;
	struct str program;   /* its name and version, 101 bytes at most */
	struct symbol symbol; /* a scope without a name is "" */
	bool anonymous;       /* of something without a name: no symbol */
};

/* Text of out lies in line or in room, which is overwritten. */
enum err ctags_said_read(struct ctags_said *out, struct str line,
    struct buf *room) MUST_CHECK;
