/*
 * feed.h - blobs from a worker to a searcher or the checker.
 *
 * MSG_BLOB is u32 job, then pieces until the message ends.  A piece is
 * u8 flags, u32 index, u32 length, then, when FEED_FIRST is set, the blob's
 * oid and u64 size, then the bytes.  Small blobs share a message; large ones
 * come in several, each piece at least one byte long unless the blob is
 * empty.  Pieces of two blobs are never mixed.  MSG_FEED_END is u32 job,
 * u8 enum err, u64 blobs, u64 bytes: what was sent before it.
 *
 * job is chosen by the reading room (the id of a search): what carries
 * another one is stale and dropped without a look.
 */
#pragma once

#include "core/oid.h"
#include "core/wire.h"

enum { FEED_FIRST = 1, FEED_LAST = 2 };

/* The sending end: blocking, on a descriptor that stays the caller's. */
struct feed_out {
	int fd;
	uint32_t job;
	uint64_t blobs, bytes;
	struct buf batch;
	bool (*stop)(void *arg); /* NULL, or asked while the peer is slow */
	void *arg;
};

void feed_start(struct feed_out *f, int fd, uint32_t job);
/* index: which blob of the feed, as the reading room counts them.
 * ERR_STOPPED by stop(), ERR_ABSENT: nobody reads. */
enum err feed_blob(struct feed_out *f, uint32_t index, const struct oid *id,
    struct str bytes) MUST_CHECK;
/* Sends what waits, then MSG_FEED_END with rc. */
enum err feed_end(struct feed_out *f, enum err rc) MUST_CHECK;
void feed_release(struct feed_out *f);

/* The receiving end: messages in, whole blobs out. */
struct feed_in {
	uint32_t job;
	struct wire w;
	struct buf part; /* of a blob that came in several messages */
	struct oid id;
	uint64_t size; /* of the blob under way */
	uint32_t index;
	bool open; /* a blob is under way */
};

struct feed_blob {
	struct oid id;
	uint32_t index;
	struct str bytes; /* until the next feed_next() or feed_take() */
};

void feed_listen(struct feed_in *f, uint32_t job); /* forgets what was */
void feed_forget(struct feed_in *f);               /* frees */

/* A MSG_BLOB body, kept borrowed; false: of another job, dropped. */
bool feed_take(struct feed_in *f, struct str body);
/* *more false: nothing whole is left in this message.  ERR_FORMAT. */
enum err feed_next(struct feed_in *f, struct feed_blob *out,
    bool *more) MUST_CHECK;

struct feed_total {
	uint32_t job;
	enum err rc; /* of the worker */
	uint64_t blobs, bytes;
};

enum { FEED_END_LEN = 4 + 1 + 8 + 8 };
enum err feed_end_read(struct feed_total *out, struct str body) MUST_CHECK;
