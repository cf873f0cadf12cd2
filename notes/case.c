#include "notes/case.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/tar.h"
#include "notes/ballot.h"
#include "notes/twins.h"

static enum err
take_part(struct case_bundle *b, struct arena *a, const struct tar_file *f,
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
find_author(const struct case_person **p, const struct case_check *k,
    struct str signature, struct str auditor, struct str key_id)
{
	*p = signer(k, signature, auditor);
	if (*p == NULL)
		return fail(ERR_DENIED,
		    "it says it is by %.*s and is signed "
		    "with key %.*s: no such auditor is known here",
		    STR_ARG(auditor), STR_ARG(key_id));
	return ERR_NONE;
}

static enum err
check_author(struct case_bundle *b, struct arena *a, struct str signature,
    const struct case_check *k)
{
	struct str auditor = b->said.auditor, comment;
	const struct case_person *p;
	enum err rc;

	b->key_id = key_text(a, signature);
	rc = find_author(&p, k, signature, auditor, b->key_id);
	if (rc != ERR_NONE)
		return rc;
	b->key = p->key;
	rc = sign_verify(&comment, &p->key, b->bytes, signature);
	if (rc != ERR_NONE)
		return rc;
	b->comment = arena_copy(a, comment);
	b->author = arena_copy(a, p->full.len > 0 ? p->full : auditor);
	return ERR_NONE;
}

static enum err
read_bundle(struct case_bundle *b, struct arena *a, const struct tar *tar,
    const struct case_check *k)
{
	struct str signature = { 0 };
	enum err rc = ERR_NONE;

	b->approvals = arena_array(a, tar->n, struct str);
	for (uint32_t i = 0; i < tar->n && rc == ERR_NONE; i++)
		rc = take_part(b, a, &tar->files[i], &signature);
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
	if (rc == ERR_NONE && k->pick != NULL &&
	    (k = k->pick(k->arg, &b->said)) == NULL)
		rc = fail(ERR_DENIED,
		    "it is of no session that the case knows: -s names it");
	if (rc == ERR_NONE)
		b->session = arena_copy(a, k->session);
	if (rc == ERR_NONE)
		rc = check_author(b, a, signature, k);
	if (rc == ERR_NONE && k->approved != NULL)
		rc = k->approved(k->arg, b);
	return rc;
}

static enum err
read_pages(struct case_pages *g, struct arena *a, const struct tar *t,
    struct str plain, const struct case_check *k)
{
	const struct case_person *p;
	enum err rc = case_pages_read(g, a, t);

	g->plain = plain;
	if (rc == ERR_NONE && k->pages == NULL)
		rc = fail(ERR_DENIED,
		    "it holds pages of source: the rules of the session say "
		    "whether they may, -s names it");
	if (rc == ERR_NONE)
		rc = k->pages(k->arg, &k, g);
	if (rc != ERR_NONE)
		return rc;
	g->key_id = key_text(a, g->signature);
	rc = find_author(&p, k, g->signature, g->auditor, g->key_id);
	if (rc == ERR_NONE)
		rc = sign_verify(NULL, &p->key, g->bytes, g->signature);
	if (rc == ERR_NONE) {
		g->key = p->key;
		g->author =
		    arena_copy(a, p->full.len > 0 ? p->full : g->auditor);
	}
	return rc;
}

/* *fresh: it was not in the case. */
static enum err
take_pages(struct case_file *c, bool *fresh, struct str name,
    const struct hash *sealed, struct str plain, const struct tar *t,
    const struct case_check *k)
{
	struct case_pages *g = arena_new(&c->memory, struct case_pages);
	enum err rc = read_pages(g, &c->memory, t, plain, k);

	if (rc != ERR_NONE)
		return rc;
	g->file = arena_copy(&c->memory, name);
	g->sealed = *sealed;
	for (uint32_t i = 0; i < c->n_pages; i++)
		if (hash_eq(&c->pages[i]->text, &g->text)) {
			*fresh = false;
			return ERR_NONE;
		}
	if (c->n_pages == c->room_pages) {
		uint32_t room = 2 * c->room_pages + 16;
		struct case_pages **more =
		    arena_array(&c->memory, room, struct case_pages *);

		for (uint32_t i = 0; i < c->n_pages; i++)
			more[i] = c->pages[i];
		c->pages = more;
		c->room_pages = room;
	}
	c->pages[c->n_pages++] = g;
	*fresh = true;
	return ERR_NONE;
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
	if (c->n_bundles == c->room_bundles) {
		uint32_t room = 2 * c->room_bundles + 16;
		struct case_bundle **more =
		    arena_array(&c->memory, room, struct case_bundle *);

		for (uint32_t i = 0; i < c->n_bundles; i++)
			more[i] = c->bundles[i];
		c->bundles = more;
		c->room_bundles = room;
	}
	c->bundles[c->n_bundles++] = b;
}

enum err
case_take(struct case_file *c, bool *fresh, struct str name,
    const struct hash *sealed, struct str plain, const struct case_check *k)
{
	struct case_bundle *b = arena_new(&c->memory, struct case_bundle);
	struct tar tar;
	enum err rc;

	if (c->n_bundles + c->n_pages >= CASE_BUNDLES_MAX)
		return fail(ERR_LIMIT, "%.*s: a case holds %d exports",
		    STR_ARG(name), CASE_BUNDLES_MAX);
	b->file = arena_copy(&c->memory, name);
	b->sealed = *sealed;
	b->plain = arena_copy(&c->memory, plain);
	rc = tar_read(&tar, &c->memory, b->plain, LIMIT_BUNDLE);
	if (rc == ERR_NONE && case_pages_is(&tar))
		return take_pages(c, fresh, name, sealed, b->plain, &tar, k);
	if (rc == ERR_NONE)
		rc = read_bundle(b, &c->memory, &tar, k);
	if (rc != ERR_NONE)
		return rc;
	*fresh = !is_known(c, &b->hash);
	if (*fresh)
		keep(c, b);
	return ERR_NONE;
}

enum err
case_add(struct case_file *c, bool *fresh, struct str name, struct str bytes,
    const struct case_check *k)
{
	struct hash sealed = hash_of(bytes);
	struct buf plain = { 0 };
	enum err rc = seal_age_open(&plain, k->identity, bytes, LIMIT_BUNDLE);

	if (rc == ERR_NONE)
		rc = case_take(c, fresh, name, &sealed, buf_view(&plain), k);
	buf_release(&plain);
	return rc;
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
		d = (int)b->severity - (int)a->severity;
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
				.more = &f->more[k],
				.created = f->created[k],
				.versions = 1,
				.number = c->n_items + 1,
			};
	}
}

