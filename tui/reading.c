#include "tui/reading.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_rev.h"
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

/* --- the notes room ---------------------------------------------------- */

static void
send_notes(struct reading *r, uint16_t type, struct buf *body)
{
	if (r->notes != NULL) {
		port_send(r->notes, type, buf_view(body));
		r->handed |= type != MSG_SEEN && type != MSG_CERTIFICATE;
	} else
		shell_message(r->shell, "there is no notes room here");
	buf_release(body);
}

void
reading_compose(struct reading *r, enum hatch_what what,
    const struct anchor *an)
{
	struct hatch_compose c = { what, *an, 0 };
	struct buf b = { 0 };

	hatch_write_compose(&b, &c);
	reading_prints_want(r);
	send_notes(r, MSG_COMPOSE, &b);
}

void
reading_open_notes(struct reading *r, struct str view, uint64_t number,
    const struct anchor *an)
{
	struct hatch_open o = { .view = view, .number = number };
	struct buf b = { 0 };

	if (an != NULL)
		o.at = *an;
	hatch_write_open(&b, &o);
	reading_prints_want(r);
	send_notes(r, MSG_OPEN_VIEW, &b);
}

void
reading_seen(struct reading *r, const struct anchor *an)
{
	struct buf b = { 0 };

	if (r->notes == NULL)
		return;
	anchor_write(an, &b);
	send_notes(r, MSG_SEEN, &b);
}

void
reading_reviewed(struct reading *r, const struct anchor *an, bool is)
{
	struct hatch_reviewed v = { is, *an };
	struct buf b = { 0 };

	hatch_write_reviewed(&b, &v);
	send_notes(r, MSG_REVIEWED, &b);
}

void
reading_certificate(struct reading *r, const struct search_certificate *c)
{
	struct buf b = { 0 };

	if (r->notes == NULL)
		return;
	search_certificate_write(c, &b);
	hatch_send(r->notes, MSG_CERTIFICATE, buf_view(&b));
	buf_release(&b);
}

void
reading_undo(struct reading *r, bool redo)
{
	struct buf b = { 0 };

	wire_put_u8(&b, redo);
	send_notes(r, MSG_UNDO, &b);
}

