/*
 * shell.h - what all views share: a stack of them, keys, prompt, messages.
 *
 * The same code in the reading room and in the notes room.  It is given keys
 * and draws on a canvas; it knows neither terminal nor ports.
 *
 *   row 0        title      the view's, ROLE_TITLE
 *   1 .. R-3     content    the view's
 *   R-2          status     the view's, ROLE_STATUS
 *   R-1          hints, or the prompt, or the last message
 *
 * Nothing here blocks and nothing returns an error to a view: the shell
 * shows it.  All text is shown through canvas_text().
 */
#pragma once

#include "core/loop.h"
#include "tui/view.h"

enum { SHELL_ROWS = 5, SHELL_COLS = 20 }; /* below: "terminal too small" */

/* What the room has for its shell.  Kept by pointer. */
struct shell_room {
	void *room; /* for struct pane */
	const struct view *const *views;
	size_t n_views;
	struct loop *loop; /* NULL: hints come at once, no timers */
	/* Commands of the whole room, known in every view; or NULL. */
	const struct command *commands;
	/* "Q", and "q" in the last view.  NULL: "q" stays there. */
	void (*leave)(void *room);
	/* A view this room does not have: ask the other room.  false: it is
	 * unknown there too.  NULL: there is no other. */
	bool (*elsewhere)(void *room, const char *view, const struct target *t);
	/* A mark was set: NULL when it outlives this visit, else why not.
	 * t NULL: whether there may be marks that this shell was not told of
	 * yet.  NULL: marks are the shell's alone. */
	const char *(*mark)(void *room, uint32_t letter, const struct view *v,
	    const struct target *t);
};

struct shell *shell_make(const struct shell_room *r);
void shell_free(struct shell *s); /* closes all views */

/* From the desk. */
void shell_size(struct shell *s, int rows, int cols, unsigned flags);
void shell_key(struct shell *s, uint32_t key);

/*
 * Draws when something changed since; NULL: nothing did.  Called once before
 * the room sleeps.  Borrowed until the next call here.
 */
const struct canvas_grid *shell_draw(struct shell *s);
/* News arrived that some view shows.  Cheap: call it for every message. */
void shell_redraw(struct shell *s);
/* This room has the screen again: tells the top view with wake(). */
void shell_wake(struct shell *s);
/* When no more views can be opened: all but the first go away. */
void shell_make_room(struct shell *s);

/*
 * Opens a view over the present one and remembers in the jump list where we
 * were; t is copied.  false: it could not, and the message row says why.
 */
bool shell_open(struct shell *s, const char *view, const struct target *t);
/* The same in place of p: another side, another revision. */
bool shell_replace(struct pane *p, const char *view, const struct target *t);
void shell_close(struct pane *p); /* may be called from its commands */
struct pane *shell_top(const struct shell *s);  /* NULL: none */
struct pane *shell_below(const struct pane *p); /* NULL: none */
/* First pane of that view from the top, or NULL. */
struct pane *shell_find(const struct shell *s, const char *view);
/* In front of a jump inside a view (G, a search, a mark): < comes back. */
void shell_jumped(struct pane *p);
/* A mark from an earlier visit; one that was set here since stays.  A view
 * that is not here: nothing happens. */
void shell_mark(struct shell *s, uint32_t letter, struct str view,
    const struct target *t);
/* Jump entries behind and ahead of us: "back 4 fwd 1". */
void shell_jumps(const struct shell *s, unsigned *back, unsigned *forward);

/* The message row until the next key, and ":messages". */
void shell_message(struct shell *s, const char *fmt, ...) PRINTF(2, 3);
/* fail()'s text or the kind's name, in ROLE_ERROR; clears the text.
 * ERR_NONE does nothing. */
void shell_error(struct shell *s, enum err rc);
/* The same row, for text that is not ours or has no printf form. */
void shell_say(struct shell *s, uint16_t role, struct str text);

/* Said while somebody else had the screen: kept, but no longer shown. */
void shell_hush(struct shell *s);

/* Messages kept, newest last; for ":messages" and tests. */
size_t shell_messages(const struct shell *s);
struct str shell_message_at(const struct shell *s, size_t i);

/*
 * Asks for a line.  done() gets what was typed; left() says it was given up,
 * may be NULL.  If the pane closes meanwhile neither is called.  ask is
 * copied; strings in it are literals or live in the pane's arena.
 */
struct shell_ask {
	const char *label; /* "search: " */
	const char *hint;  /* shown behind it until something is typed */
	struct str initial;
	const char *history; /* lines of the same name are shared; or NULL */
	void (*done)(struct pane *p, struct str line);
	void (*left)(struct pane *p);
	void (*typed)(struct pane *p, struct str line); /* each edit; or NULL */
	/* Tab: candidate i for what is typed, false when there is none; or
	 * NULL.  Candidates go into b. */
	bool (*complete)(struct pane *p, struct str line, size_t i,
	    struct buf *b);
};
void shell_prompt(struct pane *p, const struct shell_ask *ask);
/* What stands behind the name of a command goes to done() at once; nothing
 * there: it is asked for. */
void shell_argument(struct pane *p, const struct call *c,
    const struct shell_ask *ask);

/* One key out of a set: "leave without saving? y n".  Esc answers 0. */
void shell_choose(struct pane *p, const char *question, const char *keys,
    void (*done)(struct pane *p, uint32_t key));

/* Runs a command of the top view or the shell by its name, as ":" does. */
void shell_run(struct shell *s, struct str line);

/* Options that all views share, changed by "o" keys. */
struct shell_options {
	bool numbers;            /* on: shown, the default */
	bool wrap;               /* ow */
	struct text_style style; /* oi: invisibles; ascii by the terminal */
	bool coverage;           /* oc */
	uint8_t theme;           /* ot: enum screen_theme */
	bool mouse;              /* om */
	bool question_searches;  /* ? looks back; F1 alone is help */
};
struct shell_options *shell_options(struct shell *s);

/* All commands in force in a view: its own, its list's, the room's, the
 * shell's; for help and for the test of clashes.  NULL after the last. */
const struct command *shell_command(const struct shell *s, const struct view *v,
    size_t i);
