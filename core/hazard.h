/*
 * hazard.h - what in a file, or in its name, may deceive who reads it.
 *
 * One look at the bytes of a file gives, for each kind, how often it is there
 * and where first.  "Trojan Source" (CVE-2021-42574, CVE-2021-42694) is kinds
 * BIDI and LOOKALIKE.  Nothing here says that somebody meant it.
 */
#pragma once

#include "core/encoding.h"

enum hazard {
	HAZARD_BIDI,      /* bidi controls: order on the screen is not order */
	HAZARD_HIDDEN,    /* characters without ink */
	HAZARD_LOOKALIKE, /* identifier with letters of another alphabet */
	HAZARD_CONTROL,   /* C0, DEL, C1; a CR that ends no line */
	HAZARD_INVALID,   /* bytes that are no character */
	HAZARD_ODD,       /* unassigned, private, line separators */
	HAZARD_MARK,      /* combining marks without a base, or piled up */
	HAZARD_FAR,       /* text behind so many blanks that nobody sees it */
	HAZARD_LONG,      /* over-long lines */
	HAZARD_ENDS,      /* LF and CRLF in one file: those that are fewer */
	HAZARD_NAME,      /* the name holds one of the first seven */
	HAZARD_CLASH,     /* names that differ only by case or form */
	HAZARD_LINK,      /* a link that leads out of the tree */
	HAZARD_GIT,       /* a name that git or a file system takes for .git */
	HAZARDS,
};

enum {
	HAZARD_LINE = 1000, /* bytes: a longer line is over-long */
	HAZARD_BLANKS = 80, /* columns of blanks that hide what follows */
	HAZARD_WHAT = 64,   /* bytes of what was seen, with its NUL */
};

const char *hazard_name(enum hazard h);  /* "bidi control" */
const char *hazard_about(enum hazard h); /* a line of explanation */

struct hazard_seen {
	uint64_t count;
	uint32_t line, column;  /* of the first: from 1; column in bytes of
				* the text as UTF-8; 0: the name is meant */
	char what[HAZARD_WHAT]; /* ASCII: "<U+202E>", "p<U+0430>ss" */
};

struct hazards {
	struct hazard_seen at[HAZARDS];
	bool binary; /* not looked at as text */
	enum encoding encoding;
};

/* Of a file's content; its path says which language it is. */
void hazard_bytes(struct hazards *out, struct str bytes, struct str path);
struct lexer_span;
struct hazard_word {
	uint32_t from, len; /* bytes of the line */
};
/* The identifiers of a line that are HAZARD_LOOKALIKE, at most max; spans as
 * lexer_line() has them. */
size_t hazard_words(struct hazard_word *out, size_t max, struct str line,
    const struct lexer_span *spans, size_t n_spans);
/* Of a name by itself: HAZARD_NAME and HAZARD_GIT. */
void hazard_path(struct hazards *out, struct str path);
/* Of the target of a link that stands at path: HAZARD_LINK. */
void hazard_link(struct hazards *out, struct str path, struct str target);

/* Names of one revision, for HAZARD_CLASH; struct hazard_names n = { 0 }. */
struct hazard_names {
	struct hazard_one {
		size_t at;     /* in text */
		uint32_t fold; /* bytes of the key: folder as it is, name
				 * folded; behind it the path */
		uint32_t len;  /* bytes of the path */
	} * one;
	size_t len, room;
	struct buf text;
	struct buf last; /* the path before */
};
/* In path order; folders on the way are names too.  seen() is told of each
 * path that is taken for another one, sorted by what they are taken for. */
void hazard_names_add(struct hazard_names *n, struct str path);
void hazard_names_end(struct hazard_names *n,
    void (*seen)(void *arg, struct str path, struct str other), void *arg);

/* Control bytes in the first part say that it is no text; UTF-16 and UTF-32
 * are text. */
bool hazard_is_binary(struct str bytes, enum encoding e);
