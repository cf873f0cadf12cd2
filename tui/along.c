#include "tui/along.h"

#include <stdlib.h>
#include <string.h>

#include "policy/rules.h"
#include "tui/hatch_cover.h"
#include "tui/hatch_lines.h"
#include "tui/logbook.h"
#include "tui/refound.h"

struct revision {
	struct arena arena;
	struct hatch_covers covers;
	struct arena files_arena;
	struct hatch_files files; /* those that have marks */
};

struct along {
	struct noting *noting;
	struct revision at[ALONG_REVISIONS_MAX]; /* oldest first */
	uint32_t len;
	struct buf pieces, files_pieces;
};

struct along *
along_open(struct noting *n)
{
	struct along *k = calloc(1, sizeof *k);

	if (k == NULL)
		bug("no memory for coverage");
	k->noting = n;
	return k;
}

void
along_close(struct along *k)
{
	if (k == NULL)
		return;
	for (uint32_t i = 0; i < k->len; i++) {
		arena_release(&k->at[i].arena);
		arena_release(&k->at[i].files_arena);
	}
	buf_release(&k->pieces);
	buf_release(&k->files_pieces);
	free(k);
}

static void
drop(struct along *k, uint32_t i)
{
	arena_release(&k->at[i].arena);
	arena_release(&k->at[i].files_arena);
	for (k->len--; i < k->len; i++)
		k->at[i] = k->at[i + 1];
	k->at[k->len] = (struct revision){ 0 };
}

enum err
along_take(struct along *k, struct str all)
{
	struct revision got = { 0 };
	enum err rc = hatch_read_covers(&got.covers, &got.arena, all);

	if (rc != ERR_NONE) {
		arena_release(&got.arena);
		return rc;
	}
	for (uint32_t i = 0; i < k->len; i++)
		if (oid_eq(&k->at[i].covers.commit, &got.covers.commit)) {
			drop(k, i);
			break;
		}
	if (k->len == ALONG_REVISIONS_MAX)
		drop(k, 0);
	k->at[k->len++] = got;
	shell_wake(noting_shell(k->noting));
	shell_redraw(noting_shell(k->noting));
	return ERR_NONE;
}

enum err
along_take_files(struct along *k, struct str all)
{
	struct arena a = { 0 };
	struct hatch_files got;
	enum err rc = hatch_read_files(&got, &a, all);
	uint32_t i = 0;

	while (rc == ERR_NONE && i < k->len &&
	    !oid_eq(&k->at[i].covers.commit, &got.commit))
		i++;
	if (rc != ERR_NONE || i == k->len) {
		arena_release(&a);
		return rc;
	}
	arena_release(&k->at[i].files_arena);
	k->at[i].files_arena = a;
	k->at[i].files = got;
	shell_wake(noting_shell(k->noting));
	shell_redraw(noting_shell(k->noting));
	return ERR_NONE;
}

static enum err
gather(struct along *k, struct buf *all, struct str body,
    enum err (*take)(struct along *k, struct str all))
{
	bool whole = false;
	enum err rc = hatch_take(all, &whole, body);

	if (rc != ERR_NONE || !whole)
		return rc;
	rc = take(k, buf_view(all));
	buf_release(all);
	return rc;
}

enum err
along_piece(struct along *k, struct str body)
{
	return gather(k, &k->pieces, body, along_take);
}

enum err
along_piece_files(struct along *k, struct str body)
{
	return gather(k, &k->files_pieces, body, along_take_files);
}

/* As the session calls that commit; without a session, as it was opened. */
static struct str
release_of(const struct along *k, const struct oid *commit, struct str name)
{
	const struct start *s = noting_start(k->noting);

	for (uint32_t i = 0; i < s->n_releases; i++)
		if (oid_eq(&s->releases[i].commit, commit))
			return s->releases[i].name;
	return s->session ? STR("") : name;
}

