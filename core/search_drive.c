#include "core/search_drive.h"

#include <stdlib.h>
#include <string.h>

#include "core/lexer.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/search_drive_inside.h"
#include "core/wire.h"

enum {
	CHUNK_FIRST = 128, /* small, so that something is seen soon */
	CHUNK_MOST = 1024,
	RANGES_MOST = 8,      /* at a time, for a searcher that */
	LITTLE = 1024 * 1024, /* had fewer bytes than these in its last ones */
	DEATHS_MOST = 64,     /* of searchers, in one search */
	SILENCE_MOST = 20,    /* s, beside what one file may take */
};

/* Of all drives: what a searcher still says of the search of another drive,
 * or hears of its end, is never taken for this one's. */
static uint32_t last_job;

static void deal(struct search_drive *d);

struct search_drive *
search_drive_open(const struct search_ops *ops, void *arg, unsigned searchers)
{
	struct search_drive *d = calloc(1, sizeof *d);

	if (d == NULL)
		bug("no memory for a search");
	if (searchers == 0 || searchers > ROOM_CORES_MAX)
		bug("%u searchers", searchers);
	d->ops = *ops;
	d->arg = arg;
	d->n_lanes = searchers;
	return d;
}

static void
forget(struct search_drive *d)
{
	search_list_clear(&d->list);
	d->queue = (struct search_queue){ .a = &d->list.a };
	d->certificate = NULL;
	d->deaths = d->converted = 0;
	d->silence = 0;
	d->bytes = 0;
	d->rc = ERR_NONE;
	d->text = (struct str){ "", 0 };
}

void
search_drive_close(struct search_drive *d)
{
	if (d == NULL)
		return;
	search_list_release(&d->list);
	arena_release(&d->engine_memory);
	free(d);
}

void
search_drive_tell(struct search_drive *d, bool last)
{
	struct search_event e = {
		.drive = d,
		.blobs_done = d->list.n_done,
		.blobs = d->list.n_blobs,
		.bytes_done = d->bytes,
		.hits = d->list.n_hits,
		.last = last,
		.rc = d->rc,
		.text = d->text,
	};

	for (unsigned i = 0; i < d->n_lanes && !last; i++) {
		const struct search_lane *l = &d->lanes[i];

		if (l->chunk == NULL)
			continue;
		e.bytes_done += l->bytes;
		/* Over a store the first ones are done already. */
		if (d->list.store == NULL)
			e.blobs_done += l->searched;
	}
	d->ops.event(d->arg, &e);
}

static void
certify(struct search_drive *d, struct str why)
{
	struct search_certificate *c =
	    arena_new(&d->list.a, struct search_certificate);

	c->query = d->query;
	c->releases = d->releases;
	c->n_releases = d->n_releases;
	c->files = d->list.n_files;
	c->blobs = d->list.n_blobs;
	c->blobs_done = d->list.n_done;
	c->bytes = d->bytes;
	c->converted = d->converted;
	c->withheld = d->list.selection.withheld;
	c->engine = arena_copy(&d->list.a, d->engine);
	search_list_certify(&d->list, &d->query, c);
	if (why.len == 0 && d->list.n_missed > 0)
		why = STR("not everything could be searched");
	if (d->list.store != NULL &&
	    textstore_damage(d->list.store) != ERR_NONE) {
		err_clear();
		why = STR("the text store is damaged");
	}
	c->complete = why.len == 0 && d->list.n_done == d->list.n_blobs;
	/* What the index spares is not counted one by one. */
	if (c->complete && d->list.selection.bytes > 0)
		c->bytes = d->list.selection.bytes;
	c->why = arena_copy(&d->list.a, why);
	d->certificate = c;
}

void
search_drive_end(struct search_drive *d, struct str why)
{
	if (!d->runs)
		return;
	d->runs = false;
	d->queue = (struct search_queue){ .a = &d->list.a };
	for (unsigned i = 0; i < d->n_lanes; i++) {
		struct search_lane *l = &d->lanes[i];
		struct buf b = { 0 };

		wire_put_u32(&b, l->searching);
		if (l->searching != 0 && !l->ending)
			d->ops.send(d->arg, i, MSG_SEARCH_CANCEL, buf_view(&b));
		if (l->feeding != 0)
			d->ops.feed_cancel(d->arg, i, l->feeding);
		if (l->chunk != NULL)
			d->bytes += l->bytes;
		l->ending = true;
		l->chunk = NULL;
		buf_release(&b);
	}
	search_list_all(&d->list);
	certify(d, why);
	search_drive_tell(d, true);
}

void
search_drive_cancel(struct search_drive *d)
{
	search_drive_end(d, STR("stopped"));
}

/* ---- dealing ---- */

/* Of each blob by the name of its first file. */
static struct str
languages_of(struct search_drive *d, const struct search_chunk *c,
    struct buf *b)
{
	for (uint32_t k = c->from; k < c->to; k++) {
		uint32_t n;
		struct str path = search_drive_files(d, k, &n)->path;

		buf_char(b, (char)lexer_number(lexer_find(path, STR(""))));
	}
	return buf_view(b);
}

