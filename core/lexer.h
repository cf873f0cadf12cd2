/*
 * lexer.h - which bytes of a line are comment, string, keyword.
 *
 * For colour only: nothing that is claimed about source rests on it.  One
 * table per language (lexer_table.c), one pass over a line, no allocation,
 * linear in the length whatever the bytes are.  What is open at the end of a
 * line (a comment, a here document) is one number, so that lexing can start
 * again at any line whose number was kept; 0 is the start of a file.
 */
#pragma once

#include "core/str.h"

enum lexer_kind {
	LEXER_PLAIN,
	LEXER_COMMENT,
	LEXER_STRING,
	LEXER_NUMBER,
	LEXER_KEYWORD,
	LEXER_TYPE,  /* types, tags, keys, variables of a build file */
	LEXER_MACRO, /* preprocessor, directives, decorators */
};

struct lexer_span {
	uint32_t from, len; /* bytes of the line */
	uint8_t kind;       /* never LEXER_PLAIN */
};

enum {
	/* Bytes of a line beyond this are plain; what was open stays open. */
	LEXER_LINE_MAX = 64 * 1024,
};

struct language;

/*
 * By the name of the file, then by "#!" in its first line; NULL when neither
 * says.  head: the first bytes of the file, "" when they are not known.
 */
const struct language *lexer_find(struct str path, struct str head);
const char *lexer_name(const struct language *l); /* "C"; NULL gives "text" */

/* For messages: 0 is NULL, a number that is none gives NULL. */
uint8_t lexer_number(const struct language *l);
const struct language *lexer_numbered(uint8_t number);

/* The globs of the files of a language, blanks between, by its name in any
 * case; "" when there is none of that name. */
struct str lexer_files(struct str name);

/*
 * Lexes one line, without its line end.  Writes at most max spans, in order
 * and without overlap, and how many to *n; out NULL with max 0 only follows
 * the state, which is faster.  Returns the state of the next line.  l NULL is
 * plain text.  Any state is safe, also one this language never returned.
 */
uint32_t lexer_line(const struct language *l, uint32_t state, struct str line,
    struct lexer_span *out, size_t max, size_t *n);
