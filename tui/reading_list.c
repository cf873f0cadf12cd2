#include "tui/reading_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "tui/looks.h"
#include "tui/query_line.h"
#include "tui/reading_inside.h"
#include "tui/reading_prints.h"

/* What is being made. */
struct making {
	struct reading *r;
	struct arena arena;
	struct hitlist l;
	struct hitlist_file *files;
	uint32_t at; /* hit that is looked up next */
};

/* The list that is shown, and its search when that is run again. */
struct reading_list {
	struct arena arena, texts;
	struct hitlist l;
	struct str *text; /* of each hit; .at NULL: not looked up yet */
	uint32_t version;
	size_t shown;
	bool steps;
	struct reading_search *again;
	struct arena again_arena;
	struct str again_title; /* the search, in that release */
	uint64_t again_of;
	struct making *making;
	bool assumes; /* what is made is what an assumption rests on */
	struct arena assumes_arena;
	struct anchor assumes_at;
};

static struct reading_list *
list_of(struct reading *r)
{
	if (r->list != NULL)
		return r->list;
	r->list = calloc(1, sizeof *r->list);
	if (r->list == NULL)
		bug("no memory for worklists");
	r->list->shown = SIZE_MAX;
	return r->list;
}

static void
drop_making(struct reading_list *k)
{
	if (k->making == NULL)
		return;
	reading_slice_stop(k->making->r, k->making);
	arena_release(&k->making->arena);
	free(k->making);
	k->making = NULL;
}

void
reading_list_release(struct reading *r)
{
	struct reading_list *k = r->list;

	if (k == NULL)
		return;
	drop_making(k);
	reading_search_close(k->again);
	arena_release(&k->again_arena);
	arena_release(&k->texts);
	arena_release(&k->arena);
	arena_release(&k->assumes_arena);
	free(k);
	r->list = NULL;
}

void
reading_list_assume(struct reading *r, const struct anchor *at)
{
	struct reading_list *k = list_of(r);

	arena_clear(&k->assumes_arena);
	k->assumes_at = *at;
	k->assumes_at.path = arena_copy(&k->assumes_arena, at->path);
	k->assumes = k->making != NULL;
}

/* Making one. */

static struct str
line_of(struct str bytes, uint32_t line)
{
	struct str s = anchor_region(bytes, line, line);

	if (s.len > 0 && s.at[s.len - 1] == '\n')
		s.len--;
	return s;
}

static void
send(struct reading *r, struct making *m)
{
	struct buf b = { 0 };

	hitlist_write(&m->l, &b);
	if (r->notes == NULL)
		shell_message(r->shell, "there is no notes room here");
	else
		hatch_send(r->notes, MSG_LIST, buf_view(&b));
	r->handed |= r->notes != NULL;
	buf_release(&b);
}

/* The hits of one file at a time. */
static bool
hash_on(void *arg)
{
	struct making *m = arg;
	struct reading *r = m->r;
	struct git_bytes bytes = { 0 };
	uint32_t file = m->at < m->l.n_hits ? m->l.hits[m->at].file : 0;
	enum err rc = ERR_NONE;

	if (m->at < m->l.n_hits)
		rc = git_blob_read(&bytes, r->repo, &m->files[file].blob);
	if (rc != ERR_NONE)
		err_clear();
	for (; m->at < m->l.n_hits && m->l.hits[m->at].file == file; m->at++) {
		struct hitlist_hit *h = &m->l.hits[m->at];

		h->hash = hitlist_hash(line_of(bytes.bytes, h->line));
		h->context = hitlist_context(bytes.bytes, h->line);
	}
	git_repo_drop(&bytes);
	if (m->at < m->l.n_hits) {
		shell_message(r->shell, "worklist: %u/%u lines", m->at,
		    m->l.n_hits);
		return true;
	}
	send(r, m);
	/* Not from inside its own slice: the memory goes with the next one. */
	return false;
}

static void
add_hit(struct making *m, const struct reading_search *s,
    const struct search_hit *h)
{
	uint32_t n;
	const struct search_file *f = reading_search_place(s, h, &n);
	struct hitlist_file *last =
	    m->l.n_files == 0 ? NULL : &m->files[m->l.n_files - 1];

	if (last == NULL || !oid_eq(&last->blob, &f->blob) ||
	    !str_eq(last->path, f->path))
		m->files[m->l.n_files++] =
		    (struct hitlist_file){ .commit = reading_search_commit(s,
					       f->release),
			    .blob = f->blob,
			    .path = arena_copy(&m->arena, f->path) };
	m->l.hits[m->l.n_hits++] =
	    (struct hitlist_hit){ .file = m->l.n_files - 1, .line = h->line };
}

