/*
 * search_index.h - which parts of a text store can hold a match.
 *
 * The content is cut at line ends into chunks of about 8 KiB.  For every
 * three bytes in a row, ASCII letters taken as lower case, the index has the
 * list of chunks they stand in; a chunk counts the two bytes in front of it
 * as its own, where these are of the same blob.  A formula of words becomes
 * a formula of lists, and that a set of chunks: all that is not in it cannot
 * hold a match.  vitrine-store(5).
 */
#pragma once

#include "core/encoding.h"
#include "core/search_formula.h"
#include "core/search_grams.h"

struct search_index;
struct search_index_writer;

/* Made while the content is written: every blob in its order, and the byte
 * that stands behind it.  chunk: bytes, SEARCH_INDEX_BYTES. */
enum { SEARCH_INDEX_BYTES = 8192 };
struct search_index_writer *search_index_write_start(uint32_t chunk);
void search_index_write_add(struct search_index_writer *w, uint32_t blob,
    struct str bytes, enum encoding e);
/* Appends the index to b and frees w. */
enum err search_index_write_finish(struct search_index_writer *w,
    struct buf *b) MUST_CHECK;
void search_index_write_drop(struct search_index_writer *w); /* NULL is fine */

/*
 * An earlier index of chunks of the same size, so that only what is new is
 * read for its keys: contents as they lie there, and which of them each of
 * those that will be added is, none twice.  The bytes are the same as
 * without.  Before the first is added; all of it must outlive w.  ERR_FORMAT:
 * another version, or damaged; what is damaged in a list is found at the end.
 */
struct search_index_old {
	const struct search_index *index;
	const uint64_t *from; /* n + 1, ascending: each, and where they end */
	uint32_t n;
	const uint32_t *same; /* added of them; UINT32_MAX: not there */
	uint32_t added;
};
enum err search_index_write_from(struct search_index_writer *w,
    const struct search_index_old *old) MUST_CHECK;

/* bytes are borrowed, 8-byte aligned; content: how long the content is, and
 * of how many blobs.  ERR_FORMAT names the version when it is another.  As
 * with the store, records are checked when they are looked at. */
enum err search_index_open(struct search_index **out, struct str bytes,
    uint64_t content, uint32_t blobs) MUST_CHECK;
void search_index_close(struct search_index *x); /* NULL is fine */
enum err search_index_damage(const struct search_index *x) MUST_CHECK;
enum err search_index_check(const struct search_index *x) MUST_CHECK;
uint32_t search_index_encodings(const struct search_index *x);
uint32_t search_index_version(const struct search_index *x);

uint32_t search_index_chunks(const struct search_index *x);
struct search_index_chunk {
	uint64_t from, to; /* bytes of the content */
	uint32_t line;     /* number, in its blob, of the line at from */
	uint32_t blob;     /* that one */
};
struct search_index_chunk search_index_chunk(const struct search_index *x,
    uint32_t i);
/* The chunk that holds that byte of the content. */
uint32_t search_index_at(const struct search_index *x, uint64_t at);

/*
 * The chunks that can hold a match, a bit each, in a; bits of the last word
 * beyond the last chunk are 0.  NULL: all of them.  near: a match lies in
 * one chunk, as it does line by line; otherwise in one blob, and then all
 * chunks of a blob are in or out: those of blobs[i]..blobs[i + 1] in content
 * are blob i.  ERR_FORMAT: the index is damaged.
 */
struct search_index_blobs {
	const uint64_t *from; /* ascending; n + 1 of them */
	uint32_t n;
};
enum err search_index_find(const uint64_t **bits, struct arena *a,
    const struct search_index *x, const struct search_formula *f,
    const struct search_index_blobs *whole) MUST_CHECK;
/* The same set, or NULL, made smaller by what a pattern needs beside words:
 * lists that are short enough to be worth it. */
enum err search_index_narrow(const uint64_t **bits, struct arena *a,
    const struct search_index *x, const struct search_grams *g,
    const struct search_index_blobs *whole) MUST_CHECK;

/* For who makes another one of it: its keys, ascending; and the chunks of one
 * of them, ascending, for which there must be room for all. */
uint32_t search_index_keys(const struct search_index *x);
uint32_t search_index_key(const struct search_index *x, uint32_t i);
enum err search_index_list(uint32_t *chunks, uint32_t *n,
    const struct search_index *x, uint32_t i) MUST_CHECK;
