#include "tui/hatch_found.h"

#include "core/wire.h"

void
hatch_write_found(struct buf *b, const struct hatch_found *f)
{
	wire_put_u64(b, f->number);
	wire_put_u8(b, f->glyph);
	wire_put_u8(b, (uint8_t)f->state);
	anchor_write(&f->at, b);
}

void
hatch_write_revision(struct buf *b, const struct oid *commit, struct str name)
{
	wire_put_oid(b, commit);
	wire_put_str(b, str_slice(name, 0, HATCH_NEWS_MAX));
}

static void
read_found(struct hatch_found *f, struct wire *w, struct arena *a)
{
	uint8_t state;

	f->number = wire_u64(w);
	f->glyph = wire_u8(w);
	state = wire_u8(w);
	f->at = anchor_read(w, a);
	if (state >= REFIND_STATES || f->glyph < ' ' || f->glyph > '~')
		w->bad = true;
	else
		f->state = (enum refind_state)state;
}

enum err
hatch_read_founds(struct hatch_founds *out, struct arena *a, struct str all,
    bool revision)
{
	/* The shortest row: numbers, two ids, an empty path, a hash. */
	const size_t least = 10 + 2 * OID_BYTES + 4 + 8 + HASH_BYTES;
	struct wire w = wire_of(all);
	struct hatch_founds f = { 0 };
	enum err rc;

	if (revision) {
		f.commit = wire_oid(&w);
		f.name = arena_copy(a, wire_str(&w, HATCH_NEWS_MAX));
	}
	f.at = arena_array(a, all.len / least + 1, struct hatch_found);
	while (!w.bad && w.rest.len > 0)
		read_found(&f.at[f.len++], &w, a);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*out = f;
	return rc;
}
