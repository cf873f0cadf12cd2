#include "core/hitlist.h"

#include <stdlib.h>
#include <string.h>

#include "core/anchor.h"
#include "core/limits.h"
#include "core/wire.h"

enum { AROUND = 3 };

const char *
hitlist_state_name(enum hitlist_state s)
{
	static const char *const names[HITLIST_STATES] = {
		[HITLIST_FIRST] = "",
		[HITLIST_CARRIED] = "carried",
		[HITLIST_CHANGED] = "changed",
		[HITLIST_NEW] = "new",
	};

	return names[s];
}

const char *
hitlist_verdict_name(enum hitlist_verdict v)
{
	static const char *const names[VERDICTS] = {
		"todo",
		"safe",
		"n/a",
		"suspicious",
		"question",
	};

	return names[v];
}

static uint64_t
shorten(const struct hash *h)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | h->at[i];
	return n;
}

uint64_t
hitlist_hash(struct str line)
{
	struct hash h = hash_of(str_trim(line));

	return shorten(&h);
}

uint64_t
hitlist_context(struct str blob, uint32_t line)
{
	struct str rest = anchor_region(blob, line > AROUND ? line - AROUND : 1,
	    line > UINT32_MAX - AROUND ? line : line + AROUND);
	struct hash_run run;
	struct hash h;
	struct str one;

	hash_start(&run);
	while (str_cut(&rest, '\n', &one)) {
		if (str_trim(one).len == 0)
			continue;
		hash_add(&run, str_trim(one));
		hash_add(&run, STR("\n"));
	}
	h = hash_finish(&run);
	return shorten(&h);
}

void
hitlist_write(const struct hitlist *l, struct buf *b)
{
	wire_put_u64(b, l->number);
	wire_put_u64(b, l->from);
	wire_put_u32(b, l->gone);
	wire_put_str(b, l->title);
	wire_put_str(b, l->certificate);
	wire_put_u32(b, l->n_files);
	for (uint32_t i = 0; i < l->n_files; i++) {
		wire_put_oid(b, &l->files[i].commit);
		wire_put_oid(b, &l->files[i].blob);
		wire_put_str(b, l->files[i].path);
	}
	wire_put_u32(b, l->n_hits);
	for (uint32_t i = 0; i < l->n_hits; i++) {
		const struct hitlist_hit *h = &l->hits[i];

		wire_put_u64(b, h->hash);
		wire_put_u64(b, h->context);
		wire_put_u32(b, h->file);
		wire_put_u32(b, h->line);
		wire_put_u8(b, h->state);
		wire_put_u8(b, h->verdict);
		wire_put_u8(b, h->was);
	}
}

/* A number of things that take at least `least` bytes each. */
static uint32_t
read_count(struct wire *w, size_t least)
{
	uint32_t n = wire_u32(w);

	if (n > w->rest.len / least) {
		w->bad = true;
		return 0;
	}
	return n;
}

static void
read_files(struct hitlist *l, struct arena *a, struct wire *w)
{
	struct hitlist_file *files;

	l->n_files = read_count(w, 2 * OID_BYTES + 4);
	files = arena_array(a, l->n_files, struct hitlist_file);
	for (uint32_t i = 0; i < l->n_files && !w->bad; i++) {
		files[i].commit = wire_oid(w);
		files[i].blob = wire_oid(w);
		files[i].path = arena_copy(a, wire_str(w, LIMIT_PATH));
	}
	l->files = files;
}

static void
read_hits(struct hitlist *l, struct arena *a, struct wire *w)
{
	l->n_hits = read_count(w, 8 + 8 + 4 + 4 + 3);
	l->hits = arena_array(a, l->n_hits, struct hitlist_hit);
	for (uint32_t i = 0; i < l->n_hits && !w->bad; i++) {
		struct hitlist_hit *h = &l->hits[i];

		h->hash = wire_u64(w);
		h->context = wire_u64(w);
		h->file = wire_u32(w);
		h->line = wire_u32(w);
		h->state = wire_u8(w);
		h->verdict = wire_u8(w);
		h->was = wire_u8(w);
		if (h->file >= l->n_files || h->line == 0 ||
		    h->state >= HITLIST_STATES || h->verdict >= VERDICTS ||
		    h->was >= VERDICTS)
			w->bad = true;
	}
}

