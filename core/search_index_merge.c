#include "core/search_index_merge.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_index_format.h"

enum { NONE = UINT32_MAX };

struct search_index_merge {
	const struct search_index_old *old;
	const struct search_index *x;
	uint32_t *is;    /* of each chunk, its number now, or NONE */
	uint32_t *list;  /* of the key that was asked for */
	uint64_t *bits;  /* of all chunks there are now */
	uint32_t chunks; /* how many these are */
	uint32_t next;   /* key that was not asked for yet */
	uint32_t key;    /* which one that is */
};

enum err
search_index_merge_open(struct search_index_merge **out,
    const struct search_index_old *old)
{
	const struct search_index *x = old->index;
	uint32_t n = search_index_chunks(x);
	struct search_index_merge *m;
	enum err rc = ERR_NONE;

	if (search_index_version(x) != SEARCH_INDEX_VERSION)
		rc = fail(ERR_FORMAT,
		    "a search index of version %u, chunks of version %d are "
		    "wanted",
		    search_index_version(x), SEARCH_INDEX_VERSION);
	if (rc == ERR_NONE)
		rc = search_index_check(x);
	if (rc != ERR_NONE)
		return rc;
	m = calloc(1, sizeof *m);
	if (m == NULL)
		bug("no memory for an index");
	m->old = old;
	m->x = x;
	m->is = reallocarray(NULL, (size_t)n + 1, sizeof *m->is);
	m->list = reallocarray(NULL, (size_t)n + 1, sizeof *m->list);
	if (m->is == NULL || m->list == NULL)
		bug("no memory for %u chunks", n);
	memset(m->is, 0xff, n * sizeof *m->is);
	*out = m;
	return ERR_NONE;
}

void
search_index_merge_close(struct search_index_merge *m)
{
	if (m == NULL)
		return;
	free(m->is);
	free(m->list);
	free(m->bits);
	free(m);
}

bool
search_index_merge_find(uint32_t *was, uint64_t *bytes,
    const struct search_index_merge *m, uint32_t i, uint64_t at)
{
	const struct search_index_old *old = m->old;
	uint32_t there = old->same[i], c;
	struct search_index_chunk chunk;

	if (there >= old->n)
		return false;
	c = search_index_at(m->x, old->from[there] + at);
	chunk = search_index_chunk(m->x, c);
	/* The last one ended because nothing more came. */
	if (chunk.from != old->from[there] + at ||
	    c + 1 == search_index_chunks(m->x))
		return false;
	while (old->from[there + 1] < chunk.to) {
		if (++there == old->n || ++i == old->added ||
		    old->same[i] != there)
			return false;
	}
	*was = c;
	*bytes = chunk.to - chunk.from;
	return true;
}

void
search_index_merge_keep(struct search_index_merge *m, uint32_t was, uint32_t is)
{
	m->is[was] = is;
}

static void
read_key(struct search_index_merge *m)
{
	m->key = m->next < search_index_keys(m->x) ?
	    search_index_key(m->x, m->next) :
	    NONE;
}

void
search_index_merge_start(struct search_index_merge *m, uint32_t chunks)
{
	m->chunks = chunks;
	m->bits = calloc((size_t)chunks / 64 + 1, sizeof *m->bits);
	if (m->bits == NULL)
		bug("no memory for %u chunks", chunks);
	read_key(m);
}

uint32_t
search_index_merge_next(const struct search_index_merge *m)
{
	return m->key;
}

/* Contents that moved: a bit each is the quickest order. */
static void
sort(struct search_index_merge *m, uint32_t n)
{
	size_t words = (size_t)m->chunks / 64 + 1;
	uint32_t to = 0;

	memset(m->bits, 0, words * sizeof *m->bits);
	for (uint32_t i = 0; i < n; i++)
		m->bits[m->list[i] >> 6] |= (uint64_t)1 << (m->list[i] & 63);
	for (size_t i = 0; i < words; i++)
		for (uint64_t w = m->bits[i]; w != 0; w &= w - 1)
			m->list[to++] =
			    (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(w);
}

enum err
search_index_merge_list(const uint32_t **chunks, uint32_t *n,
    struct search_index_merge *m, uint32_t key)
{
	uint32_t all, kept = 0;
	bool ascending = true;
	enum err rc;

	*chunks = m->list;
	*n = 0;
	if (key != m->key)
		return ERR_NONE;
	rc = search_index_list(m->list, &all, m->x, m->next);
	if (rc != ERR_NONE) {
		err_clear();
		return fail(rc, "the earlier search index is damaged");
	}
	for (uint32_t i = 0; i < all; i++) {
		uint32_t is = m->is[m->list[i]];

		if (is == NONE)
			continue;
		ascending = ascending && (kept == 0 || m->list[kept - 1] < is);
		m->list[kept++] = is;
	}
	if (!ascending)
		sort(m, kept);
	*n = kept;
	m->next++;
	read_key(m);
	return ERR_NONE;
}
