#include "tui/paging.h"

#include <stdlib.h>
#include <string.h>

#include "core/press_files.h"
#include "core/limits.h"
#include "policy/parcel.h"
#include "policy/press_page.h"
#include "tui/outgoing.h"

enum { ORDER_MAX = 20 * 1024 }; /* bytes of all places */

struct paging {
	struct noting *noting;
	struct arena arena; /* of what is collected */
	struct pages_place places[PRESS_PLACES_MAX];
	struct pages now;
	bool known;
	struct buf trouble;

	uint32_t id; /* of the last order */
	struct arena order_arena;
	struct press_order order; /* id 0: none is under way; with places */
	bool make;
	struct parcel_inbox sealed; /* what the checker sealed */
	bool whole;
	void (*done)(void *arg, const struct press_answer *answer);
	void *arg;
};

struct paging *
paging_open(struct noting *n)
{
	struct paging *g = calloc(1, sizeof *g);

	if (g == NULL)
		bug("no memory for pages");
	g->noting = n;
	g->now.places = g->places;
	return g;
}

void
paging_close(struct paging *g)
{
	if (g == NULL)
		return;
	arena_release(&g->arena);
	arena_release(&g->order_arena);
	buf_release(&g->trouble);
	parcel_release(&g->sealed);
	free(g);
}

struct paging *
paging_of(struct noting *n)
{
	return outgoing_paging(noting_outgoing(n));
}

static const struct release *
release_of(const struct paging *g, const struct oid *commit)
{
	const struct start *s = noting_start(g->noting);

	for (uint32_t i = 0; i < s->n_releases; i++)
		if (oid_eq(&s->releases[i].commit, commit))
			return &s->releases[i];
	return NULL;
}

static size_t
weight(const struct paging *g)
{
	size_t n = 0;

	for (uint32_t i = 0; i < g->now.n; i++)
		n +=
		    64 + g->places[i].at.path.len + g->places[i].at.release.len;
	return n;
}

static enum err
may_add(const struct paging *g, const struct anchor *an)
{
	const struct rules *r = noting_rules(g->noting);

	if (r->personal)
		return fail(ERR_DENIED,
		    "pages are made in a session: here nobody keeps you from "
		    "printing");
	if (r->export.permit[CLASS_EXCERPT] == PERMIT_DENY)
		return fail(ERR_DENIED,
		    "the rules of this session let no page of source out");
	if (an->path.len == 0 || an->first == 0)
		return fail(ERR_DENIED,
		    "pages are made of lines: v marks some in a file");
	if (release_of(g, &an->commit) == NULL)
		return fail(ERR_DENIED,
		    "pages are made of the releases of the session only");
	if (g->now.n == PRESS_PLACES_MAX ||
	    weight(g) + an->path.len > ORDER_MAX)
		return fail(ERR_LIMIT,
		    "too many places at once: ask for these first");
	return ERR_NONE;
}

/* Every change makes what was known of the costs worthless. */
static void
changed(struct paging *g)
{
	for (uint32_t i = 0; i < g->now.n; i++)
		g->places[i].cost = (struct press_cost){ 0 };
	pages_sum(&g->now);
	g->known = false;
	paging_measure(g);
}

enum err
paging_add(struct paging *g, const struct anchor *an)
{
	struct press_place p = { .commit = an->commit,
		.blob = an->blob,
		.first = an->first,
		.last = an->last };
	enum err rc = may_add(g, an);

	if (rc != ERR_NONE)
		return rc;
	for (uint32_t i = 0; i < g->now.n; i++)
		if (oid_eq(&g->places[i].at.blob, &p.blob) &&
		    str_eq(g->places[i].at.path, an->path) &&
		    g->places[i].at.first == p.first &&
		    g->places[i].at.last == p.last)
			return fail(ERR_DENIED,
			    "these lines are chosen "
			    "already");
	p.release = arena_copy(&g->arena, release_of(g, &an->commit)->name);
	p.path = arena_copy(&g->arena, an->path);
	g->places[g->now.n++] = (struct pages_place){ .at = p };
	changed(g);
	return ERR_NONE;
}

bool
paging_takes(struct paging *g, const struct hatch_open *o)
{
	const struct noting_out *out = noting_ports(g->noting);

	if (!str_eq(o->view, STR("pages")) || o->at.path.len == 0 ||
	    paging_add(g, &o->at) == ERR_NONE)
		return true;
	out->news(out->arg, str_of(err_text()));
	err_clear();
	return false;
}

void
paging_drop(struct paging *g, uint32_t i)
{
	if (i >= g->now.n)
		return;
	g->now.n--;
	memmove(&g->places[i], &g->places[i + 1],
	    (g->now.n - i) * sizeof g->places[0]);
	if (g->now.n == 0)
		arena_clear(&g->arena);
	changed(g);
}

void
paging_clear(struct paging *g)
{
	g->now.n = 0;
	arena_clear(&g->arena);
	pages_sum(&g->now);
	g->known = false;
}

const struct pages *
paging_pages(const struct paging *g)
{
	return &g->now;
}

bool
paging_known(const struct paging *g)
{
	return g->known;
}

struct str
paging_trouble(const struct paging *g)
{
	return buf_view(&g->trouble);
}

struct str
paging_prefix(const struct paging *g, struct arena *a)
{
	return press_page_prefix(a, noting_rules(g->noting),
	    noting_start(g->noting)->auditor);
}

