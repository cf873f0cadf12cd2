/*
 * writing.h - what the editors of notes and of findings share: where an
 * entry begins, and how it ends.
 */
#pragma once

#include "tui/edit.h"
#include "tui/noting.h"

/*
 * From a draft, from what the item says now, or empty: as the order says.
 * Memory of the pane.  ERR_DENIED: the vault is locked.
 */
enum err writing_begin(struct pane *p, struct entry *e) MUST_CHECK;

/* Records it and closes the pane; false: it was not recorded, the message
 * row says why, and everything stays as it is. */
bool writing_record(struct pane *p, struct entry *e);
/* Closes the pane; what was touched is kept as a draft.  Where that fails
 * nothing closes, and the message row says why. */
void writing_leave(struct pane *p);
/* Closes the pane and forgets the draft. */
void writing_drop(struct pane *p);

/* "Finding 12", "New note". */
void writing_title(const struct entry *e, struct canvas *line);
/* What the status row says behind the place of the cursor: the meter, or
 * else hint. */
void writing_status(struct noting *n, struct canvas *line,
    const struct edit *box, const char *hint);
/* Ctrl-R: marked source becomes a citation; the message row says why not. */
bool writing_cite(struct pane *p, const struct entry *e);

/* One row: the place it is about. */
void writing_place(struct noting *n, const struct entry *e,
    const struct canvas *c, int row);
