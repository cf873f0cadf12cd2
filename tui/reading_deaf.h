/*
 * reading_deaf.h - neighbours that do not hear a cancel.
 *
 * Worker and searcher end their own process when work goes on after its
 * cancel.  One that does not even do that, because it was taken over or hangs
 * in a library with its signals held, is started again by the launcher: the
 * reading room asks it to, and gets the same "started anew" as ever.
 */
#pragma once

#include "core/rooms.h"

struct reading;
struct reading_wires;

void reading_deaf_open(struct reading *r, const struct reading_wires *w);
/* With the jobs; r->cores is known. */
void reading_deaf_release(struct reading *r);

/* It was sent a cancel: until reading_deaf_heard() there is a limit. */
void reading_deaf_wait(struct reading *r, enum room kind, unsigned i);
/* It has ended that work, or was started anew. */
void reading_deaf_heard(struct reading *r, enum room kind, unsigned i);