/* What is rare is not worth a message for each range of a store.  Halves of
 * what a searcher died on are never joined again. */
static unsigned
ranges_for(const struct search_drive *d, const struct search_lane *l)
{
	if (d->list.store == NULL || d->deaths > 0 || l->ranges == 0 ||
	    l->bytes > LITTLE)
		return 1;
	return 2 * l->ranges < RANGES_MOST ? 2 * l->ranges : RANGES_MOST;
}

static void
deal_chunk(struct search_drive *d, unsigned i)
{
	struct search_lane *l = &d->lanes[i];
	unsigned ranges = ranges_for(d, l);
	struct search_chunk *c = search_queue_take(&d->queue, ranges);
	struct search_start s = { .part = c->part,
		.parts = c->parts,
		.from = c->from,
		.to = c->to,
		.detail = (uint8_t)d->detail,
		.query = d->query };
	struct buf b = { 0 }, languages = { 0 };

	if (++last_job == 0)
		last_job = 1;
	*l = (struct search_lane){ .alive = true,
		.ranges = ranges,
		.searching = last_job,
		.feeding = d->list.store == NULL ? last_job : 0,
		.chunk = c };
	s.job = last_job;
	if (d->list.store == NULL && d->query.flags & SEARCH_KINDS)
		s.languages = languages_of(d, c, &languages);
	search_start_write(&s, &b);
	buf_release(&languages);
	d->ops.send(d->arg, i, MSG_SEARCH, buf_view(&b));
	buf_release(&b);
	if (d->list.store == NULL)
		d->ops.feed(d->arg, i, s.job, d->list.blobs + c->from,
		    c->to - c->from);
}

static void
deal(struct search_drive *d)
{
	bool idle = true;

	for (unsigned i = 0; i < d->n_lanes && d->runs; i++) {
		struct search_lane *l = &d->lanes[i];

		if (d->queue.first != NULL && l->alive && l->searching == 0 &&
		    l->feeding == 0)
			deal_chunk(d, i);
		idle = idle && l->chunk == NULL;
	}
	if (d->runs && d->queue.first == NULL && idle)
		search_drive_end(d, (struct str){ "", 0 });
}

/* What was said of blobs that will be searched once more. */
static void
discard(struct search_drive *d, const struct search_chunk *c)
{
	for (uint32_t k = c->from; k < c->to; k++)
		search_list_discard(&d->list, search_queue_blob(c, k));
}

/*
 * A searcher did not come to the end of its chunk.  When it named the blob,
 * that one is given up; otherwise halves are dealt until one is alone.
 */
static void
deal_again(struct search_drive *d, const struct search_lane *l)
{
	struct search_chunk *c = l->chunk;
	uint32_t from = c->from + (d->list.store != NULL ? l->searched : 0);
	uint32_t middle = from + (c->to - from) / 2;
	struct search_chunk left = *c, right = *c;

	left.from = from;
	if (l->has_culprit && l->culprit >= from && l->culprit < c->to) {
		left.to = l->culprit;
		right.from = l->culprit + 1;
		search_list_finish(&d->list, search_queue_blob(c, l->culprit));
	} else if (c->to - from <= 1) {
		left.to = from;
		right.from = c->to;
		if (from < c->to) {
			uint32_t blob = search_queue_blob(c, from);

			search_list_miss(&d->list, blob, 0,
			    l->died ? SEARCH_SKIP_CRASH : SEARCH_SKIP_DAMAGED);
			search_list_finish(&d->list, blob);
		}
	} else {
		left.to = right.from = middle;
	}
	discard(d, &left);
	discard(d, &right);
	search_queue_add(&d->queue, c, left.from, left.to);
	search_queue_add(&d->queue, c, right.from, right.to);
}

void
search_drive_settle(struct search_drive *d, struct search_lane *l)
{
	struct search_chunk *c = l->chunk;
	bool whole = !l->died && !l->spoilt &&
	    (c == NULL || l->searched + l->unfed == c->to - c->from);

	if (l->searching != 0 || l->feeding != 0)
		return;
	if (c == NULL) {
		deal(d);
		return;
	}
	if (whole) {
		search_list_finish_share(&d->list, c->part, c->parts, c->from,
		    c->to);
		d->bytes += l->bytes;
	} else {
		deal_again(d, l);
	}
	l->chunk = NULL;
	search_list_advance(&d->list);
	if (!whole && ++d->deaths > DEATHS_MOST)
		search_drive_end(d, STR("the searchers keep ending"));
	if (d->runs)
		search_drive_tell(d, false);
	deal(d);
}

/* ---- starting ---- */

