/*
 * ctags_said.h - one line of what universal-ctags says, read.
 *
 * JSON, one object a line (ctags-json-output(5)).  It has read hostile source
 * and is believed no more than that: what is no such line is ERR_FORMAT.
 */
#pragma once

#include "core/json.h"
#include "core/symbols.h"

enum ctags_what {
	CTAGS_PROGRAM,   /* who it is: the first line */
	CTAGS_TAG,       /* a definition */
	CTAGS_COMPLETED, /* all of a content was read */
};

struct ctags_said {
	enum ctags_what what;
	struct str name, version; /* of the program: 100 bytes at most */
	struct symbol symbol;     /* a scope without a name is "" */
	bool anonymous;           /* of something without a name: no symbol */
	struct json *json;        /* holds all of these */
};

/* Release out when it is ERR_NONE. */
enum err ctags_said_read(struct ctags_said *out, struct str line) MUST_CHECK;
void ctags_said_release(struct ctags_said *s);
