/*
 * tokens.h - a canonical text cut into what a programmer would call tokens.
 *
 * A text is cut once, into the tokens of its code and the words of its
 * comments; everything else is made of the tokens: the words (names split
 * where case or '_' splits them, numbers; no punctuation), the letters
 * (everything but blanks), the shape (every name and number replaced by what
 * it is).  Case does not matter to any of them.
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

enum token_kind { TOKEN_SIGN, TOKEN_KEYWORD, TOKEN_NAME, TOKEN_NUMBER };

struct token {
	uint64_t hash;
	uint32_t at, end; /* characters of the canonical text */
	uint8_t kind;     /* enum token_kind; of words: TOKEN_NAME */
	bool parts;       /* of a name: it may be more than one word */
	bool apart;       /* a comment stands in front of it */
};

struct tokens {
	struct token *t;
	size_t n, room;
};

/* What a file's name, or its text when the name does not say, promises. */
enum tokens_syntax tokens_guess(struct str path, struct str text);

/* Replaces code, and remarks by the words of the comments (NULL: nobody
 * wants them). */
void tokens_read(struct tokens *code, struct tokens *remarks,
    const struct canon *c, enum tokens_syntax syntax);
/* Replaces out by the words of code, which was read in c and has no shape
 * yet. */
void tokens_words(struct tokens *out, const struct tokens *code,
    const struct canon *c);
/* Replaces out by the characters of code, small; at: where in c. */
void tokens_letters(struct canon *out, const struct tokens *code,
    const struct canon *c);
/* Makes the shape of what was read. */
void tokens_shape(struct tokens *t);
void tokens_release(struct tokens *t);