static enum err
prepare(struct search_drive *d, const struct query *q)
{
	struct buf b = { 0 };
	struct search_start s = { .query = *q };
	enum err rc = ERR_NONE;

	if (q->pattern.len == 0)
		return fail(ERR_FORMAT, "an empty pattern finds nothing");
	if (q->pattern.len > LIMIT_PATTERN)
		return fail(ERR_LIMIT, "a pattern of %zu bytes, at most %d",
		    q->pattern.len, LIMIT_PATTERN);
	if (q->n_globs > SEARCH_GLOBS || q->n_releases > SEARCH_RELEASES)
		return fail(ERR_LIMIT, "too many files or releases are named");
	search_start_write(&s, &b);
	if (b.len > LIMIT_MESSAGE)
		rc = fail(ERR_LIMIT, "the names of files are too long");
	buf_release(&b);
	if (rc != ERR_NONE)
		return rc;
	search_drive_cancel(d);
	forget(d);
	d->query = search_query_copy(&d->list.a, q);
	return ERR_NONE;
}

static void
begin(struct search_drive *d)
{
	d->runs = true;
	for (unsigned i = 0; i < d->n_lanes; i++)
		d->lanes[i].ranges = 0;
	search_drive_tell(d, false);
	deal(d);
}

enum err
search_drive_start(struct search_drive *d, const struct query *q,
    const struct search_release *releases, uint32_t n_releases,
    const struct search_file *files, size_t n_files)
{
	struct search_chunk whole = { .parts = 1 };
	enum err rc = prepare(d, q);

	if (rc == ERR_NONE)
		rc = search_list_of_files(&d->list, &d->query, files, n_files);
	if (rc != ERR_NONE)
		return rc;
	d->releases = search_releases_copy(&d->list.a, releases, n_releases);
	d->n_releases = n_releases;
	for (uint32_t at = 0, n = CHUNK_FIRST; at < d->list.n_blobs; at += n) {
		n = at < CHUNK_MOST ? CHUNK_FIRST : CHUNK_MOST;
		search_queue_add(&d->queue, &whole, at,
		    d->list.n_blobs - at < n ? d->list.n_blobs : at + n);
	}
	begin(d);
	return ERR_NONE;
}

static void
store_releases(struct search_drive *d)
{
	uint32_t n = textstore_releases(d->list.store), k = 0;
	struct search_release *r =
	    arena_array(&d->list.a, n, struct search_release);

	for (uint32_t i = 0; i < n; i++) {
		bool in = d->query.n_releases == 0;

		r[k] = textstore_release(d->list.store, i);
		for (uint32_t j = 0; j < d->query.n_releases; j++)
			in = in || str_eq(d->query.releases[j], r[k].name);
		k += in;
	}
	d->releases = r;
	d->n_releases = k;
}

enum err
search_drive_start_store(struct search_drive *d, const struct query *q,
    const struct textstore *t)
{
	enum err rc = prepare(d, q);

	if (rc == ERR_NONE)
		rc = search_list_of_store(&d->list, &d->query, t);
	if (rc != ERR_NONE)
		return rc;
	store_releases(d);
	for (unsigned i = 0; i < d->n_lanes; i++)
		search_queue_add_share(&d->queue, i, d->n_lanes,
		    d->list.n_blobs);
	begin(d);
	return ERR_NONE;
}

/* ---- what is there ---- */

size_t
search_drive_hits(const struct search_drive *d)
{
	return d->list.n_list;
}

void
search_drive_detail(struct search_drive *d, enum search_detail detail)
{
	d->detail = detail;
}

size_t
search_drive_found(const struct search_drive *d)
{
	return d->list.n_found;
}

uint32_t
search_drive_found_at(struct search_drive *d, size_t k, uint32_t *hits,
    uint32_t *files)
{
	if (k >= d->list.n_found)
		bug("found %zu of %zu", k, d->list.n_found);
	*hits = d->list.found[k].hits;
	*files = search_list_copies(&d->list, &d->query, d->list.found[k].blob);
	return d->list.found[k].blob;
}

const struct search_hit *
search_drive_hit(const struct search_drive *d, size_t k)
{
	if (k >= d->list.n_list)
		bug("hit %zu of %zu", k, d->list.n_list);
	return d->list.list[k];
}

const struct search_certificate *
search_drive_certificate(const struct search_drive *d)
{
	return d->certificate;
}

const struct search_file *
search_drive_files(struct search_drive *d, uint32_t blob, uint32_t *n)
{
	return search_list_places(&d->list, &d->query, blob, n);
}

uint32_t
search_drive_blob(const struct search_drive *d, uint32_t blob)
{
	return textstore_selected(&d->list.selection, blob);
}

unsigned
search_drive_tick(struct search_drive *d)
{
	unsigned most = d->query.seconds;

	if (!d->runs)
		return 0;
	most = (most == 0 ? SEARCH_SECONDS : most) + SILENCE_MOST;
	if (++d->silence < most)
		return d->silence;
	search_drive_end(d, STR("the searchers do not answer"));
	return 0;
}
