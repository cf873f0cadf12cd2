/*
 * messages.h - every message between rooms, in one list.
 *
 * Bodies are written with core/wire.h.  Who takes a message checks all of
 * it; who sends it is in the left column.  The codecs stand in the header
 * named at the head of each group.
 *
 *              +---------- launcher ----------+   (a port to every room)
 *              |                              |
 *    terminal--desk --- reading --- notes --- checker
 *                       |     |                  |
 *                   searchers workers -----------+
 *                       |        |
 *                       +--------+   (worker i feeds searcher i)
 */
#pragma once

enum message {
	/* launcher and every room: core/rooms.h */
	MSG_START = 0x001, /* launcher: struct start, the first message */
	MSG_PROOF,         /* launcher to notes, reading: struct str, text */
	MSG_SHUTDOWN,      /* launcher: end now, keep what is recorded */
	MSG_READY,         /* room: the walls are closed, no body */
	MSG_FIRST_FRAME,   /* desk: something is on the screen, no body */
	MSG_QUIT,          /* notes: the session may end, no body */
	MSG_TROUBLE,       /* room: why it ends; u8 enum err, str text */
	MSG_RESTART,       /* reading: u8 enum room, worker or searcher, and
			    * u16 its index: it does not hear a cancel */

	/* desk and the two rooms that draw: tui/screen.h */
	MSG_CELLS = 0x101, /* room: a run of cells of one row */
	MSG_CURSOR,        /* room: where the cursor is, or that it is not */
	MSG_SHOW,          /* room: the frame is whole */
	MSG_TRUSTED,       /* notes: cells of the trusted line */
	MSG_FOCUS,         /* notes: who has the screen and the keys */
	MSG_KEY,           /* desk: one key */
	MSG_HANDOVER,      /* room: keys taken in all; the rest is another's */
	MSG_RESUME,        /* desk: keys from here on are yours again */
	MSG_SIZE,          /* desk: rows, columns, what the terminal can */
	MSG_LOOK,          /* room: colours, mouse */
	MSG_WATCHED,       /* desk to reading: u8, whether it is on screen */

	/* reading room and notes room: core/anchor.h */
	MSG_COMPOSE = 0x201, /* reading: write a note, finding ... here */
	MSG_OPEN_VIEW,       /* reading: name of a view of the notes room */
	MSG_SEEN,            /* reading: lines that were on the screen */
	MSG_REVIEWED,        /* reading: lines declared reviewed, or not */
	MSG_CERTIFICATE,     /* reading: what a search did */
	MSG_LEAVE,           /* reading: the auditor wants to leave */
	MSG_UNDO,            /* reading: undo or redo the last entry */
	MSG_MARKS,           /* notes: glyphs for the gutter, replaces all */
	MSG_GOTO,            /* notes: show this anchor */
	MSG_NEWS,            /* notes: one line for the message row */
	MSG_LIST,            /* reading: a new worklist; notes: show this */
	MSG_VERDICTS,        /* reading: on its lines; notes: recorded */
	MSG_ANCHORS,         /* notes: where every item hangs */
	MSG_REFOUND,         /* reading: where they are in a revision */
	MSG_SURVEY,          /* notes: how does the reading stand? no body */
	MSG_COVERAGE,        /* reading: of a revision, by folder */
	MSG_PLACE,           /* reading: a mark; notes: one of the record */
	MSG_PRESS,  /* notes: files for the checker: core/press_files.h */
	MSG_FILES,  /* reading: where marked contents lie: tui/hatch_lines.h */
	MSG_OTHERS, /* notes: lines that other auditors read */

	/* reading room and workers: core/job.h */
	MSG_JOB = 0x301,  /* reading: start */
	MSG_JOB_CANCEL,   /* reading */
	MSG_JOB_DATA,     /* worker: a batch of results */
	MSG_JOB_PROGRESS, /* worker: done, total (0: not known yet) */
	MSG_JOB_DONE,     /* worker: enum err and text */

	/* reading room and searchers: core/search.h */
	MSG_SEARCH = 0x401,  /* reading: pattern, options, what */
	MSG_SEARCH_CANCEL,   /* reading */
	MSG_HITS,            /* searcher: a batch of hits */
	MSG_SEARCH_PROGRESS, /* searcher: how far, blobs and bytes */
	MSG_SEARCH_DONE,     /* searcher: totals, or why not at all */
	MSG_SEARCH_SKIP,     /* searcher: a blob not searched, and why */
	MSG_SEARCH_HELLO,    /* searcher: it has started, its engine */
	MSG_SEARCH_LINES,    /* searcher: hits, packed, to be counted */

	/* worker to searcher, worker to checker: core/feed.h */
	MSG_BLOB = 0x501, /* a piece of a blob */
	MSG_FEED_END,

	/* notes room and checker: policy/parcel.h, policy/press.h */
	MSG_CANDIDATE = 0x601, /* notes: a piece of an export candidate */
	MSG_VERDICT,           /* checker: verdict and spans of the candidate */
	MSG_PAGES,             /* notes: an order for pages of source */
	MSG_PAGED,             /* checker: what became of it */
	MSG_SEALED,            /* checker: a piece of a sealed file of them */

	/* reading room to launcher, when there is no screen: tui/script.h */
	MSG_FOUND = 0x701, /* reading: lines, in pieces */
	MSG_FOUND_ALL,     /* reading: how many, and what was searched */
};
