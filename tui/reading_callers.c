#include "tui/reading_callers.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

#include "tui/query_line.h"
#include "tui/reading_inside.h"
#include "tui/uses.h"

struct reading_callers {
	struct reading *r;
	struct arena arena;
	struct str name;
	struct anchor at;
	struct query query;
	struct reading_search *search;
	struct uses uses;
	size_t judged;
	uint32_t *calls; /* hits */
	size_t n, room;
};

void
reading_callers_release(struct reading *r)
{
	struct reading_callers *k = r->callers;

	if (k == NULL)
		return;
	reading_slice_stop(r, k);
	reading_search_close(k->search);
	uses_release(&k->uses);
	arena_release(&k->arena);
	free(k->calls);
	free(k);
	r->callers = NULL;
}

static void
add_call(struct reading_callers *k, size_t hit)
{
	k->calls = array_more(k->calls, k->n, &k->room, sizeof *k->calls);
	k->calls[k->n++] = (uint32_t)hit;
}

/* A file that cannot be read may call it: somebody must look. */
static void
judge(struct reading_callers *k, size_t hit)
{
	const struct search_hit *h =
	    search_drive_hit(reading_search_drive(k->search), hit);
	uint32_t n;
	const struct search_file *f = reading_search_place(k->search, h, &n);
	enum uses_kind kind = uses_look(&k->uses, k->r->repo, &f->blob, f->path,
	    h->line, k->name);

	if (kind == USES_CALL || kind == USES_UNREAD)
		add_call(k, hit);
}

static void
finish(struct reading_callers *k)
{
	struct reading *r = k->r;
	struct buf title = { 0 };

	if (k->n == 0) {
		reading_compose(r, HATCH_ASSUMPTION, &k->at);
		shell_message(r->shell,
		    "no call of %.*s was found: it rests on no worklist",
		    STR_ARG(k->name));
		return;
	}
	query_line_write(&k->query, &title);
	reading_list_make(r, k->search, k->calls, k->n, buf_view(&title), 0);
	reading_list_assume(r, &k->at);
	buf_release(&title);
}

static bool
judge_on(void *arg)
{
	enum { SLICE = 32 };
	struct reading_callers *k = arg;
	size_t found = reading_search_last(k->search).hits;

	for (int i = 0; i < SLICE && k->judged < found; i++)
		judge(k, k->judged++);
	if (k->judged < found)
		return true;
	if (!reading_search_runs(k->search))
		finish(k);
	return false;
}

static void
on_event(void *arg, const struct search_event *e)
{
	struct reading_callers *k = arg;
	struct shell *s = k->r->shell;

	if (e->last && e->rc != ERR_NONE) {
		shell_say(s, ROLE_ERROR,
		    e->text.len > 0 ? e->text :
				      STR("the search for callers was "
					  "stopped: nothing is assumed"));
		reading_slice_stop(k->r, k);
		return;
	}
	if (!e->last)
		shell_message(s, "callers of %.*s: %u/%u files searched",
		    STR_ARG(k->name), e->blobs_done, e->blobs);
	reading_slice(k->r, judge_on, k);
}

/* In a session the release that the commit is. */
static void
choose_release(struct reading_callers *k, const struct oid *commit)
{
	const struct refs *refs = reading_refs(k->r);
	struct str *name;

	for (size_t i = 0; i < refs->len; i++) {
		const struct ref *ref = &refs->at[i];

		if (!reading_start(k->r)->session || ref->kind != REF_RELEASE ||
		    !oid_eq(&ref->commit, commit))
			continue;
		name = arena_array(&k->arena, 1, struct str);
		*name = arena_copy(&k->arena, ref->brief);
		k->query.releases = name;
		k->query.n_releases = 1;
	}
}

void
reading_callers_assume(struct reading *r, const struct oid *commit,
    struct str name, const struct anchor *at)
{
	struct reading_callers *k;
	enum err rc;

	reading_callers_release(r);
	k = r->callers = calloc(1, sizeof *k);
	if (k == NULL)
		bug("no memory for callers");
	k->r = r;
	k->name = arena_copy(&k->arena, name);
	k->at = *at;
	k->at.path = arena_copy(&k->arena, at->path);
	rc = query_line_read(&k->query, &k->arena,
	    arena_printf(&k->arena, "-F -w -- %.*s", STR_ARG(k->name)));
	if (rc == ERR_NONE) {
		choose_release(k, commit);
		rc = reading_search_open(&k->search, r, &k->query, commit, 1,
		    on_event, k);
	}
	if (rc != ERR_NONE)
		shell_error(r->shell, rc);
	else if (!reading_search_runs(k->search)) {
		struct search_event e = reading_search_last(k->search);

		on_event(k, &e);
	}
}
