/*
 * reading.h - what a view of the source may ask for.
 *
 * A view in the reading room is tui/view_NAME.c and includes this header
 * (that puts it into the table of the reading room); its pane's room is a
 * struct reading.  It draws, lists its keys, and asks here for everything
 * else: the repository, the revision that is being read, background jobs,
 * searches, the notes room.
 *
 * Nothing here blocks.  What takes long is a job or a search whose results
 * arrive through a struct of functions, always from the loop, never from
 * inside the call that started it.
 */
#pragma once

#include "core/anchor.h"
#include "core/git_refs.h"
#include "core/git_tree.h"
#include "core/rooms.h"
#include "core/search.h"
#include "tui/hatch.h"
#include "tui/shell.h"

struct reading;

const struct start *reading_start(const struct reading *r);
struct git_repo *reading_repo(struct reading *r);
struct git_graph *reading_graph(struct reading *r);
const struct refs *reading_refs(struct reading *r);
/* The proof of environment as the launcher sent it, "" before. */
struct str reading_proof(const struct reading *r);

/*
 * The revision that is being read: what a view uses when its target names no
 * commit.  Its name is what was chosen ("v1.0", "HEAD", "1a3e64c6c4").
 */
struct oid reading_commit(const struct reading *r);
struct str reading_revision(const struct reading *r);
/* ERR_ABSENT when there is no such revision; nothing changes then. */
enum err reading_choose(struct reading *r, struct str name) MUST_CHECK;
/* Any revision a person typed; the one being read stays. */
enum err reading_find(struct oid *out, struct reading *r,
    struct str name) MUST_CHECK;
/* "git@v1.0": the title of what is read, and the commit: by its release, tag
 * or branch, else ten hex digits. */
void reading_name(struct reading *r, const struct oid *commit, struct buf *b);
void reading_title(struct reading *r, const struct oid *commit, struct buf *b);

/*
 * Work in slices of a few milliseconds, while nothing else is to be done.
 * fn is called until it says false.  One for each arg.
 */
void reading_slice(struct reading *r, bool (*fn)(void *arg), void *arg);
void reading_slice_stop(struct reading *r, void *arg);

/*
 * Background jobs, run by the workers.  arg is the view's; body is borrowed
 * until the function returns.  done() is called exactly once unless the job
 * is cancelled, after which nothing is called any more.
 */
struct reading_sink {
	void (*data)(void *arg, struct str body);
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void (*done)(void *arg, enum err rc, struct str text);
};
/* Never 0.  Waits for a free worker when all are busy. */
uint32_t reading_job(struct reading *r, const char *name, struct str args,
    const struct reading_sink *sink, void *arg);
void reading_job_cancel(struct reading *r, uint32_t id); /* 0 is fine */

/*
 * All files of a revision, in path order, listed once and kept.  The first
 * call starts the list; it grows until done, and the screen is redrawn.
 * Valid until the next call for another commit that is not kept yet.
 */
struct reading_file {
	struct str path;
	struct oid blob;
	uint8_t kind; /* enum tree_kind */
};
struct reading_files {
	struct oid commit;
	struct reading_file *at;
	size_t len;
	bool done;
	uint32_t troubles; /* folders that could not be read */
	enum err rc;       /* when done: why it is not all */
};
const struct reading_files *reading_files(struct reading *r,
    const struct oid *commit);

/*
 * A search, owned by who opened it; its hits stay until it is closed.  One
 * runs at a time: opening one stops the one before, which keeps what it
 * found as PARTIAL.  event() comes with every batch; redraw is done already.
 */
struct reading_search;
struct search_drive;
struct search_event;
enum err reading_search_open(struct reading_search **out, struct reading *r,
    const struct query *q, const struct oid *commits, uint32_t n_commits,
    void (*event)(void *arg, const struct search_event *e),
    void *arg) MUST_CHECK;
void reading_search_stop(struct reading_search *s);
void reading_search_close(struct reading_search *s); /* NULL is fine */
bool reading_search_runs(const struct reading_search *s);
/* The list of hits: core/search_drive.h.  NULL: nothing started yet. */
const struct search_drive *reading_search_drive(const struct reading_search *s);

/*
 * The list of hits that "]h" steps through: the search opened last.  NULL:
 * there is none.  at: the hit that was shown last.
 */
struct reading_search *reading_hits(struct reading *r, size_t **at);

/* To the notes room.  Those that need the screen take it. */
void reading_compose(struct reading *r, enum hatch_what what,
    const struct anchor *an);
void reading_open_notes(struct reading *r, struct str view, uint64_t number,
    const struct anchor *an); /* an may be NULL */
void reading_seen(struct reading *r, const struct anchor *an);
void reading_reviewed(struct reading *r, const struct anchor *an, bool is);
void reading_certificate(struct reading *r, const struct search_certificate *c);
void reading_undo(struct reading *r, bool redo);
void reading_leave(struct reading *r);

/*
 * Glyphs of the gutter for one file, as the notes room last sent them:
 * calls fn for every mark on this blob, or on this path when it was made at
 * another content of the path (then m->blob differs).
 */
void reading_marks(const struct reading *r, const struct oid *blob,
    struct str path, void (*fn)(void *arg, const struct mark *m), void *arg);
/* Changes with every MSG_MARKS: views keep what they made of the marks. */
uint32_t reading_marks_version(const struct reading *r);

/* The anchor of lines first..last of a blob's bytes; first 0: all. */
struct anchor reading_anchor(const struct oid *commit, const struct oid *blob,
    struct str path, struct str bytes, uint32_t first, uint32_t last);
