#include "notes/peer.h"

#include <string.h>

#include "core/limits.h"
#include "notes/findings.h"

enum err
peer_list(struct io_names *out, struct arena *a, struct str data)
{
	struct str folder = arena_printf(a, "%.*s/inbox", STR_ARG(data));
	enum err rc = io_list(out, a, folder.at);

	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	*out = (struct io_names){ 0 };
	return ERR_NONE;
}

enum err
peer_read(struct buf *out, struct str data, struct str name)
{
	struct arena a = { 0 };
	struct str path =
	    arena_printf(&a, "%.*s/inbox/%.*s", STR_ARG(data), STR_ARG(name));
	enum err rc = io_read(out, path.at, LIMIT_BUNDLE);

	arena_release(&a);
	return rc;
}

/* "<record> <number>" and " <changed>". */
static struct str
origin_of(struct arena *a, const struct findings_read *f, const struct entry *e)
{
	return arena_printf(a, "%.*s %llu %lld", STR_ARG(f->record),
	    (unsigned long long)e->seq, (long long)e->time);
}

static struct str
without_time(struct str origin)
{
	size_t n = origin.len;

	while (n > 0 && origin.at[n - 1] != ' ')
		n--;
	return str_slice(origin, 0, n);
}

static const struct book_item *
find(const struct book *b, struct str origin)
{
	for (size_t i = 0; i < book_len(b); i++) {
		const struct book_item *it = book_at(b, i);

		if (it->now != NULL && it->now->origin.len > 0 &&
		    str_eq(without_time(it->now->origin), without_time(origin)))
			return it;
	}
	return NULL;
}

static enum err
take_one(struct peer_taken *out, struct vault *v, struct arena *a,
    const struct findings_read *f, const struct entry *theirs)
{
	struct str origin = origin_of(a, f, theirs);
	const struct book_item *it = find(vault_book(v), origin);
	struct entry e = *theirs;
	enum err rc;

	if (it != NULL && str_eq(it->now->origin, origin)) {
		out->known++;
		return ERR_NONE;
	}
	e.seq = 0;
	e.of = it == NULL ? 0 : it->number;
	e.by = str_slice(f->auditor, 0, 200);
	e.origin = origin;
	e.list = 0; /* a number of their record */
	rc = vault_add(v, &e);
	if (rc == ERR_NONE && it == NULL)
		out->fresh++;
	else if (rc == ERR_NONE)
		out->changed++;
	return rc;
}

static enum err
check(const struct findings_read *f, const struct vault *v, struct str manifest)
{
	uint8_t id[CHAIN_ID];
	struct buf hex = { 0 };
	bool mine;

	vault_id(v, id);
	buf_hex(&hex, id, CHAIN_ID);
	mine = str_eq(buf_view(&hex), f->record);
	buf_release(&hex);
	if (mine)
		return fail(ERR_DENIED, "this was exported from this record");
	if (f->record.len != 2 * CHAIN_ID || f->auditor.len == 0)
		return fail(ERR_FORMAT, "the export does not say whose it is");
	if (!str_eq(manifest, f->manifest))
		return fail(ERR_DENIED, "this is of another session");
	return ERR_NONE;
}

enum err
peer_take(struct peer_taken *out, struct vault *v, struct str bytes,
    struct str manifest)
{
	struct arena a = { 0 };
	struct findings_read f;
	struct peer_taken taken = { 0 };
	enum err rc;

	if (vault_state(v) != VAULT_OPEN)
		return fail(ERR_DENIED, "the vault is locked");
	rc = findings_read(&f, &a, bytes);
	if (rc == ERR_NONE)
		rc = check(&f, v, manifest);
	if (rc == ERR_NONE)
		taken.files = f.method.n_lines;
	for (uint32_t i = 0; rc == ERR_NONE && i < f.n_items; i++)
		rc = take_one(&taken, v, &a, &f, &f.items[i]);
	arena_release(&a);
	*out = taken;
	return rc;
}

/* One export of inbox/, unless it is none of this session. */
static enum err
read_export(struct findings_read *out, struct arena *a, const struct vault *v,
    struct str data, struct str name, struct str manifest)
{
	struct buf bytes = { 0 };
	enum err rc = peer_read(&bytes, data, name);

	if (rc == ERR_NONE)
		rc = findings_read(out, a, buf_view(&bytes));
	if (rc == ERR_NONE)
		rc = check(out, v, manifest);
	buf_release(&bytes);
	return rc;
}

