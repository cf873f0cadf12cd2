/*
 * lexer_table.h - what lexer.c knows of a language.
 *
 * A language is data.  Pairs are tried in their order, so the longer opening
 * stands first.  Lists of words have one blank before, between and after;
 * a language that folds case lists its words in lower case.
 */
#pragma once

#include "core/lexer.h"

enum pair_flag {
	PAIR_LINES = 1,        /* goes on over line ends */
	PAIR_NEST = 2,         /* the opening counts again inside */
	PAIR_TO_END = 4,       /* ends with the line; close is not used */
	PAIR_CONTINUES = 8,    /* a backslash at the line end goes on */
	PAIR_FIRST = 16,       /* only as the first thing of a line */
	PAIR_COLUMN_1 = 32,    /* only in the first column */
	PAIR_AFTER_BLANK = 64, /* only after a blank or at the start */
	PAIR_ONE = 128,        /* holds one character, else it is no opening */
};

struct lexer_pair {
	const char *open, *close;
	char escape; /* 0: none */
	uint8_t kind;
	uint8_t flags;
};

enum language_flag {
	LANGUAGE_FOLD = 1,         /* words are the same in upper case */
	LANGUAGE_PREPROCESSOR = 2, /* "#word" first on a line */
	LANGUAGE_RAW_CPP = 4,      /* R"x( ... )x" */
	LANGUAGE_RAW_RUST = 8,     /* r##" ... "## */
	LANGUAGE_HEREDOC = 16,     /* <<WORD */
	LANGUAGE_REGEX = 32,       /* / ... / where a value is expected */
	LANGUAGE_TICK_NUMBER = 64, /* 1'000, 8'hff */
	LANGUAGE_FIRST_WORD = 128, /* instructions: the first word is one */
	LANGUAGE_KEYS = 256,       /* word = ..., word: ... at the start */
	LANGUAGE_TAGS = 512,       /* <tag name="x"> */
	LANGUAGE_DECORATOR = 1024, /* @name */
	LANGUAGE_NO_NUMBER = 2048,
};

enum { LEXER_PAIRS = 12 };

struct language {
	const char *name;
	const char *files;   /* blank between: "*.c", "Makefile", "Make*" */
	const char *shebang; /* names of interpreters, blank between */
	const char *letters; /* part of a word besides A-Z a-z 0-9 _ */
	unsigned flags;
	struct lexer_pair pairs[LEXER_PAIRS]; /* ends with .open == NULL */
	const char *keywords, *types;         /* NULL: none */
};

extern const struct language *const lexer_table[]; /* ends with NULL */
