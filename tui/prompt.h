/*
 * prompt.h - the line editor: what is typed after ":" and "/".
 *
 * Text is UTF-8, at most LIMIT_PATTERN bytes.  Not for secrets.
 */
#pragma once

#include "tui/canvas.h"
#include "tui/keys.h"

struct prompt_history {
	struct buf *lines; /* oldest first, at most PROMPT_HISTORY */
	size_t len;
};

enum { PROMPT_HISTORY = 100 };

enum prompt_did {
	PROMPT_NOTHING, /* key not known here */
	PROMPT_EDITED,
	PROMPT_DONE, /* Enter */
	PROMPT_LEFT, /* Esc, Ctrl-C, Backspace on an empty line */
	PROMPT_TAB,  /* complete, please */
};

struct prompt {
	struct buf text;
	size_t at;       /* byte of the cursor */
	size_t recalled; /* history line shown + 1, 0: none */
	struct buf kept; /* what was typed before history was recalled */
	bool full;       /* the last key did not fit */
};

void prompt_start(struct prompt *p, struct str initial);
void prompt_release(struct prompt *p);
enum prompt_did prompt_key(struct prompt *p, uint32_t key,
    struct prompt_history *h);
void prompt_set(struct prompt *p, struct str text); /* cursor at its end */

/* Label and text in one row, the end that holds the cursor visible. */
void prompt_draw(const struct prompt *p, const struct canvas *line,
    const char *label);

void prompt_history_add(struct prompt_history *h, struct str line);
void prompt_history_release(struct prompt_history *h);
