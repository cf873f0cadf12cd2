/*
 * reading.h - what a view of the source may ask for.
 *
 * A view in the reading room is tui/view_NAME.c and includes this header
 * (that puts it into the table of the reading room); its pane's room is a
 * struct reading.  It draws, lists its keys, and asks here for everything
 * else: the repository, the revision that is being read, the notes room;
 * jobs, files and searches stand in the headers below.
 *
 * Nothing here blocks.  What takes long is a job or a search whose results
 * arrive through a struct of functions, always from the loop, never from
 * inside the call that started it.
 */
#pragma once

#include "core/anchor.h"
#include "core/git_graph.h"
#include "core/git_refs.h"
#include "core/rooms.h"
#include "tui/hatch.h"
#include "tui/reading_files.h"
#include "tui/reading_job.h"
#include "tui/reading_search.h"
#include "tui/shell.h"

struct reading;

/* For the room's main file and for tests: what it is wired to. */
struct reading_wires {
	int notes; /* descriptors; -1: none.  All are taken over. */
	int workers[ROOM_CORES_MAX], searchers[ROOM_CORES_MAX];
	unsigned cores; /* as many of each */
	/* Asks for another worker or searcher i; NULL: nobody to ask. */
	void (*restart)(void *arg, enum room kind, uint16_t i);
	void *restart_arg;
};

/*
 * Opens the repository that s names, and the first view.  s must live as
 * long.  gone() is called once, from the loop, when the room has to end.
 */
enum err reading_open(struct reading **out, struct loop *l,
    const struct start *s, const struct reading_wires *w,
    void (*gone)(void *arg, enum err rc), void *arg) MUST_CHECK;
void reading_close(struct reading *r); /* NULL is fine */
struct shell *reading_shell(struct reading *r);
void reading_set_proof(struct reading *r, struct str text);
/* Whether a person sees this room now, or the notes room in its place. */
void reading_watch(struct reading *r, bool watched);
bool reading_watched(const struct reading *r);
/* Whether the notes room was asked for something since the last call, after
 * which the keys may be meant for it. */
bool reading_handed(struct reading *r);
/* Nothing is under way: no job, no search, no slice.  For tests. */
bool reading_quiet(const struct reading *r);

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
/* The commit of a target or, when it has none, the one that is read.
 * ERR_ABSENT: there is neither. */
enum err reading_commit_of(struct oid *out, const struct reading *r,
    const struct target *t) MUST_CHECK;
struct str reading_revision(const struct reading *r);
/* ERR_ABSENT when there is no such revision; nothing changes then. */
enum err reading_choose(struct reading *r, struct str name) MUST_CHECK;
/* Any revision a person typed; the one being read stays. */
enum err reading_resolve(struct oid *out, struct reading *r,
    struct str name) MUST_CHECK;
/* Opens the comparison that ":diff-with OLD [NEW]" asks for; NEW is *newer
 * when it is not said.  path "": no row is selected.  What is no revision is
 * said on the screen. */
void reading_compare(struct pane *p, const struct oid *newer, struct str path,
    struct str line);
/* "git@v1.0": the title of what is read, and the commit: by its release, tag
 * or branch, else ten hex digits. */
void reading_name(struct reading *r, const struct oid *commit, struct buf *b);
void reading_title(struct reading *r, const struct oid *commit, struct buf *b);

/* Names that stand at a commit, as far as they are known without reading:
 * "v1.0, main"; nothing when there are none. */
void reading_refs_of(struct reading *r, const struct oid *commit,
    struct buf *b);

/*
 * Work in slices of a few milliseconds, while nothing else is to be done.
 * fn is called until it says false.  One for each arg.
 */
void reading_slice(struct reading *r, bool (*fn)(void *arg), void *arg);
void reading_slice_stop(struct reading *r, void *arg);

/* fn once, after ms; the id is never 0.  Cancel of a gone one is fine. */
unsigned reading_after(struct reading *r, unsigned ms, void (*fn)(void *arg),
    void *arg);
void reading_after_cancel(struct reading *r, unsigned id);

/* To the notes room.  Those that need the screen take it. */
void reading_compose(struct reading *r, enum hatch_what what,
    const struct anchor *an);
/* an may be NULL */
void reading_open_notes(struct reading *r, struct str view, uint64_t number,
    const struct anchor *an);
/* Lines that were on the screen long enough to be read. */
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