void
reading_list_make(struct reading *r, const struct reading_search *s,
    const uint32_t *hits, size_t n, struct str title, uint64_t from)
{
	struct reading_list *k = list_of(r);
	struct search_drive *d = reading_search_drive(s);
	struct making *m;
	struct buf cert = { 0 };

	if (n > HITLIST_MAX) {
		shell_message(r->shell,
		    "%zu lines: a worklist takes at most %d, narrow the search",
		    n, HITLIST_MAX);
		return;
	}
	k->assumes = false;
	drop_making(k);
	m = k->making = calloc(1, sizeof *m);
	if (m == NULL)
		bug("no memory for a worklist");
	m->r = r;
	m->files = arena_array(&m->arena, n, struct hitlist_file);
	m->l.files = m->files;
	m->l.hits = arena_array(&m->arena, n, struct hitlist_hit);
	m->l.title = arena_copy(&m->arena, str_slice(title, 0, LIMIT_TITLE));
	m->l.from = from;
	for (size_t i = 0; i < n; i++)
		add_hit(m, s, search_drive_hit(d, hits == NULL ? i : hits[i]));
	search_certificate_write(search_drive_certificate(d), &cert);
	m->l.certificate = arena_copy(&m->arena, buf_view(&cert));
	buf_release(&cert);
	reading_slice(r, hash_on, m);
}

/* Running it again. */

static bool
is_hazards(const struct reading_list *k)
{
	return str_eq(k->l.title, STR(READING_LIST_HAZARDS));
}

static void
make_again(struct reading *r, size_t n)
{
	struct reading_list *k = r->list;
	struct search_drive *d = reading_search_drive(k->again);
	uint32_t *hits = calloc(n + 1, sizeof *hits);
	size_t len = 0;

	if (hits == NULL)
		bug("no memory for a worklist");
	for (size_t i = 0; i < n; i++)
		if (!is_hazards(k) ||
		    !looks_binary(search_drive_hit(d, i)->excerpt))
			hits[len++] = (uint32_t)i;
	reading_list_make(r, k->again, hits, len, k->again_title, k->again_of);
	free(hits);
}

static void
on_again(void *arg, const struct search_event *e)
{
	struct reading *r = arg;

	if (!e->last) {
		shell_message(r->shell, "worklist again: %u/%u files searched",
		    e->blobs_done, e->blobs);
		return;
	}
	if (e->rc != ERR_NONE)
		shell_say(r->shell, ROLE_ERROR, e->text);
	else
		make_again(r, e->hits);
}

/* What the new list is called: its own release is a part of it. */
static void
name_again(struct reading_list *k, const struct query *q)
{
	struct buf b = { 0 };

	if (is_hazards(k))
		buf_str(&b, k->l.title);
	else
		query_line_write(q, &b);
	k->again_title = arena_copy(&k->again_arena, buf_view(&b));
	buf_release(&b);
}

void
reading_list_again(struct reading *r, const struct oid *commit, struct str name)
{
	struct reading_list *k = list_of(r);
	struct query q;
	struct str names[1] = { name };
	enum err rc;

	reading_search_close(k->again);
	k->again = NULL;
	arena_clear(&k->again_arena);
	k->again_of = k->l.number;
	if (k->l.title.len >= LIMIT_TITLE)
		rc = fail(ERR_LIMIT,
		    "this search is too long to be kept: "
		    "search again, and make a new list");
	else
		rc = query_line_read(&q, &k->again_arena,
		    is_hazards(k) ? str_of(reading_hazards) : k->l.title);
	if (rc == ERR_NONE) {
		q.releases = names;
		q.n_releases = 1;
		name_again(k, &q);
		q.n_releases = reading_start(r)->session ? 1 : 0;
		rc = reading_search_open(&k->again, r, &q, commit, 1, on_again,
		    r);
	}
	if (rc != ERR_NONE)
		shell_error(r->shell, rc);
	else if (!reading_search_runs(k->again)) {
		struct search_event e = reading_search_last(k->again);

		on_again(r, &e);
	}
}

