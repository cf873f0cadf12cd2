#include "tui/hatch_cover.h"

#include "core/limits.h"
#include "core/wire.h"
#include "tui/hatch.h"

void
hatch_write_cover(struct buf *b, const struct hatch_cover *c)
{
	wire_put_str(b, c->folder);
	wire_put_u32(b, c->files);
	wire_put_u64(b, c->lines);
	wire_put_u64(b, c->seen);
	wire_put_u64(b, c->reviewed);
}

static struct hatch_cover
read_cover(struct wire *w, struct arena *a)
{
	const uint64_t most = UINT64_C(1) << 48;
	struct hatch_cover c = { 0 };

	c.folder = arena_copy(a, wire_str(w, LIMIT_PATH));
	c.files = wire_u32(w);
	c.lines = wire_u64(w);
	c.seen = wire_u64(w);
	c.reviewed = wire_u64(w);
	if (c.folder.len == 0 || c.lines > most || c.seen > c.lines ||
	    c.reviewed > c.lines)
		w->bad = true;
	return c;
}

enum err
hatch_read_covers(struct hatch_covers *out, struct arena *a, struct str all)
{
	struct wire w = wire_of(all);
	struct hatch_covers got = { 0 };
	enum err rc;

	got.commit = wire_oid(&w);
	got.name = arena_copy(a, wire_str(&w, HATCH_NEWS_MAX));
	got.at = arena_array(a, HATCH_FOLDERS, struct hatch_cover);
	while (!w.bad && w.rest.len > 0) {
		if (got.len == HATCH_FOLDERS)
			return fail(ERR_FORMAT,
			    "coverage of more than %d folders", HATCH_FOLDERS);
		got.at[got.len++] = read_cover(&w, a);
	}
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*out = got;
	return rc;
}
