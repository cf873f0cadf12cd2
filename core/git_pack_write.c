#include "core/git_pack_write.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/hash.h"
#include "core/io.h"

enum {
	PIECE = 1024 * 1024, /* written at once */
	BASE_BEFORE = 6,     /* a delta to what lies so many bytes before */
};
/*
 * Most of a history is deltas of less than a hundred bytes.  libdeflate
 * clears tables of 192 KB for each; zlib with a window that they just fit in
 * is three times as fast, and gives the same size.
 */
enum { SMALL = 256, SMALL_WINDOW = 9, SMALL_MEMORY = 3, SMALL_LEVEL = 6 };
/* Offsets from here on stand in a table of their own; any may. */
#ifdef TINY
static const uint32_t large_from = 0x1000;
#else
static const uint32_t large_from = 0x80000000;
#endif
static const uint32_t large_bit = 0x80000000;

struct row {
	struct oid id;
	uint32_t crc;
	uint64_t offset;
};

/* A file that ends in the hash of all before. */
struct out {
	struct io_file *file;
	struct hash_git hash;
	struct buf piece;
	uint64_t done; /* bytes that went through piece */
};

struct git_pack_writer {
	int dir;
	struct oid name;
	struct out pack;
	struct libdeflate_compressor *deflater;
	z_stream small; /* for what is at most SMALL bytes */
	struct buf entry;
	struct row *rows;
	uint32_t n, announced;
};

static enum err
out_start(struct out *o, int dir, const struct oid *name, const char *ending)
{
	struct buf path = { 0 };
	enum err rc;

	buf_printf(&path, "pack-%s.%s", oid_text(name).hex, ending);
	rc = io_write_start(&o->file, dir, path.at);
	buf_release(&path);
	hash_git_start(&o->hash, NULL, 0);
	return rc;
}

static enum err
flush(struct out *o)
{
	enum err rc;

	hash_git_add(&o->hash, buf_view(&o->piece));
	rc = io_write(o->file, buf_view(&o->piece));
	buf_clear(&o->piece);
	return rc;
}

static enum err
put(struct out *o, struct str bytes)
{
	buf_str(&o->piece, bytes);
	o->done += bytes.len;
	return o->piece.len < PIECE ? ERR_NONE : flush(o);
}

static enum err
put_u32(struct out *o, uint32_t v)
{
	const char be[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8),
		(char)v };

	return put(o, (struct str){ be, sizeof be });
}

static void
out_release(struct out *o)
{
	io_write_drop(o->file);
	buf_release(&o->piece);
	*o = (struct out){ 0 };
}

/* What it came to, then its hash; sum is that hash. */
static enum err
out_finish(struct out *o, uint8_t sum[HASH_GIT_BYTES])
{
	enum err rc = flush(o);

	hash_git_finish(&o->hash, sum);
	if (rc == ERR_NONE)
		rc = io_write(o->file,
		    (struct str){ (const char *)sum, HASH_GIT_BYTES });
	return rc;
}

/* Under its name. */
static enum err
out_name(struct out *o)
{
	struct io_file *file = o->file;

	o->file = NULL;
	return io_write_finish(file);
}

