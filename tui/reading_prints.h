/*
 * reading_prints.h - the source for the checker, where no session brings its
 * fingerprints.
 *
 * Worker 0 hands the checker every file of the revision that is being read,
 * from the first time that something may be written about it, and of every
 * revision chosen after that.  Until then it costs nothing.
 */
#pragma once

#include "core/str.h"

struct reading;

/* Something will be written, or another revision is read. */
void reading_prints_want(struct reading *r);
void reading_prints_chosen(struct reading *r);

/* Body of MSG_PRESS, arg the room: worker 0 lays these files before the
 * checker, which makes pages of them. */
enum err reading_prints_press(void *arg, struct str body) MUST_CHECK;
