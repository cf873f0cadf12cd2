/*
 * canon.h - a text as it would look if nobody had tried to disguise it.
 *
 * One byte for each character that counts, each with the place it came from:
 * look-alikes of other alphabets, full-width and mathematical letters become
 * ASCII, accents and invisible characters go, every blank is a space (LF
 * stays LF).  What is no ASCII then is kept byte for byte.
 */
#pragma once

#include "core/str.h"

/* struct canon c = { 0 } is empty; canon_release() when done. */
struct canon {
	uint8_t *c;
	uint32_t *at; /* byte of the text it began as */
	size_t n, room;
};

/* Replaces out.  at: where each byte of text stands in the candidate; NULL:
 * at its own place. */
void canon_text(struct canon *out, struct str text, const uint32_t *at);
void canon_add(struct canon *out, uint8_t c, uint32_t at);
void canon_clear(struct canon *out);
void canon_reserve(struct canon *out, size_t n); /* room for n in all */
void canon_release(struct canon *out);

/* Disguises that are their own inverse; out is replaced. */
void canon_rot13(struct canon *out, const struct canon *in);
void canon_rot47(struct canon *out, const struct canon *in);
void canon_mirror(struct canon *out, const struct canon *in); /* a is z */
void canon_reverse(struct canon *out, const struct canon *in);
void canon_reverse_lines(struct canon *out, const struct canon *in);

/* Every second character, from the first or the second on. */
void canon_second(struct canon *out, const struct canon *in, size_t from);

/* Signs that were written as words, "open brace", "semicolon"; false, and out
 * is undefined, when there are fewer than three of them. */
bool canon_spelled(struct canon *out, const struct canon *in);

/* Marks of quotation in front of lines: "> ", "| ", "+", "12: ", "* ". */
void canon_strip_prefixes(struct canon *out, const struct canon *in);
