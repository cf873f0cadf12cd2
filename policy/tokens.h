/*
 * tokens.h - a canonical text cut into what a programmer would call tokens.
 *
 * Five streams of the same text: the tokens; the words (names split where
 * case or '_' splits them, numbers; no punctuation); the tokens with words
 * that stand side by side taken for one, so that no blank matters; the shape
 * (tokens, with every name and number replaced by what it is); the words of
 * the comments.  Case does not matter to any of them.
 */
#pragma once

#include "policy/canon.h"

enum tokens_syntax {
	TOKENS_PLAIN, /* no comments: prose, data */
	TOKENS_C,     /* // and slash-star */
	TOKENS_HASH,  /* # to the end of the line */
	TOKENS_DASH,  /* -- to the end of the line */
	TOKENS_OPEN,  /* delimiters of comments go, what is in them stays */
	TOKENS_INNER, /* of comments in comments the inner ones go */
};

enum tokens_stream {
	TOKENS_EXACT,
	TOKENS_WORDS,
	TOKENS_GLUED,
	TOKENS_SHAPE,
	TOKENS_REMARKS, /* of TOKENS_PLAIN and TOKENS_OPEN: all words */
};

enum token_kind { TOKEN_SIGN, TOKEN_KEYWORD, TOKEN_NAME, TOKEN_NUMBER };

struct token {
	uint64_t hash;
	uint32_t at, end;     /* characters of the canonical text */
	enum token_kind kind; /* of words: TOKEN_NAME */
};

struct tokens {
	struct token *t;
	size_t n, room;
};

/* What a file's name, or its text when the name does not say, promises. */
enum tokens_syntax tokens_guess(struct str path, struct str text);

/* Replaces out. */
void tokens_read(struct tokens *out, const struct canon *c,
    enum tokens_syntax syntax, enum tokens_stream stream);
/* Makes the shape of what was read as TOKENS_EXACT. */
void tokens_shape(struct tokens *t);
void tokens_release(struct tokens *t);
