#include "core/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_index_format.h"
#include "core/tables.h"

struct search_index {
	uint32_t version, n_chunks, n_keys, blobs, encodings;
	uint64_t content;
	const char *firsts, *chunks, *keys;
	struct str lists;
	bool *damaged; /* something that was looked at */
};

static enum err
damaged(void)
{
	return fail(ERR_FORMAT, "the search index is damaged");
}

static const char *
chunk_at(const struct search_index *x, uint32_t i)
{
	return x->chunks + (size_t)i * SEARCH_INDEX_CHUNK;
}

static const char *
key_at(const struct search_index *x, uint32_t i)
{
	return x->keys + (size_t)i * SEARCH_INDEX_KEY;
}

static uint64_t
list_begin(const char *key)
{
	return tables_u64(key + 8) & ~SEARCH_INDEX_BITMAP;
}

static bool
is_sound_chunk(const struct search_index *x, uint32_t i)
{
	const char *c = chunk_at(x, i);
	uint64_t to = i + 1 < x->n_chunks ? tables_u64(c + SEARCH_INDEX_CHUNK) :
					    x->content;

	return tables_u64(c) < to && to <= x->content &&
	    tables_u32(c + 12) < x->blobs && (i > 0 || tables_u64(c) == 0);
}

/* How many keys are before each 4096th of all that can be. */
static bool
has_sound_firsts(const struct search_index *x)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i <= SEARCH_INDEX_ALWAYS >> 12; i++) {
		while (k < x->n_keys && tables_u32(key_at(x, k)) < i << 12)
			k++;
		if (tables_u32(x->firsts + (size_t)i * 4) != k)
			return false;
	}
	return true;
}

enum err
search_index_check(const struct search_index *x)
{
	if (!has_sound_firsts(x))
		return damaged();
	for (uint32_t i = 0; i < x->n_chunks; i++)
		if (!is_sound_chunk(x, i))
			return damaged();
	for (uint32_t i = 0; i < x->n_keys; i++) {
		const char *k = key_at(x, i), *before = k - SEARCH_INDEX_KEY;

		if (list_begin(k) > x->lists.len ||
		    tables_u32(k) > SEARCH_INDEX_ALWAYS ||
		    (i > 0 &&
			(tables_u32(k) <= tables_u32(before) ||
			    list_begin(k) < list_begin(before))))
			return damaged();
	}
	return ERR_NONE;
}

enum err
search_index_damage(const struct search_index *x)
{
	return *x->damaged ? damaged() : ERR_NONE;
}

uint32_t
search_index_encodings(const struct search_index *x)
{
	return x->encodings;
}

static enum err
read_header(struct search_index *x, struct str bytes)
{
	uint64_t firsts = SEARCH_INDEX_FIRSTS * 4, chunks, keys, lists;
	const char *h = bytes.at;

	if (bytes.len < SEARCH_INDEX_HEADER ||
	    memcmp(h, SEARCH_INDEX_MAGIC, 8) != 0)
		return damaged();
	x->version = tables_u32(h + 8);
	if (x->version < SEARCH_INDEX_EARLIER ||
	    x->version > SEARCH_INDEX_VERSION)
		return fail(ERR_FORMAT,
		    "a search index of version %u, this program reads %d and "
		    "%d",
		    x->version, SEARCH_INDEX_EARLIER, SEARCH_INDEX_VERSION);
	x->n_chunks = tables_u32(h + 12);
	x->n_keys = tables_u32(h + 16);
	x->encodings = tables_u32(h + 20);
	lists = tables_u64(h + 24);
	chunks = (uint64_t)x->n_chunks * SEARCH_INDEX_CHUNK;
	keys = (uint64_t)x->n_keys * SEARCH_INDEX_KEY;
	if (lists > bytes.len ||
	    bytes.len - lists != SEARCH_INDEX_HEADER + firsts + chunks + keys ||
	    (x->n_chunks == 0) != (x->content == 0))
		return damaged();
	x->firsts = h + SEARCH_INDEX_HEADER;
	x->chunks = x->firsts + firsts;
	x->keys = x->chunks + chunks;
	x->lists = str_slice(bytes, bytes.len - lists, lists);
	return ERR_NONE;
}