static bool
has_newer(const struct findings_read *all, uint32_t n, uint32_t i, bool lines)
{
	for (uint32_t k = 0; k < n; k++)
		if (k != i && (!lines || all[k].method.n_lines > 0) &&
		    str_eq(all[k].record, all[i].record) &&
		    (all[k].exported > all[i].exported ||
			(all[k].exported == all[i].exported && k > i)))
			return true;
	return false;
}

static enum err
add_covers(struct peer_covers *c, const struct findings_read *f)
{
	const struct findings_method *m = &f->method;

	if (m->n_cover > PEER_COVERS_MAX - c->len)
		return fail(ERR_LIMIT, "inbox/ tells of more than %d folders",
		    PEER_COVERS_MAX);
	for (uint32_t i = 0; i < m->n_cover; i++)
		c->at[c->len++] = (struct peer_cover){
			.auditor = f->auditor,
			.release = m->cover[i].release,
			.folder = m->cover[i].folder,
			.lines = m->cover[i].lines,
			.seen = m->cover[i].seen,
			.reviewed = m->cover[i].reviewed,
		};
	c->exports++;
	return ERR_NONE;
}

/* What left later without lines takes none of them back. */
static void
add_lines(struct peer_covers *c, struct arena *a,
    const struct findings_read *all, uint32_t n)
{
	c->lines = arena_array(a, n, struct peer_lines);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].method.n_lines > 0 && !has_newer(all, n, i, true))
			c->lines[c->n_lines++] =
			    (struct peer_lines){ all[i].auditor,
				    all[i].method.lines,
				    all[i].method.n_lines };
}

static void
refuse(struct peer_covers *c, struct arena *a, struct str name)
{
	if (c->refused++ == 0)
		c->why = arena_printf(a, "inbox/%.*s: %s", STR_ARG(name),
		    err_text());
	err_clear();
}

enum err
peer_covered(struct peer_covers *out, struct arena *a, const struct vault *v,
    struct str data, struct str manifest)
{
	struct peer_covers c = { 0 };
	struct findings_read *all;
	struct io_names names;
	uint32_t n = 0;
	enum err rc;

	if (vault_state(v) != VAULT_OPEN)
		return fail(ERR_DENIED, "the vault is locked");
	rc = peer_list(&names, a, data);
	if (rc == ERR_NONE && names.len > PEER_EXPORTS_MAX)
		rc = fail(ERR_LIMIT, "inbox/ holds more than %d exports",
		    PEER_EXPORTS_MAX);
	if (rc != ERR_NONE)
		return rc;
	all = arena_array(a, names.len, struct findings_read);
	c.at = arena_array(a, PEER_COVERS_MAX, struct peer_cover);
	for (size_t i = 0; i < names.len; i++)
		if (read_export(&all[n], a, v, data, names.at[i], manifest) ==
		    ERR_NONE)
			n++;
		else
			refuse(&c, a, names.at[i]);
	for (uint32_t i = 0; rc == ERR_NONE && i < n; i++)
		if (!has_newer(all, n, i, false))
			rc = add_covers(&c, &all[i]);
	add_lines(&c, a, all, n);
	if (rc == ERR_NONE)
		*out = c;
	return rc;
}

static bool
overlaps(const struct anchor *a, const struct anchor *b)
{
	return str_eq(a->path, b->path) &&
	    (a->first == 0 || b->first == 0 ||
		(a->first <= b->last && b->first <= a->last));
}

void
peer_dissent(const struct book *b, const struct book_item *it, struct buf *out)
{
	const struct entry *e = it->now;

	if (e == NULL || e->type != ENTRY_FINDING || !e->anchored)
		return;
	for (size_t i = 0; i < book_len(b); i++) {
		const struct book_item *other = book_at(b, i);
		const struct entry *o = other->now;

		if (o == NULL || other == it || o->type != ENTRY_FINDING ||
		    !o->anchored || str_eq(o->by, e->by) ||
		    !oid_eq(&o->at.commit, &e->at.commit) ||
		    !overlaps(&e->at, &o->at) ||
		    (o->severity == e->severity && o->status == e->status &&
			o->confidence == e->confidence))
			continue;
		buf_printf(out, "%llu by ", (unsigned long long)other->number);
		buf_str(out, o->by.len > 0 ? o->by : STR("me"));
		buf_printf(out, ": %s, %s, %s\n",
		    entry_severity_name(o->severity),
		    entry_confidence_name(o->confidence),
		    entry_status_name(o->status));
	}
}
