/*
 * reading_symbols.h - the session's index of symbols, for views.
 *
 * Opened when it is asked for the first time; a repository without a session
 * has none, and then a definition is found by the look of a line.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

struct reading;

/* Whether there is one.  What is wrong with it is said once. */
bool reading_symbols(struct reading *r);
/* "Universal Ctags 5.9.0; 2 of 4847 files it could not read": what may be
 * claimed of an answer. */
void reading_symbols_method(struct reading *r, struct buf *b);

struct reading_symbol {
	struct str path;
	struct oid commit, blob; /* of a release that has it */
	uint32_t line, last;
	struct str kind, scope;
	uint32_t releases; /* that hold this content at some path */
	bool here;         /* the release that is being read is one */
	bool heading;      /* of a text, not of a program: comes last */
	uint32_t store;    /* number of the content in the text store */
};

/*
 * Definitions of a name: those of the release `commit` first, each by path,
 * then those that only other releases have.  Everything in a.
 */
enum err reading_symbols_find(struct reading_symbol **out, size_t *n,
    struct arena *a, struct reading *r, const struct oid *commit,
    struct str name) MUST_CHECK;

/* The function that a line stands in; false: none that is known. */
bool reading_symbols_around(struct str *name, uint32_t *line, struct reading *r,
    const struct oid *blob, uint32_t at);

/* What a content defines, by line, in a; false: no index has it. */
struct reading_symbols_row {
	struct str name, kind, scope;
	uint32_t line;
};
bool reading_symbols_of(struct reading_symbols_row **out, size_t *n,
    struct arena *a, struct reading *r, const struct oid *blob);
/* "Universal Ctags 5.9.0" */
struct str reading_symbols_program(struct reading *r);

/* The line of a definition without blanks around it; "" when it is not plain
 * text. */
struct str reading_symbols_line(struct reading *r,
    const struct reading_symbol *s);
/* Where the name stands in it, from 1; 0: elsewhere. */
uint32_t reading_symbols_column(struct reading *r,
    const struct reading_symbol *s, struct str name);
void reading_symbols_release(struct reading *r);
