/*
 * moves.h - where blocks went between the files of a comparison.
 *
 * Of one comparison at a time, the last that a view asked about: a worker
 * looks while the view is read, and goes on when it is closed.
 */
#pragma once

#include "core/job_moves.h"

struct reading;

/* Starts looking, unless that is what is known or looked at already. */
void moves_want(struct reading *r, const struct oid *old,
    const struct oid *new);

/* Where the line went, or came from: other->old_path, ->new_path and ->line,
 * a line of the other side.  path: of the side the line is on. */
bool moves_find(struct reading *r, const struct oid *old, const struct oid *new,
    struct str path, uint32_t line, bool added, struct moves_side *other);

/* "looking for moved blocks" or "PARTIAL ..." of this comparison, or "". */
const char *moves_state(struct reading *r, const struct oid *old,
    const struct oid *new);
bool moves_stop(struct reading *r); /* true: it was running */
void moves_release(struct reading *r);
