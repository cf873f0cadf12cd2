#include "tui/reading.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/messages.h"
#include "core/room.h"
#include "core/textstore.h"
#include "tui/moves.h"
#include "tui/reading_inside.h"
#include "tui/reading_patches.h"
#include "tui/reading_symbols.h"
#include "tui/reading_prints.h"

/* Every view that includes tui/reading.h; the names of the other room's. */
#define X(name) extern const struct view view_##name;
#include "views_reading.inc"
#undef X

static const struct view *const views[] = {
#define X(name) &view_##name,
#include "views_reading.inc"
#undef X
};

static const char *const views_over_there[] = {
#define X(name) #name,
#include "views_notes.inc"
#undef X
	NULL,
};

void
reading_end(struct reading *r, enum err rc)
{
	if (r->ended)
		return;
	r->ended = true;
	r->gone(r->gone_arg, rc);
}

/* --- ports ------------------------------------------------------------- */

static enum err
on_job_data(void *arg, struct str body)
{
	struct reading_peer *p = arg;

	return reading_job_data(p->r, p->i, body);
}

static enum err
on_job_progress(void *arg, struct str body)
{
	struct reading_peer *p = arg;

	return reading_job_progress(p->r, p->i, body);
}

static enum err
on_job_done(void *arg, struct str body)
{
	struct reading_peer *p = arg;

	return reading_job_done(p->r, p->i, body);
}

#define ON_SEARCH(name, type)                                       \
	static enum err name(void *arg, struct str body)            \
	{                                                           \
		struct reading_peer *p = arg;                       \
                                                                    \
		return reading_search_take(p->r, p->i, type, body); \
	}
ON_SEARCH(on_hits, MSG_HITS)
ON_SEARCH(on_search_progress, MSG_SEARCH_PROGRESS)
ON_SEARCH(on_search_done, MSG_SEARCH_DONE)
ON_SEARCH(on_search_skip, MSG_SEARCH_SKIP)
ON_SEARCH(on_search_hello, MSG_SEARCH_HELLO)

static void
end_worker(void *arg, enum err rc)
{
	struct reading_peer *p = arg;

	reading_end(p->r, room_left(ROOM_WORKER, rc));
}

static void
end_searcher(void *arg, enum err rc)
{
	struct reading_peer *p = arg;

	reading_end(p->r, room_left(ROOM_SEARCH, rc));
}

static const struct port_row worker_rows[] = {
	{ MSG_JOB_DATA, 4, LIMIT_MESSAGE, on_job_data },
	{ MSG_JOB_PROGRESS, 20, 20, on_job_progress },
	{ MSG_JOB_DONE, 9, LIMIT_MESSAGE, on_job_done },
	{ 0, 0, 0, NULL },
};

static const struct port_row search_rows[] = {
	{ MSG_HITS, 4, LIMIT_MESSAGE, on_hits },
	{ MSG_SEARCH_PROGRESS, 4, 64, on_search_progress },
	{ MSG_SEARCH_DONE, 4, LIMIT_MESSAGE, on_search_done },
	{ MSG_SEARCH_SKIP, 4, 64, on_search_skip },
	{ MSG_SEARCH_HELLO, 1, 4096, on_search_hello },
	{ 0, 0, 0, NULL },
};

static void
open_ports(struct reading *r, const struct reading_wires *w)
{
	if (w->notes >= 0)
		reading_notes_open(r, w->notes);
	r->cores = w->cores;
	reading_deaf_open(r, w);
	for (unsigned i = 0; i < w->cores; i++) {
		r->peers[i] = (struct reading_peer){ r, i };
		r->workers[i].port = port_open(r->loop, w->workers[i],
		    worker_rows, end_worker, &r->peers[i]);
		r->searchers[i] = port_open(r->loop, w->searchers[i],
		    search_rows, end_searcher, &r->peers[i]);
	}
}

/* --- work in slices ---------------------------------------------------- */

static bool
run_slices(void *arg)
{
	struct reading *r = arg;
	struct reading_slot slot;

	if (r->n_slices == 0)
		return false;
	slot = r->slices[r->next_slice++ % r->n_slices];
	if (!slot.fn(slot.arg))
		reading_slice_stop(r, slot.arg);
	return r->n_slices > 0;
}

void
reading_slice(struct reading *r, bool (*fn)(void *arg), void *arg)
{
	reading_slice_stop(r, arg);
	if (r->n_slices == READING_SLICES)
		bug("more than %d slices", READING_SLICES);
	r->slices[r->n_slices++] = (struct reading_slot){ fn, arg };
	loop_idle(r->loop, run_slices, r);
}

void
reading_slice_stop(struct reading *r, void *arg)
{
	for (size_t i = 0; i < r->n_slices; i++)
		if (r->slices[i].arg == arg) {
			r->slices[i] = r->slices[--r->n_slices];
			return;
		}
}

unsigned
reading_after(struct reading *r, unsigned ms, void (*fn)(void *arg), void *arg)
{
	return loop_after(r->loop, ms, fn, arg);
}

void
reading_after_cancel(struct reading *r, unsigned id)
{
	loop_cancel(r->loop, id);
}

bool
reading_quiet(const struct reading *r)
{
	struct reading_job job;

	for (const struct reading_search *s = r->searches; s != NULL; s = NULL)
		if (reading_search_runs(s))
			return false;
	for (unsigned i = 0; i < r->cores; i++)
		if (!r->workers[i].ready)
			return false;
	return r->n_slices == 0 && !reading_job_at(r, 0, &job);
}

