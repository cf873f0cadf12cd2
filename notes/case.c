#include "notes/case.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/tar.h"

static enum err
take_file(struct case_bundle *b, struct arena *a, const struct tar_file *f,
    struct str *signature)
{
	if (str_eq(f->name, STR("findings.json")))
		b->bytes = arena_copy(a, f->bytes);
	else if (str_eq(f->name, STR("findings.json.minisig")))
		*signature = f->bytes;
	else if (str_starts(f->name, STR("approvals/")))
		b->approvals[b->n_approvals++] = arena_copy(a, f->bytes);
	else
		return fail(ERR_FORMAT,
		    "it holds %.*s, which does not "
		    "belong into an export",
		    STR_ARG(f->name));
	return ERR_NONE;
}

/* Whose key made the signature; NULL when it is nobody's on the list. */
static const struct case_person *
signer(const struct case_check *k, struct str signature, struct str auditor)
{
	uint8_t id[8];

	if (sign_key_of(id, signature) != ERR_NONE)
		return NULL;
	for (uint32_t i = 0; i < k->n_people; i++) {
		const struct case_person *p = &k->people[i];
		struct str want = { (const char *)p->key.id, sizeof id };
		struct str have = { (const char *)id, sizeof id };

		if (str_eq(want, have) &&
		    (p->name.len == 0 || str_eq(p->name, auditor)))
			return p;
	}
	return NULL;
}

static struct str
key_text(struct arena *a, struct str signature)
{
	struct sign_public p = { { 0 }, { 0 } };

	if (sign_key_of(p.id, signature) != ERR_NONE)
		return STR("unknown");
	return sign_id_text(&p, a);
}

static enum err
check_author(struct case_bundle *b, struct arena *a, struct str signature,
    const struct case_check *k)
{
	struct str auditor = b->said.auditor, comment;
	const struct case_person *p = signer(k, signature, auditor);
	enum err rc;

	b->key_id = key_text(a, signature);
	if (p == NULL)
		return fail(ERR_DENIED,
		    "it says it is by %.*s and is signed "
		    "with key %.*s: no such auditor is known here",
		    STR_ARG(auditor), STR_ARG(b->key_id));
	rc = sign_verify(&comment, &p->key, b->bytes, signature);
	if (rc != ERR_NONE)
		return rc;
	b->comment = arena_copy(a, comment);
	b->author = arena_copy(a, p->full.len > 0 ? p->full : auditor);
	return ERR_NONE;
}

static enum err
read_bundle(struct case_bundle *b, struct arena *a, struct str plain,
    const struct case_check *k)
{
	struct str signature = { 0 };
	struct tar tar;
	enum err rc = tar_read(&tar, a, plain, LIMIT_BUNDLE);

	if (rc != ERR_NONE)
		return rc;
	b->approvals = arena_array(a, tar.n, struct str);
	for (uint32_t i = 0; i < tar.n && rc == ERR_NONE; i++)
		rc = take_file(b, a, &tar.files[i], &signature);
	if (rc != ERR_NONE)
		return rc;
	if (b->bytes.len == 0 || signature.len == 0)
		return fail(ERR_FORMAT,
		    "it lacks findings.json or its "
		    "signature");
	b->hash = hash_of(b->bytes);
	/* The text says who wrote it, the signature proves it: nothing else
	 * of the text is believed before. */
	rc = findings_read(&b->said, a, b->bytes);
	if (rc == ERR_NONE)
		rc = check_author(b, a, signature, k);
	if (rc == ERR_NONE && k->approved != NULL)
		rc = k->approved(k->arg, b);
	return rc;
}

static bool
is_known(const struct case_file *c, const struct hash *findings)
{
	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (hash_eq(&c->bundles[i]->hash, findings))
			return true;
	return false;
}

static void
keep(struct case_file *c, struct case_bundle *b)
{
	struct case_bundle **more;

	more = arena_array(&c->memory, c->n_bundles + 1, struct case_bundle *);
	for (uint32_t i = 0; i < c->n_bundles; i++)
		more[i] = c->bundles[i];
	more[c->n_bundles++] = b;
	c->bundles = more;
}

enum err
case_add(struct case_file *c, bool *fresh, struct str name, struct str bytes,
    const struct case_check *k)
{
	struct case_bundle *b = arena_new(&c->memory, struct case_bundle);
	struct buf plain = { 0 };
	enum err rc;

	if (c->n_bundles == CASE_BUNDLES_MAX)
		return fail(ERR_LIMIT, "%.*s: a case holds %d exports",
		    STR_ARG(name), CASE_BUNDLES_MAX);
	b->file = arena_copy(&c->memory, name);
	b->sealed = hash_of(bytes);
	rc = seal_age_open(&plain, k->identity, bytes, LIMIT_BUNDLE);
	if (rc == ERR_NONE)
		rc = read_bundle(b, &c->memory, buf_view(&plain), k);
	buf_release(&plain);
	if (rc != ERR_NONE)
		return rc;
	*fresh = !is_known(c, &b->hash);
	if (*fresh)
		keep(c, b);
	return ERR_NONE;
}

static int
rank(enum entry_type t)
{
	return t == ENTRY_FINDING ? 0 : t == ENTRY_QUESTION ? 1 : 2;
}

