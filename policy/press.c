#include "policy/press.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/array.h"
#include "core/anchor.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/wire.h"
#include "policy/excerpt.h"
#include "policy/press_chain.h"
#include "policy/press_page.h"

struct found {
	struct str lines; /* of the place, in the arena of the order */
	struct press_cost cost;
	struct str rows;
};

struct press {
	const struct press_house *house;
	struct arena arena;
	struct press_order order; /* id 0: none is under way */
	struct pages request;     /* when it is to be made */
	struct found *found;
	uint32_t at; /* place whose objects come now */
	struct press_chain chain;
	struct feed_in feed;
	struct buf why; /* the first thing that was wrong */
	struct buf sealed;

	struct arena kept; /* what this process made, for the totals */
	struct pages *made;
	size_t n_made, room;
};

void
press_order_write(const struct press_order *o, struct buf *b)
{
	uint32_t n;

	wire_put_u32(b, o->id);
	wire_put_u8(b, o->make);
	wire_put_u32(b, o->number);
	wire_put_str(b, o->request);
	wire_put_str(b, o->signature);
	buf_add(b, o->key.id, sizeof o->key.id);
	buf_add(b, o->key.key, sizeof o->key.key);
	wire_put_u32(b, o->n_approvals);
	for (uint32_t i = 0; i < o->n_approvals; i++)
		wire_put_str(b, o->approvals[i]);
	n = o->make ? 0 : o->n;
	wire_put_u32(b, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct press_place *p = &o->places[i];

		wire_put_str(b, p->release);
		wire_put_oid(b, &p->commit);
		wire_put_oid(b, &p->blob);
		wire_put_str(b, p->path);
		wire_put_u32(b, p->first);
		wire_put_u32(b, p->last);
	}
}

static void
read_place(struct press_place *p, struct arena *a, struct wire *w)
{
	p->release = arena_copy(a, wire_str(w, LIMIT_REF_NAME));
	p->commit = wire_oid(w);
	p->blob = wire_oid(w);
	p->path = arena_copy(a, wire_str(w, LIMIT_PATH));
	p->first = wire_u32(w);
	p->last = wire_u32(w);
	if (p->first == 0 || p->last < p->first || p->path.len == 0)
		w->bad = true;
}

static void
read_words(struct press_order *o, struct arena *a, struct wire *w)
{
	struct str id, key;

	o->request = arena_copy(a, wire_str(w, LIMIT_MESSAGE));
	o->signature = arena_copy(a, wire_str(w, SIGN_FILE_MAX));
	id = wire_bytes(w, sizeof o->key.id);
	key = wire_bytes(w, sizeof o->key.key);
	if (!w->bad) {
		memcpy(o->key.id, id.at, sizeof o->key.id);
		memcpy(o->key.key, key.at, sizeof o->key.key);
	}
	o->n_approvals = wire_u32(w);
	if (o->n_approvals > PRESS_APPROVALS_MAX)
		w->bad = true;
	if (w->bad)
		return;
	o->approvals = arena_array(a, o->n_approvals, struct str);
	for (uint32_t i = 0; i < o->n_approvals; i++)
		o->approvals[i] = arena_copy(a, wire_str(w, SIGN_FILE_MAX));
}

enum err
press_order_read(struct press_order *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct press_order o = { 0 };
	uint8_t make;

	o.id = wire_u32(&w);
	make = wire_u8(&w);
	o.make = make == 1;
	o.number = wire_u32(&w);
	read_words(&o, a, &w);
	o.n = wire_u32(&w);
	if (w.bad || o.id == 0 || make > 1 || o.n > PRESS_PLACES_MAX ||
	    (o.n == 0) != o.make || o.make != (o.request.len > 0) ||
	    o.number > 1000 * 1000 * 1000)
		return fail(ERR_FORMAT, "an order for pages that is none");
	o.places = arena_array(a, o.n, struct press_place);
	for (uint32_t i = 0; i < o.n; i++)
		read_place(&o.places[i], a, &w);
	if (wire_done(&w) != ERR_NONE)
		return fail(ERR_FORMAT, "an order for pages that is none");
	*out = o;
	return ERR_NONE;
}

