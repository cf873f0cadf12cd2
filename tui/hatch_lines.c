#include "tui/hatch_lines.h"

#include "core/limits.h"
#include "core/wire.h"

void
hatch_write_file(struct buf *b, const struct hatch_file *f)
{
	wire_put_u32(b, f->lines);
	wire_put_oid(b, &f->blob);
	wire_put_str(b, f->path);
}

enum err
hatch_read_files(struct hatch_files *out, struct arena *a, struct str all)
{
	const size_t least = 4 + OID_BYTES + 4;
	struct wire w = wire_of(all);
	struct hatch_files got = { .commit = wire_oid(&w) };
	enum err rc;

	got.at = arena_array(a, all.len / least + 1, struct hatch_file);
	while (!w.bad && w.rest.len > 0) {
		struct hatch_file *f = &got.at[got.len++];

		f->lines = wire_u32(&w);
		f->blob = wire_oid(&w);
		f->path = arena_copy(a, wire_str(&w, LIMIT_PATH));
		if (f->lines == 0 || f->path.len == 0)
			w.bad = true;
	}
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*out = got;
	return rc;
}

void
hatch_write_names(struct buf *b, const struct str *names, uint8_t n)
{
	wire_put_u8(b, n);
	for (uint8_t i = 0; i < n; i++)
		wire_put_str(b, names[i]);
}

void
hatch_write_other(struct buf *b, const struct hatch_other *o)
{
	wire_put_u8(b, o->who);
	wire_put_u8(b, o->reviewed);
	wire_put_oid(b, &o->commit);
	wire_put_str(b, o->path);
	wire_put_u32(b, o->n);
	for (uint32_t i = 0; i < 2 * o->n; i++)
		wire_put_u32(b, o->spans[i]);
}

static void
read_spans(struct hatch_other *o, struct arena *a, struct wire *w)
{
	uint32_t *spans, before = 0;

	o->n = wire_u32(w);
	if (o->n == 0 || o->n > w->rest.len / 8) {
		w->bad = true;
		return;
	}
	spans = arena_array(a, 2 * (size_t)o->n, uint32_t);
	for (uint32_t i = 0; i < o->n; i++) {
		spans[2 * i] = wire_u32(w);
		spans[2 * i + 1] = wire_u32(w);
		if (spans[2 * i] <= before || spans[2 * i + 1] < spans[2 * i])
			w->bad = true;
		before = spans[2 * i + 1];
	}
	o->spans = spans;
}

static void
read_names(struct hatch_others *out, struct arena *a, struct wire *w)
{
	out->n_names = wire_u8(w);
	if (out->n_names > HATCH_OTHERS) {
		w->bad = true;
		return;
	}
	for (uint8_t i = 0; i < out->n_names; i++)
		out->names[i] = arena_copy(a, wire_str(w, LIMIT_TITLE));
}

enum err
hatch_read_others(struct hatch_others *out, struct arena *a, struct str all)
{
	const size_t least = 1 + 1 + OID_BYTES + 4 + 4 + 8;
	struct wire w = wire_of(all);
	struct hatch_others got = { 0 };
	enum err rc;

	read_names(&got, a, &w);
	got.at = arena_array(a, all.len / least + 1, struct hatch_other);
	while (!w.bad && w.rest.len > 0) {
		struct hatch_other *o = &got.at[got.len++];
		uint8_t reviewed;

		o->who = wire_u8(&w);
		reviewed = wire_u8(&w);
		o->reviewed = reviewed == 1;
		o->commit = wire_oid(&w);
		o->path = arena_copy(a, wire_str(&w, LIMIT_PATH));
		if (o->who == 0 || o->who > got.n_names || reviewed > 1 ||
		    o->path.len == 0)
			w.bad = true;
		else
			read_spans(o, a, &w);
	}
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*out = got;
	return rc;
}