enum err
search_index_open(struct search_index **out, struct str bytes, uint64_t content,
    uint32_t blobs)
{
	struct search_index x = { .content = content, .blobs = blobs };
	enum err rc = read_header(&x, bytes);

	if (rc != ERR_NONE)
		return rc;
	*out = malloc(sizeof **out);
	x.damaged = calloc(1, sizeof *x.damaged);
	if (*out == NULL || x.damaged == NULL)
		bug("no memory for an index");
	**out = x;
	return ERR_NONE;
}

void
search_index_close(struct search_index *x)
{
	if (x != NULL)
		free(x->damaged);
	free(x);
}

uint32_t
search_index_version(const struct search_index *x)
{
	return x->version;
}

uint32_t
search_index_chunks(const struct search_index *x)
{
	return x->n_chunks;
}

struct search_index_chunk
search_index_chunk(const struct search_index *x, uint32_t i)
{
	const char *c = chunk_at(x, i);

	if (i >= x->n_chunks)
		bug("chunk %u of %u", i, x->n_chunks);
	if (!is_sound_chunk(x, i)) {
		*x->damaged = true;
		return (
		    struct search_index_chunk){ .to = x->content, .line = 1 };
	}
	return (struct search_index_chunk){
		.from = tables_u64(c),
		.to = i + 1 < x->n_chunks ? tables_u64(c + SEARCH_INDEX_CHUNK) :
					    x->content,
		.line = tables_u32(c + 8),
		.blob = tables_u32(c + 12),
	};
}

uint32_t
search_index_at(const struct search_index *x, uint64_t at)
{
	uint32_t lo = 0, hi = x->n_chunks;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (tables_u64(x->chunks + (size_t)mid * SEARCH_INDEX_CHUNK) <=
		    at)
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
	const char *first = x->firsts + (size_t)(key >> 12) * 4;
	uint32_t lo = tables_u32(first);
	uint32_t hi =
	    key < SEARCH_INDEX_ALWAYS ? tables_u32(first + 4) : x->n_keys;

	if (lo > hi || hi > x->n_keys) {
		*x->damaged = true;
		return NULL;
	}
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const char *k = key_at(x, mid);

		if (tables_u32(k) == key)
			return k;
		if (tables_u32(k) < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static struct str
list_of(const struct search_index *x, const char *key)
{
	uint64_t from = list_begin(key), to = x->lists.len;

	if (key + SEARCH_INDEX_KEY < x->lists.at)
		to = list_begin(key + SEARCH_INDEX_KEY);
	if (from > to || to > x->lists.len) {
		*x->damaged = true;
		return (struct str){ x->lists.at, 0 };
	}
	return str_slice(x->lists, from, to - from);
}

/* Numbers as differences, seven bits a byte, the last one below 0x80: into
 * bits, or in their order into chunks, which has room for n_chunks. */
static bool
read_list(struct str list, uint32_t n_chunks, uint64_t *bits, uint32_t *chunks,
    uint32_t *n)
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
		if (bits != NULL)
			set(bits, (uint32_t)at);
		else
			chunks[(*n)++] = (uint32_t)at;
	}
	return true;
}

static void
add_bitmap(uint64_t *bits, struct str list)
{
	uint64_t word;
	size_t i = 0;

	for (; i + 8 <= list.len; i += 8) {
		memcpy(&word, list.at + i, 8);
		bits[i / 8] |= word;
	}
	word = 0;
	memcpy(&word, list.at + i, list.len - i);
	if (i < list.len)
		bits[i / 8] |= word;
}