/* Showing one. */

static void
assume(struct reading *r, uint64_t list)
{
	struct hatch_compose c = { HATCH_ASSUMPTION, r->list->assumes_at,
		list };
	struct buf b = { 0 };

	hatch_write_compose(&b, &c);
	reading_prints_want(r);
	port_send(r->notes, MSG_COMPOSE, buf_view(&b));
	r->handed = true;
	buf_release(&b);
}

enum err
reading_list_take(struct reading *r, struct str bytes)
{
	struct reading_list *k = list_of(r);
	struct arena a = { 0 };
	struct hitlist l;
	enum err rc = hitlist_read(&l, &a, bytes);

	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	arena_release(&k->arena);
	arena_release(&k->texts);
	k->arena = a;
	k->l = l;
	k->text = arena_array(&k->arena, l.n_hits, struct str);
	k->version++;
	k->shown = SIZE_MAX;
	if (shell_find(r->shell, "worklist") == NULL)
		shell_open(r->shell, "worklist", &(struct target){ 0 });
	shell_wake(r->shell);
	shell_message(r->shell, "worklist %llu: %u lines",
	    (unsigned long long)l.number, l.n_hits);
	if (k->assumes && r->notes != NULL)
		assume(r, l.number);
	k->assumes = false;
	return ERR_NONE;
}

enum err
reading_list_said(struct reading *r, struct str body)
{
	struct reading_list *k = list_of(r);
	struct arena a = { 0 };
	struct hatch_verdicts v = { 0 };
	enum err rc = hatch_read_verdicts(&v, &a, body);

	for (uint32_t i = 0; rc == ERR_NONE && v.list == k->l.number && i < v.n;
	     i++)
		for (uint32_t n = v.spans[2 * i];
		     n <= v.spans[2 * i + 1] && n <= k->l.n_hits; n++)
			k->l.hits[n - 1].verdict = v.verdict;
	arena_release(&a);
	k->version++;
	shell_redraw(r->shell);
	return rc;
}

const struct hitlist *
reading_list_now(const struct reading *r)
{
	return r->list == NULL || r->list->version == 0 ? NULL : &r->list->l;
}

/* Hits of the same file are looked up together. */
static void
look_up(struct reading *r, uint32_t hit)
{
	struct reading_list *k = r->list;
	uint32_t file = k->l.hits[hit].file;
	struct git_bytes bytes = { 0 };

	if (git_blob_read(&bytes, r->repo, &k->l.files[file].blob) != ERR_NONE)
		err_clear();
	while (hit > 0 && k->l.hits[hit - 1].file == file)
		hit--;
	for (; hit < k->l.n_hits && k->l.hits[hit].file == file; hit++) {
		struct str s = line_of(bytes.bytes, k->l.hits[hit].line);

		k->text[hit] =
		    arena_copy(&k->texts, str_slice(str_trim(s), 0, 1024));
	}
	git_repo_drop(&bytes);
}

struct str
reading_list_text(struct reading *r, uint32_t hit)
{
	struct reading_list *k = r->list;

	if (k->text[hit].at == NULL)
		look_up(r, hit);
	return k->text[hit];
}

void
reading_list_say(struct reading *r, uint8_t verdict, bool ask,
    const uint32_t *spans, uint32_t n)
{
	struct buf b = { 0 };
	struct hatch_verdicts v = { .list = r->list->l.number,
		.verdict = verdict,
		.ask = ask };

	if (r->notes == NULL) {
		shell_message(r->shell, "there is no notes room here");
		return;
	}
	for (uint32_t at = 0; at < n; at += v.n) {
		v.spans = spans + 2 * at;
		v.n = n - at < HATCH_SPANS ? n - at : HATCH_SPANS;
		buf_clear(&b);
		hatch_write_verdicts(&b, &v);
		port_send(r->notes, MSG_VERDICTS, buf_view(&b));
	}
	r->handed = true;
	buf_release(&b);
}

bool
reading_list_steps(struct reading *r, size_t **at)
{
	struct reading_list *k = list_of(r);

	*at = &k->shown;
	return k->steps && k->version > 0;
}

void
reading_list_step(struct reading *r, bool on, uint32_t at)
{
	struct reading_list *k = list_of(r);

	k->steps = on;
	if (on)
		k->shown = at;
}