static void
add_coverage(const struct along *k, struct arena *a,
    struct findings_method *out)
{
	struct findings_cover *all = arena_array(a,
	    (size_t)k->len * HATCH_FOLDERS, struct findings_cover);
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->len; i++) {
		const struct hatch_covers *c = &k->at[i].covers;
		struct str name = release_of(k, &c->commit, c->name);

		for (uint32_t row = 0; name.len > 0 && row < c->len; row++)
			all[n++] = (struct findings_cover){
				.release = arena_copy(a, name),
				.folder = arena_copy(a, c->at[row].folder),
				.files = c->at[row].files,
				.lines = c->at[row].lines,
				.seen = c->at[row].seen,
				.reviewed = c->at[row].reviewed,
			};
	}
	out->cover = all;
	out->n_cover = n;
}

/* The runs that begin in a file of so many lines; what is recorded of a whole
 * file has no end. */
static struct spans
within(struct arena *a, const uint32_t *pairs, uint32_t len, uint32_t lines)
{
	struct spans s = { 0 };

	while (s.len < len && pairs[2 * s.len] <= lines)
		s.len++;
	s.at = arena_array(a, 2 * (size_t)s.len, uint32_t);
	if (s.len == 0)
		return s;
	memcpy(s.at, pairs, (size_t)s.len * 8);
	if (s.at[2 * s.len - 1] > lines)
		s.at[2 * s.len - 1] = lines;
	return s;
}

/* The record says which lines; the reading room only where they lie. */
static bool
lines_of(struct findings_lines *out, struct arena *a, const struct cover *c,
    const struct hatch_file *f)
{
	struct cover_file of;

	if (!cover_find(c, &of, &f->blob))
		return false;
	out->path = arena_copy(a, f->path);
	out->lines = f->lines;
	out->seen =
	    within(a, of.spans[COVER_SEEN], of.len[COVER_SEEN], f->lines);
	out->reviewed = within(a, of.spans[COVER_REVIEWED],
	    of.len[COVER_REVIEWED], f->lines);
	return out->seen.len + out->reviewed.len > 0;
}

static void
add_lines(const struct along *k, struct arena *a, struct findings_method *out)
{
	const struct book *b = noting_book(k->noting);
	struct findings_lines *all;
	size_t most = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; b != NULL && i < k->len; i++)
		most += k->at[i].files.len;
	all = arena_array(a, most, struct findings_lines);
	for (uint32_t i = 0; most > 0 && i < k->len; i++) {
		const struct revision *r = &k->at[i];
		struct str name =
		    release_of(k, &r->covers.commit, r->covers.name);

		name = arena_copy(a, name);
		for (size_t f = 0; name.len > 0 && f < r->files.len; f++) {
			all[n].release = name;
			all[n].commit = r->covers.commit;
			n += lines_of(&all[n], a, book_cover(b),
			    &r->files.at[f]);
		}
	}
	out->lines = all;
	out->n_lines = n;
}

static bool
is_there(const struct str *all, uint32_t n, struct str text)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq(all[i], text))
			return true;
	return false;
}

/* Worklists first: what was said of their lines rests on them.  The same
 * search of both is one. */
static void
add_searches(const struct along *k, struct arena *a,
    struct findings_method *out)
{
	const struct book *b = noting_book(k->noting);
	struct str *all = arena_array(a, ALONG_SEARCHES_MAX, struct str);
	const struct entry **events;
	uint32_t n = 0;
	size_t i;

	for (i = b == NULL ? 0 : book_lists(b); i > 0 && n < ALONG_SEARCHES_MAX;
	     i--) {
		const struct worklist *w = book_list_at(b, i - 1);

		if (w->whole && !w->removed && w->l.certificate.len > 0 &&
		    !is_there(all, n, w->l.certificate))
			all[n++] = arena_copy(a, w->l.certificate);
	}
	for (i = b == NULL ? 0 : book_events(b, ENTRY_CERTIFICATE, a, &events);
	     i > 0 && n < ALONG_SEARCHES_MAX; i--)
		if (!is_there(all, n, events[i - 1]->text))
			all[n++] = arena_copy(a, events[i - 1]->text);
	out->certificates = all;
	out->n_certificates = n;
}

