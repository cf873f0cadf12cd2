/*
 * textstore.h - the content of all releases of a session, laid out to be
 * searched: text/store of a session image, vitrine-store(5).
 *
 * Every distinct blob once, uncompressed, in the order of its first path,
 * and tables that say which blob stands at which path of which release.  The
 * same input gives the same bytes.
 *
 * The reader maps the file and believes none of it.  It reads no more of it
 * than it is asked for, as the file may lie far away: each record is checked
 * when it is looked at.  One that cannot be is taken for an empty one, and
 * textstore_damage() says so from then on; whoever claims something of the
 * whole asks it at the end.
 */
#pragma once

#include "core/encoding.h"
#include "core/search.h"

struct textstore;
struct search_index;

/* Maps the file read-only.  ERR_FORMAT with the place of the damage. */
enum err textstore_open(struct textstore **out, const char *path) MUST_CHECK;
enum err textstore_open_fd(struct textstore **out, int fd) MUST_CHECK;
/* For bytes already in memory, 8-byte aligned; they stay the caller's. */
enum err textstore_open_bytes(struct textstore **out,
    struct str bytes) MUST_CHECK;
void textstore_close(struct textstore *t); /* NULL is fine */

/* ERR_FORMAT when something that was looked at so far is damaged. */
enum err textstore_damage(const struct textstore *t) MUST_CHECK;
/* Looks at every record, which reads all tables. */
enum err textstore_check(const struct textstore *t) MUST_CHECK;

/* Which encodings its contents have: bit i is enum encoding i. */
uint32_t textstore_encodings(const struct textstore *t);

uint32_t textstore_releases(const struct textstore *t);
struct search_release textstore_release(const struct textstore *t, uint32_t i);

struct textstore_blob {
	struct oid oid;
	struct str bytes;            /* "" when withheld */
	struct encoding_facts facts; /* as the maker of the store says */
	enum encoding encoding;      /* as guessed when the store was made */
	bool withheld;               /* named, but not in the image */
	uint64_t size;               /* also of a withheld one */
};
/* In path order; i < textstore_blobs(). */
uint32_t textstore_blobs(const struct textstore *t);
struct textstore_blob textstore_blob(const struct textstore *t, uint32_t i);

/* Where its bytes begin in the content, as the index counts; 0 when it is
 * withheld. */
uint64_t textstore_content_at(const struct textstore *t, uint32_t i);
const struct search_index *textstore_index(const struct textstore *t);

/* Places are sorted by path, then release. */
struct textstore_place {
	struct str path;
	uint32_t release;
	uint32_t blob;
	bool withheld; /* named only: also when its content is elsewhere */
};
uint32_t textstore_places(const struct textstore *t);
struct textstore_place textstore_place(const struct textstore *t, uint32_t i);
/* The places of one blob: numbers for textstore_place(), ascending; at least
 * one, unless the store is damaged. */
const uint32_t *textstore_places_of(const struct textstore *t, uint32_t blob,
    uint32_t *n);

/*
 * What a query names: the order of a search over a store.  ERR_ABSENT for a
 * release that is not in the store.
 */
struct textstore_selection {
	const uint32_t *blobs; /* ascending, without withheld ones;
				* NULL: all that the store has */
	uint32_t n_blobs;
	uint32_t places;   /* files, withheld ones included */
	uint32_t withheld; /* of them */
	uint64_t bytes;    /* of all blobs; 0: not known */
};
/* Number i of it: i < n_blobs. */
uint32_t textstore_selected(const struct textstore_selection *s, uint32_t i);
/* The first i whose blob is not before that one; n_blobs: none. */
uint32_t textstore_selected_from(const struct textstore_selection *s,
    uint32_t blob);
enum err textstore_select(struct textstore_selection *out, struct arena *a,
    const struct textstore *t, const struct query *q) MUST_CHECK;
/* Whether that place belongs to a query that textstore_select() takes. */
bool textstore_wants(const struct textstore *t, const struct query *q,
    const struct textstore_place *place);

/*
 * Making one.  First all releases, then all places in any order, then
 * textstore_write_content(), which asks for each blob once, in the order of
 * the file.  Failures of fetch are passed on.  Memory: tables only.
 */
struct textstore_writer;
enum err textstore_write_start(struct textstore_writer **out, int dir,
    const char *name) MUST_CHECK;
/* The number of the release, from 0. */
uint32_t textstore_write_release(struct textstore_writer *w,
    const struct search_release *r);
/* withheld: the path is named but its content stays out; size as in git. */
enum err textstore_write_place(struct textstore_writer *w, uint32_t release,
    struct str path, const struct oid *blob, bool withheld,
    uint64_t size) MUST_CHECK;
/*
 * An earlier store, before the content is written: what it has is copied from
 * there, with what it says of it and of the chunks it lies in, and fetch is
 * not asked for it; taken is, with its arg, and its failures are passed on.
 * The bytes are the same as without.  Stays open until w is closed.
 * ERR_FORMAT: it is damaged.
 */
enum err textstore_write_from(struct textstore_writer *w,
    const struct textstore *old,
    enum err (*taken)(void *arg, const struct oid *blob,
	struct str bytes)) MUST_CHECK;
enum err textstore_write_content(struct textstore_writer *w,
    enum err (*fetch)(void *arg, const struct oid *blob, struct buf *bytes),
    void *arg) MUST_CHECK;
/* For tests: chunks of the index that small. */
void textstore_write_chunk(struct textstore_writer *w, uint32_t bytes);
/* Closes w. */
enum err textstore_write_finish(struct textstore_writer *w) MUST_CHECK;
void textstore_write_drop(struct textstore_writer *w); /* NULL is fine */
