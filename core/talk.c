#include "core/talk.h"

#include "core/messages.h"
#include "core/limits.h"
#include "core/wire.h"

_Static_assert(TALK_ANCHOR >= LIMIT_PATH + 2 * OID_BYTES + 12 + HASH_BYTES,
    "a message holds an anchor");

void
talk_write_compose(struct buf *b, const struct talk_compose *c)
{
	wire_put_u8(b, c->what);
	anchor_write(&c->at, b);
}

void
talk_write_view(struct buf *b, const struct talk_view *v)
{
	wire_put_str(b, v->name);
	wire_put_u64(b, v->number);
}

void
talk_write_seen(struct buf *b, const struct talk_seen *s)
{
	wire_put_u32(b, s->ms);
	anchor_write(&s->at, b);
}

void
talk_write_reviewed(struct buf *b, const struct talk_reviewed *r)
{
	wire_put_u8(b, r->is);
	anchor_write(&r->at, b);
}

void
talk_write_text(struct buf *b, struct str text)
{
	wire_put_str(b, str_slice(text, 0, TALK_CERTIFICATE));
}

void
talk_write_undo(struct buf *b, bool redo)
{
	wire_put_u8(b, redo);
}

void
talk_write_goto(struct buf *b, const struct anchor *an)
{
	anchor_write(an, b);
}

void
talk_write_news(struct buf *b, const struct talk_news *n)
{
	wire_put_u8(b, n->role);
	wire_put_str(b, str_slice(n->line, 0, TALK_LINE));
}

static bool
yes(struct wire *w)
{
	uint8_t v = wire_u8(w);

	if (v > 1)
		w->bad = true;
	return v == 1;
}

enum err
talk_read_compose(struct talk_compose *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	out->what = wire_u8(&w);
	out->at = anchor_read(&w, a);
	if (out->what != 'N' && out->what != 'F' && out->what != '?')
		w.bad = true;
	return wire_done(&w);
}

enum err
talk_read_view(struct talk_view *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	out->name = arena_copy(a, wire_str(&w, TALK_NAME));
	out->number = wire_u64(&w);
	return wire_done(&w);
}

enum err
talk_read_seen(struct talk_seen *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	out->ms = wire_u32(&w);
	out->at = anchor_read(&w, a);
	return wire_done(&w);
}

enum err
talk_read_reviewed(struct talk_reviewed *out, struct arena *a,
    struct str body)
{
	struct wire w = wire_of(body);

	out->is = yes(&w);
	out->at = anchor_read(&w, a);
	return wire_done(&w);
}

enum err
talk_read_text(struct str *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	*out = arena_copy(a, wire_str(&w, TALK_CERTIFICATE));
	return wire_done(&w);
}

enum err
talk_read_undo(bool *redo, struct str body)
{
	struct wire w = wire_of(body);

	*redo = yes(&w);
	return wire_done(&w);
}

enum err
talk_read_goto(struct anchor *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	*out = anchor_read(&w, a);
	return wire_done(&w);
}

enum err
talk_read_news(struct talk_news *out, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	out->role = wire_u8(&w);
	out->line = arena_copy(a, wire_str(&w, TALK_LINE));
	return wire_done(&w);
}

static void
send_batch(struct port *p, uint8_t flags, uint16_t n, struct buf *marks)
{
	struct buf b = { 0 };

	wire_put_u8(&b, flags);
	wire_put_u16(&b, n);
	buf_str(&b, buf_view(marks));
	port_send(p, MSG_MARKS, buf_view(&b));
	buf_release(&b);
	buf_clear(marks);
}

void
talk_send_marks(struct port *p, const struct mark *marks, size_t n)
{
	enum { ROOM = LIMIT_MESSAGE - LIMIT_PATH - 128 };
	struct buf b = { 0 };
	uint8_t flags = TALK_FIRST;
	uint16_t held = 0;

	for (size_t i = 0; i < n; i++) {
		mark_write(&marks[i], &b);
		held++;
		if (b.len < ROOM || i + 1 == n)
			continue;
		send_batch(p, flags, held, &b);
		flags = 0;
		held = 0;
	}
	send_batch(p, flags | TALK_LAST, held, &b);
	buf_release(&b);
}

enum err
talk_read_marks(uint8_t *flags, struct arena *a, struct str body,
    void (*fn)(void *arg, const struct mark *m), void *arg)
{
	struct wire w = wire_of(body);
	uint8_t bits = wire_u8(&w);
	uint16_t n = wire_u16(&w);

	if (bits > (TALK_FIRST | TALK_LAST))
		w.bad = true;
	*flags = bits;
	for (uint16_t i = 0; i < n && !w.bad; i++) {
		struct mark m = mark_read(&w, a);

		if (!w.bad)
			fn(arg, &m);
	}
	return wire_done(&w);
}
