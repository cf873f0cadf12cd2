#include "core/wire.h"

#include <string.h>

static void
put(struct buf *b, uint64_t v, size_t bytes)
{
	unsigned char raw[8];

	for (size_t i = 0; i < bytes; i++)
		raw[i] = (unsigned char)(v >> (8 * i));
	buf_add(b, raw, bytes);
}

void
wire_put_u8(struct buf *b, uint8_t v)
{
	put(b, v, 1);
}

void
wire_put_u16(struct buf *b, uint16_t v)
{
	put(b, v, 2);
}

void
wire_put_u32(struct buf *b, uint32_t v)
{
	put(b, v, 4);
}

void
wire_put_u64(struct buf *b, uint64_t v)
{
	put(b, v, 8);
}

void
wire_put_str(struct buf *b, struct str s)
{
	if (s.len > UINT32_MAX)
		bug("a string of %zu bytes in a message", s.len);
	wire_put_u32(b, (uint32_t)s.len);
	buf_str(b, s);
}

void
wire_put_oid(struct buf *b, const struct oid *o)
{
	buf_add(b, o->id, OID_BYTES);
}

struct wire
wire_of(struct str message)
{
	return (struct wire){ message, false };
}

struct str
wire_bytes(struct wire *w, size_t len)
{
	struct str piece;

	if (w->bad || len > w->rest.len) {
		w->bad = true;
		return (struct str){ "", 0 };
	}
	piece = str_slice(w->rest, 0, len);
	w->rest = str_slice(w->rest, len, w->rest.len - len);
	return piece;
}

static uint64_t
take(struct wire *w, size_t bytes)
{
	struct str raw = wire_bytes(w, bytes);
	uint64_t v = 0;

	for (size_t i = 0; i < raw.len; i++)
		v |= (uint64_t)(unsigned char)raw.at[i] << (8 * i);
	return v;
}

uint8_t
wire_u8(struct wire *w)
{
	return (uint8_t)take(w, 1);
}

uint16_t
wire_u16(struct wire *w)
{
	return (uint16_t)take(w, 2);
}

uint32_t
wire_u32(struct wire *w)
{
	return (uint32_t)take(w, 4);
}

uint64_t
wire_u64(struct wire *w)
{
	return take(w, 8);
}

struct str
wire_str(struct wire *w, size_t max)
{
	size_t len = wire_u32(w);

	if (len > max)
		w->bad = true;
	return wire_bytes(w, len);
}

struct oid
wire_oid(struct wire *w)
{
	struct str raw = wire_bytes(w, OID_BYTES);
	struct oid o = { 0 };

	if (raw.len == OID_BYTES)
		memcpy(o.id, raw.at, OID_BYTES);
	return o;
}

enum err
wire_done(const struct wire *w)
{
	if (w->bad)
		return fail(ERR_FORMAT, "a message is cut short or too long");
	if (w->rest.len > 0)
		return fail(ERR_FORMAT, "%zu bytes too many in a message",
		    w->rest.len);
	return ERR_NONE;
}
