/*
 * reading_tray.h - citations taken with y and Y, to be copied by hand.
 *
 * Kept until the room ends and nowhere else: there is no clipboard, and a
 * quoted line is source that must not reach the notes room.
 */
#pragma once

#include "core/anchor.h"
#include "tui/code.h"

struct reading;

enum { TRAY_ITEMS = 500, TRAY_LINES = 100 }; /* kept; quoted of one place */

struct tray_item {
	struct arena arena; /* of all below */
	struct anchor at;
	struct str cite;   /* anchor_cite() */
	struct str *lines; /* as shown, without LF */
	uint32_t first, n_lines;
	uint32_t left_out; /* lines that were selected beyond TRAY_LINES */
};

struct tray {
	struct tray_item *at; /* newest last */
	size_t len, room;
};

const struct tray *reading_tray(const struct reading *r);

/* Says the citation in the message row, too.  first..last: lines of c->text
 * that are quoted; first 0: none.  The oldest goes when there are too many,
 * and it is said. */
void reading_tray_add(struct reading *r, const struct anchor *an,
    struct code *c, uint32_t first, uint32_t last);
void reading_tray_remove(struct reading *r, size_t i);
void reading_tray_release(struct reading *r);