struct pages_facts *
paging_facts(const struct paging *g, struct arena *a, const struct pages *p)
{
	struct pages_facts *f = arena_new(a, struct pages_facts);
	const struct entry **events;
	size_t n =
	    book_events(noting_book(g->noting), ENTRY_EXPORT, a, &events);
	struct pages *before = arena_array(a, n, struct pages);
	size_t k = 0;

	f->spool = noting_start(g->noting)->spool;
	for (size_t i = 0; i < n; i++)
		if (events[i]->serial != 0 && pages_is(events[i]->text) &&
		    pages_read(&before[k], a, events[i]->text) == ERR_NONE)
			k++;
	err_clear();
	pages_facts(f, p, before, k);
	return f;
}

static void
send_order(struct paging *g)
{
	const struct noting_out *out = noting_ports(g->noting);
	struct buf body = { 0 };

	press_order_write(&g->order, &body);
	out->pages(out->arg, buf_view(&body));
	buf_release(&body);
}

/* Copies the places: the list may change meanwhile. */
static void
copy_places(struct paging *g, const struct pages *p)
{
	struct press_order *o = &g->order;

	o->id = ++g->id;
	o->places = arena_array(&g->order_arena, p->n, struct press_place);
	o->n = p->n;
	for (uint32_t i = 0; i < p->n; i++) {
		o->places[i] = p->places[i].at;
		o->places[i].path =
		    arena_copy(&g->order_arena, p->places[i].at.path);
		o->places[i].release =
		    arena_copy(&g->order_arena, p->places[i].at.release);
	}
}

static void
forget_order(struct paging *g)
{
	arena_clear(&g->order_arena);
	g->order = (struct press_order){ 0 };
	g->make = false;
	parcel_release(&g->sealed);
	g->whole = false;
}

void
paging_measure(struct paging *g)
{
	if (g->make)
		return; /* the printer comes first; asked again after it */
	forget_order(g);
	buf_clear(&g->trouble);
	if (g->now.n == 0)
		return;
	copy_places(g, &g->now);
	send_order(g);
}

enum err
paging_make(struct paging *g, const struct pages *p,
    const struct press_order *with,
    void (*done)(void *arg, const struct press_answer *answer), void *arg)
{
	struct press_order *o = &g->order;
	size_t bytes = with->request.len + with->signature.len;

	for (uint32_t i = 0; i < with->n_approvals; i++)
		bytes += with->approvals[i].len + 4;
	if (with->n_approvals > PRESS_APPROVALS_MAX ||
	    bytes > LIMIT_MESSAGE - 1024)
		return fail(ERR_LIMIT,
		    "the request and what people said of it are too much for "
		    "one order: ask for fewer places");
	forget_order(g);
	copy_places(g, p);
	g->make = o->make = true;
	o->number = with->number;
	o->key = with->key;
	o->request = arena_copy(&g->order_arena, with->request);
	o->signature = arena_copy(&g->order_arena, with->signature);
	o->n_approvals = with->n_approvals;
	o->approvals =
	    arena_array(&g->order_arena, with->n_approvals, struct str);
	for (uint32_t i = 0; i < with->n_approvals; i++)
		o->approvals[i] =
		    arena_copy(&g->order_arena, with->approvals[i]);
	g->done = done;
	g->arg = arg;
	send_order(g);
	return ERR_NONE;
}

enum err
paging_piece(struct paging *g, struct str body)
{
	return parcel_take(&g->sealed, &g->whole, body);
}

struct str
paging_sealed(const struct paging *g)
{
	return g->whole ? buf_view(&g->sealed.bytes) : STR("");
}

void
paging_give_up(struct paging *g)
{
	forget_order(g);
}

/* The checker listens: the reading room has its worker send the files. */
static void
send_files(struct paging *g)
{
	const struct noting_out *out = noting_ports(g->noting);
	struct press_file files[PRESS_PLACES_MAX];
	struct press_files j = { g->order.id, files, g->order.n };
	struct buf body = { 0 };

	for (uint32_t i = 0; i < j.n; i++)
		files[i] = (struct press_file){ g->order.places[i].commit,
			g->order.places[i].path };
	press_files_write(&body, &j);
	out->press(out->arg, buf_view(&body));
	buf_release(&body);
}

static void
measured(struct paging *g, const struct press_answer *answer)
{
	forget_order(g);
	if (answer->n != g->now.n)
		return;
	for (uint32_t i = 0; i < answer->n; i++)
		g->places[i].cost = answer->costs[i];
	pages_sum(&g->now);
	g->known = true;
}

static void
take(struct paging *g, const struct press_answer *answer)
{
	if (g->order.id == 0 || answer->id != g->order.id)
		return;
	if (answer->state == PRESS_READY) {
		send_files(g);
		return;
	}
	if (g->make) {
		g->order.id = 0;
		g->done(g->arg, answer);
		forget_order(g);
		if (!g->known)
			paging_measure(g);
		return;
	}
	if (answer->state == PRESS_MEASURED) {
		measured(g, answer);
		return;
	}
	buf_clear(&g->trouble);
	buf_str(&g->trouble, answer->why);
	forget_order(g);
}

void
paging_answer(struct paging *g, const struct press_answer *answer)
{
	take(g, answer);
	shell_wake(noting_shell(g->noting));
}