static int
by_weight(const void *pa, const void *pb)
{
	const struct case_item *a = pa, *b = pb;
	int d = rank(a->now->type) - rank(b->now->type);

	if (d == 0)
		d = (int)b->now->severity - (int)a->now->severity;
	if (d == 0)
		d = str_cmp(a->from->said.auditor, b->from->said.auditor);
	if (d == 0)
		d = str_cmp(a->from->said.record, b->from->said.record);
	if (d == 0)
		d = a->now->seq < b->now->seq ? -1 : a->now->seq > b->now->seq;
	return d;
}

/* One item of one record, in any version: newest export first. */
static int
by_origin(const void *pa, const void *pb)
{
	const struct case_item *a = pa, *b = pb;
	int64_t ta = a->from->said.exported, tb = b->from->said.exported;
	int d = str_cmp(a->from->said.record, b->from->said.record);

	if (d == 0)
		d = a->now->seq < b->now->seq ? -1 : a->now->seq > b->now->seq;
	if (d == 0)
		d = ta > tb ? -1 : ta < tb;
	return d;
}

static bool
same_origin(const struct case_item *a, const struct case_item *b)
{
	return a->now->seq == b->now->seq &&
	    str_eq(a->from->said.record, b->from->said.record);
}

static void
collect(struct case_file *c)
{
	size_t n = 0;

	for (uint32_t i = 0; i < c->n_bundles; i++)
		n += c->bundles[i]->said.n_items;
	c->items = arena_array(&c->memory, n, struct case_item);
	c->n_items = 0;
	for (uint32_t i = 0; i < c->n_bundles; i++) {
		const struct findings_read *f = &c->bundles[i]->said;

		for (uint32_t k = 0; k < f->n_items; k++)
			c->items[c->n_items++] = (struct case_item){
				.from = c->bundles[i],
				.now = &f->items[k],
				.created = f->created[k],
				.versions = 1,
			};
	}
}

static void
drop_old_versions(struct case_file *c)
{
	uint32_t kept = 0;

	qsort(c->items, c->n_items, sizeof *c->items, by_origin);
	for (uint32_t i = 0; i < c->n_items; i++)
		if (kept > 0 && same_origin(&c->items[kept - 1], &c->items[i]))
			c->items[kept - 1].versions++;
		else
			c->items[kept++] = c->items[i];
	c->n_items = kept;
}

/* Whether two auditors' items would be called by the same name. */
static bool
name_is_shared(const struct case_file *c, const struct case_item *it)
{
	for (uint32_t i = 0; i < c->n_bundles; i++) {
		const struct findings_read *f = &c->bundles[i]->said;

		if (str_eq(f->auditor, it->from->said.auditor) &&
		    !str_eq(f->record, it->from->said.record))
			return true;
	}
	return false;
}

static void
name_items(struct case_file *c)
{
	for (uint32_t i = 0; i < c->n_items; i++) {
		struct case_item *it = &c->items[i];
		const struct findings_read *f = &it->from->said;
		struct str record = { 0 };

		if (name_is_shared(c, it))
			record = str_slice(f->record, 0, 6);
		it->id = arena_printf(&c->memory, "%.*s%s%.*s-%" PRIu64,
		    STR_ARG(f->auditor), record.len > 0 ? "-" : "",
		    STR_ARG(record), it->now->seq);
	}
}

static bool
overlap(const struct case_item *a, const struct case_item *b)
{
	const struct anchor *x = &a->now->at, *y = &b->now->at;

	if (!a->now->anchored || !b->now->anchored || x->path.len == 0 ||
	    !oid_eq(&x->commit, &y->commit) || !str_eq(x->path, y->path))
		return false;
	return x->first == 0 || y->first == 0 ||
	    (x->first <= y->last && y->first <= x->last);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct case_item *a = *(struct case_item *const *)pa;
	const struct case_item *b = *(struct case_item *const *)pb;
	int d = str_cmp(a->now->at.path, b->now->at.path);

	if (d == 0)
		d = oid_cmp(&a->now->at.commit, &b->now->at.commit);
	if (d == 0)
		d = a->now->at.first < b->now->at.first ?
		    -1 :
		    a->now->at.first > b->now->at.first;
	return d;
}

static uint32_t
last_line(const struct case_item *it)
{
	return it->now->at.first == 0 ? UINT32_MAX : it->now->at.last;
}

/* Findings on the same lines: each names the one before it that reaches
 * furthest, so that none is missed. */
static void
find_twins(struct case_file *c)
{
	struct case_item **sorted;
	uint32_t n = 0, widest = 0;

	sorted = arena_array(&c->memory, c->n_items, struct case_item *);
	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->type == ENTRY_FINDING)
			sorted[n++] = &c->items[i];
	qsort(sorted, n, sizeof *sorted, by_place);
	for (uint32_t i = 1; i < n; i++) {
		bool both = overlap(sorted[widest], sorted[i]);

		if (both)
			sorted[i]->twin =
			    (uint32_t)(sorted[widest] - c->items) + 1;
		if (!both || last_line(sorted[i]) > last_line(sorted[widest]))
			widest = i;
	}
}

void
case_sort(struct case_file *c)
{
	collect(c);
	drop_old_versions(c);
	qsort(c->items, c->n_items, sizeof *c->items, by_weight);
	name_items(c);
	find_twins(c);
}

void
case_release(struct case_file *c)
{
	arena_release(&c->memory);
	*c = (struct case_file){ 0 };
}