void
reading_leave(struct reading *r)
{
	if (r->notes == NULL)
		reading_end(r, ERR_NONE);
	else {
		port_send(r->notes, MSG_LEAVE, STR(""));
		r->handed = true;
	}
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

static enum err
on_marks(void *arg, struct str body)
{
	struct reading *r = arg;
	struct hatch_marks got;
	struct arena a = { 0 };
	bool whole;
	enum err rc = hatch_take(&r->marks_pieces, &whole, body);

	if (rc != ERR_NONE || !whole)
		return rc;
	rc = hatch_read_marks(&got, &a, buf_view(&r->marks_pieces));
	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	arena_release(&r->marks_arena);
	r->marks_arena = a;
	r->marks = got;
	r->marks_version++;
	buf_clear(&r->marks_pieces);
	shell_redraw(r->shell);
	return ERR_NONE;
}

/* What an anchor says, and no more: a place without a text. */
static const char *
keep_mark(void *room, uint32_t letter, const struct view *v,
    const struct target *t)
{
	struct reading *r = room;
	struct hatch_place place = { .letter = (uint8_t)letter };
	struct buf b = { 0 };

	if (r->notes == NULL)
		return "there is no record here";
	if (t == NULL)
		return NULL;
	if (t->text.len > 0 || t->path2.len > 0 || t->path.len > LIMIT_PATH ||
	    !oid_is_zero(&t->commit2))
		return "the record keeps places in files and folders";
	place.view = str_of(v->name);
	place.at = (struct anchor){ .commit = t->commit,
		.blob = t->blob,
		.path = t->path,
		.first = t->line,
		.last = t->line };
	hatch_write_place(&b, &place);
	port_send(r->notes, MSG_PLACE, buf_view(&b));
	buf_release(&b);
	return NULL;
}

static enum err
on_place(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct hatch_place p;
	enum err rc = hatch_read_place(&p, &a, body);

	if (rc == ERR_NONE)
		shell_mark(r->shell, p.letter, p.view,
		    &(struct target){ .commit = p.at.commit,
			.blob = p.at.blob,
			.path = p.at.path,
			.line = p.at.first });
	arena_release(&a);
	return rc;
}

static enum err
on_goto(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct anchor an;
	enum err rc = hatch_read_anchor(&an, &a, body);

	if (rc == ERR_NONE) {
		struct target t = {
			.commit = an.commit,
			.blob = an.blob,
			.path = an.path,
			.line = an.first,
			.last = an.last,
		};

		shell_open(r->shell, an.path.len > 0 ? "file" : "tree", &t);
		shell_wake(r->shell);
	}
	arena_release(&a);
	return rc;
}

static enum err
on_list(void *arg, struct str body)
{
	struct reading *r = arg;
	bool whole;
	enum err rc = hatch_take(&r->list_pieces, &whole, body);

	if (rc == ERR_NONE && whole) {
		rc = reading_list_take(r, buf_view(&r->list_pieces));
		buf_release(&r->list_pieces);
	}
	return rc;
}

static enum err
on_anchors(void *arg, struct str body)
{
	struct reading *r = arg;
	bool whole;
	enum err rc = hatch_take(&r->anchor_pieces, &whole, body);

	if (rc == ERR_NONE && whole) {
		rc = reading_refind_take(r, buf_view(&r->anchor_pieces));
		buf_release(&r->anchor_pieces);
	}
	return rc;
}

static enum err
on_survey(void *arg, struct str body)
{
	(void)body;
	reading_survey_start(arg);
	return ERR_NONE;
}

static enum err
on_verdicts(void *arg, struct str body)
{
	return reading_list_said(arg, body);
}

static enum err
on_news(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct str line;
	enum err rc = hatch_read_news(&line, &a, body);

	if (rc == ERR_NONE)
		shell_say(r->shell, ROLE_TEXT, line);
	arena_release(&a);
	return rc;
}

void
reading_marks(const struct reading *r, const struct oid *blob, struct str path,
    void (*fn)(void *arg, const struct mark *m), void *arg)
{
	for (size_t i = 0; i < r->marks.len; i++) {
		const struct mark *m = &r->marks.at[i];

		if (oid_eq(&m->blob, blob) || str_eq(m->path, path))
			fn(arg, m);
	}
	reading_refind_marks(r, blob, fn, arg);
}

uint32_t
reading_marks_version(const struct reading *r)
{
	return r->marks_version;
}

static void
end_notes(void *arg, enum err rc)
{
	reading_end(arg, room_left(ROOM_NOTES, rc));
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

static const struct port_row notes_rows[] = {
	{ MSG_MARKS, 1, 1 + HATCH_PIECE, on_marks },
	{ MSG_GOTO, 1, HATCH_ANCHOR_MAX, on_goto },
	{ MSG_NEWS, 4, 4 + HATCH_NEWS_MAX, on_news },
	{ MSG_LIST, 1, 1 + HATCH_PIECE, on_list },
	{ MSG_VERDICTS, 14, 14 + 8 * HATCH_SPANS, on_verdicts },
	{ MSG_ANCHORS, 1, 1 + HATCH_PIECE, on_anchors },
	{ MSG_SURVEY, 0, 0, on_survey },
	{ MSG_PLACE, 1, HATCH_VIEW_MAX + HATCH_ANCHOR_MAX, on_place },
	{ MSG_PRESS, 32, LIMIT_MESSAGE, reading_prints_press },
	{ MSG_OTHERS, 1, 1 + HATCH_PIECE, reading_others_piece },
	{ 0, 0, 0, NULL },
};

static void
open_ports(struct reading *r, const struct reading_wires *w)
{
	if (w->notes >= 0)
		r->notes =
		    port_open(r->loop, w->notes, notes_rows, end_notes, r);
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

/* --- the revision ------------------------------------------------------ */

enum err
reading_resolve(struct oid *out, struct reading *r, struct str name)
{
	enum err rc = git_rev_commit(out, r->repo, &r->refs, name);

	/* A tag that somebody asked for is shown by its name from now on. */
	for (size_t i = 0; rc == ERR_NONE && i < r->refs.len; i++)
		if (str_eq(r->refs.at[i].brief, name))
			git_refs_peel(&r->refs.at[i], r->repo);
	return rc;
}

static void
set_revision(struct reading *r, const struct oid *commit, struct str name)
{
	r->commit = *commit;
	buf_clear(&r->revision);
	buf_str(&r->revision, name);
	reading_refind_start(r);
	shell_redraw(r->shell);
}

enum err
reading_choose(struct reading *r, struct str name)
{
	struct buf copy = { 0 };
	struct oid commit;
	enum err rc = reading_resolve(&commit, r, name);

	if (rc == ERR_NONE) {
		buf_str(&copy, name.len == 0 ? STR("HEAD") : name);
		set_revision(r, &commit, buf_view(&copy));
		reading_prints_chosen(r);
		buf_release(&copy);
	}
	return rc;
}

/* Tags and releases before branches; only names known to be this commit's
 * count, so that no title costs a read of the repository. */
static const struct ref *
best_name(struct reading *r, const struct oid *commit)
{
	const struct ref *best = NULL;

	for (size_t i = 0; i < r->refs.len; i++) {
		struct ref *ref = &r->refs.at[i];

		if (ref->kind == REF_OTHER ||
		    !git_refs_names(ref, r->repo, commit))
			continue;
		if (best == NULL || ref->kind == REF_RELEASE ||
		    (ref->kind == REF_TAG && best->kind != REF_RELEASE))
			best = ref;
		if (best->kind == REF_RELEASE)
			break;
	}
	return best;
}

void
reading_refs_of(struct reading *r, const struct oid *commit, struct buf *b)
{
	size_t from = b->len;

	for (size_t i = 0; i < r->refs.len; i++) {
		struct ref *ref = &r->refs.at[i];

		if (ref->kind == REF_OTHER ||
		    !git_refs_names(ref, r->repo, commit))
			continue;
		if (b->len > from)
			buf_str(b, STR(", "));
		buf_str(b, ref->brief);
	}
}

void
reading_name(struct reading *r, const struct oid *commit, struct buf *b)
{
	const struct ref *ref = best_name(r, commit);

	if (ref != NULL && ref->kind != REF_BRANCH && ref->kind != REF_REMOTE)
		buf_str(b, ref->brief);
	else
		buf_hex(b, commit->id, 5);
}

void
reading_title(struct reading *r, const struct oid *commit, struct buf *b)
{
	buf_str(b, r->start->title);
	buf_char(b, '@');
	reading_name(r, commit, b);
}

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
		.mark = keep_mark,
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

struct oid
reading_commit(const struct reading *r)
{
	return r->commit;
}

struct str
reading_revision(const struct reading *r)
{
	return buf_view(&r->revision);
}
