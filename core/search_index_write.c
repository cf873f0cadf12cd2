#include "core/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/search_index_format.h"
#include "core/search_index_merge.h"
#include "core/search_lf.h"
#include "core/wire.h"

enum {
	KEYS = 1 << 24,
	KEYS_FEW = 256,
	BLOCK = 28, /* bytes of a list in one piece */
	LOW = 13,   /* bits of a key by which it is not sorted */
	GROUPS = (KEYS >> LOW) + 1,
	PAGE = KEYS / 4096,
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
	bool *any;        /* of 4096 keys, one that has a list */
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
	uint32_t added; /* blobs before it */
	uint32_t chunk; /* bytes */
	uint32_t encodings;
	bool always; /* this chunk is looked at whatever is looked for */
	bool converts;
	struct search_index_merge *merge; /* with an earlier one, or NULL */
	uint64_t kept; /* bytes of this chunk, when it is one of these */
	enum err rc;
};

/* In front of a blob. */
enum { TAIL = '\n' << 8 | '\n' };

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
	w->any = calloc(KEYS / PAGE + 1, sizeof *w->any);
	if (w->any == NULL || w->seen == NULL || w->number == NULL ||
	    w->counts == NULL)
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
		w->any[key / PAGE] = true;
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

/* Its keys are those of the earlier index: it ends where it ended there. */
static void
end_kept(struct search_index_writer *w)
{
	if (w->at - w->from != w->kept && w->rc == ERR_NONE)
		w->rc = fail(ERR_FORMAT,
		    "a chunk of the search index is not "
		    "as it was");
	w->kept = 0;
	w->always = false;
	w->from = w->at;
}

