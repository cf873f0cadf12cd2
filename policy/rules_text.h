/*
 * rules_text.h - a first look at session.conf, before libconfuse reads it.
 *
 * libconfuse takes more than an agreement should hold: a key that is given
 * twice (the last one wins silently), ${NAME} of the environment, escapes,
 * NUL (where it stops), includes.  This takes a plain subset of its grammar
 * and nothing else, and remembers on which line each key stands:
 *
 *	key = "text"    key = 12    key = true    key = { "a", "b" }
 *	section { ... }             section "title" { ... }      # comment
 */
#pragma once

#include "core/arena.h"

struct rules_text_key {
	struct str section, title, key; /* "" where there is none; the line
	                                 * of a section itself has key "" */
	unsigned line;
};

struct rules_text {
	const char *name; /* of the file, for errors */
	struct rules_text_key *keys;
	uint32_t n;
};

enum rules_text_kind {
	RULES_TEXT_TEXT,
	RULES_TEXT_NUMBER,
	RULES_TEXT_BOOL,
	RULES_TEXT_LIST,    /* of texts */
	RULES_TEXT_SECTION, /* key is NULL */
	RULES_TEXT_TITLED,  /* the same, with a title */
};

/* What may stand where; section "" is the top. */
struct rules_text_known {
	const char *section, *key;
	enum rules_text_kind kind;
};

/* Keys in a, text borrowed.  ERR_FORMAT with name and line. */
enum err rules_text_read(struct rules_text *out, struct arena *a,
    const char *name, struct str text, const struct rules_text_known *known,
    size_t n_known) MUST_CHECK;

/* The section's line when the key is not there, 1 without the section. */
unsigned rules_text_line(const struct rules_text *t, const char *section,
    struct str title, const char *key);
