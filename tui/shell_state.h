/*
 * shell_state.h - the fields of struct shell, for tui/shell*.c only.
 */
#pragma once

#include "tui/prompt.h"
#include "tui/screen.h"
#include "tui/shell.h"

enum {
	SHELL_MESSAGES = 200,
	SHELL_JUMPS = 100,   /* places in the jump list, each way */
	SHELL_PANES = 64,    /* views one over the other */
	SHELL_HISTORIES = 8, /* names of histories */
	SHELL_HINT_MS = 400,
	SHELL_PASTE_LINE = 4096, /* keys of a paste that a prompt is given */
	SHELL_SPLIT_ROWS = 38,   /* a split needs so many rows of ours */
	SHELL_SPLIT_COLS = 140,  /* and beside each other so many columns */
};

struct shell_place {
	const struct view *view; /* NULL: empty */
	struct target target;
	struct arena arena;
};

struct shell_places {
	struct shell_place at[SHELL_JUMPS];
	size_t len;
};

struct shell_line {
	struct buf text;
	uint16_t role;
};

struct shell {
	const struct shell_room *room;
	struct canvas_grid *grid;
	bool dirty;
	unsigned flags; /* of the terminal */
	struct shell_options options;

	struct pane *panes[SHELL_PANES];
	size_t n_panes;
	struct pane *closing; /* by .next; freed when no command runs */
	bool split;           /* as asked for with O */
	bool on_below;        /* keys go to the pane below the top one */

	struct shell_places behind, ahead;
	struct shell_place marks[26];

	struct shell_line messages[SHELL_MESSAGES];
	size_t n_messages;
	bool message_shown;

	/* What was typed of a command so far. */
	unsigned count;
	uint32_t first; /* key of a family, 0: none */
	bool family_shown;
	unsigned timer;

	/* A prompt or a question, and whose it is. */
	struct pane *asker;
	struct shell_ask ask;
	struct prompt prompt;
	const char *question, *answers;
	void (*answered)(struct pane *p, uint32_t key);
	size_t completed;      /* candidate shown + 1, 0: none */
	struct buf completing; /* what was typed before Tab */
	struct {
		const char *name;
		struct prompt_history lines;
	} histories[SHELL_HISTORIES];

	bool pasting;
	size_t pasted;   /* keys of a paste that nobody took */
	size_t prompted; /* and those that a prompt was given */
};

/* shell.c */
void shell_pop(struct shell *s); /* the top pane goes away, no question */
bool shell_push(struct shell *s, const struct view *v,
    const struct target *t); /* over the top one, jump list untouched */
const struct view *shell_view(const struct shell *s, struct str name);
bool shell_splits(const struct shell *s); /* two panes are on the screen */
struct pane *shell_focus(const struct shell *s); /* who gets the keys */

/* shell_jump.c */
void shell_jump_release(struct shell *s);
void shell_jump_note(struct shell *s); /* the present place goes behind us */
void shell_jump_back(struct pane *p, const struct call *c);
void shell_jump_forward(struct pane *p, const struct call *c);
void shell_jump_mark(struct pane *p, const struct call *c);
void shell_jump_to_mark(struct pane *p, const struct call *c);

/* shell_ask.c */
bool shell_ask_active(const struct shell *s);
void shell_ask_key(struct shell *s, uint32_t key);
void shell_ask_draw(struct shell *s, const struct canvas *line);
void shell_ask_drop(struct shell *s); /* without calling anybody */
void shell_ask_release(struct shell *s);

/* shell_message.c */
void shell_message_release(struct shell *s);
void shell_message_draw(struct shell *s, const struct canvas *line);

/* shell_option.c */
void shell_option_numbers(struct pane *p, const struct call *c);
void shell_option_wrap(struct pane *p, const struct call *c);
void shell_option_invisibles(struct pane *p, const struct call *c);
void shell_option_coverage(struct pane *p, const struct call *c);
void shell_option_theme(struct pane *p, const struct call *c);
void shell_option_mouse(struct pane *p, const struct call *c);
void shell_option_set(struct pane *p, const struct call *c);

/* shell_command.c */
void shell_command_key(struct shell *s, uint32_t key);
void shell_command_ask(struct shell *s, struct str initial); /* ":" */
extern const struct command shell_commands[];
/* Tables in force in a view: its own first, which may say the same name
 * again to do it in its own way. */
enum { SHELL_TABLES = 4 };
void shell_command_tables(const struct shell *s, const struct view *v,
    const struct command *out[SHELL_TABLES]);
/* An earlier table has one of c's name; c is in tables[table]. */
bool shell_command_hidden(const struct command *const tables[SHELL_TABLES],
    int table, const struct command *c);

/* shell_hint.c */
void shell_hint_row(struct shell *s, const struct canvas *line);
/* What may follow the first key: as many of the last rows as it takes. */
void shell_hint_family(struct shell *s, const struct canvas *c);

/* Views that every shell has. */
extern const struct view view_help;
extern const struct view view_messages;