static void
end_chunk(struct search_index_writer *w)
{
	bool odd;

	if (w->from == w->at)
		return;
	if (w->kept > 0) {
		end_kept(w);
		return;
	}
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

/* at: byte of the blob that is added. */
static void
begin_chunk(struct search_index_writer *w, size_t at)
{
	uint32_t was;

	if (w->n_chunks == w->chunks_room)
		w->chunks =
		    grown(w->chunks, &w->chunks_room, sizeof *w->chunks, 1024);
	w->chunks[w->n_chunks++] = (struct chunk){ w->at, w->line, w->blob };
	w->from = w->at;
	if (w->merge != NULL &&
	    search_index_merge_find(&was, &w->kept, w->merge, w->added, at))
		search_index_merge_keep(w->merge, was,
		    (uint32_t)w->n_chunks - 1);
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

static uint32_t
fold(uint32_t tail, char byte)
{
	unsigned c = (unsigned char)byte;

	return (tail << 8 | c | (unsigned)(c - 'A' < 26) << 5) & 0xffff;
}

/* What stands in front of that byte of a blob. */
static uint32_t
tail_at(struct str bytes, size_t at)
{
	uint32_t tail = TAIL;

	for (size_t i = at < 2 ? 0 : at - 2; i < at; i++)
		tail = fold(tail, bytes.at[i]);
	return tail;
}

/*
 * Where the chunk ends that has byte at of a blob, which ends with the LF
 * behind it; at most there.  The cuts of one blob do not depend on what
 * another one has: after half a chunk they are the same again, whatever was
 * added in front.
 */
static size_t
cut(const struct search_index_writer *w, struct str bytes, size_t at)
{
	size_t have = (size_t)(w->at - w->from), size = bytes.len + 1;
	size_t want = at + (have < w->chunk ? w->chunk - have - 1 : 0);
	const char *lf = NULL;

	if (want < bytes.len)
		lf = memchr(bytes.at + want, '\n', bytes.len - want);
	if (lf == NULL)
		return size;
	want = (size_t)(lf - bytes.at) + 1;
	return size - want < w->chunk / 2 ? size : want;
}

static void
add(struct search_index_writer *w, struct str bytes)
{
	size_t size = bytes.len + 1, at = 0;

	while (at < size) {
		size_t end;

		if (w->from == w->at)
			begin_chunk(w, at);
		w->always = w->always || w->converts;
		end = cut(w, bytes, at);
		w->line += search_lf_count(bytes.at + at,
		    (end < size ? end : bytes.len) - at);
		if (w->kept > 0) {
			w->at += end - at;
		} else {
			w->tail = tail_at(bytes, at);
			take(w, str_slice(bytes, at, end - at));
			if (end == size)
				take(w, STR("\n"));
		}
		at = end;
		if (end < size || w->at - w->from >= w->chunk / 2)
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
	w->added++;
}

enum err
search_index_write_from(struct search_index_writer *w,
    const struct search_index_old *old)
{
	return search_index_merge_open(&w->merge, old);
}

/* ---- the lists ---- */

/* Room for the chunks of one key: those made, then all; and for their list. */
struct lists {
	uint32_t *made, *all;
	uint8_t *coded;
	struct buf firsts, keys, lists;
};

/* What was appended, as numbers. */
static uint32_t
read_made(const struct search_index_writer *w, const struct list *l,
    uint32_t *out)
{
	uint32_t n = 0, k = l->first;
	uint64_t v = 0;
	unsigned shift = 0;

	for (uint32_t i = 0; i < l->len; i++) {
		uint8_t c = w->blocks[k - 1].at[i % BLOCK];

		if (i % BLOCK == BLOCK - 1)
			k = w->blocks[k - 1].next;
		v |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
		if (c >= 0x80)
			continue;
		out[n] = (uint32_t)v + (n == 0 ? 0 : out[n - 1] + 1);
		n++;
		v = 0;
		shift = 0;
	}
	return n;
}

static uint32_t
join(uint32_t *out, const uint32_t *a, uint32_t n_a, const uint32_t *b,
    uint32_t n_b)
{
	uint32_t i = 0, k = 0, n = 0;

	while (i < n_a && k < n_b)
		out[n++] = a[i] < b[k] ? a[i++] : b[k++];
	while (i < n_a)
		out[n++] = a[i++];
	while (k < n_b)
		out[n++] = b[k++];
	return n;
}

/* As differences, seven bits a byte; 0: longer than most. */
static size_t
code(uint8_t *out, size_t most, const uint32_t *chunks, uint32_t n)
{
	size_t len = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t v = i == 0 ? chunks[0] : chunks[i] - chunks[i - 1] - 1;

		if (len > most)
			return 0;
		for (; v >= 0x80; v >>= 7)
			out[len++] = (uint8_t)(v | 0x80);
		out[len++] = (uint8_t)v;
	}
	return len > most ? 0 : len;
}

/* Or a bit each, when that is shorter. */
static void
write_list(struct lists *l, uint32_t key, uint32_t n, size_t n_chunks)
{
	size_t most = (n_chunks + 7) / 8, len = code(l->coded, most, l->all, n);
	uint64_t at = l->lists.len;

	if (len == 0) {
		at |= SEARCH_INDEX_BITMAP;
		len = most;
		memset(l->coded, 0, most);
		for (uint32_t i = 0; i < n; i++)
			l->coded[l->all[i] >> 3] |=
			    (uint8_t)(1u << (l->all[i] & 7));
	}
	wire_put_u32(&l->keys, key);
	wire_put_u32(&l->keys, n);
	wire_put_u64(&l->keys, at);
	buf_add(&l->lists, l->coded, len);
}

static enum err
write_key(struct search_index_writer *w, struct lists *l, uint32_t key)
{
	uint32_t made = 0, kept = 0, n;
	const uint32_t *chunks = NULL;

	if (w->merge != NULL) {
		enum err rc =
		    search_index_merge_list(&chunks, &kept, w->merge, key);

		if (rc != ERR_NONE)
			return rc;
	}
	if (w->number[key] != 0)
		made = read_made(w, &w->lists[w->number[key] - 1], l->made);
	n = join(l->all, l->made, made, chunks, kept);
	if (n > 0)
		write_list(l, key, n, w->n_chunks);
	return ERR_NONE;
}

static enum err
write_page(struct search_index_writer *w, struct lists *l, uint32_t from)
{
	uint32_t to = from < KEYS ? from + PAGE : KEYS + 1;
	enum err rc = ERR_NONE;

	wire_put_u32(&l->firsts, (uint32_t)(l->keys.len / SEARCH_INDEX_KEY));
	if (!w->any[from / PAGE] &&
	    (w->merge == NULL || search_index_merge_next(w->merge) >= to))
		return ERR_NONE;
	for (uint32_t key = from; key < to && rc == ERR_NONE; key++)
		rc = write_key(w, l, key);
	return rc;
}

static enum err
write_keys(struct search_index_writer *w, struct lists *l)
{
	enum err rc = w->rc;

	l->made = reallocarray(NULL, w->n_chunks + 1, sizeof *l->made);
	l->all = reallocarray(NULL, w->n_chunks + 1, sizeof *l->all);
	l->coded = malloc(w->n_chunks / 8 + 16);
	if (l->made == NULL || l->all == NULL || l->coded == NULL)
		bug("no memory for %zu chunks", w->n_chunks);
	if (w->merge != NULL)
		search_index_merge_start(w->merge, (uint32_t)w->n_chunks);
	for (uint32_t key = 0; key <= KEYS && rc == ERR_NONE; key += PAGE)
		rc = write_page(w, l, key);
	wire_put_u32(&l->firsts, 0);
	free(l->made);
	free(l->all);
	free(l->coded);
	return rc;
}

static void
write_index(const struct search_index_writer *w, const struct lists *l,
    struct buf *b)
{
	buf_add(b, SEARCH_INDEX_MAGIC, 8);
	wire_put_u32(b, SEARCH_INDEX_VERSION);
	wire_put_u32(b, (uint32_t)w->n_chunks);
	wire_put_u32(b, (uint32_t)(l->keys.len / SEARCH_INDEX_KEY));
	wire_put_u32(b, w->encodings);
	wire_put_u64(b, l->lists.len);
	buf_str(b, buf_view(&l->firsts));
	for (size_t i = 0; i < w->n_chunks; i++) {
		wire_put_u64(b, w->chunks[i].from);
		wire_put_u32(b, w->chunks[i].line);
		wire_put_u32(b, w->chunks[i].blob);
	}
	buf_str(b, buf_view(&l->keys));
	buf_str(b, buf_view(&l->lists));
}

void
search_index_write_drop(struct search_index_writer *w)
{
	if (w == NULL)
		return;
	search_index_merge_close(w->merge);
	free(w->seen);
	free(w->keys);
	free(w->number);
	free(w->any);
	free(w->batch);
	free(w->sorted);
	free(w->counts);
	free(w->lists);
	free(w->blocks);
	free(w->chunks);
	free(w);
}

enum err
search_index_write_finish(struct search_index_writer *w, struct buf *b)
{
	struct lists l = { 0 };
	enum err rc;

	end_chunk(w);
	if (w->n_batch > 0)
		flush(w);
	rc = write_keys(w, &l);
	if (rc == ERR_NONE)
		write_index(w, &l, b);
	buf_release(&l.firsts);
	buf_release(&l.keys);
	buf_release(&l.lists);
	search_index_write_drop(w);
	return rc;
}
