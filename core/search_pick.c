#include "core/search_pick.h"

enum {
	MOST = 60, /* per cent of the chunks: more is all of them */
	FEW = 4,   /* so few need no second look at the index */
};

void
search_pick_start(struct search_pick *p, struct arena *a,
    const struct textstore *store, struct search_plan *plan, bool multi_line)
{
	*p = (struct search_pick){ .store = store,
		.plan = plan,
		.a = a,
		.multi_line = multi_line };
	p->index = plan == NULL ? NULL : textstore_index(store);
}

/* Where each blob lies: with multi-line search it is in or out as one. */
static const struct search_index_blobs *
blobs_of(struct search_pick *p)
{
	uint32_t n = textstore_blobs(p->store);
	uint64_t *from = arena_array(p->a, (size_t)n + 1, uint64_t), at = 0;
	struct search_index_blobs *b =
	    arena_new(p->a, struct search_index_blobs);

	for (uint32_t i = 0; i < n; i++) {
		struct textstore_blob blob = textstore_blob(p->store, i);

		/* What is withheld takes no place. */
		from[i] =
		    blob.withheld ? at : textstore_content_at(p->store, i);
		at = from[i] + (blob.withheld ? 0 : blob.bytes.len + 1);
	}
	from[n] = at;
	*b = (struct search_index_blobs){ from, n };
	return b;
}

static bool
is_more(const uint64_t *bits, uint32_t n, unsigned percent)
{
	uint64_t in = 0;

	for (size_t i = 0; i < ((size_t)n + 63) / 64; i++)
		in += (unsigned)__builtin_popcountll(bits[i]);
	return in * 100 > (uint64_t)n * percent;
}

static enum err
find(struct search_pick *p, bool utf)
{
	const struct search_index_blobs *whole = NULL;
	uint32_t n = search_index_chunks(p->index);
	const uint64_t *bits;
	enum err rc;

	if (p->tried[utf])
		return ERR_NONE;
	if (p->multi_line)
		whole = blobs_of(p);
	rc = search_index_find(&bits, p->a, p->index,
	    search_plan_formula(p->plan, utf), whole);
	if (rc == ERR_NONE && (bits == NULL || is_more(bits, n, FEW)))
		rc = search_index_narrow(&bits, p->a, p->index,
		    search_plan_grams(p->plan, utf), whole);
	if (rc != ERR_NONE)
		return rc;
	p->tried[utf] = true;
	p->bits[utf] = bits != NULL && is_more(bits, n, MOST) ? NULL : bits;
	return ERR_NONE;
}

/* The chunk of a place, which is near the last one as a rule. */
static uint32_t
advance(const struct search_pick *p, uint64_t at)
{
	enum { STEPS = 16 };
	uint32_t n = search_index_chunks(p->index), c = p->chunk;

	for (int i = 0; i < STEPS && c < n; i++) {
		struct search_index_chunk k = search_index_chunk(p->index, c);

		if (at >= k.from && at < k.to)
			return c;
		if (at < k.from && c == 0)
			break;
		c = at < k.from ? c - 1 : c + 1;
	}
	return search_index_at(p->index, at);
}

/* The first chunk not before c that is in either set. */
static uint32_t
next_chunk(const struct search_pick *p, uint32_t c)
{
	uint32_t n = search_index_chunks(p->index);

	for (size_t i = c >> 6; i < ((size_t)n + 63) / 64; i++) {
		uint64_t bits = p->bits[0][i] | p->bits[1][i];

		if (i == c >> 6)
			bits &= ~(uint64_t)0 << (c & 63);
		if (bits != 0)
			return (uint32_t)(i * 64) +
			    (uint32_t)__builtin_ctzll(bits);
	}
	return n;
}

enum err
search_pick_skip(struct search_pick *p, uint32_t blob, uint32_t *next)
{
	enum err rc = ERR_NONE;
	uint32_t c, n;

	*next = blob;
	if (p->index == NULL)
		return ERR_NONE;
	n = search_index_chunks(p->index);
	for (int utf = 0; utf < 2 && rc == ERR_NONE; utf++)
		rc = find(p, utf);
	if (rc != ERR_NONE || p->bits[0] == NULL || p->bits[1] == NULL)
		return rc;
	p->chunk = advance(p, textstore_content_at(p->store, blob));
	c = next_chunk(p, p->chunk);
	if (c == n) {
		*next = UINT32_MAX;
	} else if (c > p->chunk) {
		p->chunk = c;
		c = search_index_chunk(p->index, c).blob;
		*next = c > blob ? c : blob;
	}
	return ERR_NONE;
}

enum err
search_pick_blob(struct search_pick *p, uint32_t blob,
    const struct textstore_blob *b)
{
	bool utf = b->facts.utf8;
	enum err rc;

	p->begin = p->at = textstore_content_at(p->store, blob);
	p->end = p->at + b->bytes.len;
	p->now = NULL;
	p->whole = true;
	/* What converts has its words in other bytes. */
	if (p->index == NULL || encoding_converts(b->encoding) ||
	    b->bytes.len == 0)
		return ERR_NONE;
	rc = find(p, utf);
	if (rc != ERR_NONE)
		return rc;
	p->now = p->bits[utf];
	if (p->now != NULL)
		p->chunk = advance(p, p->at);
	return ERR_NONE;
}

static bool
is_in(const struct search_pick *p, uint32_t chunk)
{
	return p->now[chunk >> 6] >> (chunk & 63) & 1;
}

bool
search_pick_next(struct search_pick *p, struct search_part *part)
{
	struct search_index_chunk c;
	uint64_t to;

	if (p->now == NULL) {
		bool first = p->whole;

		p->whole = false;
		*part = (struct search_part){ 0, (size_t)(p->end - p->begin), 1,
			true };
		return first;
	}
	for (;; p->chunk++) {
		if (p->at >= p->end)
			return false;
		c = search_index_chunk(p->index, p->chunk);
		if (is_in(p, p->chunk))
			break;
		p->at = c.to;
		p->whole = false;
		if (c.to >= p->end)
			return false; /* the next blob may begin in it */
	}
	*part = (struct search_part){ .from = (size_t)(p->at - p->begin),
		.line = c.from < p->at ? 1 : c.line };
	for (to = c.to; to < p->end && is_in(p, p->chunk + 1);) {
		c = search_index_chunk(p->index, ++p->chunk);
		to = c.to;
	}
	part->to = (size_t)((to < p->end ? to : p->end) - p->begin);
	part->whole = p->whole && to >= p->end;
	p->whole = false;
	p->at = to;
	if (to < p->end)
		p->chunk++;
	return true;
}