static void
drop_old_versions(struct case_file *c)
{
	uint32_t kept = 0;

	qsort(c->items, c->n_items, sizeof *c->items, by_origin);
	for (uint32_t i = 0; i < c->n_items; i++)
		if (kept > 0 &&
		    same_origin(&c->items[kept - 1], &c->items[i])) {
			struct case_item *it = &c->items[kept - 1];

			it->versions++;
			if (c->items[i].number < it->number)
				it->number = c->items[i].number;
		} else {
			c->items[kept++] = c->items[i];
		}
	c->n_items = kept;
}

static int
by_arrival(const void *pa, const void *pb)
{
	const struct case_item *a = pa, *b = pb;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* Each kind counts for itself; what came first is 1. */
static void
number_items(struct case_file *c)
{
	uint32_t n[3] = { 0 };

	qsort(c->items, c->n_items, sizeof *c->items, by_arrival);
	for (uint32_t i = 0; i < c->n_items; i++) {
		struct case_item *it = &c->items[i];

		it->number = ++n[rank(it->now->type)];
		it->severity = it->now->severity;
	}
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

void
case_sort(struct case_file *c)
{
	collect(c);
	drop_old_versions(c);
	number_items(c);
	name_items(c);
	/* Twice: what all say about a group moves its first to its place. */
	for (int i = 0; i < 2; i++) {
		qsort(c->items, c->n_items, sizeof *c->items, by_weight);
		for (uint32_t k = 0; k < c->n_items; k++)
			c->items[k].lead = c->items[k].twin = 0;
		twins_find(c);
		ballot_count(c);
	}
}

void
case_release(struct case_file *c)
{
	arena_release(&c->memory);
	*c = (struct case_file){ 0 };
}

static char
letter(const struct case_item *it)
{
	return "FQN"[rank(it->now->type)];
}

struct str
case_number(const struct case_item *it, struct arena *a)
{
	return arena_printf(a, "%c-%u", letter(it), it->number);
}

const struct case_item *
case_find(const struct case_file *c, struct str word)
{
	uint64_t number = 0;

	if (word.len > 2 && word.at[1] == '-' &&
	    str_number(str_slice(word, 2, SIZE_MAX), UINT32_MAX, &number) !=
		ERR_NONE)
		err_clear();
	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct case_item *it = &c->items[i];

		if (str_eq(it->id, word) ||
		    (number > 0 && it->number == number &&
			(word.at[0] & ~0x20) == letter(it)))
			return it;
	}
	return NULL;
}

const struct case_item *
case_lead(const struct case_file *c, const struct case_item *it)
{
	while (it->lead > 0)
		it = &c->items[it->lead - 1];
	return it;
}

struct decision_of
case_origin(const struct case_item *it)
{
	return (struct decision_of){ it->from->said.record, it->now->seq };
}

static enum err
take_file(struct case_file *c, struct decision *d)
{
	struct case_list *more;
	const char *name =
	    arena_printf(&c->memory, "%.*s", STR_ARG(d->file)).at;
	enum err rc;

	if (d->kind == DECISION_DEPLOYMENTS) {
		c->fleet_file = d->file;
		return fleet_read(&c->fleet, &c->memory, name, d->bytes);
	}
	more = arena_array(&c->memory, c->n_lists + 1, struct case_list);
	for (uint32_t i = 0; i < c->n_lists; i++)
		more[i] = c->lists[i];
	rc = checklist_read(&more[c->n_lists].list, &c->memory, name, d->bytes);
	if (rc != ERR_NONE)
		return rc;
	for (uint32_t i = 0; i < c->n_lists; i++)
		if (str_eq(more[i].list.id, more[c->n_lists].list.id))
			return fail(ERR_DENIED,
			    "%s: the case has a checklist \"%.*s\" already",
			    name, STR_ARG(more[i].list.id));
	more[c->n_lists].file = d->file;
	c->lists = more;
	c->n_lists++;
	return ERR_NONE;
}

enum err
case_decide(struct case_file *c, struct decision *d)
{
	enum err rc = ERR_NONE;

	if (d->kind == DECISION_DEPLOYMENTS || d->kind == DECISION_CHECKLIST)
		rc = take_file(c, d);
	if (rc != ERR_NONE)
		return rc;
	d->next = NULL;
	if (c->last == NULL)
		c->last = &c->decisions;
	*c->last = d;
	c->last = &d->next;
	return ERR_NONE;
}

void
case_log(struct case_file *c, uint64_t seq, int64_t time, struct str by,
    struct str kind, struct str key_id, struct str text)
{
	struct arena *a = &c->memory;

	if (c->n_steps == c->room_steps) {
		uint32_t room = 2 * c->room_steps + 64;
		struct case_step *more = arena_array(a, room, struct case_step);

		for (uint32_t i = 0; i < c->n_steps; i++)
			more[i] = c->steps[i];
		c->steps = more;
		c->room_steps = room;
	}
	c->steps[c->n_steps++] = (struct case_step){
		.seq = seq,
		.time = time,
		.by = arena_copy(a, by),
		.kind = arena_copy(a, kind),
		.key_id = arena_copy(a, key_id),
		.text = arena_copy(a, text),
	};
}
