/*
 * text.h - bytes that are not ours, made visible.
 *
 * Text is bytes first.  An iterator cuts a line into glyphs; every byte
 * belongs to exactly one glyph and nothing is swallowed.  What a person
 * could not see, or a terminal would obey, becomes a visible token:
 *
 *   C0 and DEL           ^[ ^M ^@ ^?      TEXT_CONTROL (LF is <0A>)
 *   U+0080 to U+009F     <U+009B>         TEXT_CONTROL
 *   invalid UTF-8        <E9> per byte    TEXT_INVALID
 *   bidi controls        <U+202E>         TEXT_BIDI
 *   what has no ink: zero-width, fillers, soft hyphen, tags, byte order
 *   mark, other format characters <U+200B> TEXT_HIDDEN
 *   unassigned, private, noncharacters, line separators <U+E000> TEXT_ODD
 *   a mark without a base, or a second one <U+0301> TEXT_MARK
 *
 * Width is what libc's wcwidth() says in C.UTF-8, so that curses agrees;
 * categories come from utf8proc.  Other encodings than these three are
 * converted first (core/encoding.h).
 */
#pragma once

#include "core/str.h"

/* Once per process, before the walls close: loads the width tables.
 * ERR_ABSENT when the locale C.UTF-8 is missing. */
enum err text_start(void) MUST_CHECK;

enum text_encoding {
	TEXT_UTF8,
	TEXT_LATIN1, /* 80 to 9F are control bytes: <9B> */
	TEXT_BYTES,  /* everything from 80 up is <E9> */
};

enum text_kind {
	TEXT_PLAIN,
	TEXT_TAB,
	TEXT_FOREIGN, /* harmless, a token because of .ascii or .latin */
	/* hazards from here on */
	TEXT_CONTROL,
	TEXT_INVALID,
	TEXT_BIDI,
	TEXT_HIDDEN,
	TEXT_ODD,
	TEXT_MARK,
	TEXT_KINDS,
};

const char *text_kind_name(enum text_kind k); /* "bidi control": for people */

/* How to read; all zero is UTF-8 with tabs of eight columns. */
struct text_style {
	uint8_t encoding; /* enum text_encoding */
	uint8_t tab;      /* columns of a tab, 1 to 32; 0 means 8 */
	bool ascii;       /* everything beyond ASCII as <U+65E5> */
	bool latin;       /* everything beyond U+00FF so: small fonts */
	bool invisibles;  /* tabs as >---; trailing blanks are the view's */
};

enum { TEXT_TOKEN = 12 };

struct text_glyph {
	size_t at, len;  /* bytes of the line */
	uint32_t column; /* where it starts, from 0 */
	uint32_t ch;     /* code point to draw; 0: token or tab instead */
	uint32_t mark;   /* one combining mark on it, or 0 */
	uint8_t width;   /* columns: 1 or 2, of a token its length, of a tab
			   * up to where it goes */
	uint8_t kind;    /* enum text_kind */
	char token[TEXT_TOKEN]; /* ASCII, ends with NUL; "" when ch != 0 */
};

/* A place in a line from which an iterator can go on: cheap to keep. */
struct text_spot {
	size_t at;
	uint32_t column;
};

struct text {
	struct str line;
	struct text_style style;
	struct text_spot spot; /* of the next glyph */
};

struct text text_of(struct str line, struct text_style style);
bool text_next(struct text *t, struct text_glyph *g); /* false: at the end */

/*
 * Moves on to the first glyph that reaches beyond column (or holds byte at);
 * never back.  Runs of plain ASCII are counted, not decoded: the last column
 * of a line of 5 MB is found in about a millisecond.
 */
void text_seek(struct text *t, uint32_t column);
void text_seek_byte(struct text *t, size_t at);

/* Columns of the whole line; UINT32_MAX stands for that or more. */
uint32_t text_width(struct str line, struct text_style style);

/* First byte that no longer fits into columns, for wrapping; at least one
 * glyph fits, whatever its width. */
size_t text_fit(struct str line, struct text_style style, uint32_t columns);

/* What is in a text of many lines.  LF and CR before LF are counted apart
 * and not among CONTROL; .ascii and .invisibles make no difference. */
struct text_counts {
	uint64_t kinds[TEXT_KINDS];
	uint64_t lf, crlf;
	size_t first; /* byte of the first hazard, SIZE_MAX: none */
};
void text_count(struct str text, struct text_style style,
    struct text_counts *out);

bool text_is_hazard(enum text_kind k);

/* Offset of the first hazard at or after at, of the last one before it;
 * SIZE_MAX: none.  Of many lines too: LF and CR before LF are no hazards. */
size_t text_next_hazard(struct str text, struct text_style style, size_t at);
size_t text_prev_hazard(struct str text, struct text_style style, size_t at);

/* The line as it is seen, in UTF-8 with tokens, for messages and exports;
 * at most max bytes, then "...". */
void text_show(struct buf *b, struct str line, struct text_style style,
    size_t max);

/* Strict UTF-8: no surrogates, no overlong forms, at most U+10FFFF. */
bool text_is_utf8(struct str s);
void text_put_utf8(struct buf *b, uint32_t ch);
/* Takes one code point off the front of *s; false: invalid or empty, *s is
 * as before. */
bool text_take_utf8(struct str *s, uint32_t *ch);

/* Columns a code point takes when drawn as it is: 1 or 2, 0 for a combining
 * mark, -1 when it must not be drawn (a token stands for it). */
int text_columns(uint32_t ch);

/*
 * Searching in what is on the screen: bytes, ASCII letters of either case
 * unless needle has an upper-case one.  SIZE_MAX: none at or after from.
 */
size_t text_find(struct str text, struct str needle, size_t from);
