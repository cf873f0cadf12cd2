#include "tui/reading_search.h"

#include <stdlib.h>
#include <string.h>

#include "core/job_feed.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/textstore.h"
#include "tui/reading_inside.h"

enum state {
	STATE_FILES,  /* waits for the lists of files */
	STATE_WORKER, /* waits for a worker without work */
	STATE_RUNNING,
	STATE_DONE,
};

/* What a worker sends to a searcher; outlives the search when that closes
 * while the worker has not said that it ended. */
struct feed {
	struct feed *next;
	struct reading_search *s; /* NULL: closed meanwhile */
	unsigned i;
	uint32_t job, id;
};

struct reading_search {
	struct reading_search *next;
	struct reading *r;
	struct arena arena;
	struct query query;
	struct search_release *releases;
	uint32_t n_releases, listed;
	struct search_file *files;
	size_t n_files, room;
	struct search_drive *drive;
	enum state state;
	unsigned map[ROOM_CORES_MAX], n; /* searcher i of the drive */
	bool waits[ROOM_CORES_MAX];      /* for it to end an older search */
	struct feed *feeds;
	struct search_event last;
	void (*event)(void *arg, const struct search_event *e);
	void *arg;
	size_t shown; /* hit for "]h" */
	unsigned tick, silence;
};

enum { TICK_MS = 1000, SILENCE_TOLD = 3 };

static void
forget_feed(struct feed *f)
{
	struct feed **at;

	if (f->s != NULL) {
		for (at = &f->s->feeds; *at != f; at = &(*at)->next)
			;
		*at = f->next;
	}
	free(f);
}

static enum search_skip
skip_of(enum err rc)
{
	switch (rc) {
	case ERR_ABSENT:
		return SEARCH_SKIP_ABSENT;
	case ERR_LIMIT:
		return SEARCH_SKIP_SIZE;
	default:
		return SEARCH_SKIP_DAMAGED;
	}
}

static void
feed_data(void *arg, struct str body)
{
	struct feed *f = arg;
	struct wire w = wire_of(body);
	struct feed_row row;

	while (job_feed_read_row(&row, &w))
		if (row.kind == FEED_ROW_SKIPPED && f->s != NULL)
			search_drive_unfed(f->s->drive, f->i, f->job, row.index,
			    skip_of(row.rc));
}

static void
feed_done(void *arg, enum err rc, struct str text)
{
	struct feed *f = arg;
	struct reading_search *s = f->s;
	unsigned i = f->i;
	uint32_t job = f->job;

	(void)text;
	forget_feed(f);
	if (s != NULL && s->drive != NULL)
		search_drive_fed(s->drive, i, job, rc);
}

static void
op_send(void *arg, unsigned i, uint16_t type, struct str body)
{
	struct reading_search *s = arg;

	port_send(s->r->searchers[s->map[i]], type, body);
	if (type == MSG_SEARCH)
		s->r->owing[s->map[i]] = true;
	if (type == MSG_SEARCH_CANCEL)
		reading_deaf_wait(s->r, ROOM_SEARCH, s->map[i]);
}

static void
op_feed(void *arg, unsigned i, uint32_t job, const struct oid *blobs,
    uint32_t n)
{
	static const struct reading_sink sink = {
		.data = feed_data,
		.done = feed_done,
		.always = true,
	};
	struct reading_search *s = arg;
	struct feed *f = calloc(1, sizeof *f);
	struct oid *ids = arena_array(&s->arena, n, struct oid);
	struct feed_args args = {
		.job = job,
		.slices = 1,
		.what = FEED_BLOBS,
		.ids = ids,
		.n = n,
	};
	struct buf b = { 0 };

	if (f == NULL)
		bug("no memory for a feed");
	memcpy(ids, blobs, n * sizeof *ids);
	*f = (struct feed){ s->feeds, s, i, job, 0 };
	s->feeds = f;
	job_feed_args(&b, &args);
	f->id = reading_job_on(s->r, s->map[i], "feed", buf_view(&b), &sink, f);
	buf_release(&b);
}

static void
op_feed_cancel(void *arg, unsigned i, uint32_t job)
{
	struct reading_search *s = arg;

	for (struct feed *f = s->feeds; f != NULL; f = f->next)
		if (f->i == i && f->job == job) {
			reading_job_cancel(s->r, f->id);
			return;
		}
}

