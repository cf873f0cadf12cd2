/*
 * reading_callers.h - an assumption about a function, and the worklist of
 * those who must keep to it: its callers.
 *
 * Calls are found as the view of callers finds them: lines with the word, in
 * code, with a "(" behind it.  It goes on while something else is read; the
 * message row says how far it is.
 */
#pragma once

#include "core/anchor.h"

struct reading;

/* Searches commit for calls of name, makes a worklist of them and has an
 * assumption about the place written that rests on it; on nothing when
 * nobody calls it.  What another one was doing ends. */
void reading_callers_assume(struct reading *r, const struct oid *commit,
    struct str name, const struct anchor *at);

void reading_callers_release(struct reading *r);