void
along_method(const struct along *k, struct arena *a, unsigned parts,
    struct findings_method *out)
{
	struct findings_method m = { 0 };

	if (parts & ALONG_COVERAGE)
		add_coverage(k, a, &m);
	if (parts & ALONG_LINES)
		add_lines(k, a, &m);
	if (parts & ALONG_SEARCHES)
		add_searches(k, a, &m);
	if (parts & ALONG_PROOF)
		m.proof = arena_copy(a,
		    logbook_proof_text(noting_logbook(k->noting)));
	*out = m;
}

static enum findings_region
region_of(enum refind_state s)
{
	static const enum findings_region regions[REFIND_STATES] = {
		[REFIND_UNKNOWN] = REGION_UNKNOWN,
		[REFIND_UNCHANGED] = REGION_UNCHANGED,
		[REFIND_MOVED] = REGION_MOVED,
		[REFIND_CHANGED] = REGION_CHANGED,
		[REFIND_ABSENT] = REGION_ABSENT,
	};

	return regions[s];
}

/* Where it is: its path when that is another, lines unless it is nowhere. */
static struct findings_place
place_of(const struct anchor *was, const struct hatch_found *f, struct arena *a)
{
	struct findings_place p = { .region = region_of(f->state) };

	if (f->state == REFIND_ABSENT)
		return p;
	if (!str_eq(was->path, f->at.path))
		p.path = arena_copy(a, f->at.path);
	p.first = f->at.first;
	p.last = f->at.last;
	return p;
}

struct findings_place *
along_places(const struct along *k, struct arena *a, uint64_t number,
    uint32_t *n)
{
	const struct refound *all = noting_refound(k->noting);
	const struct book_item *it = book_find(noting_book(k->noting), number);
	size_t revisions = refound_revisions(all);
	struct findings_place *out =
	    arena_array(a, revisions, struct findings_place);

	*n = 0;
	for (size_t i = 0; it != NULL && it->now != NULL && it->now->anchored &&
	     i < revisions && *n < LIMIT_RELEASES;
	     i++) {
		const struct hatch_found *f = refound_in(all, i, number);
		struct oid commit;
		struct str name = refound_revision(all, i, &commit);

		name = release_of(k, &commit, name);
		if (f == NULL || f->state == REFIND_UNKNOWN || name.len == 0 ||
		    oid_eq(&commit, &it->now->at.commit))
			continue;
		out[*n] = place_of(&it->now->at, f, a);
		out[(*n)++].release = arena_copy(a, name);
	}
	return out;
}

uint32_t
along_classes(const struct findings_method *m)
{
	uint32_t classes = 0;

	if (m->n_cover + m->n_lines > 0)
		classes |= 1u << CLASS_METRIC | 1u << CLASS_PATH;
	if (m->n_certificates > 0)
		classes |= 1u << CLASS_PATH;
	if (m->proof.len > 0)
		classes |= 1u << CLASS_PROSE;
	return classes;
}

unsigned
along_allowed(const struct along *k)
{
	const struct rules *r = noting_rules(k->noting);
	const enum permit *may = r->export.permit;
	unsigned parts = ALONG_PROOF;

	if (may[CLASS_PATH] != PERMIT_DENY)
		parts |= ALONG_PLACES | ALONG_SEARCHES;
	if (may[CLASS_PATH] != PERMIT_DENY && may[CLASS_METRIC] != PERMIT_DENY)
		parts |= ALONG_COVERAGE;
	if ((parts & ALONG_COVERAGE) != 0 &&
	    r->export.coverage == COVERAGE_LINES)
		parts |= ALONG_LINES;
	return parts;
}

size_t
along_bytes(const struct findings_method *m)
{
	const struct start nothing = { 0 };
	struct findings f = { .start = &nothing };
	struct buf without = { 0 }, with = { 0 };
	size_t n;

	findings_write(&f, &without);
	f.method = *m;
	findings_write(&f, &with);
	n = with.len - without.len;
	buf_release(&without);
	buf_release(&with);
	return n;
}
