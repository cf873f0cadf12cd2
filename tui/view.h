/*
 * view.h - what a view is: one const struct in tui/view_NAME.c.
 *
 * A view draws on a canvas, lists its keys in a table and asks the shell for
 * the rest.  It never calls another view, writes a file or sees a terminal.
 * It includes either tui/reading.h or tui/noting.h, which decides its room.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"
#include "tui/canvas.h"
#include "tui/keys.h"

struct list;
struct shell;
struct view;

/* What to open a view with.  Empty and zero mean: not given. */
struct target {
	struct oid commit, commit2; /* commit2: the other side of a compare */
	struct oid blob;
	struct str path, path2;
	uint32_t line, last; /* from 1 */
	uint32_t column;     /* from 1 */
	struct str text;     /* a pattern, a revision, a name */
	uint64_t number;     /* of a list, a note, a job */
};

struct target target_copy(struct arena *a, const struct target *t);
bool target_eq(const struct target *a, const struct target *b);

/* One opened view.  Memory of arena lives until the pane closes. */
struct pane {
	const struct view *view;
	struct shell *shell;
	void *room;  /* struct reading or struct noting */
	void *state; /* view->state_size bytes, zero before open() */
	struct arena arena;
	struct target target; /* what it was opened with, in arena */
	int rows, cols;       /* of the content at the last draw */
	struct pane *next;    /* the shell's */
};

struct call {
	unsigned count;  /* typed before the key; 0: none */
	uint32_t key;    /* the last key, of a range the one typed; 0: from : */
	struct str args; /* what follows the name after ":", trimmed; or "" */
};

struct command {
	const char *name; /* ":name"; unique in the view and the shell */
	const char *keys; /* "j Down": bindings of keys.h; NULL: none */
	const char *help; /* a line of "?", without a full stop */
	void (*run)(struct pane *p, const struct call *c);
	const char
	    *hint; /* one or two words for the hint row; NULL: not there */
	const char *args; /* "LINE": what ":name" takes; NULL: nothing */
};

struct view {
	const char *name;  /* what shell_open() and ":" take */
	const char *about; /* what it shows: a line of "?" and of ":" */
	const char *args;  /* "PATH": what ":name" takes; NULL: nothing */
	size_t state_size;
	const struct command *commands; /* ends with .name == NULL; or NULL */

	/*
	 * t is p->target.  On failure the pane goes away without close() and
	 * the shell shows err_text().  Never blocks: what takes long is a job
	 * that calls shell_redraw() when it has news.
	 */
	enum err (*open)(struct pane *p, const struct target *t);
	void (*close)(struct pane *p); /* may be NULL */

	/* Content between title and status row; cleared beforehand.  NULL:
	 * the list. */
	void (*draw)(struct pane *p, struct canvas *c);
	/* One row each, cleared beforehand in ROLE_TITLE and ROLE_STATUS;
	 * NULL: the shell writes name and path; "k/n" of the list. */
	void (*title)(struct pane *p, struct canvas *line);
	void (*status)(struct pane *p, struct canvas *line);

	/* All below may be NULL. */

	/* The view's list: gives it all keys of list.h, "/" and "J" "K". */
	struct list *(*list)(struct pane *p);
	/* Before any table: a box that takes text.  true: the key is used.
	 * Keys of a paste come here only when takes_text() says true. */
	bool (*key)(struct pane *p, uint32_t key);
	bool (*takes_text)(struct pane *p);
	/* On top again, or its room has the screen again. */
	void (*wake)(struct pane *p);
	/* Esc and Ctrl-C: stop what runs, drop a selection.  true: did. */
	bool (*stop)(struct pane *p);
	/* For the jump list: where are we; be there.  go() says false when
	 * that is not in this pane (another file). */
	void (*where)(struct pane *p, struct target *t);
	bool (*go)(struct pane *p, const struct target *t);
	/* "/", "n", "N" without a list, or with a better way than row by
	 * row.  Forward unless back; "" repeats.  Says what it did. */
	void (*find)(struct pane *p, struct str text, bool back);
	/* What would be lost by closing, "the note is not saved"; or NULL. */
	const char *(*unsaved)(struct pane *p);
};
