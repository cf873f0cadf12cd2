/*
 * reading.h - what a view of the source may ask for.
 *
 * A view in the reading room is tui/view_NAME.c and includes this header
 * (that puts it into the table of the reading room).  It draws, lists its
 * keys, and asks here for everything else: the repository, the revision that
 * is being read, background jobs, searches, the notes room.  A view never
 * calls another view: it opens one by name, with a place.
 *
 * Nothing here blocks.  What takes long is a job or a search whose results
 * arrive through a struct of functions, always from the loop, never from
 * inside the call that started it.
 */
#pragma once

#include "core/anchor.h"
#include "core/rooms.h"

struct git_repo;  /* core/git_repo.h */
struct query;     /* core/search.h */
struct reading;   /* tui/reading.c alone knows its fields */
struct shell;     /* tui/shell.h */

/*
 * Where a view is opened: the argument of every view of this room.  What a
 * view does not use stays zero.  Lines and columns count from 1; 0: none.
 */
struct place {
	struct oid commit;  /* zero: the revision that is being read */
	struct oid other;   /* compare, diff: the older side */
	struct oid blob;    /* zero: the one at path in commit */
	struct str path;    /* bytes as git has them; "" the top folder */
	struct str path_other; /* diff: name on the older side, when renamed */
	uint32_t first, last;  /* lines to show and select */
	uint32_t column;       /* byte in the line */
	struct str text;    /* pattern of a search, filter of a list */
};

/* Opens a view by name over the present one, and enters it in the jump
 * list.  The place is copied.  An unknown name says so in the message row. */
void reading_open(struct reading *r, const char *view, const struct place *p);

const struct start *reading_start(const struct reading *r);
struct shell *reading_shell(struct reading *r);
struct git_repo *reading_repo(struct reading *r);

/*
 * The revision that is being read: what views use when their place names no
 * commit.  Name is what was chosen ("v1.0", "HEAD", "1a3e64c6c4").
 */
struct oid reading_commit(const struct reading *r);
struct str reading_revision(const struct reading *r);
/* ERR_ABSENT when there is no such revision; nothing changes then. */
enum err reading_choose(struct reading *r, struct str name) MUST_CHECK;
/* "v1.0" when a release or a tag names the commit, else ten hex digits. */
struct str reading_name(struct reading *r, const struct oid *commit,
    struct arena *a);

/*
 * Background jobs, run by the workers.  arg is the view's; body is borrowed
 * until the function returns.  done() is called exactly once unless the job
 * is cancelled, after which nothing is called any more.
 */
struct job_sink {
	void (*data)(void *arg, struct str body);
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void (*done)(void *arg, enum err rc, struct str text);
};
/* Never 0.  Waits for a free worker when all are busy. */
uint32_t reading_job(struct reading *r, const char *name, struct str args,
    const struct job_sink *sink, void *arg);
void reading_job_cancel(struct reading *r, uint32_t id); /* 0 is fine */

/* What one search did so far; see core/search.h for its parts. */
struct search_event;
struct search_sink {
	void (*event)(void *arg, const struct search_event *e);
};
/* One search at a time: starting one cancels the one before. */
enum err reading_search(struct reading *r, const struct query *q,
    const struct search_sink *sink, void *arg) MUST_CHECK;
/* Stops at once; the sink still gets its last event, PARTIAL. */
void reading_search_cancel(struct reading *r);
bool reading_search_runs(const struct reading *r);

/* To the notes room.  Each takes the screen away when it needs it. */
enum compose {
	COMPOSE_NOTE = 'N',
	COMPOSE_FINDING = 'F',
	COMPOSE_QUESTION = '?',
};
void reading_compose(struct reading *r, enum compose what,
    const struct anchor *an);
void reading_open_notes(struct reading *r, struct str view);
void reading_seen(struct reading *r, const struct anchor *an);
void reading_reviewed(struct reading *r, const struct anchor *an, bool is);
void reading_certificate(struct reading *r, struct str certificate);
void reading_undo(struct reading *r, bool redo);
void reading_leave(struct reading *r);

/*
 * Glyphs of the gutter for one file, as the notes room last sent them:
 * calls fn for every mark on this blob (or on this path, when it was made
 * at another content of the path: then mark->blob differs).
 */
void reading_marks(const struct reading *r, const struct oid *blob,
    struct str path, void (*fn)(void *arg, const struct mark *m), void *arg);

/* The anchor of lines first..last of a blob's bytes. */
struct anchor reading_anchor(const struct oid *commit, const struct oid *blob,
    struct str path, struct str bytes, uint32_t first, uint32_t last);

/* The proof of environment as the launcher sent it, "" before. */
struct str reading_proof(const struct reading *r);
