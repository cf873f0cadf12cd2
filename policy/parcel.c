#include "policy/parcel.h"

#include "core/limits.h"
#include "core/wire.h"

#include <string.h>

_Static_assert(PARCEL_PIECE + 64 <= LIMIT_MESSAGE, "a piece fits a message");
_Static_assert(PARCEL_SPANS_MAX * 13 + 128 <= LIMIT_MESSAGE,
    "a verdict fits a message");

void
parcel_candidate_write(const struct candidate *c, struct buf *b)
{
	wire_put_u32(b, c->id);
	wire_put_u32(b, c->total);
	wire_put_u32(b, c->context);
	wire_put_u32(b, c->at);
	wire_put_str(b, c->piece);
}

enum err
parcel_candidate_read(struct candidate *out, struct str body)
{
	struct wire w = wire_of(body);
	struct candidate c;

	c.id = wire_u32(&w);
	c.total = wire_u32(&w);
	c.context = wire_u32(&w);
	c.at = wire_u32(&w);
	c.piece = wire_str(&w, PARCEL_PIECE);
	if (c.total > PARCEL_BYTES_MAX || c.context > c.total ||
	    c.at > c.total || c.piece.len > c.total - c.at)
		w.bad = true;
	if (c.piece.len == 0 && c.total > 0)
		w.bad = true;
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	*out = c;
	return ERR_NONE;
}

void
parcel_send(uint32_t id, struct str context, struct str bytes,
    void (*put)(void *arg, struct str body), void *arg)
{
	struct buf whole = { 0 }, body = { 0 };
	struct candidate c = { .id = id };

	if (bytes.len > PARCEL_BYTES_MAX ||
	    context.len > PARCEL_BYTES_MAX - bytes.len)
		bug("a candidate of %zu + %zu bytes", context.len, bytes.len);
	buf_str(&whole, context);
	buf_str(&whole, bytes);
	c.total = (uint32_t)whole.len;
	c.context = (uint32_t)context.len;
	do {
		c.piece = str_slice(buf_view(&whole), c.at, PARCEL_PIECE);
		buf_clear(&body);
		parcel_candidate_write(&c, &body);
		put(arg, buf_view(&body));
		c.at += (uint32_t)c.piece.len;
	} while (c.at < c.total);
	buf_release(&whole);
	buf_release(&body);
}

void
parcel_verdict_write(const struct verdict_source *v, struct buf *b)
{
	if (v->n_spans > PARCEL_SPANS_MAX)
		bug("%u spans in a verdict", v->n_spans);
	wire_put_u32(b, v->id);
	wire_put_u8(b, v->ready);
	wire_put_u64(b, v->done);
	wire_put_u64(b, v->of);
	buf_add(b, v->hash.at, HASH_BYTES);
	wire_put_u32(b, v->tokens);
	wire_put_u32(b, v->run);
	wire_put_u32(b, v->shapes);
	wire_put_u32(b, v->remarks);
	wire_put_u32(b, v->open);
	wire_put_u8(b, v->more);
	wire_put_u32(b, v->n_spans);
	for (uint32_t i = 0; i < v->n_spans; i++) {
		wire_put_u32(b, v->spans[i].at);
		wire_put_u32(b, v->spans[i].len);
		wire_put_u32(b, v->spans[i].tokens);
		wire_put_u8(b, v->spans[i].kind);
	}
}

static uint8_t
flag(struct wire *w)
{
	uint8_t v = wire_u8(w);

	if (v > 1)
		w->bad = true;
	return v;
}

static void
read_spans(struct verdict_source *v, struct arena *a, struct wire *w)
{
	uint32_t n = wire_u32(w), from = 0;

	if (n > PARCEL_SPANS_MAX)
		w->bad = true;
	if (w->bad)
		return;
	v->spans = arena_array(a, n, struct span);
	for (v->n_spans = 0; v->n_spans < n && !w->bad; v->n_spans++) {
		struct span *s = &v->spans[v->n_spans];

		s->at = wire_u32(w);
		s->len = wire_u32(w);
		s->tokens = wire_u32(w);
		s->kind = wire_u8(w);
		if (s->kind > SPAN_PUBLIC || s->at < from || s->len == 0 ||
		    s->at > PARCEL_BYTES_MAX ||
		    s->len > PARCEL_BYTES_MAX - s->at)
			w->bad = true;
		from = s->at;
	}
}

enum err
parcel_verdict_read(struct verdict_source *out, struct arena *a,
    struct str body)
{
	struct verdict_source v = { 0 };
	struct wire w = wire_of(body);
	struct str hash;

	v.id = wire_u32(&w);
	v.ready = flag(&w);
	v.done = wire_u64(&w);
	v.of = wire_u64(&w);
	hash = wire_bytes(&w, HASH_BYTES);
	if (hash.len == HASH_BYTES)
		memcpy(v.hash.at, hash.at, HASH_BYTES);
	v.tokens = wire_u32(&w);
	v.run = wire_u32(&w);
	v.shapes = wire_u32(&w);
	v.remarks = wire_u32(&w);
	v.open = wire_u32(&w);
	v.more = flag(&w);
	read_spans(&v, a, &w);
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	*out = v;
	return ERR_NONE;
}

static void
start_over(struct parcel_inbox *in, const struct candidate *c)
{
	in->id = c->id;
	in->total = c->total;
	in->context = c->context;
	buf_clear(&in->bytes);
}

enum err
parcel_take(struct parcel_inbox *in, bool *whole, struct str body)
{
	struct candidate c;
	enum err rc = parcel_candidate_read(&c, body);

	if (rc != ERR_NONE)
		return rc;
	if (c.at == 0)
		start_over(in, &c);
	if (c.id != in->id || c.total != in->total ||
	    c.context != in->context || c.at != in->bytes.len)
		return fail(ERR_FORMAT, "a candidate's pieces do not fit");
	buf_str(&in->bytes, c.piece);
	*whole = in->bytes.len == in->total;
	return ERR_NONE;
}

void
parcel_release(struct parcel_inbox *in)
{
	buf_release(&in->bytes);
	*in = (struct parcel_inbox){ 0 };
}
