#include "core/anchor.h"

#include <string.h>

#include "core/limits.h"
#include "core/wire.h"

struct str
anchor_region(struct str blob, uint32_t first, uint32_t last)
{
	size_t from = 0, at = 0;

	if (first == 0)
		return blob;
	for (uint32_t line = 1; line <= last && at < blob.len; line++) {
		const char *lf = memchr(blob.at + at, '\n', blob.len - at);

		if (line == first)
			from = at;
		at = lf == NULL ? blob.len : (size_t)(lf - blob.at) + 1;
		if (line < first)
			from = at;
	}
	return str_slice(blob, from, at - from);
}

void
anchor_write(const struct anchor *an, struct buf *b)
{
	wire_put_oid(b, &an->commit);
	wire_put_oid(b, &an->blob);
	wire_put_str(b, an->path);
	wire_put_u32(b, an->first);
	wire_put_u32(b, an->last);
	buf_add(b, an->region.at, HASH_BYTES);
}

struct anchor
anchor_read(struct wire *w, struct arena *a)
{
	struct anchor an = { 0 };
	struct str hash;

	an.commit = wire_oid(w);
	an.blob = wire_oid(w);
	an.path = arena_copy(a, wire_str(w, LIMIT_PATH));
	an.first = wire_u32(w);
	an.last = wire_u32(w);
	hash = wire_bytes(w, HASH_BYTES);
	if (hash.len == HASH_BYTES)
		memcpy(an.region.at, hash.at, HASH_BYTES);
	if (an.last < an.first)
		w->bad = true;
	return an;
}

void
anchor_cite(const struct anchor *an, struct buf *b)
{
	buf_str(b, STR("V1 c="));
	buf_hex(b, an->commit.id, 6);
	buf_str(b, STR(" b="));
	buf_hex(b, an->blob.id, 6);
	buf_printf(b, " L%u-%u h=", an->first, an->last);
	buf_hex(b, an->region.at, 8);
	buf_str(b, STR(" p="));
	buf_escape(b, an->path);
}

void
anchor_code(uint8_t out[ANCHOR_CODE], const struct oid *blob,
    const struct hash *region)
{
	struct buf b = { 0 };
	struct hash h;

	buf_str(&b, STR("vitrine/code/1"));
	buf_add(&b, blob->id, OID_BYTES);
	buf_add(&b, region->at, HASH_BYTES);
	h = hash_of(buf_view(&b));
	memcpy(out, h.at, ANCHOR_CODE);
	buf_release(&b);
}

void
anchor_cite_code(const struct anchor *an, const uint8_t code[ANCHOR_CODE],
    struct buf *b)
{
	buf_str(b, STR("V2 c="));
	buf_hex(b, an->commit.id, 6);
	buf_printf(b, " L%u-%u k=", an->first, an->last);
	buf_hex(b, code, ANCHOR_CODE);
	buf_str(b, STR(" p="));
	buf_escape(b, an->path);
}

void
mark_write(const struct mark *m, struct buf *b)
{
	wire_put_u8(b, m->glyph);
	wire_put_oid(b, &m->blob);
	wire_put_str(b, m->path);
	wire_put_u32(b, m->first);
	wire_put_u32(b, m->last);
}

struct mark
mark_read(struct wire *w, struct arena *a)
{
	struct mark m = { 0 };

	m.glyph = wire_u8(w);
	m.blob = wire_oid(w);
	m.path = arena_copy(a, wire_str(w, LIMIT_PATH));
	m.first = wire_u32(w);
	m.last = wire_u32(w);
	return m;
}

const char *
anchor_state_name(enum refind_state s)
{
	static const char *const names[REFIND_STATES] = {
		[REFIND_UNKNOWN] = "unknown",
		[REFIND_UNCHANGED] = "unchanged",
		[REFIND_MOVED] = "moved",
		[REFIND_CHANGED] = "changed",
		[REFIND_ABSENT] = "absent",
	};

	return names[s];
}