void
press_answer_write(const struct press_answer *p, struct buf *b)
{
	wire_put_u32(b, p->id);
	wire_put_u8(b, (uint8_t)p->state);
	wire_put_str(b, p->why);
	wire_put_u32(b, p->pages);
	buf_add(b, p->hash.at, sizeof p->hash.at);
	wire_put_u32(b, p->n);
	for (uint32_t i = 0; i < p->n; i++) {
		wire_put_u32(b, p->costs[i].pages);
		wire_put_u32(b, p->costs[i].of);
		buf_add(b, p->costs[i].lines.at, HASH_BYTES);
		buf_add(b, p->costs[i].rows.at, HASH_BYTES);
	}
}

static struct hash
read_hash(struct wire *w)
{
	struct str bytes = wire_bytes(w, HASH_BYTES);
	struct hash h = { { 0 } };

	if (bytes.len == HASH_BYTES)
		memcpy(h.at, bytes.at, HASH_BYTES);
	return h;
}

enum err
press_answer_read(struct press_answer *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct press_answer p = { 0 };
	uint8_t state;

	p.id = wire_u32(&w);
	state = wire_u8(&w);
	p.state = (enum press_state)state;
	p.why = arena_copy(a, wire_str(&w, 1024));
	p.pages = wire_u32(&w);
	p.hash = read_hash(&w);
	p.n = wire_u32(&w);
	if (w.bad || state >= PRESS_STATES || p.n > PRESS_PLACES_MAX)
		return fail(ERR_FORMAT, "an answer about pages that is none");
	p.costs = arena_array(a, p.n, struct press_cost);
	for (uint32_t i = 0; i < p.n; i++) {
		p.costs[i].pages = wire_u32(&w);
		p.costs[i].of = wire_u32(&w);
		p.costs[i].lines = read_hash(&w);
		p.costs[i].rows = read_hash(&w);
	}
	if (wire_done(&w) != ERR_NONE)
		return fail(ERR_FORMAT, "an answer about pages that is none");
	*out = p;
	return ERR_NONE;
}

struct press *
press_open(const struct press_house *h)
{
	struct press *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for pages");
	p->house = h;
	return p;
}

static void
forget(struct press *p)
{
	feed_forget(&p->feed);
	buf_clear(&p->why);
	arena_release(&p->arena);
	p->order = (struct press_order){ 0 };
	p->request = (struct pages){ 0 };
	p->found = NULL;
	p->at = 0;
}

void
press_close(struct press *p)
{
	if (p == NULL)
		return;
	forget(p);
	buf_release(&p->why);
	buf_release(&p->sealed);
	arena_release(&p->kept);
	free(p->made);
	free(p);
}

struct str
press_sealed(const struct press *p)
{
	return buf_view(&p->sealed);
}

static const struct press_place *
place(const struct press *p, uint32_t i)
{
	return p->order.make ? &p->request.places[i].at : &p->order.places[i];
}

static uint32_t
count_places(const struct press *p)
{
	return p->order.make ? p->request.n : p->order.n;
}

static int64_t
now(const struct press *p)
{
	return p->house->now != 0 ? p->house->now : (int64_t)time(NULL);
}

/* In the arena of the order. */
static struct approval *
approvals(struct press *p)
{
	const struct press_order *o = &p->order;
	struct approval *all =
	    arena_array(&p->arena, o->n_approvals, struct approval);

	for (uint32_t i = 0; i < o->n_approvals; i++)
		all[i].signature = o->approvals[i];
	return all;
}

/* With what this process made before: what was made by another one, before
 * the session was closed and opened again, the gate counts. */
static enum err
totals(const struct press *p)
{
	const struct rules_excerpt *e = &p->house->rules->excerpt;
	struct pages_facts f = { 0 };
	uint64_t all = p->request.pages;

	pages_facts(&f, &p->request, p->made, p->n_made);
	for (size_t i = 0; i < p->n_made; i++)
		all += p->made[i].pages;
	if (f.run > e->lines_run || f.percent > e->file_percent ||
	    all > e->pages_person)
		return fail(ERR_DENIED,
		    "with what was made before it is more than the rules "
		    "allow");
	return ERR_NONE;
}

/* Whoever ordered it: does what it says may be made, and is it theirs? */
static enum err
look_at(struct press *p)
{
	const struct press_house *h = p->house;
	const struct press_order *o = &p->order;
	enum err rc = excerpt_request(&p->request, &p->arena, h->rules,
	    h->person, o->request);

	if (rc == ERR_NONE && o->number == 0)
		rc = fail(ERR_FORMAT, "pages without a number");
	if (rc == ERR_NONE)
		rc = excerpt_may(h->rules, &p->request, o->request,
		    approvals(p), o->n_approvals, now(p));
	if (rc == ERR_NONE)
		rc = totals(p);
	if (rc == ERR_NONE && p->request.paper && h->spool < 0)
		rc = fail(ERR_DENIED, "this station has no print spool");
	if (rc == ERR_NONE && !p->request.paper)
		rc = sign_verify(NULL, &o->key, o->request, o->signature);
	return rc;
}

