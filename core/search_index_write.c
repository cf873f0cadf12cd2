#include "core/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/search_index_format.h"
#include "core/search_lf.h"
#include "core/wire.h"

enum {
	KEYS = 1 << 24,
	KEYS_FEW = 256,
	BLOCK = 28, /* bytes of a list in one piece */
	LOW = 13,   /* bits of a key by which it is not sorted */
	GROUPS = (KEYS >> LOW) + 1,
#ifdef TINY
	BATCH = 64,
#else
	BATCH = 8 << 20, /* keys that wait to be sorted: 2 x 64 MB */
#endif
};

/* Lists grow in small pieces, as there are some 100,000 of them and nobody
 * knows how long each will be. */
struct block {
	uint32_t next;
	uint8_t at[BLOCK];
};

struct list {
	uint32_t first, last; /* blocks + 1; 0: none */
	uint32_t chunk;       /* the last one in it */
	uint32_t chunks;
	uint32_t len; /* bytes */
};

struct chunk {
	uint64_t from;
	uint32_t line, blob;
};

struct search_index_writer {
	uint64_t *seen; /* a bit for each key, of this chunk */
	uint32_t *keys; /* those of this chunk */
	size_t n_keys, keys_room;
	uint32_t *number; /* of a key's list, + 1 */
	struct list *lists;
	size_t n_lists, lists_room;
	struct block *blocks;
	size_t n_blocks, blocks_room;
	/* Keys with their chunk, key << 32 | chunk, until they are many. */
	uint64_t *batch, *sorted;
	size_t n_batch, batch_room;
	uint32_t *counts; /* of each group of keys */
	struct chunk *chunks;
	size_t n_chunks, chunks_room;
	uint64_t at;    /* bytes of content so far */
	uint64_t from;  /* where this chunk began */
	uint32_t tail;  /* the two bytes before at, folded */
	uint32_t line;  /* of the blob that is added */
	uint32_t blob;  /* its number */
	uint32_t chunk; /* bytes */
	uint32_t encodings;
	bool always; /* this chunk is looked at whatever is looked for */
	bool converts;
};

static void *
grown(void *at, size_t *room, size_t size, size_t first)
{
	*room = *room == 0 ? first : 2 * *room;
	at = reallocarray(at, *room, size);
	if (at == NULL)
		bug("no memory for an index of %zu", *room);
	return at;
}

struct search_index_writer *
search_index_write_start(uint32_t chunk)
{
	struct search_index_writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("no memory for an index");
	w->chunk = chunk;
	w->seen = calloc(KEYS / 64, sizeof *w->seen);
	w->number = calloc(KEYS + 1, sizeof *w->number);
	w->counts = calloc(GROUPS, sizeof *w->counts);
	if (w->seen == NULL || w->number == NULL || w->counts == NULL)
		bug("no memory for an index");
	return w;
}

static void
append_byte(struct search_index_writer *w, struct list *l, uint8_t c)
{
	if (l->len % BLOCK == 0) {
		if (w->n_blocks == w->blocks_room)
			w->blocks = grown(w->blocks, &w->blocks_room,
			    sizeof *w->blocks, 1 << 16);
		w->blocks[w->n_blocks].next = 0;
		if (l->last == 0)
			l->first = (uint32_t)w->n_blocks + 1;
		else
			w->blocks[l->last - 1].next = (uint32_t)w->n_blocks + 1;
		l->last = (uint32_t)++w->n_blocks;
	}
	w->blocks[l->last - 1].at[l->len++ % BLOCK] = c;
}

static void
append(struct search_index_writer *w, uint32_t key, uint32_t chunk)
{
	uint32_t *number = &w->number[key];
	struct list *l;
	uint32_t v = chunk;

	if (*number == 0) {
		if (w->n_lists == w->lists_room)
			w->lists = grown(w->lists, &w->lists_room,
			    sizeof *w->lists, 1 << 16);
		w->lists[w->n_lists] = (struct list){ 0 };
		*number = (uint32_t)++w->n_lists;
	}
	l = &w->lists[*number - 1];
	if (l->chunks++ > 0)
		v = chunk - l->chunk - 1;
	l->chunk = chunk;
	for (; v >= 0x80; v >>= 7)
		append_byte(w, l, (uint8_t)(v | 0x80));
	append_byte(w, l, (uint8_t)v);
}

