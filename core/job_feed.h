/*
 * job_feed.h - "feed": blobs to the searcher; "prints": to the checker.
 *
 * With FEED_BLOBS these blobs are sent, index k for ids[k], in whatever
 * order costs least.  With FEED_REVISIONS every worker is given the same
 * revisions and its own slice; together they send each distinct blob once,
 * numbered in an order that depends on the objects alone, so that a feed
 * broken off can be begun again at `from`.
 *
 * The job ends ERR_NONE when every blob was sent or named as skipped.  The
 * receiver gets its MSG_FEED_END in any case but the loss of the worker.
 */
#pragma once

#include "core/feed.h"
#include "core/job.h"

enum feed_what {
	FEED_REVISIONS, /* all files of these commits, tags or trees */
	FEED_BLOBS,     /* these blobs */
};

struct feed_args {
	uint32_t job;           /* goes into every MSG_BLOB */
	uint32_t slice, slices; /* this worker's, from 0 */
	uint32_t from;          /* FEED_REVISIONS: first index to send */
	enum feed_what what;
	bool strict;     /* compute every hash again */
	struct oid *ids; /* at most FEED_IDS_MAX */
	uint32_t n;
};

enum { FEED_IDS_MAX = 3000 };

void job_feed_args(struct buf *b, const struct feed_args *f);
enum err job_feed_parse(struct feed_args *f, struct arena *a,
    struct str args) MUST_CHECK;

/* MSG_JOB_DATA holds rows one after the other. */
enum feed_row_kind {
	FEED_ROW_TOTAL = 1, /* first: index is how many blobs the slice has */
	FEED_ROW_SKIPPED,   /* not sent: rc ERR_ABSENT, ERR_LIMIT ... */
	FEED_ROW_TROUBLE,   /* a folder (id) that could not be read: rc */
};

struct feed_row {
	enum feed_row_kind kind;
	uint32_t index;
	struct oid id;
	uint64_t size;
	enum err rc;
};

void job_feed_write_row(struct buf *b, const struct feed_row *row);
/* false: none is left, or w is bad. */
bool job_feed_read_row(struct feed_row *row, struct wire *w);
