/*
 * input.h - what a terminal sends, made into keys.
 *
 * Bytes come in any pieces.  Known sequences of consoles, xterm and its kin
 * become keys, whatever TERM says; everything else that begins with ESC
 * (mouse reports, answers to questions nobody asked, OSC, DCS, focus) is
 * swallowed whole and never typed as input.  Text between the marks of a
 * bracketed paste comes as keys between KEYS_PASTE and KEYS_PASTE_END.
 */
#pragma once

#include "tui/keys.h"

enum { INPUT_SEQUENCE = 24 }; /* bytes of a sequence that may be a key */

struct input {
	uint8_t state;
	bool pasting;
	bool mouse; /* reports of it are wanted; else they are swallowed */
	char seen[INPUT_SEQUENCE]; /* of the sequence so far */
	uint8_t len;
	bool overlong;
	char utf8[4];
	uint8_t utf8_len, utf8_need;
};

typedef void input_fn(void *arg, uint32_t key);

/* struct input in = { 0 }; is ready. */
void input_bytes(struct input *in, struct str bytes, input_fn *fn, void *arg);

/*
 * true: the bytes so far are the start of something.  The caller waits
 * INPUT_WAIT_MS for more and then calls input_wait_over(): a lone ESC is the
 * Esc key, anything else unfinished is dropped.
 */
bool input_waits(const struct input *in);
void input_wait_over(struct input *in, input_fn *fn, void *arg);

enum { INPUT_WAIT_MS = 25 };
