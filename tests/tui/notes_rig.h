/*
 * notes_rig.h - the notes room without ports: orders in, screens out.
 *
 * The randomness is a counter and the clock goes by seconds, so that every
 * code on a screen is the same each time.
 */
#pragma once

#include "tests/tui/play.h"
#include "tui/noting.h"

struct notes_rig {
	struct noting *noting;
	struct start start;
	struct release releases[2];
	struct play play;
	int64_t clock;
	uint64_t random;
	/* What went out. */
	enum room focus;
	struct buf news;
	struct anchor went;
	struct mark marks[16];
	size_t n_marks;
	uint32_t candidate;
	struct buf context, bytes;
	unsigned candidates;
	bool quit;
	struct buf list;      /* sent last, as core/hitlist.h writes it */
	uint8_t verdicts[64]; /* of the hits of it, as they were told */
	unsigned told;
	struct buf anchors;       /* as tui/hatch_found.h has them */
	struct buf others;        /* as tui/hatch_lines.h has them */
	unsigned surveys;         /* asked for */
	struct anchor places[26]; /* marks that were told */
	struct arena places_arena;
	struct buf pages; /* the last order, as policy/press.h has it */
	struct buf press; /* the last files, as core/press_files.h has them */
};

extern struct notes_rig notes_rig;

int notes_rig_start(void); /* once, in main; 0 when it went well */
/* For cmocka: a room in a folder of its own, without a vault. */
int notes_rig_setup(void **state);
int notes_rig_teardown(void **state);

void notes_rig_begin(void); /* as notes_rig.start has it */
/* A second room over what the first left on disk; crash: the first does
 * nothing more. */
void notes_rig_again(bool crash);
void notes_rig_open_vault(void); /* makes it when there is none */

struct anchor notes_rig_place(void);
void notes_rig_compose(enum hatch_what what);
/* What the checker says of the last candidate; copied: what it found. */
void notes_rig_answer(const char *copied, bool ready);
const char *notes_rig_message(void); /* the last of the message row */
/* Whether that stands on the screen now; says what does when not. */
bool notes_rig_shows(const char *text);
