#include "tui/hatch.h"

#include <string.h>

#include "core/hitlist.h"
#include "core/wire.h"

enum { HATCH_FIRST = 1, HATCH_LAST = 2 };

static bool
is_what(uint8_t c)
{
	return strchr("NF?ACe", c) != NULL && c != 0;
}

static bool
is_view_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return s.len > 0;
}

static enum err
whole(struct wire *w, bool sound)
{
	if (!sound)
		w->bad = true;
	return wire_done(w);
}

void
hatch_write_compose(struct buf *b, const struct hatch_compose *c)
{
	wire_put_u8(b, (uint8_t)c->what);
	wire_put_u64(b, c->list);
	anchor_write(&c->at, b);
}

enum err
hatch_read_compose(struct hatch_compose *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t what = wire_u8(&w);
	uint64_t list = wire_u64(&w);
	struct anchor at = anchor_read(&w, a);
	enum err rc = whole(&w, is_what(what) && list <= INT64_MAX);

	if (rc != ERR_NONE)
		return rc;
	out->list = list;
	out->what = (enum hatch_what)what;
	out->at = at;
	return ERR_NONE;
}

void
hatch_write_open(struct buf *b, const struct hatch_open *o)
{
	wire_put_str(b, o->view);
	wire_put_u64(b, o->number);
	anchor_write(&o->at, b);
}

enum err
hatch_read_open(struct hatch_open *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct hatch_open o = { 0 };
	enum err rc;

	o.view = arena_copy(a, wire_str(&w, HATCH_VIEW_MAX));
	o.number = wire_u64(&w);
	o.at = anchor_read(&w, a);
	rc = whole(&w, is_view_name(o.view));
	if (rc == ERR_NONE)
		*out = o;
	return rc;
}

void
hatch_write_reviewed(struct buf *b, const struct hatch_reviewed *r)
{
	wire_put_u8(b, r->is);
	anchor_write(&r->at, b);
}

enum err
hatch_read_reviewed(struct hatch_reviewed *out, struct arena *a,
    struct str body)
{
	struct wire w = wire_of(body);
	uint8_t is = wire_u8(&w);
	struct anchor at = anchor_read(&w, a);
	enum err rc = whole(&w, is <= 1);

	if (rc != ERR_NONE)
		return rc;
	out->is = is == 1;
	out->at = at;
	return ERR_NONE;
}

void
hatch_write_place(struct buf *b, const struct hatch_place *p)
{
	wire_put_u8(b, p->letter);
	wire_put_str(b, p->view);
	anchor_write(&p->at, b);
}

enum err
hatch_read_place(struct hatch_place *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct hatch_place p = { .letter = wire_u8(&w) };
	enum err rc;

	p.view = arena_copy(a, wire_str(&w, HATCH_VIEW_MAX));
	p.at = anchor_read(&w, a);
	rc = whole(&w,
	    p.letter >= 'a' && p.letter <= 'z' && is_view_name(p.view));
	if (rc == ERR_NONE)
		*out = p;
	return rc;
}

void
hatch_write_verdicts(struct buf *b, const struct hatch_verdicts *v)
{
	wire_put_u64(b, v->list);
	wire_put_u8(b, v->verdict);
	wire_put_u8(b, v->ask);
	wire_put_u32(b, v->n);
	for (uint32_t i = 0; i < 2 * v->n; i++)
		wire_put_u32(b, v->spans[i]);
}

enum err
hatch_read_verdicts(struct hatch_verdicts *out, struct arena *a,
    struct str body)
{
	struct wire w = wire_of(body);
	struct hatch_verdicts v = { .list = wire_u64(&w),
		.verdict = wire_u8(&w) };
	uint8_t ask = wire_u8(&w);
	uint32_t *spans, before = 0;
	bool sound = ask <= 1 && v.verdict < VERDICTS && v.list > 0;
	enum err rc;

	v.n = wire_u32(&w);
	sound = sound && v.n > 0 && v.n <= HATCH_SPANS;
	spans = arena_array(a, sound ? 2 * v.n : 1, uint32_t);
	for (uint32_t i = 0; sound && i < v.n; i++) {
		spans[2 * i] = wire_u32(&w);
		spans[2 * i + 1] = wire_u32(&w);
		sound =
		    spans[2 * i] > before && spans[2 * i + 1] >= spans[2 * i];
		before = spans[2 * i + 1];
	}
	v.ask = ask == 1;
	v.spans = spans;
	rc = whole(&w, sound);
	if (rc == ERR_NONE)
		*out = v;
	return rc;
}

enum err
hatch_read_anchor(struct anchor *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct anchor at = anchor_read(&w, a);
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		*out = at;
	return rc;
}

enum err
hatch_read_undo(bool *redo, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t is = wire_u8(&w);
	enum err rc = whole(&w, is <= 1);

	if (rc == ERR_NONE)
		*redo = is == 1;
	return rc;
}

enum err
hatch_read_news(struct str *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct str line = arena_copy(a, wire_str(&w, HATCH_NEWS_MAX));
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		*out = line;
	return rc;
}

void
hatch_send(struct port *p, uint16_t type, struct str bytes)
{
	struct buf body = { 0 };
	size_t at = 0;

	do {
		struct str piece = str_slice(bytes, at, HATCH_PIECE);

		buf_clear(&body);
		wire_put_u8(&body,
		    (at == 0 ? HATCH_FIRST : 0) |
			(at + piece.len == bytes.len ? HATCH_LAST : 0));
		buf_str(&body, piece);
		port_send(p, type, buf_view(&body));
		at += piece.len;
	} while (at < bytes.len);
	buf_release(&body);
}

enum err
hatch_take(struct buf *all, bool *is_whole, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t flags = wire_u8(&w);

	if (w.bad || flags > (HATCH_FIRST | HATCH_LAST))
		return fail(ERR_FORMAT, "a piece with a bad head");
	if (flags & HATCH_FIRST)
		buf_clear(all);
	if (all->len + w.rest.len > HATCH_WHOLE)
		return fail(ERR_LIMIT, "pieces of more than %d bytes",
		    HATCH_WHOLE);
	buf_str(all, w.rest);
	*is_whole = (flags & HATCH_LAST) != 0;
	return ERR_NONE;
}

enum err
hatch_read_marks(struct hatch_marks *out, struct arena *a, struct str all)
{
	/* The shortest mark: glyph, oid, empty path, two lines. */
	const size_t least = 1 + OID_BYTES + 4 + 4 + 4;
	struct wire w = wire_of(all);
	struct hatch_marks m = { 0 };
	enum err rc;

	m.at = arena_array(a, all.len / least + 1, struct mark);
	while (!w.bad && w.rest.len > 0)
		m.at[m.len++] = mark_read(&w, a);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*out = m;
	return rc;
}
