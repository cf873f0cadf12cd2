#include "tui/drafting.h"

#include <stdlib.h>

struct drafting {
	struct noting *n;
	struct pane *writer; /* whose text the draft is */
	void (*collect)(struct pane *p, struct entry *e);
	uint64_t slot;
	bool unkept; /* touched since it was last on disk */
	unsigned timer;
};

struct drafting *
drafting_open(struct noting *n)
{
	struct drafting *d = calloc(1, sizeof *d);

	if (d == NULL)
		bug("no memory for a draft");
	d->n = n;
	return d;
}

void
drafting_close(struct drafting *d)
{
	free(d);
}

void
drafting_begin(struct drafting *d, uint64_t slot)
{
	d->slot = slot;
}

static struct draft_box *
box_of(const struct drafting *d)
{
	struct vault *v = noting_vault(d->n);

	return v == NULL ? NULL : vault_drafts(v);
}

static void
keep_now(void *arg)
{
	struct drafting *d = arg;
	struct draft_box *box = box_of(d);
	struct entry e = { 0 };
	bool fresh = d->slot == 0;
	enum err rc;

	d->timer = 0;
	if (d->writer == NULL || box == NULL)
		return;
	d->collect(d->writer, &e);
	if (fresh)
		d->slot = draft_slot(box);
	rc = draft_put(box, d->slot, &e);
	d->unkept = rc != ERR_NONE;
	if (d->unkept) {
		if (fresh)
			d->slot = 0;
		shell_message(noting_shell(d->n),
		    "no draft kept: %s; Ctrl-X drops the text",
		    err_text()[0] == '\0' ? err_name(rc) : err_text());
		err_clear();
	}
}

void
drafting_touched(struct drafting *d, struct pane *p,
    void (*collect)(struct pane *p, struct entry *e))
{
	struct loop *l = noting_loop(d->n);

	d->writer = p;
	d->collect = collect;
	d->unkept = true;
	if (d->timer != 0)
		return;
	if (l == NULL)
		keep_now(d);
	else
		d->timer = loop_after(l, DRAFTING_MS, keep_now, d);
}

const struct pane *
drafting_writer(const struct drafting *d)
{
	return d->writer;
}

static void
stop_timer(struct drafting *d)
{
	if (d->timer != 0)
		loop_cancel(noting_loop(d->n), d->timer);
	d->timer = 0;
}

bool
drafting_keep(struct drafting *d)
{
	stop_timer(d);
	if (d->writer != NULL && d->unkept)
		keep_now(d);
	if (d->writer != NULL && d->unkept && noting_vault(d->n) != NULL)
		return false;
	d->writer = NULL;
	d->unkept = false;
	return true;
}

void
drafting_forget(struct drafting *d)
{
	struct draft_box *box = box_of(d);

	stop_timer(d);
	d->writer = NULL;
	d->unkept = false;
	if (d->slot != 0 && box != NULL)
		shell_error(noting_shell(d->n), draft_drop(box, d->slot));
	d->slot = 0;
}

uint64_t
drafting_slot(const struct drafting *d)
{
	return d->slot;
}
