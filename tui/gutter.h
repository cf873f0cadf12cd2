/*
 * gutter.h - what stands left of a line of code: coverage, notes, number.
 *
 *   coverage  blank unseen, : seen by another only, . seen by me,
 *             # reviewed by me, = by one other person, @ by two at least
 *             (four eyes), ~ was reviewed, and is not what it was:
 *             or its lines are gone or others stand in their place
 *   note      N note, F finding, ? question, ! a byte that deceives
 *
 * Made from the marks of the notes room, kept until it sends new ones.
 */
#pragma once

#include "tui/reading.h"

/* Where the lines of another content of this path are in this one. */
struct gutter_map {
	struct oid blob;
	uint32_t *now; /* of each line; 0: in none */
	uint32_t n;
};
enum { GUTTER_MAPS = 8 }; /* of more contents than that: by line number */

/* Lines of another content that were reviewed, and nothing is left of them;
 * first to last took their place, or are what they stood behind. */
struct gutter_lost {
	struct oid blob;
	uint32_t was_first, was_last; /* 0: which lines is not known */
	uint32_t first, last;
	uint8_t who; /* reviewed it; 0: me, else reading_others_name() */
};

struct gutter {
	struct reading *r;
	struct arena maps_arena;
	struct gutter_map maps[GUTTER_MAPS];
	size_t n_maps;
	uint32_t version;
	bool known;
	struct oid blob;
	struct str path;
	struct mark *notes; /* on this content */
	size_t len, room;
	struct gutter_lost *lost;
	size_t n_lost, room_lost;
	char *cover;    /* a glyph for each of the first `lines` lines */
	uint32_t *eyes; /* who reviewed it: 1 << who, bit 0 is me */
	uint32_t lines, seen, reviewed, twice; /* by me; by two at least */
	bool others;                           /* somebody else read in it */
};

/* path must outlive it. */
void gutter_init(struct gutter *g, const struct oid *blob, struct str path);
void gutter_release(struct gutter *g);
/* Before the calls below, each frame: takes new marks if there are any.
 * lines: how many the file has, as far as is known. */
void gutter_update(struct gutter *g, struct reading *r, uint32_t lines);

char gutter_coverage(const struct gutter *g, uint32_t line); /* or ' ' */
char gutter_note(const struct gutter *g, uint32_t line);     /* or ' ' */
/* Why a line is "~", mine before others'; NULL: it is not.  Until the next update. */
const struct gutter_lost *gutter_lost(const struct gutter *g, uint32_t line);

/* By me. */
bool gutter_reviewed(const struct gutter *g, uint32_t first, uint32_t last);
/* Who reviewed a line: a set of 1 << who, bit 0 is me. */
uint32_t gutter_eyes(const struct gutter *g, uint32_t line);

/* The next line after (before) n with a note; 0: none. */
uint32_t gutter_next_note(const struct gutter *g, uint32_t n, bool back);

/* Columns for lines up to n: 8, growing with the number. */
int gutter_width(uint32_t n, const struct shell_options *o);
/* Draws at column 0 of line; hazard: the line has one. */
void gutter_draw(const struct gutter *g, const struct canvas *line,
    uint16_t attr, uint32_t n, uint32_t lines, bool hazard,
    const struct shell_options *o);
