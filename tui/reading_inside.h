/*
 * reading_inside.h - the fields of the reading room, for tui/reading*.c.
 */
#pragma once

#include "tui/reading.h"
#include "tui/reading_cover.h"
#include "tui/reading_deaf.h"
#include "tui/reading_history.h"
#include "tui/reading_callers.h"
#include "tui/reading_list.h"
#include "tui/reading_others.h"
#include "tui/reading_refind.h"
#include "tui/reading_survey.h"
#include "tui/reading_tray.h"

enum { READING_SLICES = 16, READING_KEPT = 4, READING_NAMES = 256 };

struct reading_worker {
	struct port *port;
	bool ready;       /* has said so since it was started */
	bool taken;       /* belongs to a search */
	struct line *now; /* what it runs, or NULL */
};

/* reading_history.c */
struct reading_history {
	enum {
		INDEX_NONE,
		INDEX_WANTED,
		INDEX_MADE, /* it runs, or waits until there is time */
		INDEX_THERE,
		INDEX_REFUSED, /* too large, or not wanted */
	} state;
	unsigned worker; /* of MADE and THERE */
	uint32_t job;    /* under way, or 0 */
};

struct reading_slot {
	bool (*fn)(void *arg);
	void *arg;
};

/* A port says only which struct it is for. */
struct reading_peer {
	struct reading *r;
	unsigned i;
};

struct reading {
	struct loop *loop;
	const struct start *start;
	struct git_repo *repo;
	struct git_graph *graph;
	struct arena refs_arena;
	struct refs refs;
	struct shell *shell;
	struct shell_room room;
	void (*gone)(void *arg, enum err rc);
	void *gone_arg;
	bool ended;
	bool handed; /* see reading_handed() */
	bool away;   /* the notes room has the screen */

	struct oid commit;
	struct buf revision;
	struct buf proof;

	struct port *notes;
	struct buf marks_pieces;
	struct arena marks_arena;
	struct hatch_marks marks;
	uint32_t marks_version;

	struct reading_slot slices[READING_SLICES];
	size_t n_slices, next_slice;

	/* reading_job.c */
	unsigned cores;
	struct reading_worker workers[ROOM_CORES_MAX];
	struct reading_peer peers[ROOM_CORES_MAX];
	unsigned deaf_workers[ROOM_CORES_MAX]; /* timers of reading_deaf.c */
	unsigned deaf_searchers[ROOM_CORES_MAX];
	void (*restart)(void *arg, enum room kind, uint16_t i);
	void *restart_arg;
	struct line *first_line; /* what waits, in the order it came */
	uint32_t last_job;
	struct reading_history history;
	bool remarked; /* what a worker said beside its answer */

	/* reading_prints.c */
	bool prints_wanted;
	struct oid prints_of; /* revision handed to the checker last */
	uint32_t prints_feeds;

	struct tray tray; /* reading_tray.c */

	/* reading_files.c: newest first */
	struct listing *listings[READING_KEPT];

	/* reading_search.c */
	struct port *searchers[ROOM_CORES_MAX];
	struct buf hello[ROOM_CORES_MAX];
	bool owing[ROOM_CORES_MAX]; /* it has not ended what it was asked */
	struct reading_search *searches; /* open, newest first */
	struct textstore *store;         /* of a session, or NULL */

	struct reading_list *list;       /* reading_list.c, or NULL */
	struct reading_callers *callers; /* reading_callers.c, or NULL */
	struct reading_cover *cover;     /* reading_cover.c, or NULL */
	struct reading_refind *refind;   /* reading_refind.c, or NULL */
	struct reading_survey *survey;   /* reading_survey.c, or NULL */
	struct reading_others *others;   /* reading_others.c, or NULL */
	struct reading_reasons *reasons; /* reading_reason.c, or NULL */
	struct buf anchor_pieces;
	struct reading_patch_list *patches; /* reading_patches.c, or NULL */
	struct moves *moves;                /* moves.c, or NULL */
	struct reading_index *symbols; /* reading_symbols.c; NULL: not asked */

	struct buf list_pieces;
};

void reading_end(struct reading *r, enum err rc);

/* reading_notes.c: the port to the notes room; a mark for the record, as
 * struct shell_room has it. */
void reading_notes_open(struct reading *r, int fd);
const char *reading_notes_mark(void *room, uint32_t letter,
    const struct view *v, const struct target *t);

extern const struct command reading_commands[];
extern const char reading_hazards[]; /* the pattern of the sweep */
