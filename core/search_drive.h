/*
 * search_drive.h - one search, spread over the searchers and put together.
 *
 * Lives in the reading room; knows no process and no pattern engine.  It
 * deals the blobs out, takes what the searchers send, puts hits into path
 * order, and writes the certificate.  The list grows at its end only: a hit
 * is in it once everything before it is known.
 *
 * Searcher i and worker i are a pair.  Whatever is dealt to a searcher gets
 * a job id that no drive of this process has given yet, and what arrives
 * under another id is dropped, so that nothing of a cancelled search is ever
 * taken for the next one.  A searcher is believed no number that leads out of
 * what it was dealt: that is an error of its protocol.  One that dies is started again by the launcher; the blob it died on is named
 * (found by halving, when it did not say which), the rest is dealt again.
 */
#pragma once

#include "core/search.h"

struct search_drive;
struct textstore;

struct search_event {
	struct search_drive *drive;
	uint32_t blobs_done, blobs; /* real numbers, from the first event on */
	uint64_t bytes_done;
	size_t hits;     /* in the list so far */
	bool last;       /* the certificate is ready */
	enum err rc;     /* last: a pattern that is none, ... */
	struct str text; /* the one line about it, or "" */
};

struct search_ops {
	/* A message to searcher i. */
	void (*send)(void *arg, unsigned i, uint16_t type, struct str body);
	/*
	 * Worker i is to feed these blobs (at most FEED_IDS_MAX) under this
	 * job id to searcher i, blob k with index k, in any order, then
	 * MSG_FEED_END.  Not called for a search over a store; blobs is
	 * borrowed.  Ends with search_drive_fed(), also after a cancel.
	 */
	void (*feed)(void *arg, unsigned i, uint32_t job,
	    const struct oid *blobs, uint32_t n);
	void (*feed_cancel)(void *arg, unsigned i, uint32_t job);
	/* Something new; also from inside search_drive_take(). */
	void (*event)(void *arg, const struct search_event *e);
};

struct search_drive *search_drive_open(const struct search_ops *ops, void *arg,
    unsigned searchers);
void search_drive_close(struct search_drive *d); /* NULL is fine */

/* A file of a release: where a content stands. */
struct search_file {
	struct str path;
	struct oid blob;
	uint32_t release; /* number in the releases of the search */
};

/*
 * Starts; a search that runs is cancelled first.  All is copied.  files in
 * any order; globs of the query are applied here.  ERR_LIMIT, ERR_FORMAT for
 * a query that cannot be sent.
 */
enum err search_drive_start(struct search_drive *d, const struct query *q,
    const struct search_release *releases, uint32_t n_releases,
    const struct search_file *files, size_t n_files) MUST_CHECK;
/* Over a session's store, which must outlive the results. */
enum err search_drive_start_store(struct search_drive *d, const struct query *q,
    const struct textstore *t) MUST_CHECK;

/* Of the next searches; at first SEARCH_DETAIL_ALL.  With COUNT the list stays
 * empty: search_drive_found() says how many there are. */
void search_drive_detail(struct search_drive *d, enum search_detail detail);

/* Ends it now, PARTIAL, with a last event.  Nothing runs: nothing happens. */
void search_drive_cancel(struct search_drive *d);

/* From worker i: blob `index` of that feed could not be sent, and why. */
void search_drive_unfed(struct search_drive *d, unsigned i, uint32_t job,
    uint32_t index, enum search_skip why);
/* From worker i: the feed has ended; rc ERR_NONE when it sent or named every
 * blob.  Also when the worker was lost. */
void search_drive_fed(struct search_drive *d, unsigned i, uint32_t job,
    enum err rc);

/* A message from searcher i.  An error is a protocol error of its. */
enum err search_drive_take(struct search_drive *d, unsigned i, uint16_t type,
    struct str body) MUST_CHECK;

/* The list: hits in order of path, line.  h->blob is the number of the blob
 * in this search, for search_drive_files().  Valid until the next start. */
size_t search_drive_hits(const struct search_drive *d);
const struct search_hit *search_drive_hit(const struct search_drive *d,
    size_t k);
/* The blobs that hold hits, in that order: how many so far; the number of one,
 * of its hits, and of the files that it is. */
size_t search_drive_found(const struct search_drive *d);
uint32_t search_drive_found_at(struct search_drive *d, size_t k, uint32_t *hits,
    uint32_t *files);
/* Where that content stands: sorted by path, then release; at least one. */
const struct search_file *search_drive_files(struct search_drive *d,
    uint32_t blob, uint32_t *n);

/* Over a store: number of that blob in it. */
uint32_t search_drive_blob(const struct search_drive *d, uint32_t blob);

/*
 * To be called about once a second while a search runs.  When no searcher
 * has said anything for longer than one file may take, the search ends,
 * PARTIAL.  Seconds of silence so far; 0 when all is well.
 */
unsigned search_drive_tick(struct search_drive *d);

/* NULL before the last event.  Valid until the next start. */
const struct search_certificate *search_drive_certificate(
    const struct search_drive *d);