/* By the high bits of the key; what is equal in them stays in its order. */
static void
sort_batch(struct search_index_writer *w)
{
	uint64_t *to = w->sorted;
	uint32_t at = 0;

	memset(w->counts, 0, GROUPS * sizeof *w->counts);
	for (size_t i = 0; i < w->n_batch; i++)
		w->counts[w->batch[i] >> (32 + LOW)]++;
	for (size_t i = 0; i < GROUPS; i++) {
		uint32_t n = w->counts[i];

		w->counts[i] = at;
		at += n;
	}
	for (size_t i = 0; i < w->n_batch; i++)
		to[w->counts[w->batch[i] >> (32 + LOW)]++] = w->batch[i];
	w->sorted = w->batch;
	w->batch = to;
}

/*
 * What waits joins the lists, some thousand keys at a time: there are more
 * lists than a processor keeps at hand, and one key after the other as the
 * text has them would wait for memory each time.
 */
static void
flush(struct search_index_writer *w)
{
	w->sorted = reallocarray(w->sorted, w->batch_room, sizeof *w->sorted);
	if (w->sorted == NULL && w->batch_room > 0)
		bug("no memory for an index of %zu", w->batch_room);
	sort_batch(w);
	for (size_t i = 0; i < w->n_batch; i++)
		append(w, (uint32_t)(w->batch[i] >> 32), (uint32_t)w->batch[i]);
	w->n_batch = 0;
}

static void
push(struct search_index_writer *w, uint32_t key, uint32_t chunk)
{
	if (w->n_batch == BATCH)
		flush(w);
	if (w->n_batch == w->batch_room)
		w->batch = grown(w->batch, &w->batch_room, sizeof *w->batch,
		    BATCH < 1 << 14 ? BATCH : 1 << 14);
	w->batch[w->n_batch++] = (uint64_t)key << 32 | chunk;
}

static void
end_chunk(struct search_index_writer *w)
{
	bool odd;

	if (w->from == w->at)
		return;
	/* Pictures and archives would make more keys than all text. */
	odd = w->n_keys > w->chunk / 8 * 5 + KEYS_FEW;
	if (odd || w->always)
		push(w, SEARCH_INDEX_ALWAYS, (uint32_t)w->n_chunks - 1);
	w->always = false;
	for (size_t i = 0; i < w->n_keys; i++) {
		uint32_t key = w->keys[i];

		w->seen[key >> 6] = 0;
		if (!odd)
			push(w, key, (uint32_t)w->n_chunks - 1);
	}
	w->n_keys = 0;
	w->from = w->at;
}

static void
begin_chunk(struct search_index_writer *w)
{
	if (w->n_chunks == w->chunks_room)
		w->chunks =
		    grown(w->chunks, &w->chunks_room, sizeof *w->chunks, 1024);
	w->chunks[w->n_chunks++] = (struct chunk){ w->at, w->line, w->blob };
	w->from = w->at;
}

/* Bytes of one chunk. */
static void
take(struct search_index_writer *w, struct str bytes)
{
	uint32_t tail = w->tail, *key;
	uint64_t *seen = w->seen;

	while (w->n_keys + bytes.len > w->keys_room)
		w->keys =
		    grown(w->keys, &w->keys_room, sizeof *w->keys, 1 << 14);
	key = w->keys + w->n_keys;
	/* Without a branch: whether a key is new cannot be foretold. */
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned c = (unsigned char)bytes.at[i];
		uint64_t *word, bit;

		c |= (unsigned)(c - 'A' < 26) << 5;
		tail = (tail << 8 | c) & 0xffffff;
		word = &seen[tail >> 6];
		bit = *word >> (tail & 63) & 1;
		*key = tail;
		key += 1 - bit;
		*word |= (uint64_t)1 << (tail & 63);
	}
	w->n_keys = (size_t)(key - w->keys);
	w->tail = tail;
	w->at += bytes.len;
}

/* A chunk ends behind the first LF at which it is long enough. */
static void
add(struct search_index_writer *w, struct str bytes)
{
	while (bytes.len > 0) {
		size_t have = (size_t)(w->at - w->from), end = bytes.len;
		size_t want = have < w->chunk ? w->chunk - have - 1 : 0;
		const char *lf = NULL;

		if (have == 0)
			begin_chunk(w);
		w->always = w->always || w->converts;
		if (want < bytes.len)
			lf = memchr(bytes.at + want, '\n', bytes.len - want);
		if (lf != NULL)
			end = (size_t)(lf - bytes.at) + 1;
		take(w, str_slice(bytes, 0, end));
		w->line += search_lf_count(bytes.at, end);
		bytes = str_slice(bytes, end, bytes.len);
		if (lf != NULL)
			end_chunk(w);
	}
}

