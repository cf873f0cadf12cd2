/*
 * meter.h - what the gate would say of the text that is being written.
 *
 * Quiet: words for the status row, and marks in the box.  The checker is
 * asked METER_PAUSE_MS after the last key, with what left before in front,
 * so that the pause and the answer together stay below a fifth of a second.
 * It is a hint: the gate judges whole exports, with the ledger.
 */
#pragma once

#include "core/anchor.h"
#include "policy/parcel.h"
#include "tui/edit.h"

struct meter;
struct noting;

enum { METER_PAUSE_MS = 100 };

struct meter *meter_open(struct noting *n);
void meter_close(struct meter *m); /* NULL is fine */

/* The box that is being written in, borrowed until meter_drop() or the next
 * one; its text may have changed. */
void meter_touch(struct meter *m, struct edit *box);
/* The box goes away. */
void meter_drop(struct meter *m);

/* Whether that answer was for the meter. */
bool meter_verdict(struct meter *m, const struct verdict_source *v);

/* "gate: clear"; appends nothing when nothing is known.  Whether it would
 * be refused. */
bool meter_say(const struct meter *m, struct buf *out);

/*
 * The marked stretch at the cursor, or else the first, becomes a citation
 * of an; NULL: of nothing in particular.  False: nothing is marked, or the
 * citation does not fit.
 */
bool meter_cite(struct meter *m, const struct anchor *an);
