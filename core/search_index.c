#include "core/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_index_format.h"

struct search_index {
	uint32_t n_chunks, n_keys;
	uint64_t content;
	const char *chunks, *keys;
	struct str lists;
};

static uint32_t
u32(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static uint64_t
u64(const char *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static enum err
damaged(void)
{
	return fail(ERR_FORMAT, "the search index is damaged");
}

static bool
is_sound(const struct search_index *x)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < x->n_chunks; i++) {
		const char *c = x->chunks + (size_t)i * SEARCH_INDEX_CHUNK;
		uint64_t from = u64(c);

		if (u32(c + 12) > 1 || from >= x->content ||
		    (i > 0 && from <= last) || (i == 0 && from != 0))
			return false;
		last = from;
	}
	for (uint32_t i = 0; i < x->n_keys; i++) {
		const char *k = x->keys + (size_t)i * SEARCH_INDEX_KEY;
		uint64_t from = u64(k + 8) & ~SEARCH_INDEX_BITMAP;

		if (from > x->lists.len || u32(k) > 0xffffff ||
		    (i > 0 &&
			(u32(k) <= u32(k - SEARCH_INDEX_KEY) ||
			    from < (u64(k - SEARCH_INDEX_KEY + 8) &
				       ~SEARCH_INDEX_BITMAP))))
			return false;
	}
	return true;
}

enum err
search_index_open(struct search_index **out, struct str bytes, uint64_t content)
{
	struct search_index x = { .content = content };
	uint64_t chunks, keys, lists;
	const char *h = bytes.at;

	if (bytes.len < SEARCH_INDEX_HEADER ||
	    memcmp(h, SEARCH_INDEX_MAGIC, 8) != 0 ||
	    u32(h + 8) != SEARCH_INDEX_VERSION)
		return damaged();
	x.n_chunks = u32(h + 12);
	x.n_keys = u32(h + 16);
	lists = u64(h + 24);
	chunks = (uint64_t)x.n_chunks * SEARCH_INDEX_CHUNK;
	keys = (uint64_t)x.n_keys * SEARCH_INDEX_KEY;
	if (lists > bytes.len ||
	    bytes.len - lists != SEARCH_INDEX_HEADER + chunks + keys ||
	    (x.n_chunks == 0) != (content == 0))
		return damaged();
	x.chunks = h + SEARCH_INDEX_HEADER;
	x.keys = x.chunks + chunks;
	x.lists = str_slice(bytes, bytes.len - lists, lists);
	if (!is_sound(&x))
		return damaged();
	*out = malloc(sizeof **out);
	if (*out == NULL)
		bug("no memory for an index");
	**out = x;
	return ERR_NONE;
}

void
search_index_close(struct search_index *x)
{
	free(x);
}

uint32_t
search_index_chunks(const struct search_index *x)
{
	return x->n_chunks;
}

struct search_index_chunk
search_index_chunk(const struct search_index *x, uint32_t i)
{
	const char *c = x->chunks + (size_t)i * SEARCH_INDEX_CHUNK;

	if (i >= x->n_chunks)
		bug("chunk %u of %u", i, x->n_chunks);
	return (struct search_index_chunk){
		.from = u64(c),
		.to = i + 1 < x->n_chunks ? u64(c + SEARCH_INDEX_CHUNK) :
					    x->content,
		.line = u32(c + 8),
	};
}