static void
begin_place(struct press *p)
{
	const struct press_place *l = place(p, p->at);

	p->chain = press_chain_of(&l->commit, l->path);
}

enum err
press_take(struct press *p, struct buf *reply, struct str body)
{
	struct press_answer answer = { .state = PRESS_READY };
	enum err rc;

	forget(p);
	buf_clear(&p->sealed);
	rc = press_order_read(&p->order, &p->arena, body);
	if (rc != ERR_NONE)
		return rc;
	answer.id = p->order.id;
	if (p->order.make && look_at(p) != ERR_NONE) {
		answer.state = PRESS_FAILED;
		answer.why = arena_copy(&p->arena, str_of(err_text()));
		err_clear();
		p->order.id = 0;
	} else {
		p->found =
		    arena_array(&p->arena, count_places(p), struct found);
		begin_place(p);
		feed_listen(&p->feed, p->order.id);
	}
	buf_clear(reply);
	press_answer_write(&answer, reply);
	return ERR_NONE;
}

/* The first reason is kept; what comes after it is passed over. */
static void
wrong(struct press *p, uint32_t place)
{
	if (p->why.len == 0)
		buf_printf(&p->why, "place %u: %s", place + 1, err_text());
	err_clear();
}

/* Lines as in anchors: they end at LF only. */
static uint32_t
count_lines(struct str bytes)
{
	uint32_t n = bytes.len > 0 && bytes.at[bytes.len - 1] != '\n';

	for (size_t i = 0; i < bytes.len; i++)
		n += bytes.at[i] == '\n';
	return n;
}

/* What it costs, and that it is what people agreed to. */
static enum err
count(struct press *p, struct found *f)
{
	const struct press_place *l = place(p, p->at);
	const struct press_cost *agreed;
	struct buf rows = { 0 };

	press_page_rows(&rows, f->lines, l->first, PRESS_PAGES_MAX);
	f->rows = arena_copy(&p->arena, buf_view(&rows));
	buf_release(&rows);
	f->cost.lines = hash_of(f->lines);
	f->cost.rows = hash_of(f->rows);
	if (!p->order.make)
		return ERR_NONE;
	agreed = &p->request.places[p->at].cost;
	if (agreed->of != f->cost.of ||
	    !hash_eq(&agreed->lines, &f->cost.lines) ||
	    !hash_eq(&agreed->rows, &f->cost.rows))
		return fail(ERR_DENIED,
		    "the request was for other lines than stand there");
	return ERR_NONE;
}

/* The file, proven: its lines are kept, the rest goes. */
static enum err
take_file(struct press *p, const struct oid *id, struct str bytes)
{
	const struct press_place *l = place(p, p->at);
	struct found *f = &p->found[p->at];
	enum err rc;

	if (!oid_eq(id, &l->blob))
		return fail(ERR_DENIED,
		    "the lines were chosen in another content of that file");
	f->cost.of = count_lines(bytes);
	if (l->last > f->cost.of)
		return fail(ERR_DENIED, "the file has %u lines only",
		    f->cost.of);
	f->lines =
	    arena_copy(&p->arena, anchor_region(bytes, l->first, l->last));
	rc = count(p, f);
	p->at++;
	if (p->at < count_places(p))
		begin_place(p);
	return rc;
}

static enum err
take_object(struct press *p, const struct feed_blob *blob)
{
	struct oid id = p->chain.next;
	bool whole = false;
	enum err rc;

	if (p->at >= count_places(p) || blob->index != p->at)
		return fail(ERR_DENIED, "objects that nobody asked for");
	rc = press_chain_add(&p->chain, &whole, blob->bytes);
	if (rc == ERR_NONE && whole)
		rc = take_file(p, &id, blob->bytes);
	return rc;
}

enum err
press_blob(struct press *p, struct str body)
{
	struct feed_blob blob;
	bool more = true;
	enum err rc;

	if (p->order.id == 0 || !feed_take(&p->feed, body))
		return ERR_NONE;
	for (;;) {
		rc = feed_next(&p->feed, &blob, &more);
		if (rc != ERR_NONE || !more)
			return rc;
		if (p->why.len == 0 && take_object(p, &blob) != ERR_NONE)
			wrong(p, p->at);
	}
}

