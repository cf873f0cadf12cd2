/*
 * eyeing.h - what I read and what others did, for the views that lay it
 * together.
 *
 * Mine is what the record has of the revisions that the reading room counted;
 * theirs is what the exports in inbox/ say.
 */
#pragma once

#include "notes/eyes.h"
#include "notes/findings.h"
#include "notes/peer.h"
#include "tui/list.h"
#include "tui/view.h"

struct eyeing {
	struct peer_covers theirs;
	struct arena arena;
	struct findings_method mine;
	struct eyes eyes; /* person 0 is me */
};

/* Reads inbox/, for as long as the pane lives; asks the reading room how it
 * stands.  ERR_DENIED: the vault is locked; ERR_LIMIT. */
enum err eyeing_open(struct eyeing *e, struct pane *p) MUST_CHECK;
/* Mine may have changed: lays all anew. */
void eyeing_load(struct eyeing *e, struct pane *p);
void eyeing_release(struct eyeing *e);

/* A file of that release below that folder; "." is the top. */
bool eyeing_below(const struct eyes_file *f, struct str release,
    struct str folder);
/* "me 40%, bob 12%, four eyes 9%" of lines reviewed; appended. */
void eyeing_totals(const struct eyeing *e, const struct eyes_sum *sum,
    struct buf *out);
/* The status row of a list: where it stands, and those totals. */
void eyeing_status(const struct eyeing *e, const struct list *l,
    const struct eyes_sum *sum, const struct canvas *line);
/* To the next row of which lines were reviewed by one person alone, as
 * is_single() has it; says when there is none.  arg is p->state. */
void eyeing_step(struct pane *p, struct list *l, bool back,
    bool (*is_single)(void *arg, uint64_t row));
struct str eyeing_name(const struct eyeing *e, uint32_t who); /* "me" */
unsigned eyeing_percent(uint64_t part, uint64_t of);