bool
reading_handed(struct reading *r)
{
	bool handed = r->handed;

	r->handed = false;
	return handed;
}

void
reading_watch(struct reading *r, bool watched)
{
	r->away = !watched;
	shell_redraw(r->shell);
}

bool
reading_watched(const struct reading *r)
{
	return !r->away;
}

/* --- opening and the rest ---------------------------------------------- */

static void
leave(void *room)
{
	reading_leave(room);
}

static bool
elsewhere(void *room, const char *view, const struct target *t)
{
	struct reading *r = room;

	for (size_t i = 0; views_over_there[i] != NULL; i++)
		if (strcmp(views_over_there[i], view) == 0) {
			reading_open_notes(r, str_of(view),
			    t == NULL ? 0 : t->number, NULL);
			return true;
		}
	return false;
}

static enum err
open_store(struct reading *r)
{
	struct buf path = { 0 };
	enum err rc;

	if (!r->start->session || r->start->text.len == 0)
		return ERR_NONE;
	buf_str(&path, r->start->text);
	buf_str(&path, STR("/store"));
	rc = textstore_open(&r->store, path.at);
	buf_release(&path);
	return rc;
}

static enum err
open_repo(struct reading *r)
{
	const struct start *s = r->start;
	enum err rc = git_repo_open(&r->repo, s->git, true);

	if (rc != ERR_NONE)
		return rc;
	git_graph_open(&r->graph, r->repo);
	if (s->n_releases > 0)
		git_refs_releases(&r->refs, &r->refs_arena, s->releases,
		    s->n_releases);
	else
		rc = git_refs_read(&r->refs, &r->refs_arena, r->repo);
	return rc == ERR_NONE ? open_store(r) : rc;
}

/* A repository without a commit is no failure: the first view says so. */
static enum err
first_revision(struct reading *r)
{
	struct str name = r->start->revision;
	enum err rc = reading_choose(r, name);

	if (rc == ERR_ABSENT && name.len == 0) {
		err_clear();
		return ERR_NONE;
	}
	if (rc == ERR_ABSENT)
		rc = fail(ERR_ABSENT,
		    "%s has no branch, tag or commit '%.*s': without --rev "
		    "it opens, and @ lists what there is",
		    r->start->title.at, name.len > 100 ? 100 : (int)name.len,
		    name.at);
	return rc;
}

enum err
reading_open(struct reading **out, struct loop *l, const struct start *s,
    const struct reading_wires *w, void (*gone)(void *arg, enum err rc),
    void *arg)
{
	struct reading *r = calloc(1, sizeof *r);
	enum err rc;

	if (r == NULL)
		bug("no memory for the reading room");
	r->loop = l;
	r->start = s;
	r->gone = gone;
	r->gone_arg = arg;
	r->room = (struct shell_room){
		.room = r,
		.views = views,
		.n_views = sizeof views / sizeof views[0],
		.loop = l,
		.commands = reading_commands,
		.leave = leave,
		.elsewhere = elsewhere,
		.mark = reading_notes_mark,
	};
	rc = open_repo(r);
	r->shell = shell_make(&r->room);
	if (rc == ERR_NONE)
		rc = first_revision(r);
	if (rc != ERR_NONE) {
		reading_close(r);
		return rc;
	}
	open_ports(r, w);
	if (s->query.len == 0)
		shell_open(r->shell, "start", &(struct target){ 0 });
	*out = r;
	return ERR_NONE;
}

void
reading_close(struct reading *r)
{
	if (r == NULL)
		return;
	shell_free(r->shell);
	reading_callers_release(r);
	reading_list_release(r);
	reading_refind_release(r);
	reading_cover_release(r);
	reading_survey_release(r);
	reading_others_release(r);
	buf_release(&r->anchor_pieces);
	buf_release(&r->list_pieces);
	while (r->searches != NULL)
		reading_search_close(r->searches);
	reading_files_release(r);
	reading_tray_release(r);
	moves_release(r);
	reading_job_release(r);
	port_close(r->notes);
	for (unsigned i = 0; i < r->cores; i++) {
		port_close(r->workers[i].port);
		port_close(r->searchers[i]);
		buf_release(&r->hello[i]);
	}
	reading_symbols_release(r);
	reading_patches_release(r);
	textstore_close(r->store);
	git_graph_close(r->graph);
	git_repo_close(r->repo);
	arena_release(&r->refs_arena);
	arena_release(&r->marks_arena);
	buf_release(&r->marks_pieces);
	buf_release(&r->revision);
	buf_release(&r->proof);
	free(r);
}

struct shell *
reading_shell(struct reading *r)
{
	return r->shell;
}

void
reading_set_proof(struct reading *r, struct str text)
{
	buf_clear(&r->proof);
	buf_str(&r->proof, text);
	shell_redraw(r->shell);
}

struct str
reading_proof(const struct reading *r)
{
	return buf_view(&r->proof);
}

const struct start *
reading_start(const struct reading *r)
{
	return r->start;
}

struct git_repo *
reading_repo(struct reading *r)
{
	return r->repo;
}

struct git_graph *
reading_graph(struct reading *r)
{
	return r->graph;
}

const struct refs *
reading_refs(struct reading *r)
{
	return &r->refs;
}
