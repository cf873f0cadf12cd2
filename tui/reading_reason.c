#include "tui/reading_reason.h"

#include <stdlib.h>

#include "core/git_blob.h"
#include "core/git_graph.h"
#include "core/git_refind.h"
#include "core/git_refs.h"
#include "core/git_tree.h"
#include "tui/reading_inside.h"

/* Somebody waits for the cursor. */
enum {
	TAGS_MAX = 2000, /* to put in order */
	NEAR = 64,       /* releases looked in, to either side */
	COMPARED = 8,    /* contents */
	AT_ONCE = 32,    /* tags put in order in one slice */
};

struct rev {
	struct str name;
	struct oid commit;
	int64_t time;
};

struct revs {
	struct rev *at;
	size_t len;
	size_t here; /* what is read, or what comes after it */
	struct rev now;
};

/* Tags in their order: looked up once, for a look while nothing else is to be
 * done. */
struct reading_reasons {
	struct reading *r;
	struct arena arena;
	struct rev *at;
	size_t len, next; /* next: of the refs */
	bool done;
};

static int
rev_cmp(const void *p, const void *q)
{
	const struct rev *a = p, *b = q;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* false: not here. */
static bool
time_of(int64_t *out, struct reading *r, const struct oid *commit)
{
	uint32_t node = git_graph_name(r->graph, commit);

	if (git_graph_load(r->graph, node) != ERR_NONE) {
		err_clear();
		return false;
	}
	*out = git_graph_node(r->graph, node)->time;
	return true;
}

static struct reading_reasons *
reasons_of(struct reading *r)
{
	struct reading_reasons *k = r->reasons;
	size_t n = 0;

	if (k != NULL)
		return k;
	k = r->reasons = calloc(1, sizeof *k);
	if (k == NULL)
		bug("no memory for the order of tags");
	k->r = r;
	for (size_t i = 0; i < r->refs.len; i++)
		n += r->refs.at[i].kind == REF_TAG;
	if (n > TAGS_MAX)
		k->next = r->refs.len;
	else
		k->at = arena_array(&k->arena, n, struct rev);
	return k;
}

static void
take_tag(struct reading_reasons *k, struct ref ref)
{
	struct rev *to = &k->at[k->len];

	git_refs_peel(&ref, k->r->repo);
	to->name = ref.brief;
	to->commit = ref.commit;
	if (!oid_is_zero(&ref.commit) && time_of(&to->time, k->r, &ref.commit))
		k->len++;
}

/* The next ones; false: all are in order. */
static bool
order_tags(void *arg)
{
	struct reading_reasons *k = arg;
	const struct refs *refs = &k->r->refs;

	for (int n = 0; n < AT_ONCE && k->next < refs->len; k->next++)
		if (refs->at[k->next].kind == REF_TAG) {
			take_tag(k, refs->at[k->next]);
			n++;
		}
	if (k->next == refs->len && !k->done && k->len > 0)
		qsort(k->at, k->len, sizeof *k->at, rev_cmp);
	k->done = k->next == refs->len;
	return !k->done;
}

void
reading_reason_prepare(struct reading *r)
{
	if (r->start->n_releases == 0 && r->reasons == NULL)
		reading_slice(r, order_tags, reasons_of(r));
}

void
reading_reason_release(struct reading *r)
{
	if (r->reasons == NULL)
		return;
	reading_slice_stop(r, r->reasons);
	arena_release(&r->reasons->arena);
	free(r->reasons);
	r->reasons = NULL;
}

static void
take_tags(struct revs *v, struct reading *r)
{
	struct reading_reasons *k = reasons_of(r);

	while (order_tags(k))
		;
	v->at = k->at;
	v->len = k->len;
}

static void
take_releases(struct revs *v, struct reading *r, struct arena *a)
{
	const struct start *s = r->start;

	v->at = arena_array(a, s->n_releases, struct rev);
	for (; v->len < s->n_releases; v->len++)
		v->at[v->len] = (struct rev){ s->releases[v->len].name,
			s->releases[v->len].commit, 0 };
}

static struct revs
revs_of(struct reading *r, struct arena *a, const struct oid *commit)
{
	struct revs v = { .now = { .commit = *commit } };
	struct buf b = { 0 };

	if (r->start->n_releases > 0)
		take_releases(&v, r, a);
	else
		take_tags(&v, r);
	buf_hex(&b, commit->id, 5);
	v.now.name = arena_copy(a, buf_view(&b));
	buf_release(&b);
	for (v.here = 0; v.here < v.len; v.here++)
		if (oid_eq(&v.at[v.here].commit, commit)) {
			v.now = v.at[v.here];
			return v;
		}
	if (r->start->n_releases > 0 || !time_of(&v.now.time, r, commit))
		return v;
	for (v.here = 0; v.here < v.len; v.here++)
		if (v.at[v.here].time > v.now.time)
			break;
	return v;
}

static bool
blob_at(struct oid *out, struct reading *r, const struct oid *commit,
    struct str path)
{
	struct tree_entry e;
	struct oid tree;
	enum err rc = git_tree_of(&tree, r->repo, commit);

	if (rc == ERR_NONE)
		rc = git_tree_find(&e, r->repo, &tree, path);
	err_clear();
	if (rc == ERR_NONE)
		*out = e.id;
	return rc == ERR_NONE;
}

static bool
holds(struct reading *r, const struct rev *rev, struct str path,
    const struct oid *blob)
{
	struct oid id;

	return blob_at(&id, r, &rev->commit, path) && oid_eq(&id, blob);
}

/* The release that held this content, the last before what is read, else
 * the first after it; v->len: none of those that are near. */
static size_t
find_was(const struct revs *v, struct reading *r, struct str path,
    const struct oid *blob)
{
	for (size_t i = v->here; i > 0 && v->here - i < NEAR; i--)
		if (holds(r, &v->at[i - 1], path, blob))
			return i - 1;
	for (size_t i = v->here; i < v->len && i - v->here < NEAR; i++)
		if (holds(r, &v->at[i], path, blob))
			return i;
	return v->len;
}

/* Contents that lie between, each compared once. */
struct between {
	const struct reading_reason *was;
	struct git_bytes old;
	struct oid seen[COMPARED];
	size_t n;
};

static bool
was_compared(const struct between *b, const struct oid *blob)
{
	for (size_t i = 0; i < b->n; i++)
		if (oid_eq(&b->seen[i], blob))
			return true;
	return false;
}

/* Whether one of the lines is in none of the lines of the other content;
 * *known: both could be read. */
static bool
lost_in(bool *known, struct reading *r, struct between *b,
    const struct oid *blob)
{
	const struct reading_reason *was = b->was;
	struct git_bytes now = { 0 };
	struct arena a = { 0 };
	uint32_t *map = NULL, n = 0;
	bool lost = false;
	enum err rc = ERR_NONE;

	if (b->n == 0)
		rc = git_blob_read(&b->old, r->repo, &was->blob);
	if (rc == ERR_NONE)
		rc = git_blob_read(&now, r->repo, blob);
	if (rc == ERR_NONE)
		rc = git_refind_lines(&map, &n, &a, b->old.bytes, now.bytes);
	err_clear();
	*known = rc == ERR_NONE;
	for (uint32_t i = was->first; *known && i <= was->last && i <= n; i++)
		lost = lost || map[i - 1] == 0;
	b->seen[b->n++] = *blob;
	git_repo_drop(&now);
	arena_release(&a);
	return lost;
}

/* The first release behind `from` that has it otherwise; NULL: too many
 * contents lie between to say. */
static const struct rev *
find_change(const struct revs *v, struct reading *r, size_t from,
    struct str path, struct between *b)
{
	struct oid id;
	bool known;

	for (size_t i = from + 1; i < v->here; i++) {
		if (!blob_at(&id, r, &v->at[i].commit, path) ||
		    oid_eq(&id, &b->was->blob) || was_compared(b, &id))
			continue;
		if (b->was->first == 0)
			return &v->at[i];
		if (b->n == COMPARED)
			return NULL;
		if (lost_in(&known, r, b, &id))
			return &v->at[i];
		if (!known)
			return NULL;
	}
	return &v->now;
}

static const struct rev *
changed_in(const struct revs *v, struct reading *r, size_t from,
    struct str path, const struct reading_reason *was)
{
	struct between b = { .was = was };
	const struct rev *in = find_change(v, r, from, path, &b);

	git_repo_drop(&b.old);
	return in;
}

static void
say_reviewed(struct buf *out, const struct reading *r, uint8_t who)
{
	buf_str(out, STR("reviewed "));
	if (who == 0)
		return;
	buf_str(out, STR("by "));
	buf_str(out, reading_others_name(r, who));
	buf_char(out, ' ');
}

static void
say_in(struct buf *out, const struct reading *r, uint8_t who, struct str name)
{
	say_reviewed(out, r, who);
	buf_str(out, STR("in "));
	buf_str(out, name);
}

/* In none of those that were looked in, and how far that was. */
static void
say_nowhere(struct buf *out, const struct revs *v, const struct reading *r)
{
	if (v->len == 0 && r->start->n_releases == 0 && r->refs.len > TAGS_MAX)
		buf_printf(out, "with other content, tags over %d", TAGS_MAX);
	else if (v->here > NEAR || v->len - v->here > NEAR)
		buf_printf(out, "otherwise, in none of %d tags to either side",
		    NEAR);
	else
		buf_str(out, STR("with other content"));
}

static void
say_changed(struct buf *out, const struct revs *v, struct reading *r,
    size_t from, struct str path, const struct reading_reason *was)
{
	const struct rev *in;

	if (from == v->len) {
		say_reviewed(out, r, was->who);
		say_nowhere(out, v, r);
		return;
	}
	say_in(out, r, was->who, v->at[from].name);
	if (from >= v->here) {
		buf_str(out, STR(", not the same here"));
		return;
	}
	in = changed_in(v, r, from, path, was);
	buf_str(out,
	    in == NULL ? STR(", changed since") : STR(", changed in "));
	if (in != NULL)
		buf_str(out, in->name);
}

void
reading_reason_lines(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path, const struct reading_reason *was)
{
	struct arena a = { 0 };
	struct revs v = revs_of(r, &a, commit);

	say_changed(out, &v, r, find_was(&v, r, path, &was->blob), path, was);
	arena_release(&a);
}

static void
say_gone(struct buf *out, const struct revs *v, struct reading *r, size_t from,
    struct str path, uint8_t who)
{
	const struct rev *in = &v->now;
	struct oid id;

	if (from == v->len) {
		say_reviewed(out, r, who);
		buf_str(out, STR("elsewhere, file is not in "));
		buf_str(out, v->now.name);
		return;
	}
	say_in(out, r, who, v->at[from].name);
	if (from >= v->here) {
		buf_str(out, STR(", no such file here"));
		return;
	}
	for (size_t i = v->here; i-- > from + 1;) {
		if (blob_at(&id, r, &v->at[i].commit, path))
			break;
		in = &v->at[i];
	}
	buf_str(out, STR(", file gone in "));
	buf_str(out, in->name);
}

/* "" when these bytes stand nowhere in it, as far as its files are known. */
static struct str
path_of(struct reading *r, const struct oid *commit, const struct oid *blob)
{
	const struct reading_files *f = reading_files_of(r, commit);

	for (size_t i = 0; i < f->len; i++)
		if (oid_eq(&f->at[i].blob, blob))
			return f->at[i].path;
	return STR("");
}

/* What the marks say of one file. */
struct said {
	struct oid was[COMPARED]; /* under its path, with other bytes */
	uint8_t who[COMPARED];    /* reviewed each of them */
	size_t n_was;
	struct str other; /* under another path, with these; "" none */
	bool here;        /* with these under this path */
};

static void
add_was(struct said *s, const struct oid *blob, uint8_t who)
{
	for (size_t i = 0; i < s->n_was; i++)
		if (oid_eq(&s->was[i], blob))
			return;
	if (s->n_was == COMPARED)
		return;
	s->who[s->n_was] = who;
	s->was[s->n_was++] = *blob;
}

struct asked {
	struct said said;
	struct str path;
	const struct oid *blob;
};

static void
hear(void *arg, const struct mark *m, uint8_t who)
{
	struct asked *k = arg;
	bool bytes = !oid_is_zero(k->blob) && oid_eq(&m->blob, k->blob);

	if (m->glyph != '#' && m->glyph != '=')
		return;
	if (str_eq(m->path, k->path)) {
		k->said.here |= bytes;
		if (!bytes)
			add_was(&k->said, &m->blob, who);
	} else if (bytes) {
		k->said.other = m->path;
	}
}

static struct said
said_of(const struct reading *r, struct str path, const struct oid *blob)
{
	struct asked k = { .path = path, .blob = blob };

	for (size_t i = 0; i < r->marks.len; i++)
		hear(&k, &r->marks.at[i], 0);
	reading_others_marks(r, blob, path, hear, &k);
	return k.said;
}

/* Of several contents the newest; those that lie behind what is read come
 * before those that come after it. */
static size_t
newest(size_t *which, const struct revs *v, struct reading *r,
    const struct said *s, struct str path)
{
	size_t best = v->len;

	*which = 0;
	for (size_t i = 0; i < s->n_was; i++) {
		size_t at = find_was(v, r, path, &s->was[i]);

		if (at == v->len ||
		    (best < v->here && (at < best || at >= v->here)))
			continue;
		best = at;
		*which = i;
	}
	return best;
}

static void
say_lost(struct buf *out, struct reading *r, const struct oid *commit,
    struct str path, const struct said *s, bool gone)
{
	struct arena a = { 0 };
	struct revs v = revs_of(r, &a, commit);
	size_t which, from = newest(&which, &v, r, s, path);
	const struct reading_reason was = { .blob = s->was[which],
		.who = s->who[which] };
	struct str to = gone ? path_of(r, commit, &was.blob) : STR("");

	if (to.len > 0) {
		buf_str(out, STR("moved to "));
		buf_str(out, to);
		buf_str(out, STR(", still counts"));
	} else if (gone) {
		say_gone(out, &v, r, from, path, was.who);
	} else {
		say_changed(out, &v, r, from, path, &was);
	}
	arena_release(&a);
}

static void
say_kept(struct buf *out, struct reading *r, const struct oid *commit,
    struct str other)
{
	struct oid id;
	bool stays = blob_at(&id, r, commit, other);

	buf_str(out, stays ? STR("reviewed as ") : STR("moved from "));
	buf_str(out, other);
	buf_str(out,
	    stays ? STR(", the same bytes: still counts") :
		    STR(", still counts"));
}

void
reading_reason_kept(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path, const struct oid *blob)
{
	struct said s = said_of(r, path, blob);

	if (!s.here && s.other.len > 0)
		say_kept(out, r, commit, s.other);
}

void
reading_reason_file(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path, const struct oid *blob)
{
	struct said s = said_of(r, path, blob);

	if (s.here)
		return;
	if (s.other.len > 0)
		say_kept(out, r, commit, s.other);
	else if (s.n_was > 0)
		say_lost(out, r, commit, path, &s, oid_is_zero(blob));
}
