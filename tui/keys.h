/*
 * keys.h - keys by number and by name.
 *
 * A key is a code point (letters as typed, Ctrl-A to Ctrl-Z as 1 to 26,
 * Enter 13, Tab 9, Esc 27), or one of the enum below.  Names, as in tables of
 * commands and in tests: "j", "C-d", "Enter", "Tab", "S-Tab", "Space",
 * "Backspace", "Esc", "Up", "PgDn", "F1".
 *
 * A binding is one key or two written together: "j", "]c", "gd", "g/",
 * "zEnter"; "m{a-z}" takes any lower-case letter second, "r{any}" any key.
 */
#pragma once

#include "core/str.h"

enum keys {
	KEYS_ENTER = 13,
	KEYS_TAB = 9,
	KEYS_ESC = 27,
	KEYS_SPACE = 32,
	KEYS_SPECIAL = 0x110000, /* nothing below is a special key */
	KEYS_UP = KEYS_SPECIAL,
	KEYS_DOWN,
	KEYS_LEFT,
	KEYS_RIGHT,
	KEYS_HOME,
	KEYS_END,
	KEYS_PGUP,
	KEYS_PGDN,
	KEYS_INSERT,
	KEYS_DELETE,
	KEYS_BACKSPACE,
	KEYS_BACKTAB,
	KEYS_F1,
	KEYS_F12 = KEYS_F1 + 11,
	/* Around text pasted into the terminal: only a box that takes text
	 * sees what lies between, as keys; elsewhere the shell swallows it. */
	KEYS_PASTE,
	KEYS_PASTE_END,
	/* With "om": the wheel, and a click on a row of the screen. */
	KEYS_WHEEL_UP,
	KEYS_WHEEL_DOWN,
	KEYS_CLICK,
	KEYS_LAST = KEYS_CLICK + 511,
};

#define KEYS_CTRL(c) ((c)&0x1f)

bool keys_valid(uint32_t key); /* a code point or one of the above */
/* Printable: may be typed into a text. */
bool keys_is_text(uint32_t key);

/* Takes one key name off the front of *s: "C-d", "Enter", "j".  False when
 * it is empty or not UTF-8. */
bool keys_take(struct str *s, uint32_t *key);
void keys_name(uint32_t key, struct buf *out);

enum { KEYS_RANGE_LETTER = 0x200000, KEYS_RANGE_ANY };

struct keys_binding {
	uint32_t first;
	uint32_t second; /* 0: one key only; may be a range */
};

/* Next binding of a table entry, bindings separated by one blank. */
bool keys_cut(struct str *rest, struct keys_binding *out);

/* NULL, or why no binding may use this key: the terminal cannot send it or
 * keeps it for itself (UX: Ctrl-S, Ctrl-Q, Ctrl-I apart from Tab ...). */
const char *keys_unusable(uint32_t key);
