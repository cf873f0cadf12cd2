#include "policy/press.h"

#include <stdlib.h>

#include "core/anchor.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/wire.h"
#include "policy/press_chain.h"
#include "policy/press_page.h"

enum { WORDS_MAX = 256 };

struct found {
	struct str lines; /* of the place, in the arena of the order */
	uint32_t of;      /* lines of the file */
};

struct press {
	int spool; /* -1: none */
	struct arena arena;
	struct press_order order; /* id 0: none is under way */
	struct found *found;
	uint32_t at; /* place whose objects come now */
	struct press_chain chain;
	struct feed_in feed;
	struct buf why; /* the first thing that was wrong */
};

void
press_order_write(const struct press_order *o, struct buf *b)
{
	wire_put_u32(b, o->id);
	wire_put_u8(b, o->print);
	wire_put_u32(b, o->expect);
	wire_put_u32(b, o->number);
	wire_put_str(b, o->prefix);
	wire_put_str(b, o->legend);
	wire_put_str(b, o->session);
	wire_put_str(b, o->person);
	wire_put_str(b, o->when);
	wire_put_u32(b, o->n);
	for (uint32_t i = 0; i < o->n; i++) {
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

enum err
press_order_read(struct press_order *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct press_order o = { 0 };
	uint8_t print;

	o.id = wire_u32(&w);
	print = wire_u8(&w);
	o.print = print == 1;
	o.expect = wire_u32(&w);
	o.number = wire_u32(&w);
	o.prefix = arena_copy(a, wire_str(&w, WORDS_MAX));
	o.legend = arena_copy(a, wire_str(&w, WORDS_MAX));
	o.session = arena_copy(a, wire_str(&w, WORDS_MAX));
	o.person = arena_copy(a, wire_str(&w, WORDS_MAX));
	o.when = arena_copy(a, wire_str(&w, WORDS_MAX));
	o.n = wire_u32(&w);
	if (w.bad || o.id == 0 || print > 1 || o.n == 0 ||
	    o.n > PRESS_PLACES_MAX || o.number > 1000 * 1000 * 1000)
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
	}
}

enum err
press_answer_read(struct press_answer *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct press_answer p = { 0 };
	struct str hash;
	uint8_t state;

	p.id = wire_u32(&w);
	state = wire_u8(&w);
	p.state = (enum press_state)state;
	p.why = arena_copy(a, wire_str(&w, 1024));
	p.pages = wire_u32(&w);
	hash = wire_bytes(&w, sizeof p.hash.at);
	p.n = wire_u32(&w);
	if (w.bad || state >= PRESS_STATES || p.n > PRESS_PLACES_MAX)
		return fail(ERR_FORMAT, "an answer about pages that is none");
	for (size_t i = 0; i < hash.len; i++)
		p.hash.at[i] = (uint8_t)hash.at[i];
	p.costs = arena_array(a, p.n, struct press_cost);
	for (uint32_t i = 0; i < p.n; i++) {
		p.costs[i].pages = wire_u32(&w);
		p.costs[i].of = wire_u32(&w);
	}
	if (wire_done(&w) != ERR_NONE)
		return fail(ERR_FORMAT, "an answer about pages that is none");
	*out = p;
	return ERR_NONE;
}

struct press *
press_open(int spool)
{
	struct press *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for pages");
	p->spool = spool;
	return p;
}

static void
forget(struct press *p)
{
	feed_forget(&p->feed);
	buf_clear(&p->why);
	arena_release(&p->arena);
	p->order = (struct press_order){ 0 };
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
	free(p);
}

static void
begin_place(struct press *p)
{
	const struct press_place *l = &p->order.places[p->at];

	p->chain = press_chain_of(&l->commit, l->path);
}

enum err
press_take(struct press *p, struct buf *reply, struct str body)
{
	struct press_answer answer = { .state = PRESS_READY };
	enum err rc;

	forget(p);
	rc = press_order_read(&p->order, &p->arena, body);
	if (rc != ERR_NONE)
		return rc;
	answer.id = p->order.id;
	if (p->order.print && p->spool < 0) {
		answer.state = PRESS_FAILED;
		answer.why = STR("this station has no print spool");
		p->order.id = 0;
	} else {
		p->found = arena_array(&p->arena, p->order.n, struct found);
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

/* The file, proven: its lines are kept, the rest goes. */
static enum err
take_file(struct press *p, const struct oid *id, struct str bytes)
{
	const struct press_place *l = &p->order.places[p->at];
	struct found *f = &p->found[p->at];

	if (!oid_eq(id, &l->blob))
		return fail(ERR_DENIED,
		    "the lines were chosen in another content of that file");
	f->of = count_lines(bytes);
	if (l->last > f->of)
		return fail(ERR_DENIED, "the file has %u lines only", f->of);
	f->lines =
	    arena_copy(&p->arena, anchor_region(bytes, l->first, l->last));
	p->at++;
	if (p->at < p->order.n)
		begin_place(p);
	return ERR_NONE;
}

static enum err
take_object(struct press *p, const struct feed_blob *blob)
{
	struct oid id = p->chain.next;
	bool whole = false;
	enum err rc;

	if (p->at >= p->order.n || blob->index != p->at)
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
make_pages(struct press *p, struct buf *out, struct press_answer *answer)
{
	const struct press_order *o = &p->order;
	enum err rc = ERR_NONE;

	answer->costs = arena_array(&p->arena, o->n, struct press_cost);
	answer->n = o->n;
	for (uint32_t i = 0; i < o->n && rc == ERR_NONE; i++) {
		struct press_cost *c = &answer->costs[i];

		c->of = p->found[i].of;
		rc = press_page_put(out, &c->pages, o, i, p->found[i].lines,
		    c->of, o->number + answer->pages,
		    PRESS_PAGES_MAX - answer->pages);
		if (rc == ERR_NONE)
			answer->pages += c->pages;
	}
	return rc;
}

static enum err
print(struct press *p, struct str pages, struct press_answer *answer)
{
	if (answer->pages != p->order.expect)
		return fail(ERR_DENIED, "it would be %u pages, not %u",
		    answer->pages, p->order.expect);
	answer->hash = hash_of(pages);
	answer->state = PRESS_PRINTED;
	return io_put(p->spool, pages);
}

enum err
press_feed_end(struct press *p, struct buf *reply, bool *answered,
    struct str body)
{
	struct press_answer answer = { .id = p->order.id,
		.state = PRESS_MEASURED };
	struct feed_total total;
	struct buf pages = { 0 };
	enum err rc = feed_end_read(&total, body);

	*answered = false;
	if (rc != ERR_NONE)
		return rc;
	if (p->order.id == 0 || total.job != p->order.id)
		return ERR_NONE;
	if (p->why.len == 0 && p->at < p->order.n)
		buf_printf(&p->why, "place %u: its file was not sent",
		    p->at + 1);
	if (p->why.len == 0 &&
	    (make_pages(p, &pages, &answer) != ERR_NONE ||
		(p->order.print &&
		    print(p, buf_view(&pages), &answer) != ERR_NONE))) {
		buf_str(&p->why, str_of(err_text()));
		err_clear();
	}
	if (p->why.len > 0) {
		answer = (struct press_answer){ .id = answer.id,
			.why = buf_view(&p->why) };
	}
	buf_clear(reply);
	press_answer_write(&answer, reply);
	*answered = true;
	buf_release(&pages);
	forget(p);
	return ERR_NONE;
}
