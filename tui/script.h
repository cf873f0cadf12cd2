/*
 * script.h - a search without a screen: what the reading room says to the
 * launcher, and what the launcher makes of it.
 *
 * Nothing that the reading room says can be taken for something else: a line
 * feed inside of a name or of a line is written as <0a> whatever the output
 * is, and on a terminal so is every byte that it might obey.
 */
#pragma once

#include "core/wire.h"

/* Of a line: the first piece names it, the last one ends it. */
enum script_kind { SCRIPT_FIRST = 1, SCRIPT_LAST = 2 };
enum { SCRIPT_TEXT = 32 * 1024 }; /* bytes of a line in one piece */

/* MSG_FOUND is pieces one after the other, to the end of the body. */
struct script_piece {
	uint8_t kind;             /* set of enum script_kind */
	struct str release, path; /* with SCRIPT_FIRST */
	uint32_t line;            /* with SCRIPT_FIRST */
	struct str text;
};
void script_write_piece(struct buf *b, const struct script_piece *p);
/* false: none is left, or w is bad. */
bool script_read_piece(struct script_piece *p, struct wire *w);

/* MSG_FOUND_ALL */
struct script_end {
	uint64_t lines;
	bool complete;
	struct str certificate; /* ends with LF */
};
void script_write_end(struct buf *b, const struct script_end *e);
enum err script_read_end(struct script_end *e, struct str body) MUST_CHECK;

/* The launcher's side: where lines, or their count, and the certificate go.
 * The rest is zero before. */
struct script {
	int out, said;
	bool out_terminal, said_terminal, count;
	bool inside; /* of a line */
	bool ended, complete;
	uint64_t lines;
};

/* ERR_FORMAT: the reading room may not say that; ERR_IO: it could not be
 * written. */
enum err script_found(struct script *s, struct str body) MUST_CHECK;
enum err script_found_all(struct script *s, struct str body) MUST_CHECK;

/* The exit status: 0 lines, 1 none and everything was searched, 3 not
 * everything was searched.  rc: how the rooms ended. */
int script_status(const struct script *s, enum err rc);

/* s as a person at a terminal may see it in the locale of the process:
 * every other byte as <1b>.  keep: LF stays. */
void script_show(struct buf *b, struct str s, bool terminal, bool keep);
