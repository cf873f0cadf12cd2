#include "core/search_drive.h"

#include <stdlib.h>
#include <string.h>

#include "core/lexer.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/rooms.h"
#include "core/search_lines.h"
#include "core/search_list.h"
#include "core/search_queue.h"
#include "core/wire.h"

enum {
	CHUNK_FIRST = 128, /* small, so that something is seen soon */
	CHUNK_MOST = 1024,
	RANGES_MOST = 8,      /* at a time, for a searcher that */
	LITTLE = 1024 * 1024, /* had fewer bytes than these in its last ones */
	DEATHS_MOST = 64,     /* of searchers, in one search */
	SILENCE_MOST = 20,    /* s, beside what one file may take */
	COUNTED_MOST = 100 * LIMIT_HITS, /* a few bytes each, for a while */
};

/* A searcher and the worker that feeds it. */
struct lane {
	bool alive;         /* it has said hello */
	uint32_t searching; /* job id until it is done, 0: idle */
	uint32_t feeding;   /* job id until the worker is done, 0: idle */
	bool ending;        /* what it says is not wanted any more */
	bool died;          /* the searcher, in this chunk */
	bool spoilt;        /* the worker did not feed all of this chunk */
	bool has_culprit;
	uint32_t culprit;           /* number in the share of what it died on */
	struct search_chunk *chunk; /* NULL: none */
	unsigned ranges;            /* of a store, in chunk; 0: none so far */
	uint32_t searched, unfed;
	uint64_t bytes;
};

struct search_drive {
	struct search_ops ops;
	void *arg;
	unsigned n_lanes;
	struct lane lanes[ROOM_CORES_MAX];
	enum search_detail detail;
	struct str engine;
	struct arena engine_memory;

	/* One search; all of it in list.a. */
	bool runs;
	struct query query;
	struct search_list list;
	struct search_queue queue;
	uint32_t deaths, converted;
	unsigned silence; /* ticks since a searcher said something */
	uint64_t bytes;
	const struct search_release *releases;
	uint32_t n_releases;
	struct search_certificate *certificate;
	enum err rc;
	struct str text;
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

static void
tell(struct search_drive *d, bool last)
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
		const struct lane *l = &d->lanes[i];

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

static void
end(struct search_drive *d, struct str why)
{
	if (!d->runs)
		return;
	d->runs = false;
	d->queue = (struct search_queue){ .a = &d->list.a };
	for (unsigned i = 0; i < d->n_lanes; i++) {
		struct lane *l = &d->lanes[i];
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
	tell(d, true);
}

void
search_drive_cancel(struct search_drive *d)
{
	end(d, STR("stopped"));
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
ranges_for(const struct search_drive *d, const struct lane *l)
{
	if (d->list.store == NULL || d->deaths > 0 || l->ranges == 0 ||
	    l->bytes > LITTLE)
		return 1;
	return 2 * l->ranges < RANGES_MOST ? 2 * l->ranges : RANGES_MOST;
}

static void
deal_chunk(struct search_drive *d, unsigned i)
{
	struct lane *l = &d->lanes[i];
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
	*l = (struct lane){ .alive = true,
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
		struct lane *l = &d->lanes[i];

		if (d->queue.first != NULL && l->alive && l->searching == 0 &&
		    l->feeding == 0)
			deal_chunk(d, i);
		idle = idle && l->chunk == NULL;
	}
	if (d->runs && d->queue.first == NULL && idle)
		end(d, (struct str){ "", 0 });
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
deal_again(struct search_drive *d, const struct lane *l)
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

/* Both the searcher and the worker have nothing more to say of the chunk. */
static void
settle(struct search_drive *d, struct lane *l)
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
		end(d, STR("the searchers keep ending"));
	if (d->runs)
		tell(d, false);
	deal(d);
}

/* ---- what searchers and workers say ---- */

static enum err
take_hello(struct search_drive *d, unsigned i, struct str body)
{
	struct lane *l = &d->lanes[i];
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
	settle(d, l);
	return ERR_NONE;
}

/* The lane, when the message belongs to what it is doing now. */
static struct lane *
current(struct search_drive *d, unsigned i, uint32_t job)
{
	struct lane *l = &d->lanes[i];

	if (job == 0 || job != l->searching || l->ending || l->chunk == NULL)
		return NULL;
	return l;
}

static bool
is_in_chunk(const struct lane *l, uint32_t k)
{
	return k >= l->chunk->from && k < l->chunk->to;
}

static enum err
add_hit(struct search_drive *d, const struct lane *l,
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
	const struct lane *l = current(d, i, wire_u32(&w));
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
		end(d, STR("too many lines: narrow the pattern"));
	return rc;
}

static enum err
take_lines(struct search_drive *d, unsigned i, struct str body)
{
	struct wire w = wire_of(body);
	const struct lane *l = current(d, i, wire_u32(&w));
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
		end(d, STR("too many lines: narrow the pattern"));
	return rc;
}

static enum err
take_skip(struct search_drive *d, unsigned i, struct str body)
{
	struct search_skipped s;
	struct lane *l;
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
		end(d,
		    STR("too many lines are given up: simplify the pattern"));
	return ERR_NONE;
}

/* Of its chunk, and no fewer than it said before. */
static bool
can_be_searched(const struct lane *l, uint32_t blobs)
{
	return blobs >= l->searched && blobs <= l->chunk->to - l->chunk->from;
}

static enum err
take_progress(struct search_drive *d, unsigned i, struct str body)
{
	struct search_progress p;
	struct lane *l;
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
	tell(d, false);
	return ERR_NONE;
}

static enum err
take_done(struct search_drive *d, unsigned i, struct str body)
{
	struct lane *l = &d->lanes[i];
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
			end(d, STR("the pattern is none"));
		} else if (l->chunk != NULL) {
			l->spoilt = l->spoilt || done.rc != ERR_NONE;
			d->converted += done.converted;
		}
		settle(d, l);
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
	struct lane *l = &d->lanes[i];

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
	struct lane *l = &d->lanes[i];
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
	settle(d, l);
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
	tell(d, false);
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
	end(d, STR("the searchers do not answer"));
	return 0;
}