/* The chunks of a key join those in bits. */
static void
add_key(struct finding *f, const char *key, uint64_t *bits)
{
	struct str list = list_of(f->x, key);

	if (!(tables_u64(key + 8) & SEARCH_INDEX_BITMAP)) {
		if (!read_list(list, f->x->n_chunks, bits, NULL, NULL))
			f->rc = damaged();
		return;
	}
	if (list.len != (f->x->n_chunks + 7) / 8) {
		f->rc = damaged();
		return;
	}
	add_bitmap(bits, list);
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
	uint32_t x = tables_u32(*(const char *const *)a + 4);
	uint32_t y = tables_u32(*(const char *const *)b + 4);

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
	add_key(f, keys[0], bits);
	spread(f, bits);
	for (size_t i = 1; i < n && i < LISTS && f->rc == ERR_NONE; i++) {
		if (keys[i] == keys[i - 1])
			continue;
		more = bitmap(f);
		add_key(f, keys[i], more);
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

/* Chunks that are looked at whatever is looked for. */
static void
add_always(struct finding *f, uint64_t *bits)
{
	const char *key = find_key(f->x, SEARCH_INDEX_ALWAYS);
	uint64_t *always;

	if (key == NULL)
		return;
	always = bitmap(f);
	add_key(f, key, always);
	spread(f, always);
	for (size_t i = 0; i < f->words; i++)
		bits[i] |= always[i];
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
		add_always(&f, found);
	if (f.rc == ERR_NONE)
		f.rc = search_index_damage(x);
	if (f.rc == ERR_NONE)
		*bits = found;
	return f.rc;
}

/* ---- sets of keys ---- */

/* One set of keys: those that the index has, and how long their lists are
 * together. */
struct gram {
	const char **keys;
	size_t n;
	uint64_t chunks;
};

static void
look_up(struct gram *out, struct finding *f, const struct search_gram *g)
{
	*out = (struct gram){
		.keys = arena_array(f->a, g->n, const char *),
	};
	for (size_t i = 0; i < g->n; i++) {
		const char *key = find_key(f->x, g->keys[i]);

		if (key == NULL)
			continue;
		out->keys[out->n++] = key;
		out->chunks += tables_u32(key + 4);
	}
}

static void
take_gram(struct finding *f, const struct gram *g, const uint64_t **bits)
{
	uint64_t *any = bitmap(f);

	for (size_t i = 0; i < g->n && f->rc == ERR_NONE; i++)
		add_key(f, g->keys[i], any);
	add_always(f, any);
	spread(f, any);
	for (size_t i = 0; i < f->words && *bits != NULL; i++)
		any[i] &= (*bits)[i];
	*bits = any;
}

enum err
search_index_narrow(const uint64_t **bits, struct arena *a,
    const struct search_index *x, const struct search_grams *g,
    const struct search_index_blobs *whole)
{
	enum { TAKEN = 3 };
	struct finding f = { .a = a,
		.x = x,
		.whole = whole,
		.words = ((size_t)x->n_chunks + 63) / 64 };
	struct gram sets[SEARCH_GRAMS_SETS];

	for (size_t i = 0; i < g->n; i++)
		look_up(&sets[i], &f, &g->sets[i]);
	for (int taken = 0; taken < TAKEN && f.rc == ERR_NONE; taken++) {
		struct gram *best = NULL;

		for (size_t i = 0; i < g->n; i++)
			if (sets[i].keys != NULL &&
			    (best == NULL || sets[i].chunks < best->chunks))
				best = &sets[i];
		/* Lists as long as that leave hardly anything out. */
		if (best == NULL || best->chunks / 2 > x->n_chunks)
			break;
		take_gram(&f, best, bits);
		best->keys = NULL;
	}
	return f.rc == ERR_NONE ? search_index_damage(x) : f.rc;
}

/* ---- all of it, for another one ---- */

uint32_t
search_index_keys(const struct search_index *x)
{
	return x->n_keys;
}

uint32_t
search_index_key(const struct search_index *x, uint32_t i)
{
	if (i >= x->n_keys)
		bug("key %u of %u", i, x->n_keys);
	return tables_u32(key_at(x, i));
}

static bool
read_bitmap(struct str list, uint32_t n_chunks, uint32_t *chunks, uint32_t *n)
{
	if (list.len != (n_chunks + 7) / 8)
		return false;
	for (size_t i = 0; i < list.len; i++)
		for (unsigned c = (uint8_t)list.at[i]; c != 0; c &= c - 1) {
			uint32_t at =
			    (uint32_t)(i * 8) + (uint32_t)__builtin_ctz(c);

			if (at >= n_chunks)
				return false;
			chunks[(*n)++] = at;
		}
	return true;
}

enum err
search_index_list(uint32_t *chunks, uint32_t *n, const struct search_index *x,
    uint32_t i)
{
	struct str list;
	uint32_t had = 0;
	bool sound;

	if (i >= x->n_keys)
		bug("list %u of %u", i, x->n_keys);
	list = list_of(x, key_at(x, i));
	if (tables_u64(key_at(x, i) + 8) & SEARCH_INDEX_BITMAP)
		sound = read_bitmap(list, x->n_chunks, chunks, &had);
	else
		sound = read_list(list, x->n_chunks, NULL, chunks, &had);
	/* What is short of its end has another length than it says. */
	if (!sound || had != tables_u32(key_at(x, i) + 4))
		return damaged();
	*n = had;
	return ERR_NONE;
}
