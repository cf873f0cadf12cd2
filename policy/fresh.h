/*
 * fresh.h - of a text, what no text before it held.
 *
 * A history is the same text over and over with a little changed.  A text is
 * cut where a line says so and no comment or quotation goes on, so that the
 * same lines are cut in the same places wherever they stand.  A piece that
 * was seen between the same two neighbours is passed over; the others are
 * given with their neighbours, so that every run of tokens that is shorter
 * than a piece is in what is given of some text.  Comments are cut a second
 * time by themselves, since what stands between two of them does not matter
 * to the words in them.
 *
 * Pieces are known by a keyed hash: nobody who does not know the key can make
 * one that is taken for another.
 */
#pragma once

#include "policy/tokens.h"

enum { FRESH_KEY_BYTES = 16 };

struct fresh_piece {
	size_t from, to;
	uint64_t hash;
	bool is_new;
};

/* Zeroed is ready, but for the key. */
struct fresh {
	uint8_t key[FRESH_KEY_BYTES];
	uint64_t *seen; /* open addressing, 0 is free */
	size_t n, room;
	struct fresh_piece *pieces; /* of the text that is looked at */
	size_t n_pieces, pieces_room;
	struct buf remarks;
};
void fresh_release(struct fresh *f);

/* A part of the text, to be read by itself. */
typedef void fresh_fn(void *arg, enum tokens_syntax syntax, struct str part);
void fresh_text(struct fresh *f, enum tokens_syntax syntax, struct str text,
    fresh_fn *fn, void *arg);
