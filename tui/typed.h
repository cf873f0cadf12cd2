/*
 * typed.h - keys on their way from the terminal to the room that is meant.
 *
 * Whoever types on while one room hands the screen to the other means the
 * other: "c" and the text of the note, the last Enter and the next command.
 * A room that hands over says how many keys it has taken and takes no more;
 * what was sent to it beyond that, and what comes until the focus is
 * settled, waits here and then goes to whoever has the focus.  Only keys
 * that came from the terminal are in here, so that no room can type.
 */
#pragma once

#include "core/rooms.h"

enum { TYPED_KEPT = 256, TYPED_HELD = 4096 };

/* struct typed t = { 0 }; is ready. */
struct typed {
	struct typed_to {
		uint32_t kept[TYPED_KEPT]; /* the last ones that were sent */
		uint32_t sent;             /* of all */
		uint32_t over; /* of these, when it last handed over */
	} reading, notes;
	uint32_t held[TYPED_HELD];
	size_t n_held;
	bool holding;
};

/* true: it may be sent to the room that has the focus, and is counted.
 * false: it waits (or, when TYPED_HELD wait already, is dropped). */
bool typed_key(struct typed *t, enum room focus, uint32_t key);

/* The room has taken that many keys in all.  ERR_FORMAT when it was not sent
 * so many.  From now on keys wait.  No key is given away twice, whatever the
 * room says. */
enum err typed_handover(struct typed *t, enum room from,
    uint32_t taken) MUST_CHECK;

/* The focus is settled: gives all that waits to fn, in order. */
void typed_settle(struct typed *t, void (*fn)(void *arg, uint32_t key),
    void *arg);