uint32_t
search_index_at(const struct search_index *x, uint64_t at)
{
	uint32_t lo = 0, hi = x->n_chunks;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (u64(x->chunks + (size_t)mid * SEARCH_INDEX_CHUNK) <= at)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* ---- from a formula to chunks ---- */

struct finding {
	struct arena *a;
	const struct search_index *x;
	const struct search_index_blobs *whole; /* NULL: chunk by chunk */
	size_t words;                           /* of a bitmap */
	enum err rc;
};

static uint64_t *
bitmap(struct finding *f)
{
	return arena_array(f->a, f->words, uint64_t);
}

static void
set(uint64_t *bits, uint32_t i)
{
	bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

/* A chunk takes along all chunks of the blobs that lie in it. */
static void
spread(struct finding *f, uint64_t *bits)
{
	const struct search_index_blobs *b = f->whole;
	uint64_t *out;

	if (b == NULL)
		return;
	out = bitmap(f);
	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t first, last;
		bool in = false;

		if (b->from[i] >= b->from[i + 1])
			continue;
		first = search_index_at(f->x, b->from[i]);
		last = search_index_at(f->x, b->from[i + 1] - 1);
		for (uint32_t c = first; c <= last && !in; c++)
			in = bits[c >> 6] >> (c & 63) & 1;
		for (uint32_t c = first; in && c <= last; c++)
			set(out, c);
	}
	memcpy(bits, out, f->words * sizeof *bits);
}

static const char *
find_key(const struct search_index *x, uint32_t key)
{
	uint32_t lo = 0, hi = x->n_keys;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const char *k = x->keys + (size_t)mid * SEARCH_INDEX_KEY;

		if (u32(k) == key)
			return k;
		if (u32(k) < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static struct str
list_of(const struct search_index *x, const char *key)
{
	uint64_t from = u64(key + 8) & ~SEARCH_INDEX_BITMAP, to = x->lists.len;

	if (key + SEARCH_INDEX_KEY < x->lists.at)
		to = u64(key + SEARCH_INDEX_KEY + 8) & ~SEARCH_INDEX_BITMAP;
	return str_slice(x->lists, from, to - from);
}

/* Numbers as differences, seven bits a byte, the last one below 0x80. */
static bool
read_list(struct str list, uint32_t n_chunks, uint64_t *bits)
{
	const unsigned char *p = (const unsigned char *)list.at;
	const unsigned char *end = p + list.len;
	uint64_t at = 0;
	bool first = true;

	while (p < end) {
		uint64_t v = 0;
		unsigned shift = 0;

		while (*p >= 0x80) {
			v |= (uint64_t)(*p & 0x7f) << shift;
			shift += 7;
			if (++p == end || shift > 28)
				return false;
		}
		v |= (uint64_t)*p++ << shift;
		at = first ? v : at + v + 1;
		first = false;
		if (at >= n_chunks)
			return false;
		set(bits, (uint32_t)at);
	}
	return true;
}

static void
read_key(struct finding *f, const char *key, uint64_t *bits)
{
	struct str list = list_of(f->x, key);

	if (!(u64(key + 8) & SEARCH_INDEX_BITMAP)) {
		if (!read_list(list, f->x->n_chunks, bits))
			f->rc = damaged();
		return;
	}
	if (list.len != (f->x->n_chunks + 7) / 8) {
		f->rc = damaged();
		return;
	}
	memcpy(bits, list.at, list.len);
	/* No bit beyond the last chunk. */
	if (f->x->n_chunks % 64 != 0)
		bits[f->words - 1] &= ((uint64_t)1 << f->x->n_chunks % 64) - 1;
}

static uint32_t
key_of(const struct search_word *w, unsigned i)
{
	uint32_t key = 0;

	for (unsigned k = 0; k < 3; k++) {
		uint8_t c = w->at[i + k];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		key = key << 8 | c;
	}
	return key;
}

static int
by_length(const void *a, const void *b)
{
	uint32_t x = u32(*(const char *const *)a + 4);
	uint32_t y = u32(*(const char *const *)b + 4);

	return (x > y) - (x < y);
}

/* Of the lists of a long word the shortest few say nearly all. */
static uint64_t *
find_word(struct finding *f, const struct search_word *w)
{
	enum { LISTS = 5 };
	const char *keys[SEARCH_WORD_MAX];
	uint64_t *bits = bitmap(f), *more;
	size_t n = 0;

	if (w->len < 3)
		return NULL;
	for (unsigned i = 0; i + 3 <= w->len; i++) {
		keys[n] = find_key(f->x, key_of(w, i));
		if (keys[n++] == NULL)
			return bits; /* three bytes that are nowhere */
	}
	qsort(keys, n, sizeof *keys, by_length);
	read_key(f, keys[0], bits);
	spread(f, bits);
	for (size_t i = 1; i < n && i < LISTS && f->rc == ERR_NONE; i++) {
		if (keys[i] == keys[i - 1])
			continue;
		more = bitmap(f);
		read_key(f, keys[i], more);
		spread(f, more);
		for (size_t k = 0; k < f->words; k++)
			bits[k] &= more[k];
	}
	return bits;
}

static uint64_t *
find(struct finding *f, const struct search_formula *of)
{
	bool either = of->kind == SEARCH_FORMULA_OR;
	uint64_t *bits = NULL;

	if (of->kind == SEARCH_FORMULA_ANY)
		return NULL;
	if (of->kind == SEARCH_FORMULA_WORD)
		return find_word(f, &of->word);
	if (either)
		bits = bitmap(f);
	for (of = of->child; of != NULL; of = of->next) {
		uint64_t *one = find(f, of);

		if (one == NULL && either)
			return NULL;
		if (one == NULL)
			continue;
		for (size_t i = 0; i < f->words && bits != NULL; i++)
			bits[i] = either ? bits[i] | one[i] : bits[i] & one[i];
		if (bits == NULL)
			bits = one;
	}
	return bits;
}

/* Chunks that are in no list are looked at whatever is looked for. */
static void
add_odd(struct finding *f, uint64_t *bits)
{
	const struct search_index *x = f->x;
	uint64_t *odd = bitmap(f);

	for (uint32_t i = 0; i < x->n_chunks; i++)
		if (u32(x->chunks + (size_t)i * SEARCH_INDEX_CHUNK + 12) == 1)
			set(odd, i);
	spread(f, odd);
	for (size_t i = 0; i < f->words; i++)
		bits[i] |= odd[i];
}

enum err
search_index_find(const uint64_t **bits, struct arena *a,
    const struct search_index *x, const struct search_formula *of,
    const struct search_index_blobs *whole)
{
	struct finding f = { .a = a,
		.x = x,
		.whole = whole,
		.words = ((size_t)x->n_chunks + 63) / 64 };
	uint64_t *found = find(&f, of);

	if (found != NULL)
		add_odd(&f, found);
	if (f.rc == ERR_NONE)
		*bits = found;
	return f.rc;
}
