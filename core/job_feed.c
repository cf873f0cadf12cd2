#include "core/job_feed.h"

#include "core/sending.h"

void
job_feed_args(struct buf *b, const struct feed_args *f)
{
	wire_put_u32(b, f->job);
	wire_put_u32(b, f->slice);
	wire_put_u32(b, f->slices);
	wire_put_u32(b, f->from);
	wire_put_u8(b, (uint8_t)f->what);
	wire_put_u8(b, f->strict);
	wire_put_u32(b, f->n);
	for (uint32_t i = 0; i < f->n; i++)
		wire_put_oid(b, &f->ids[i]);
}

enum err
job_feed_parse(struct feed_args *f, struct arena *a, struct str args)
{
	struct wire w = wire_of(args);
	struct feed_args in = { 0 };
	unsigned what;

	in.job = wire_u32(&w);
	in.slice = wire_u32(&w);
	in.slices = wire_u32(&w);
	in.from = wire_u32(&w);
	what = wire_u8(&w);
	in.what = what == FEED_BLOBS ? FEED_BLOBS : FEED_REVISIONS;
	in.strict = wire_u8(&w) != 0;
	in.n = wire_u32(&w);
	if (w.bad || what > FEED_BLOBS || in.n > FEED_IDS_MAX ||
	    in.slices == 0 || in.slice >= in.slices)
		return fail(ERR_FORMAT, "a feed that is none");
	in.ids = arena_array(a, in.n, struct oid);
	for (uint32_t i = 0; i < in.n; i++)
		in.ids[i] = wire_oid(&w);
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	*f = in;
	return ERR_NONE;
}

void
job_feed_write_row(struct buf *b, const struct feed_row *row)
{
	wire_put_u8(b, (uint8_t)row->kind);
	wire_put_u32(b, row->index);
	wire_put_oid(b, &row->id);
	wire_put_u64(b, row->size);
	wire_put_u8(b, (uint8_t)row->rc);
}

bool
job_feed_read_row(struct feed_row *row, struct wire *w)
{
	unsigned kind, rc;

	if (w->bad || w->rest.len == 0)
		return false;
	kind = wire_u8(w);
	row->index = wire_u32(w);
	row->id = wire_oid(w);
	row->size = wire_u64(w);
	rc = wire_u8(w);
	if (kind < FEED_ROW_TOTAL || kind > FEED_ROW_TROUBLE ||
	    rc > ERR_STOPPED)
		w->bad = true;
	row->kind = (enum feed_row_kind)kind;
	row->rc = (enum err)rc;
	return !w->bad;
}

static enum err
run_feed(struct job_run *run, struct str args)
{
	return sending_run(run, args, job_searcher(run));
}

const struct job job_feed = {
	.name = "feed",
	.help = "hand files to a searcher",
	.run = run_feed,
};
