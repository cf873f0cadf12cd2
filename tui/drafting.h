/*
 * drafting.h - the one text that is being written, kept on disk while it is
 * typed.
 *
 * One at a time: the draft belongs to the last noting_write().
 */
#pragma once

#include "tui/noting.h"

struct drafting *drafting_open(struct noting *n);
void drafting_close(struct drafting *d); /* keeps nothing; NULL is fine */

/* Another text begins, from that draft; 0: from none. */
void drafting_begin(struct drafting *d, uint64_t slot);

/*
 * Something was typed in p.  collect() fills an entry from what is on the
 * screen; it is called at most DRAFTING_MS later, and from drafting_keep().
 */
enum { DRAFTING_MS = 1500 };
void drafting_touched(struct drafting *d, struct pane *p,
    void (*collect)(struct pane *p, struct entry *e));
/* Whose text it is; NULL: nothing was typed. */
const struct pane *drafting_writer(const struct drafting *d);
/* Now, if anything was touched.  False: it could not be, the message row says
 * why, and the text is still on the screen only. */
bool drafting_keep(struct drafting *d);
/* The text is recorded, or given up: the draft goes. */
void drafting_forget(struct drafting *d);
uint64_t drafting_slot(const struct drafting *d); /* 0: nothing kept yet */
