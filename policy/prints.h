/*
 * prints.h - fingerprints of the source, and a judge of texts by them.
 *
 * Five keyed, lossy bitmaps: runs of 12 tokens, runs of 10 words (names
 * split at _ and case, no punctuation), runs of 28 letters and signs without
 * the blanks between them, runs of 24 token classes (names and numbers
 * replaced by what they are), runs of 12 words of comments.  Of every 4
 * neighbouring runs, of letters of every 12, one is kept (winnowing).  A
 * bitmap says "may have been there" for one run in 64000, of letters in 1000,
 * that was not; a text is told to hold source where chance would bring up so
 * many of them once in four million places.  What it finds and what it
 * cannot: vitrine-security(7).
 *
 * The set is confidential: with it and a vocabulary, source can be guessed
 * at.  Only the checker maps it.
 */
#pragma once

#include "core/arena.h"
#include "policy/parcel.h"

enum {
	PRINTS_KEY_BYTES = 16,
	PRINTS_REACH = 2048, /* bytes of what left before, of each way of
	                      * putting it together, that are read at first */
};

struct io_file;
struct prints_builder;

/* The key makes the sets of two sessions incomparable. */
struct prints_builder *prints_builder_open(const uint8_t key[PRINTS_KEY_BYTES]);
void prints_builder_close(struct prints_builder *b); /* NULL is fine */
/* One whole file of source; path ("" is fine) tells the comment syntax. */
void prints_builder_add(struct prints_builder *b, struct str path,
    struct str bytes);
/*
 * Instead of what was added so far: a file that the same key made, to add
 * more to.  Its bitmaps keep their sizes, so that one day they are full: then
 * they say yes too often, and are better made anew.  ERR_FORMAT.
 */
enum err prints_builder_take(struct prints_builder *b,
    struct str file) MUST_CHECK;
bool prints_builder_is_full(struct prints_builder *b);
/* Appends the file format to out; the same source gives the same bytes. */
void prints_builder_write(struct prints_builder *b, struct buf *out);
/* The same into a file that is being written, without a second copy of it in
 * memory; b is only closed then. */
enum err prints_builder_finish(struct prints_builder *b,
    struct io_file *f) MUST_CHECK;

/*
 * Source that is given to several builders of one key, as many processes as
 * there are, and put together after: each saves its piece, another one joins
 * them.  What comes out depends on which text was given to which builder and
 * in what order there, not on the order of joining.  All versions of a file
 * should be given to the same one, or what they have in common is read again.
 * Nothing is missing that one builder would have had.
 *
 * A piece is as confidential as the fingerprints.  It says nothing to another
 * version of this program.
 */
enum err prints_builder_save(struct prints_builder *b,
    struct io_file *f) MUST_CHECK;
/* Behind all that was added or taken.  ERR_FORMAT: of another key, or damaged;
 * then b is only closed.  piece (8-byte aligned, as a mapped file is) must
 * outlive b. */
enum err prints_builder_join(struct prints_builder *b,
    struct str piece) MUST_CHECK;

/* Of a pack of public source: the same for everybody. */
extern const uint8_t prints_public_key[PRINTS_KEY_BYTES];

struct prints; /* borrowed from the bytes it was read from */

/* ERR_FORMAT, ERR_LIMIT.  bytes must outlive it (and be 8-byte aligned). */
enum err prints_open(struct prints **out, struct str bytes) MUST_CHECK;
void prints_close(struct prints *p); /* NULL is fine */
/* The same for a file that a pack of public source may follow; *open is
 * NULL without one. */
enum err prints_open_both(struct prints **out, struct prints **open,
    struct str bytes) MUST_CHECK;

/*
 * Judges context followed by text.  Spans in a, as bytes of text; fills
 * all of out but id and ready.
 */
void prints_judge(struct verdict_source *out, struct arena *a,
    const struct prints *p, struct str context, struct str text);
/* And with source that is public (NULL: none): what all of a stretch is in
 * becomes SPAN_PUBLIC; what a part of it is in counts that much less. */
void prints_judge_with(struct verdict_source *out, struct arena *a,
    const struct prints *p, const struct prints *open, struct str context,
    struct str text);
/*
 * And with another reach; context.len or more: all that left before is read,
 * and the answer is the same but later.  Only a comment that begins in what
 * is out of reach, and has no end, hides nothing any more.
 */
void prints_judge_reach(struct verdict_source *out, struct arena *a,
    const struct prints *p, const struct prints *open, struct str context,
    struct str text, size_t reach);