/* All pages of the order; what each place costs. */
static enum err
make_pages(struct press *p, struct buf *out, struct press_answer *answer,
    int64_t when)
{
	struct press_stamp stamp = press_page_stamp(&p->arena, p->house->rules,
	    p->house->person, p->request.finding, when);
	uint32_t n = count_places(p);
	enum err rc = ERR_NONE;

	answer->costs = arena_array(&p->arena, n, struct press_cost);
	answer->n = n;
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct press_cost *c = &answer->costs[i];

		*c = p->found[i].cost;
		rc = press_page_put(out, &c->pages, &stamp, place(p, i), c,
		    p->found[i].rows, p->order.number + answer->pages,
		    PRESS_PAGES_MAX - answer->pages);
		if (rc == ERR_NONE)
			answer->pages += c->pages;
	}
	return rc;
}

/* Each place costs what people were told that it costs. */
static enum err
check_costs(const struct press *p, const struct press_answer *answer)
{
	for (uint32_t i = 0; i < answer->n; i++)
		if (answer->costs[i].pages != p->request.places[i].cost.pages)
			return fail(ERR_DENIED,
			    "place %u would be %u pages, not %u", i + 1,
			    answer->costs[i].pages,
			    p->request.places[i].cost.pages);
	return ERR_NONE;
}

static enum err
seal(struct press *p, struct str text, int64_t when)
{
	const struct excerpt x = { .request = p->order.request,
		.signature = p->order.signature,
		.text = text,
		.approvals = approvals(p),
		.n_approvals = p->order.n_approvals,
		.number = p->order.number,
		.when = when,
		.pages = p->request };
	struct buf tar = { 0 };
	enum err rc = excerpt_pack(&tar, p->house->rules, &x);

	if (rc == ERR_NONE)
		rc = excerpt_seal(&p->sealed, p->house->rules, buf_view(&tar),
		    p->house->prints);
	if (rc == ERR_NONE && p->sealed.len > PARCEL_BYTES_MAX) {
		buf_clear(&p->sealed);
		rc = fail(ERR_LIMIT, "too many pages for one file");
	}
	buf_release(&tar);
	return rc;
}

static void
keep(struct press *p)
{
	p->made = array_more(p->made, p->n_made, &p->room, sizeof *p->made);
	if (pages_read(&p->made[p->n_made], &p->kept, p->order.request) !=
	    ERR_NONE)
		bug("a request that was read is none: %s", err_text());
	p->n_made++;
}

/* What was ordered, where the rules want it. */
static enum err
make(struct press *p, struct press_answer *answer)
{
	struct buf text = { 0 };
	int64_t when = now(p);
	enum err rc = make_pages(p, &text, answer, when);

	answer->state = PRESS_MEASURED;
	answer->hash = hash_of(buf_view(&text));
	if (rc == ERR_NONE && p->order.make)
		rc = check_costs(p, answer);
	if (rc == ERR_NONE && p->order.make) {
		keep(p);
		answer->state = p->request.paper ? PRESS_PRINTED : PRESS_SEALED;
		rc = p->request.paper ?
		    io_put(p->house->spool, buf_view(&text)) :
		    seal(p, buf_view(&text), when);
	}
	buf_release(&text);
	return rc;
}

enum err
press_feed_end(struct press *p, struct buf *reply, bool *answered,
    struct str body)
{
	struct press_answer answer = { .id = p->order.id };
	struct feed_total total;
	enum err rc = feed_end_read(&total, body);

	*answered = false;
	if (rc != ERR_NONE)
		return rc;
	if (p->order.id == 0 || total.job != p->order.id)
		return ERR_NONE;
	if (p->why.len == 0 && p->at < count_places(p))
		buf_printf(&p->why, "place %u: its file was not sent",
		    p->at + 1);
	if (p->why.len == 0 && make(p, &answer) != ERR_NONE) {
		buf_str(&p->why, str_of(err_text()));
		err_clear();
	}
	if (p->why.len > 0)
		answer = (struct press_answer){ .id = answer.id,
			.why = buf_view(&p->why) };
	buf_clear(reply);
	press_answer_write(&answer, reply);
	*answered = true;
	forget(p);
	return ERR_NONE;
}
