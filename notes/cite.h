/*
 * cite.h - citations in a text, and whether they are still true.
 *
 *   V1 c=<12 hex> b=<12 hex> L<first>-<last> h=<16 hex> p=<path>
 *   V2 c=<12 hex> L<first>-<last> k=<16 hex> p=<path>
 *
 * V1 (core/anchor.h, anchor_cite) is what a person copies in the room: h is
 * the beginning of SHA-256 of the lines.  V2 is what a report has: k is
 * anchor_code().  What is read may have come from paper: hex in capitals, O
 * for 0, l and I for 1, blanks beside "=", line breaks and indents between
 * the parts, a path that was broken over lines.
 */
#pragma once

#include "core/anchor.h"
#include "core/git_refs.h"

enum { CITE_PIECES = 64, CITE_MAX = 100 * 1000 };

struct cite {
	uint32_t line;  /* of the text, from 1 */
	size_t at, len; /* in the text, up to the end of the path's line */
	int version;    /* 1 or 2 */
	char commit[13], blob[13], code[17]; /* hex, lower case; blob: V1 */
	uint32_t first, last;
	/* The path as it stands on the first line, then what stood on the
	 * lines after it, should it have been broken; unescaped. */
	struct str pieces[CITE_PIECES];
	uint32_t n_pieces;
};

/* Every citation of text, in order, in a.  ERR_LIMIT over CITE_MAX.
 * Something that begins like one and is none has version 0 and a line. */
struct cite_list {
	struct cite *at;
	uint32_t len;
};
enum err cite_find(struct cite_list *out, struct arena *a,
    struct str text) MUST_CHECK;

/* HTML as its text, anything else as it is; in a. */
struct str cite_text(struct arena *a, struct str file);

enum cite_state { CITE_BROKEN, CITE_MOVED, CITE_HOLDS };
const char *cite_state_name(enum cite_state s);

struct cite_answer {
	enum cite_state state;
	struct str path;      /* as it was found; any bytes */
	uint32_t first, last; /* where the lines are now, when moved */
	struct str release;   /* where they are, when not in that commit */
	struct str why;       /* broken: in words */
};

/*
 * Reads the source again.  refs: the releases (or branches and tags) to look
 * into where the commit is not there, or does not have the lines.  Everything
 * in a.  ERR_IO, ERR_FORMAT: the repository could not be read.
 */
enum err cite_check(struct cite_answer *out, struct arena *a,
    const struct cite *c, struct git_repo *r, struct refs *refs) MUST_CHECK;

/* All of a text: a line for each into out, and their count.  *holds: every
 * one does, and there is one. */
enum err cite_all(bool *holds, struct buf *out, struct arena *a,
    struct str text, struct git_repo *r, struct refs *refs) MUST_CHECK;
