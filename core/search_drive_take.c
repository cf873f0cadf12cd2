/* What searchers and workers say of what was dealt to them. */
#include "core/limits.h"
#include "core/messages.h"
#include "core/search_drive_inside.h"
#include "core/search_lines.h"
#include "core/wire.h"

enum {
	COUNTED_MOST = 100 * LIMIT_HITS, /* a few bytes each, for a while */
};

static enum err
take_hello(struct search_drive *d, unsigned i, struct str body)
{
	struct search_lane *l = &d->lanes[i];
	struct arena a = { 0 };
	struct str engine;
	enum err rc = search_hello_read(&engine, &a, body);

	if (rc == ERR_NONE && !str_eq(engine, d->engine)) {
		arena_clear(&d->engine_memory);
		d->engine = arena_copy(&d->engine_memory, engine);
	}
	arena_release(&a);
	if (rc != ERR_NONE)
		return rc;
	l->alive = true;
	l->died = l->searching != 0;
	l->searching = 0;
	if (l->died && l->feeding != 0)
		d->ops.feed_cancel(d->arg, i, l->feeding);
	search_drive_settle(d, l);
	return ERR_NONE;
}

/* The lane, when the message belongs to what it is doing now. */
static struct search_lane *
current(struct search_drive *d, unsigned i, uint32_t job)
{
	struct search_lane *l = &d->lanes[i];

	if (job == 0 || job != l->searching || l->ending || l->chunk == NULL)
		return NULL;
	return l;
}

static bool
is_in_chunk(const struct search_lane *l, uint32_t k)
{
	return k >= l->chunk->from && k < l->chunk->to;
}

static enum err
add_hit(struct search_drive *d, const struct search_lane *l,
    const struct search_hit *h)
{
	if (!is_in_chunk(l, h->blob))
		return fail(ERR_FORMAT, "a hit in a file that was not asked");
	return search_list_add(&d->list, search_queue_blob(l->chunk, h->blob),
	    h);
}

static enum err
take_hits(struct search_drive *d, unsigned i, struct str body)
{
	struct wire w = wire_of(body);
	const struct search_lane *l = current(d, i, wire_u32(&w));
	enum err rc = ERR_NONE;

	if (l == NULL)
		return w.bad ? wire_done(&w) : ERR_NONE;
	while (rc == ERR_NONE && !w.bad && w.rest.len > 0) {
		struct search_hit h = search_hit_read(&w, &d->list.a);

		if (!w.bad)
			rc = add_hit(d, l, &h);
	}
	if (rc == ERR_NONE)
		rc = wire_done(&w);
	if (rc == ERR_NONE && d->list.received > LIMIT_HITS)
		search_drive_end(d, STR("too many lines: narrow the pattern"));
	return rc;
}

static enum err
take_lines(struct search_drive *d, unsigned i, struct str body)
{
	struct wire w = wire_of(body);
	const struct search_lane *l = current(d, i, wire_u32(&w));
	enum err rc = ERR_NONE;

	if (l == NULL)
		return w.bad ? wire_done(&w) : ERR_NONE;
	if (d->detail != SEARCH_DETAIL_COUNT)
		return fail(ERR_FORMAT, "lines that were not asked for");
	while (rc == ERR_NONE && !w.bad && w.rest.len > 0) {
		struct search_lines x = search_lines_read(&w);

		if (!w.bad && !is_in_chunk(l, x.blob))
			rc = fail(ERR_FORMAT, "lines of a file not asked");
		else if (!w.bad)
			rc = search_list_count(&d->list,
			    search_queue_blob(l->chunk, x.blob), x.packed);
	}
	if (rc == ERR_NONE)
		rc = wire_done(&w);
	if (rc == ERR_NONE && d->list.received > COUNTED_MOST)
		search_drive_end(d, STR("too many lines: narrow the pattern"));
	return rc;
}

static enum err
take_skip(struct search_drive *d, unsigned i, struct str body)
{
	struct search_skipped s;
	struct search_lane *l;
	enum err rc = search_skipped_read(&s, body);

	if (rc != ERR_NONE)
		return rc;
	l = current(d, i, s.job);
	if (l == NULL)
		return ERR_NONE;
	if (!is_in_chunk(l, s.blob))
		return fail(ERR_FORMAT, "a skip of a file that was not asked");
	search_list_miss(&d->list, search_queue_blob(l->chunk, s.blob), s.line,
	    s.why);
	if (s.why == SEARCH_SKIP_TIME || s.why == SEARCH_SKIP_CRASH) {
		l->has_culprit = true;
		l->culprit = s.blob;
	}
	if (d->list.n_missed > LIMIT_HITS)
		search_drive_end(d,
		    STR("too many lines are given up: simplify the pattern"));
	return ERR_NONE;
}

