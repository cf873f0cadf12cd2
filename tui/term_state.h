/*
 * term_state.h - the terminal as it was before, for whoever must put it
 * back when the desk could not.
 */
#pragma once

#include "core/str.h"

/*
 * ERR_DENIED with one line when standard input and output are not one
 * terminal, or name (of $TERM or --term, NULL: not said) is no kind of
 * terminal that this system can describe.  Keeps its settings.
 */
enum err term_state_keep(const char *name) MUST_CHECK;

/* The settings as kept.  clear: the desk did not end by itself; leaves its
 * screen and wipes what it showed, scrollback included. */
void term_state_restore(bool clear);