static void
tick(void *arg)
{
	struct reading_search *s = arg;

	s->tick = 0;
	s->silence = search_drive_tick(s->drive);
	if (s->state != STATE_RUNNING)
		return;
	s->tick = reading_after(s->r, TICK_MS, tick, s);
	if (s->silence >= SILENCE_TOLD)
		shell_redraw(s->r->shell);
}

static void
end_search(struct reading_search *s)
{
	reading_after_cancel(s->r, s->tick);
	if (s->state == STATE_RUNNING && s->r->store == NULL)
		for (unsigned i = 0; i < s->n; i++)
			reading_job_give(s->r, s->map[i]);
	s->state = STATE_DONE;
}

static void
op_event(void *arg, const struct search_event *e)
{
	struct reading_search *s = arg;

	s->last = *e;
	s->last.text = arena_copy(&s->arena, e->text);
	if (e->last) {
		const struct search_certificate *c =
		    search_drive_certificate(e->drive);

		end_search(s);
		if (c != NULL)
			reading_certificate(s->r, c);
	}
	if (s->event != NULL)
		s->event(s->arg, &s->last);
	shell_redraw(s->r->shell);
}

static const struct search_ops ops = {
	.send = op_send,
	.feed = op_feed,
	.feed_cancel = op_feed_cancel,
	.event = op_event,
};

static void
say_failed(struct reading_search *s, enum err rc)
{
	end_search(s);
	s->last.last = true;
	s->last.rc = rc;
	s->last.text = arena_copy(&s->arena, str_of(err_text()));
	shell_error(s->r->shell, rc);
	if (s->event != NULL)
		s->event(s->arg, &s->last);
}

static enum err
start_drive(struct reading_search *s)
{
	struct reading *r = s->r;

	s->drive = search_drive_open(&ops, s, s->n);
	s->state = STATE_RUNNING;
	s->tick = reading_after(r, TICK_MS, tick, s);
	for (unsigned i = 0; i < s->n; i++) {
		struct str hello = buf_view(&r->hello[s->map[i]]);
		enum err rc = ERR_NONE;

		s->waits[i] = r->owing[s->map[i]];
		if (hello.len > 0 && !s->waits[i])
			rc = search_drive_take(s->drive, i, MSG_SEARCH_HELLO,
			    hello);
		if (rc != ERR_NONE)
			return rc;
	}
	if (r->store != NULL)
		return search_drive_start_store(s->drive, &s->query, r->store);
	return search_drive_start(s->drive, &s->query, s->releases,
	    s->n_releases, s->files, s->n_files);
}

static void
begin(struct reading_search *s)
{
	enum err rc;

	s->n = 0;
	if (s->r->store == NULL && reading_history_yield_any(s->r))
		return; /* begins when that worker is free */
	for (unsigned i = 0; i < s->r->cores; i++)
		if (s->r->store != NULL || reading_job_take(s->r, i))
			s->map[s->n++] = i;
	if (s->n == 0)
		return;
	rc = start_drive(s);
	free(s->files);
	s->files = NULL;
	if (rc != ERR_NONE)
		say_failed(s, rc);
}

static void
copy_files(struct reading_search *s, const struct reading_files *f)
{
	s->files =
	    realloc(s->files, (s->n_files + f->len + 1) * sizeof *s->files);
	if (s->files == NULL)
		bug("no memory for %zu files", f->len);
	for (size_t i = 0; i < f->len; i++) {
		if (f->at[i].kind == TREE_MODULE)
			continue;
		s->files[s->n_files++] = (struct search_file){
			.path = arena_copy(&s->arena, f->at[i].path),
			.blob = f->at[i].blob,
			.release = s->listed,
		};
	}
}

/* A part of the files that cannot be listed cannot be searched either, and
 * no certificate may say otherwise: the search ends with that. */