enum err
git_pack_write_start(struct git_pack_writer **out, int dir,
    const struct oid *name, uint32_t objects, int level)
{
	struct git_pack_writer *w = calloc(1, sizeof *w);
	enum err rc;

	if (w == NULL)
		bug("no memory for a pack");
	w->dir = dir;
	w->name = *name;
	w->announced = objects;
	w->deflater = libdeflate_alloc_compressor(level);
	w->rows = calloc((size_t)objects + 1, sizeof *w->rows);
	if (w->deflater == NULL || w->rows == NULL ||
	    deflateInit2(&w->small, SMALL_LEVEL, Z_DEFLATED, SMALL_WINDOW,
		SMALL_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		bug("no memory for a pack of %u objects", objects);
	rc = out_start(&w->pack, dir, name, "pack");
	if (rc == ERR_NONE)
		rc = put(&w->pack, STR("PACK\0\0\0\2"));
	if (rc == ERR_NONE)
		rc = put_u32(&w->pack, objects);
	if (rc == ERR_NONE)
		*out = w;
	else
		git_pack_write_drop(w);
	return rc;
}

void
git_pack_write_drop(struct git_pack_writer *w)
{
	if (w == NULL)
		return;
	out_release(&w->pack);
	libdeflate_free_compressor(w->deflater);
	(void)deflateEnd(&w->small);
	buf_release(&w->entry);
	free(w->rows);
	free(w);
}

/* Type and size, seven bits at a time, four in the first. */
static void
put_head(struct buf *b, unsigned type, size_t size)
{
	unsigned char c = (unsigned char)(type << 4 | (size & 15));

	for (size >>= 4; size > 0; size >>= 7) {
		buf_char(b, (char)(c | 0x80));
		c = size & 0x7f;
	}
	buf_char(b, (char)c);
}

/* How far before the base lies; there is one way to say each number. */
static void
put_back(struct buf *b, uint64_t back)
{
	char bytes[10];
	size_t at = sizeof bytes;

	bytes[--at] = (char)(back & 0x7f);
	while ((back >>= 7) > 0)
		bytes[--at] = (char)(0x80 | (--back & 0x7f));
	buf_add(b, bytes + at, sizeof bytes - at);
}

/* 0: it does not. */
static size_t
deflate_small(struct git_pack_writer *w, struct str bytes, char *at,
    size_t room)
{
	if (deflateReset(&w->small) != Z_OK)
		return 0;
	/* zlib's input is not const. */
	memcpy(&w->small.next_in, &bytes.at, sizeof bytes.at);
	w->small.avail_in = (uInt)bytes.len;
	w->small.next_out = (Bytef *)at;
	w->small.avail_out = (uInt)room;
	if (deflate(&w->small, Z_FINISH) != Z_STREAM_END)
		return 0;
	return w->small.total_out;
}

static size_t
deflate_bytes(struct git_pack_writer *w, struct str bytes)
{
	size_t bound = libdeflate_zlib_compress_bound(w->deflater, bytes.len);
	char *at;

	if (bytes.len > SMALL)
		return libdeflate_zlib_compress(w->deflater, bytes.at,
		    bytes.len, buf_grow(&w->entry, bound), bound);
	bound = deflateBound(&w->small, (uLong)bytes.len);
	at = buf_grow(&w->entry, bound);
	return deflate_small(w, bytes, at, bound);
}

/* Behind the head that stands in w->entry. */
static enum err
put_entry(uint64_t *offset, struct git_pack_writer *w, const struct oid *id,
    struct str bytes)
{
	size_t len = deflate_bytes(w, bytes);

	if (len == 0)
		bug("a compressor that does not");
	if (w->n == w->announced)
		bug("more than %u objects for a pack", w->announced);
	w->entry.len += len;
	*offset = w->pack.done;
	w->rows[w->n++] = (struct row){ *id,
		libdeflate_crc32(0, w->entry.at, w->entry.len), *offset };
	return put(&w->pack, buf_view(&w->entry));
}

enum err
git_pack_write_whole(uint64_t *offset, struct git_pack_writer *w,
    const struct oid *id, enum git_kind kind, struct str bytes)
{
	static const unsigned types[] = { [GIT_COMMIT] = 1,
		[GIT_TREE] = 2,
		[GIT_BLOB] = 3,
		[GIT_TAG] = 4 };

	if (kind == GIT_NOTHING)
		bug("an object without a kind");
	buf_clear(&w->entry);
	put_head(&w->entry, types[kind], bytes.len);
	return put_entry(offset, w, id, bytes);
}

enum err
git_pack_write_delta(uint64_t *offset, struct git_pack_writer *w,
    const struct oid *id, uint64_t base, struct str delta)
{
	if (base >= w->pack.done)
		bug("a delta to what comes later");
	buf_clear(&w->entry);
	put_head(&w->entry, BASE_BEFORE, delta.len);
	put_back(&w->entry, w->pack.done - base);
	return put_entry(offset, w, id, delta);
}

static int
by_name(const void *a, const void *b)
{
	return oid_cmp(&((const struct row *)a)->id,
	    &((const struct row *)b)->id);
}

static enum err
put_fanout(struct out *o, const struct git_pack_writer *w)
{
	uint32_t n = 0;
	enum err rc = put(o, STR("\377tOc\0\0\0\2"));

	for (unsigned first = 0; first < 256 && rc == ERR_NONE; first++) {
		while (n < w->n && w->rows[n].id.id[0] <= first)
			n++;
		rc = put_u32(o, n);
	}
	return rc;
}

static enum err
put_offsets(struct out *o, const struct git_pack_writer *w)
{
	uint32_t n = 0;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < w->n && rc == ERR_NONE; i++)
		rc = put_u32(o,
		    w->rows[i].offset < large_from ?
			(uint32_t)w->rows[i].offset :
			large_bit | n++);
	for (uint32_t i = 0; i < w->n && rc == ERR_NONE && n > 0; i++) {
		if (w->rows[i].offset < large_from)
			continue;
		rc = put_u32(o, (uint32_t)(w->rows[i].offset >> 32));
		if (rc == ERR_NONE)
			rc = put_u32(o, (uint32_t)w->rows[i].offset);
	}
	return rc;
}

static enum err
write_index(struct out *o, struct git_pack_writer *w,
    const uint8_t pack[HASH_GIT_BYTES])
{
	uint8_t sum[HASH_GIT_BYTES];
	enum err rc = out_start(o, w->dir, &w->name, "idx");

	qsort(w->rows, w->n, sizeof *w->rows, by_name);
	for (uint32_t i = 1; i < w->n; i++)
		if (oid_eq(&w->rows[i - 1].id, &w->rows[i].id))
			bug("object %s twice in a pack",
			    oid_text(&w->rows[i].id).hex);
	if (rc == ERR_NONE)
		rc = put_fanout(o, w);
	for (uint32_t i = 0; i < w->n && rc == ERR_NONE; i++)
		rc = put(o,
		    (struct str){ (const char *)w->rows[i].id.id, OID_BYTES });
	for (uint32_t i = 0; i < w->n && rc == ERR_NONE; i++)
		rc = put_u32(o, w->rows[i].crc);
	if (rc == ERR_NONE)
		rc = put_offsets(o, w);
	if (rc == ERR_NONE)
		rc = put(o, (struct str){ (const char *)pack, HASH_GIT_BYTES });
	if (rc == ERR_NONE)
		rc = out_finish(o, sum);
	return rc;
}

enum err
git_pack_write_finish(struct git_pack_writer *w)
{
	struct out index = { 0 };
	uint8_t sum[HASH_GIT_BYTES];
	enum err rc;

	if (w->n != w->announced)
		bug("%u objects of %u in a pack", w->n, w->announced);
	rc = out_finish(&w->pack, sum);
	if (rc == ERR_NONE)
		rc = write_index(&index, w, sum);
	if (rc == ERR_NONE)
		rc = out_name(&w->pack);
	if (rc == ERR_NONE)
		rc = out_name(&index);
	out_release(&index);
	git_pack_write_drop(w);
	return rc;
}
