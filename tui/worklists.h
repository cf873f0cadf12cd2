/*
 * worklists.h - worklists on their way into the record and out of it again.
 *
 * The reading room finds the lines and shows their text; the record keeps
 * places, hashes and verdicts.  A list that comes while the vault is locked
 * waits here until it is open.
 */
#pragma once

#include "tui/noting.h"

struct worklists *worklists_open(struct noting *n);
void worklists_close(struct worklists *w); /* NULL is fine */

/* From the reading room: hitlist_write().  ERR_FORMAT. */
enum err worklists_new(struct worklists *w, struct str bytes) MUST_CHECK;
void worklists_verdicts(struct worklists *w, const struct hatch_verdicts *v);

/* The verdict that asked for a reason last; recording one: false, and the
 * message row of the reading room says why not. */
const struct hatch_verdicts *worklists_asked(const struct worklists *w);
bool worklists_say(struct worklists *w, const struct hatch_verdicts *v,
    struct str reason);

/* What waits is recorded, now that the vault is open; true: something did,
 * and the reading room has the screen. */
bool worklists_record(struct worklists *w);
/* The reading room shows list `number`. */
void worklists_show(struct worklists *w, uint64_t number);
/* Undo or redo touched this entry: what the record says now is sent. */
void worklists_undone(struct worklists *w, uint64_t seq);