/* Of its chunk, and no fewer than it said before. */
static bool
can_be_searched(const struct search_lane *l, uint32_t blobs)
{
	return blobs >= l->searched && blobs <= l->chunk->to - l->chunk->from;
}

static enum err
take_progress(struct search_drive *d, unsigned i, struct str body)
{
	struct search_progress p;
	struct search_lane *l;
	enum err rc = search_progress_read(&p, body);

	if (rc != ERR_NONE)
		return rc;
	l = current(d, i, p.job);
	if (l == NULL)
		return ERR_NONE;
	if (!can_be_searched(l, p.blobs))
		return fail(ERR_FORMAT, "a progress of %u files", p.blobs);
	/* Over a store blobs come in order. */
	if (d->list.store != NULL)
		search_list_finish_share(&d->list, l->chunk->part,
		    l->chunk->parts, l->chunk->from + l->searched,
		    l->chunk->from + p.blobs);
	l->searched = p.blobs;
	l->bytes = p.bytes;
	search_list_advance(&d->list);
	search_drive_tell(d, false);
	return ERR_NONE;
}

static enum err
take_done(struct search_drive *d, unsigned i, struct str body)
{
	struct search_lane *l = &d->lanes[i];
	struct arena a = { 0 };
	struct search_done done;
	enum err rc = search_done_read(&done, &a, body);

	if (rc == ERR_NONE && current(d, i, done.job) != NULL &&
	    (!can_be_searched(l, done.blobs) || done.converted > done.blobs))
		rc = fail(ERR_FORMAT, "a search of %u files, %u converted",
		    done.blobs, done.converted);
	if (rc == ERR_NONE && done.job == l->searching && done.job != 0) {
		l->searching = 0;
		l->searched = done.blobs;
		l->bytes = done.bytes;
		if (l->chunk != NULL && done.rc == ERR_FORMAT) {
			d->rc = ERR_FORMAT;
			d->text = arena_copy(&d->list.a, done.text);
			search_drive_end(d, STR("the pattern is none"));
		} else if (l->chunk != NULL) {
			l->spoilt = l->spoilt || done.rc != ERR_NONE;
			d->converted += done.converted;
		}
		search_drive_settle(d, l);
	}
	arena_release(&a);
	return rc;
}

enum err
search_drive_take(struct search_drive *d, unsigned i, uint16_t type,
    struct str body)
{
	if (i >= d->n_lanes)
		bug("searcher %u of %u", i, d->n_lanes);
	d->silence = 0;
	switch (type) {
	case MSG_SEARCH_HELLO:
		return take_hello(d, i, body);
	case MSG_HITS:
		return take_hits(d, i, body);
	case MSG_SEARCH_LINES:
		return take_lines(d, i, body);
	case MSG_SEARCH_SKIP:
		return take_skip(d, i, body);
	case MSG_SEARCH_PROGRESS:
		return take_progress(d, i, body);
	case MSG_SEARCH_DONE:
		return take_done(d, i, body);
	default:
		return fail(ERR_FORMAT, "a searcher says %u", type);
	}
}

void
search_drive_unfed(struct search_drive *d, unsigned i, uint32_t job,
    uint32_t index, enum search_skip why)
{
	struct search_lane *l = &d->lanes[i];

	if (job != l->feeding || l->chunk == NULL || l->ending ||
	    index >= l->chunk->to - l->chunk->from)
		return;
	search_list_miss(&d->list,
	    search_queue_blob(l->chunk, l->chunk->from + index), 0,
	    (uint8_t)why);
	l->unfed++;
}

void
search_drive_fed(struct search_drive *d, unsigned i, uint32_t job, enum err rc)
{
	struct search_lane *l = &d->lanes[i];
	struct buf b = { 0 };

	if (job == 0 || job != l->feeding)
		return;
	l->feeding = 0;
	if (rc != ERR_NONE && !l->ending) {
		/* The end of the feed may never come to the searcher. */
		l->spoilt = true;
		wire_put_u32(&b, l->searching);
		if (l->searching != 0)
			d->ops.send(d->arg, i, MSG_SEARCH_CANCEL, buf_view(&b));
		buf_release(&b);
	}
	search_drive_settle(d, l);
}