enum err
hitlist_read(struct hitlist *out, struct arena *a, struct str bytes)
{
	struct wire w = wire_of(bytes);
	struct hitlist l = { 0 };
	enum err rc;

	l.number = wire_u64(&w);
	l.from = wire_u64(&w);
	l.gone = wire_u32(&w);
	l.title = arena_copy(a, wire_str(&w, LIMIT_TITLE));
	l.certificate = arena_copy(a, wire_str(&w, LIMIT_BUNDLE));
	read_files(&l, a, &w);
	read_hits(&l, a, &w);
	rc = wire_done(&w);
	if (rc != ERR_NONE)
		return rc;
	if (l.n_hits > HITLIST_MAX)
		return fail(ERR_LIMIT, "a worklist of %u lines, at most %d",
		    l.n_hits, HITLIST_MAX);
	*out = l;
	return ERR_NONE;
}

/* Finding them again. */

enum { BY_PATH = 1, BY_HASH = 2, BY_CONTEXT = 4 };

struct ref {
	const struct hitlist *list;
	uint32_t i;
	unsigned by; /* what has to be the same */
};

static const struct hitlist_hit *
hit_of(const struct ref *r)
{
	return &r->list->hits[r->i];
}

static int
number_cmp(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
same_cmp(const struct ref *a, const struct ref *b)
{
	const struct hitlist_hit *x = hit_of(a), *y = hit_of(b);
	int c = 0;

	if (a->by & BY_PATH)
		c = str_cmp(a->list->files[x->file].path,
		    b->list->files[y->file].path);
	if (c == 0 && a->by & BY_HASH)
		c = number_cmp(x->hash, y->hash);
	if (c == 0 && a->by & BY_CONTEXT)
		c = number_cmp(x->context, y->context);
	return c;
}

static int
ref_cmp(const void *p, const void *q)
{
	const struct ref *a = p, *b = q;
	int c = same_cmp(a, b);

	return c != 0 ? c : number_cmp(a->i, b->i);
}

/* The hits that have no partner yet, sorted. */
static size_t
gather(struct ref *out, const struct hitlist *l, const bool *taken, unsigned by)
{
	size_t n = 0;

	for (uint32_t i = 0; i < l->n_hits; i++)
		if (!taken[i])
			out[n++] = (struct ref){ l, i, by };
	qsort(out, n, sizeof *out, ref_cmp);
	return n;
}

struct pairing {
	struct hitlist *l;
	const struct hitlist *old;
	bool *taken, *old_taken;
	struct ref *refs, *old_refs;
};

static void
pair(struct pairing *p, unsigned by, enum hitlist_state state)
{
	size_t n = gather(p->refs, p->l, p->taken, by);
	size_t m = gather(p->old_refs, p->old, p->old_taken, by);

	for (size_t i = 0, k = 0; i < n && k < m;) {
		int c = same_cmp(&p->refs[i], &p->old_refs[k]);

		if (c == 0) {
			struct hitlist_hit *h = &p->l->hits[p->refs[i].i];

			h->state = (uint8_t)state;
			h->was = hit_of(&p->old_refs[k])->verdict;
			h->verdict = state == HITLIST_CARRIED ? h->was : 0;
			p->taken[p->refs[i].i] = true;
			p->old_taken[p->old_refs[k].i] = true;
		}
		i += c <= 0;
		k += c >= 0;
	}
}

void
hitlist_carry(struct hitlist *l, const struct hitlist *old)
{
	struct arena a = { 0 };
	struct pairing p = {
		.l = l,
		.old = old,
		.taken = arena_array(&a, l->n_hits, bool),
		.old_taken = arena_array(&a, old->n_hits, bool),
		.refs = arena_array(&a, l->n_hits, struct ref),
		.old_refs = arena_array(&a, old->n_hits, struct ref),
	};

	for (uint32_t i = 0; i < l->n_hits; i++)
		l->hits[i].state = HITLIST_NEW;
	pair(&p, BY_PATH | BY_HASH | BY_CONTEXT, HITLIST_CARRIED);
	pair(&p, BY_HASH | BY_CONTEXT, HITLIST_CARRIED);
	pair(&p, BY_PATH | BY_HASH, HITLIST_CHANGED);
	pair(&p, BY_PATH, HITLIST_CHANGED);
	l->gone = 0;
	for (uint32_t i = 0; i < old->n_hits; i++)
		l->gone += !p.old_taken[i];
	arena_release(&a);
}
