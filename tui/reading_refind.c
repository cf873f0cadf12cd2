#include "tui/reading_refind.h"

#include <stdlib.h>

#include "core/job_refind.h"
#include "core/messages.h"
#include "tui/hatch_found.h"
#include "tui/reading_inside.h"

enum { ARGS = 40 * 1024 }; /* bytes of anchors in one job */

struct reading_refind {
	struct arena arena; /* of the items */
	struct hatch_founds items;
	struct arena found_arena;
	struct hatch_found *found; /* as long as items; state 0: not yet */
	struct oid commit;         /* what they are looked for in */
	struct arena other_arena;
	struct hatch_found *other; /* the same, in a release not read now */
	struct oid to;             /* what is looked in now, and */
	struct hatch_found *into;  /* found or other */
	bool survey;               /* all releases are wanted */
	uint32_t release;          /* the next one */
	uint32_t job;
	size_t from, next; /* items of the job that runs */
	size_t *map;       /* anchor of a job -> item */
	size_t n_map;
};

static void go_on(struct reading *r);
static void next_release(struct reading *r);

static void
drop_found(struct reading *r)
{
	struct reading_refind *k = r->refind;

	reading_job_cancel(r, k->job);
	k->job = 0;
	arena_release(&k->found_arena);
	arena_release(&k->other_arena);
	free(k->map);
	k->map = NULL;
	k->found = k->other = k->into = NULL;
	k->next = 0;
}

void
reading_refind_release(struct reading *r)
{
	if (r->refind == NULL)
		return;
	drop_found(r);
	arena_release(&r->refind->arena);
	free(r->refind);
	r->refind = NULL;
}

static void
on_data(void *arg, struct str body)
{
	struct reading *r = arg;
	struct reading_refind *k = r->refind;
	struct wire w = wire_of(body);
	struct job_refind_row row;

	struct arena *a =
	    k->into == k->found ? &k->found_arena : &k->other_arena;

	while (job_refind_read_row(&row, a, &w))
		if (row.index < k->n_map) {
			struct hatch_found *f = &k->into[k->map[row.index]];

			f->state = row.found.state;
			f->at = row.found.at;
		}
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;

	(void)text;
	r->refind->job = 0;
	if (rc == ERR_NONE)
		go_on(r);
	else if (r->refind->into == r->refind->other)
		next_release(r); /* that one stays unknown */
}

/* All are looked at.  What is not being read goes without a name. */
static void
tell(struct reading *r)
{
	struct reading_refind *k = r->refind;
	struct buf b = { 0 };

	hatch_write_revision(&b, &k->to,
	    k->into == k->found ? buf_view(&r->revision) : STR(""));
	for (size_t i = 0; i < k->items.len; i++)
		if (!oid_eq(&k->items.at[i].at.commit, &k->to))
			hatch_write_found(&b, &k->into[i]);
	if (r->notes != NULL)
		hatch_send(r->notes, MSG_REFOUND, buf_view(&b));
	buf_release(&b);
	if (k->into == k->found) {
		r->marks_version++;
		shell_redraw(r->shell);
	}
	next_release(r);
}

static void
go_on(struct reading *r)
{
	static const struct reading_sink sink = { .data = on_data,
		.done = on_done };
	struct reading_refind *k = r->refind;
	struct buf args = { 0 };

	wire_put_oid(&args, &k->to);
	k->n_map = 0;
	for (; k->next < k->items.len && args.len < ARGS; k->next++) {
		const struct anchor *at = &k->items.at[k->next].at;

		if (oid_eq(&at->commit, &k->to))
			continue;
		anchor_write(at, &args);
		k->map[k->n_map++] = k->next;
	}
	if (k->n_map > 0)
		k->job =
		    reading_job_start(r, "refind", buf_view(&args), &sink, r);
	else
		tell(r);
	buf_release(&args);
}

/* Of the releases that nobody looked in; nothing when none is wanted. */
static void
next_release(struct reading *r)
{
	struct reading_refind *k = r->refind;
	const struct start *s = r->start;

	while (k->survey && k->release < s->n_releases &&
	    oid_eq(&s->releases[k->release].commit, &k->commit))
		k->release++;
	if (!k->survey || k->release >= s->n_releases)
		return;
	k->to = s->releases[k->release++].commit;
	arena_release(&k->other_arena);
	k->other =
	    arena_array(&k->other_arena, k->items.len, struct hatch_found);
	for (size_t i = 0; i < k->items.len; i++)
		k->other[i] = k->items.at[i];
	k->into = k->other;
	k->next = 0;
	go_on(r);
}

void
reading_refind_survey(struct reading *r)
{
	struct reading_refind *k = r->refind;

	if (k == NULL || k->survey || k->items.len == 0)
		return;
	k->survey = true;
	k->release = 0;
	if (k->job == 0 && k->found != NULL)
		next_release(r);
}

void
reading_refind_start(struct reading *r)
{
	struct reading_refind *k = r->refind;

	if (k == NULL || oid_is_zero(&r->commit) || r->cores == 0)
		return;
	drop_found(r);
	k->commit = r->commit;
	k->found =
	    arena_array(&k->found_arena, k->items.len, struct hatch_found);
	k->map = calloc(k->items.len + 1, sizeof *k->map);
	if (k->map == NULL)
		bug("no memory for anchors");
	for (size_t i = 0; i < k->items.len; i++)
		k->found[i] = k->items.at[i];
	k->to = k->commit;
	k->into = k->found;
	k->release = 0;
	go_on(r);
}

enum err
reading_refind_take(struct reading *r, struct str all)
{
	struct arena a = { 0 };
	struct hatch_founds items;
	enum err rc = hatch_read_founds(&items, &a, all, false);

	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	reading_refind_release(r);
	r->refind = calloc(1, sizeof *r->refind);
	if (r->refind == NULL)
		bug("no memory for anchors");
	r->refind->arena = a;
	r->refind->items = items;
	reading_refind_start(r);
	return ERR_NONE;
}

void
reading_refind_marks(const struct reading *r, const struct oid *blob,
    void (*fn)(void *arg, const struct mark *m), void *arg)
{
	const struct reading_refind *k = r->refind;

	for (size_t i = 0; k != NULL && k->found != NULL && i < k->items.len;
	     i++) {
		const struct hatch_found *f = &k->found[i];
		const struct mark m = { f->glyph, f->at.blob, f->at.path,
			f->at.first, f->at.last };

		if (f->state == REFIND_MOVED && oid_eq(&f->at.blob, blob) &&
		    !str_eq(f->at.path, k->items.at[i].at.path))
			fn(arg, &m);
	}
}