static void
list_files(struct reading_search *s)
{
	while (s->listed < s->n_releases) {
		const struct reading_files *f =
		    reading_files_of(s->r, &s->releases[s->listed].commit);

		if (!f->done)
			return;
		if (f->rc != ERR_NONE || f->troubles > 0) {
			enum err rc = f->rc == ERR_NONE ? ERR_ABSENT : f->rc;

			say_failed(s,
			    fail(rc,
				"not searched: %u folders of this revision "
				"cannot be read",
				f->troubles));
			return;
		}
		copy_files(s, f);
		s->listed++;
	}
	s->state = STATE_WORKER;
}

static void
go_on(struct reading_search *s)
{
	if (s->state == STATE_FILES)
		list_files(s);
	if (s->state == STATE_WORKER)
		begin(s);
}

void
reading_search_idle(struct reading *r)
{
	for (struct reading_search *s = r->searches; s != NULL; s = s->next)
		go_on(s);
}

static void
copy_query(struct reading_search *s, const struct query *q)
{
	struct str *globs = arena_array(&s->arena, q->n_globs, struct str);
	struct str *names = arena_array(&s->arena, q->n_releases, struct str);

	s->query = *q;
	s->query.pattern = arena_copy(&s->arena, q->pattern);
	for (uint32_t i = 0; i < q->n_globs; i++)
		globs[i] = arena_copy(&s->arena, q->globs[i]);
	for (uint32_t i = 0; i < q->n_releases; i++)
		names[i] = arena_copy(&s->arena, q->releases[i]);
	s->query.globs = globs;
	s->query.releases = names;
}

static enum err
name_releases(struct reading_search *s, const struct oid *commits, uint32_t n)
{
	struct buf name = { 0 };

	s->releases = arena_array(&s->arena, n, struct search_release);
	s->n_releases = n;
	for (uint32_t i = 0; i < n; i++) {
		enum err rc;

		buf_clear(&name);
		reading_name(s->r, &commits[i], &name);
		s->releases[i].name = arena_copy(&s->arena, buf_view(&name));
		s->releases[i].commit = commits[i];
		rc = git_tree_of(&s->releases[i].tree, s->r->repo, &commits[i]);
		if (rc != ERR_NONE) {
			buf_release(&name);
			return rc;
		}
	}
	buf_release(&name);
	return ERR_NONE;
}

enum err
reading_search_open(struct reading_search **out, struct reading *r,
    const struct query *q, const struct oid *commits, uint32_t n_commits,
    void (*event)(void *arg, const struct search_event *e), void *arg)
{
	struct reading_search *s;
	enum err rc;

	if (r->cores == 0)
		return fail(ERR_DENIED, "no searcher room is running");
	for (s = r->searches; s != NULL; s = s->next)
		reading_search_stop(s);
	s = calloc(1, sizeof *s);
	if (s == NULL)
		bug("no memory for a search");
	s->r = r;
	s->shown = SIZE_MAX;
	copy_query(s, q);
	rc = name_releases(s, commits, n_commits);
	if (rc != ERR_NONE) {
		arena_release(&s->arena);
		free(s);
		return rc;
	}
	s->state = r->store != NULL ? STATE_WORKER : STATE_FILES;
	s->next = r->searches;
	r->searches = s;
	*out = s;
	/* What happens at once is no event: see reading_search_last(). */
	go_on(s);
	s->event = event;
	s->arg = arg;
	return ERR_NONE;
}

void
reading_search_stop(struct reading_search *s)
{
	if (s->state == STATE_RUNNING) {
		search_drive_cancel(s->drive);
	} else if (s->state != STATE_DONE) {
		s->state = STATE_DONE;
		s->last.last = true;
		s->last.rc = ERR_STOPPED;
		s->last.text = STR("stopped before anything was searched");
	}
}

void
reading_search_close(struct reading_search *s)
{
	struct reading_search **at;

	if (s == NULL)
		return;
	s->event = NULL;
	reading_search_stop(s);
	for (struct feed *f = s->feeds; f != NULL; f = f->next)
		f->s = NULL;
	for (at = &s->r->searches; *at != s; at = &(*at)->next)
		;
	*at = s->next;
	search_drive_close(s->drive);
	free(s->files);
	arena_release(&s->arena);
	free(s);
}

bool
reading_search_runs(const struct reading_search *s)
{
	return s->state != STATE_DONE;
}

struct search_drive *
reading_search_drive(const struct reading_search *s)
{
	return s->drive;
}

