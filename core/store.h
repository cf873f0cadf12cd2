/*
 * store.h - rows that are only ever added, and an index to search in: the
 * door to SQLite.
 *
 * A store is one SQLite file with two tables: one header, and entries that
 * are numbered from 1 without a gap.  What an append has returned ERR_NONE
 * for is on disk: rollback journal (TRUNCATE), synchronous EXTRA, one
 * process at a time (EXCLUSIVE).  SQLite may do nothing else in it: an
 * authorizer denies ATTACH, PRAGMA, changes of the schema and every DELETE;
 * the schema is compared with the one constant there is when it is opened.
 *
 * What the bytes mean is core/chain.h's and above.
 */
#pragma once

#include "core/arena.h"

struct store;

/* What a file is for: in its application id, so that one is never taken
 * for the other. */
enum store_kind {
	STORE_RECORD = 0x56697452,  /* "VitR" */
	STORE_JOURNAL = 0x5669744a, /* "VitJ" */
	STORE_CASE = 0x56697443,    /* "VitC" */
};

/* ERR_DENIED when the file is there already.  path is absolute. */
enum err store_create(struct store **out, const char *path,
    enum store_kind kind, struct str header) MUST_CHECK;
/*
 * ERR_ABSENT: no such file.  ERR_DENIED: another program has it open, or it
 * cannot be written.  ERR_FORMAT: not such a store, or damaged.
 */
enum err store_open(struct store **out, const char *path,
    enum store_kind kind) MUST_CHECK;
void store_close(struct store *s); /* NULL is fine */

/* Replaces out. */
enum err store_header(struct store *s, struct buf *out) MUST_CHECK;

/*
 * Adds entry seq (the last plus one, or it is ERR_FORMAT) and, when header
 * is not NULL, replaces the header in the same transaction.  ERR_IO: the
 * disk is full or failed; the store is as before, and may be tried again.
 */
enum err store_append(struct store *s, uint64_t seq, struct str link,
    struct str body, const struct str *header) MUST_CHECK;

/* The number of the last entry; 0: there is none. */
enum err store_last(struct store *s, uint64_t *out) MUST_CHECK;

/*
 * Every entry in order from seq first on; link and body are borrowed until
 * fn returns.  Stops at the first fn that does not return ERR_NONE and
 * returns that.  A number that is missing, twice or out of order is
 * ERR_FORMAT and named; a body of over LIMIT_ENTRY is ERR_LIMIT.
 */
enum err store_each(struct store *s, uint64_t first,
    enum err (*fn)(void *arg, uint64_t seq, struct str link, struct str body),
    void *arg) MUST_CHECK;

/*
 * An index in memory: full text over numbered documents.  Nothing of it
 * ever touches a disk (temp_store MEMORY, no file behind it).
 */
struct store_index;

struct store_index *store_index_open(void);
void store_index_close(struct store_index *x); /* NULL is fine */
/* Replaces the document of that number; empty text takes it out. */
void store_index_put(struct store_index *x, uint64_t id, struct str title,
    struct str text);
/* Many documents between these two cost a tenth. */
void store_index_begin(struct store_index *x);
void store_index_end(struct store_index *x);
/*
 * Numbers of the documents that hold every word of query (words are what
 * stands between blanks, as a prefix: "over" finds "overflow"), ascending,
 * in a; none for a query without a word.  Never fails: nothing in a query is
 * an operator.
 */
struct store_ids {
	uint64_t *at;
	size_t len;
};
struct store_ids store_index_find(struct store_index *x, struct arena *a,
    struct str query);
