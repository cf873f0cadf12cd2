/*
 * code.h - a file as views show it: lines, characters, colours.
 *
 * The bytes are what git has.  Where they are not UTF-8 but are recognised
 * (core/encoding.h), .text is what they convert to, and lines are lines of
 * .text; anchors are always made of the original bytes.  Nothing is computed
 * for the whole file before the first screen: code_step() does the rest in
 * slices.
 */
#pragma once

#include "core/anchor.h"
#include "core/encoding.h"
#include "core/git_blob.h"
#include "core/lexer.h"
#include "core/lines.h"
#include "core/text.h"
#include "tui/canvas.h"

enum {
	CODE_SPANS = 512,  /* of one line, at most */
	CODE_ROW = 16,     /* bytes in a row of the hex view */
	CODE_LONG = 4096,  /* bytes of a line that is worth remembering */
	CODE_APART = 8192, /* bytes between two kept places of a line */
	CODE_ALIKE = 16,   /* look-alikes of one line, at most */
	CODE_STATE = 128,  /* lines between two kept states of the lexer */
};

struct code {
	struct git_bytes raw;
	struct str bytes; /* original */
	struct str text;  /* as shown */
	struct text_style style;
	enum encoding encoding;
	const struct language *language;
	bool binary;   /* looks like no text: shown as hex at first */
	bool crlf, lf; /* line ends seen in the first part */
	bool damaged;  /* found while reading on: not what its name says */
	struct lines lines;
	/* code.c's */
	struct encoding_text converted;
	struct lines original;     /* of .bytes, only when they differ */
	struct git_stream *stream; /* more bytes come from here; or NULL */
	struct code_wide {         /* a line that takes long to walk */
		uint32_t line;     /* 0: none */
		struct str text;
		struct text_style style;
		struct text_spot *spots; /* one for CODE_APART bytes */
		size_t len, room;
		bool whole; /* the last spot is the end of the line */
	} wide;
	uint32_t *states; /* at the start of line 1 + i * CODE_STATE */
	size_t n_states, room;
	/* At the start of the line that was lexed last. */
	uint32_t near_line, near_state; /* line 0: none */
	bool near_exact;                /* not guessed */
	/* Lines in which code_head() found nothing; to 0: none. */
	uint32_t bare_from, bare_to;
};

/* ERR_ABSENT (not delivered), ERR_LIMIT, ERR_FORMAT; c is ready to be
 * opened again then.  Of a large file only the beginning is there at first;
 * r must outlive c. */
enum err code_open(struct code *c, struct git_repo *r, const struct oid *blob,
    struct str path) MUST_CHECK;
/* The same for bytes that outlive c. */
void code_open_bytes(struct code *c, struct str bytes, struct str path);
void code_close(struct code *c); /* a zeroed one is fine */

/* Another encoding than the recognised one. */
void code_encode(struct code *c, enum encoding e);

/* A slice of reading on, counting lines and keeping states; false: all is
 * done. */
bool code_step(struct code *c);
/* All bytes are there and all lines counted, now. */
void code_finish(struct code *c);
/* Bytes of the file, also of those that are not there yet. */
size_t code_size(const struct code *c);
/* Lines known so far; all of them when c->lines.done. */
uint32_t code_lines(const struct code *c);

bool code_line(struct code *c, uint32_t n, struct str *text);
/*
 * Where the glyph stands that holds byte at of line n (or that reaches
 * beyond a column), without walking the whole line again each time.
 */
struct text_spot code_spot(struct code *c, uint32_t n, struct text_style style,
    size_t at);
struct text_spot code_spot_column(struct code *c, uint32_t n,
    struct text_style style, uint32_t column);
uint32_t code_width(struct code *c, uint32_t n, struct text_style style);
/*
 * Colours of a line.  A line far beyond what code_step() has reached is
 * lexed as if nothing were open in front of it.
 */
size_t code_spans(struct code *c, uint32_t n, struct canvas_span *out);
uint16_t code_role(uint8_t lexer_kind);

/* Lines of .text to lines of the original bytes. */
uint32_t code_original_line(struct code *c, uint32_t n);
struct anchor code_anchor(struct code *c, const struct oid *commit,
    const struct oid *blob, struct str path, uint32_t first, uint32_t last);

/* Identifiers of a line that hold letters of another alphabet, lit as
 * hazards; at most max. */
size_t code_alike(struct code *c, uint32_t n, struct canvas_span *out,
    size_t max);
/* A hazard in the part of the line that a screen could show. */
bool code_hazard(struct code *c, struct str line);

/* "C utf-8 LF": language, encoding, line ends. */
void code_describe(const struct code *c, struct buf *b);

/* The line at or before (after) n that begins a function; 0: none within
 * reach. */
uint32_t code_head(struct code *c, uint32_t n, bool back, struct str *name);

/* A row of the hex view: "0001a0 7f 45 ...  .ELF"; rows from 0. */
uint64_t code_hex_rows(const struct code *c);
void code_hex(const struct code *c, uint64_t row, struct buf *b);