struct search_event
reading_search_last(const struct reading_search *s)
{
	return s->last;
}

struct oid
reading_search_commit(const struct reading_search *s, uint32_t i)
{
	if (s->r->store != NULL)
		return textstore_release(s->r->store, i).commit;
	return s->releases[i].commit;
}

struct str
reading_search_name(const struct reading_search *s, uint32_t i)
{
	if (s->r->store != NULL)
		return textstore_release(s->r->store, i).name;
	return s->releases[i].name;
}

uint32_t
reading_search_releases(const struct reading_search *s)
{
	if (s->r->store == NULL)
		return s->n_releases;
	return s->query.n_releases > 0 ? s->query.n_releases :
					 textstore_releases(s->r->store);
}

const struct search_file *
reading_search_place(const struct reading_search *s, const struct search_hit *h,
    uint32_t *n)
{
	const struct search_file *f = search_drive_files(s->drive, h->blob, n);

	for (uint32_t i = 0; i < *n; i++) {
		struct oid commit = reading_search_commit(s, f[i].release);

		if (oid_eq(&commit, &s->r->commit))
			return &f[i];
	}
	return f;
}

static void
size_text(uint64_t bytes, struct buf *b)
{
	if (bytes < 1024 * 1024)
		buf_printf(b, "%.1fkB", (double)bytes / 1024);
	else
		buf_printf(b, "%.1fMB", (double)bytes / (1024 * 1024));
}

void
reading_search_line(const struct reading_search *s, struct buf *b)
{
	const struct search_certificate *c;

	if (s->state == STATE_FILES) {
		buf_str(b, STR("listing the files of the revision"));
		return;
	}
	if (s->state == STATE_WORKER) {
		buf_str(b, STR("waits for a worker: see :jobs"));
		return;
	}
	c = s->drive == NULL ? NULL : search_drive_certificate(s->drive);
	if (s->state == STATE_DONE && c != NULL) {
		search_certificate_line(c, b);
		return;
	}
	if (s->state == STATE_DONE) {
		buf_str(b, STR("PARTIAL: "));
		buf_str(b, s->last.text);
		return;
	}
	buf_printf(b, "searching %u/%u blobs ", s->last.blobs_done,
	    s->last.blobs);
	size_text(s->last.bytes_done, b);
	buf_printf(b, " %u%%  Esc stops",
	    s->last.blobs == 0 ?
		0 :
		(unsigned)((uint64_t)s->last.blobs_done * 100 / s->last.blobs));
	if (s->silence >= SILENCE_TOLD)
		buf_printf(b, "  no searcher has answered for %u s",
		    s->silence);
}

struct reading_search *
reading_search_current(struct reading *r, size_t **at)
{
	if (r->searches == NULL)
		return NULL;
	*at = &r->searches->shown;
	return r->searches;
}

/*
 * One that still ends an older search is there for this one when it has said
 * so; if it dies of the old one, that is not held against a file of this one.
 */
static enum err
take(struct reading_search *s, unsigned i, uint16_t type, struct str body)
{
	if (s->waits[i]) {
		if (type != MSG_SEARCH_DONE && type != MSG_SEARCH_HELLO)
			return ERR_NONE;
		s->waits[i] = false;
		type = MSG_SEARCH_HELLO;
		body = buf_view(&s->r->hello[s->map[i]]);
	}
	return search_drive_take(s->drive, i, type, body);
}

enum err
reading_search_take(struct reading *r, unsigned searcher, uint16_t type,
    struct str body)
{
	if (type == MSG_SEARCH_HELLO || type == MSG_SEARCH_DONE) {
		reading_deaf_heard(r, ROOM_SEARCH, searcher);
		r->owing[searcher] = false;
	}
	if (type == MSG_SEARCH_HELLO) {
		buf_clear(&r->hello[searcher]);
		buf_str(&r->hello[searcher], body);
	}
	for (struct reading_search *s = r->searches; s != NULL; s = s->next) {
		if (s->state != STATE_RUNNING)
			continue;
		for (unsigned i = 0; i < s->n; i++)
			if (s->map[i] == searcher)
				return take(s, i, type, body);
	}
	return ERR_NONE;
}