void
search_index_write_add(struct search_index_writer *w, uint32_t blob,
    struct str bytes, enum encoding e)
{
	w->line = 1;
	w->blob = blob;
	w->encodings |= (uint32_t)1 << e;
	/* What converts has its words in other bytes. */
	w->converts = encoding_converts(e);
	add(w, bytes);
	add(w, STR("\n"));
}

static void
write_list(const struct search_index_writer *w, const struct list *l,
    struct buf *b)
{
	uint32_t left = l->len;

	for (uint32_t k = l->first; k != 0; k = w->blocks[k - 1].next) {
		uint32_t n = left < BLOCK ? left : BLOCK;

		buf_add(b, w->blocks[k - 1].at, n);
		left -= n;
	}
}

/* The same chunks, a bit each: what is appended replaces the list. */
static void
write_bitmap(const struct search_index_writer *w, const struct list *l,
    struct buf *b)
{
	size_t bytes = (w->n_chunks + 7) / 8;
	struct buf list = { 0 };
	uint8_t *bits = calloc(bytes, 1);
	uint64_t at = 0;

	if (bits == NULL)
		bug("no memory for %zu chunks", w->n_chunks);
	write_list(w, l, &list);
	for (size_t i = 0, first = 1; i < list.len; first = 0) {
		uint64_t v = 0;
		unsigned shift = 0;

		for (; (uint8_t)list.at[i] >= 0x80; i++, shift += 7)
			v |= (uint64_t)(list.at[i] & 0x7f) << shift;
		v |= (uint64_t)(uint8_t)list.at[i++] << shift;
		at = first ? v : at + v + 1;
		bits[at >> 3] |= (uint8_t)(1u << (at & 7));
	}
	buf_add(b, bits, bytes);
	buf_release(&list);
	free(bits);
}

static void
write_keys(const struct search_index_writer *w, struct buf *firsts,
    struct buf *keys, struct buf *lists)
{
	for (uint32_t key = 0; key <= KEYS; key++) {
		const struct list *l;
		bool dense;

		if (key % (KEYS / 4096) == 0)
			wire_put_u32(firsts,
			    (uint32_t)(keys->len / SEARCH_INDEX_KEY));
		if (w->number[key] == 0)
			continue;
		l = &w->lists[w->number[key] - 1];
		dense = l->len > (w->n_chunks + 7) / 8;
		wire_put_u32(keys, key);
		wire_put_u32(keys, l->chunks);
		wire_put_u64(keys,
		    lists->len | (dense ? SEARCH_INDEX_BITMAP : 0));
		if (dense)
			write_bitmap(w, l, lists);
		else
			write_list(w, l, lists);
	}
}

static void
write_index(struct search_index_writer *w, struct buf *b)
{
	struct buf firsts = { 0 }, keys = { 0 }, lists = { 0 };

	end_chunk(w);
	if (w->n_batch > 0)
		flush(w);
	write_keys(w, &firsts, &keys, &lists);
	wire_put_u32(&firsts, 0);
	buf_add(b, SEARCH_INDEX_MAGIC, 8);
	wire_put_u32(b, SEARCH_INDEX_VERSION);
	wire_put_u32(b, (uint32_t)w->n_chunks);
	wire_put_u32(b, (uint32_t)w->n_lists);
	wire_put_u32(b, w->encodings);
	wire_put_u64(b, lists.len);
	buf_str(b, buf_view(&firsts));
	for (size_t i = 0; i < w->n_chunks; i++) {
		wire_put_u64(b, w->chunks[i].from);
		wire_put_u32(b, w->chunks[i].line);
		wire_put_u32(b, w->chunks[i].blob);
	}
	buf_str(b, buf_view(&keys));
	buf_str(b, buf_view(&lists));
	buf_release(&firsts);
	buf_release(&keys);
	buf_release(&lists);
}

void
search_index_write_finish(struct search_index_writer *w, struct buf *b)
{
	if (w == NULL)
		return;
	if (b != NULL)
		write_index(w, b);
	free(w->seen);
	free(w->keys);
	free(w->number);
	free(w->batch);
	free(w->sorted);
	free(w->counts);
	free(w->lists);
	free(w->blocks);
	free(w->chunks);
	free(w);
}
