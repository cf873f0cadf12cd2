/*
 * history.h - where the rows of the log view come from.
 *
 * Everything and what is picked from it by author or message is read in
 * slices of the idle loop; the history of a path, of lines and of a text is
 * a worker's job.  All of it streams, newest first, and can be stopped; what
 * was found stays.
 */
#pragma once

#include "core/git_log.h"
#include "tui/commits.h"

enum history_kind {
	HISTORY_ALL,
	HISTORY_AUTHOR,  /* name or mail holds the text */
	HISTORY_MESSAGE, /* the message holds it */
	HISTORY_PATH,
	HISTORY_LINES, /* as "git log -L" */
	HISTORY_TEXT,  /* as "git log -S" */
};

/* What a commit of HISTORY_LINES or HISTORY_TEXT did: lines first to last of
 * path there; how often the text stood in path before and after. */
struct history_place {
	size_t path, path_len; /* in names */
	uint32_t a, b;
	uint32_t files; /* of HISTORY_TEXT; path is the first of them */
};

struct history {
	/* Set before history_start(); text as long as the pane. */
	enum history_kind kind;
	struct oid from;
	struct str path, text;
	uint32_t first, last;

	struct commits commits;
	bool done, stopped;
	bool failed;            /* or damaged */
	uint64_t looked, total; /* commits; 0: not known */
	uint32_t cut;           /* parents that were not delivered */
	uint32_t missing;       /* files or commits that cannot be read */
	bool capped;            /* copies were not looked for everywhere */

	struct pane *pane;
	void (*news)(struct pane *p);
	struct git_log *log;
	uint32_t job; /* 0: none runs */
	struct history_place *places;
	size_t room;
	struct buf names;
};

/* news() when rows or figures changed, from the loop only. */
enum err history_start(struct history *h, struct pane *p,
    void (*news)(struct pane *p)) MUST_CHECK;
void history_release(struct history *h);
/* Keeps what was found.  false: nothing ran. */
bool history_stop(struct history *h);

/* The file a row is about; "" when it is about none.  Until news(). */
struct str history_path(const struct history *h, size_t row);
/* "lines 5-8 of src/ring.c"; nothing for other kinds. */
void history_describe(const struct history *h, size_t row, struct buf *b);
/* What has been looked at, and why the list is not whole if it is not. */
void history_progress(const struct history *h, struct buf *b);
