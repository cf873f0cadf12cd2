/*
 * press.h - pages of source, made by the checker: the room that takes orders
 * from the notes room only, and believes nobody about the source.
 *
 * The notes room orders places: release, path, lines.  It holds no source
 * and gets none: the answer is numbers and hashes.  Worker 0 lays the
 * objects of every place before the press, core/press_files.h; the press
 * computes their names again, from the commit that the order names down to
 * the file, cuts the lines itself and makes the pages.  A reading room that
 * was taken over can withhold a page; it cannot make one of other lines.
 *
 * What is made leaves as the rules say, which the press has from the
 * launcher: on paper, into the pipe of the spool; or as a file, sealed here
 * to the recipients of the rules (policy/excerpt.h).  The press looks for
 * itself that the rules and the people who have to agree let it: a notes
 * room that was taken over cannot turn paper into a file, seal to somebody
 * else, or have made what nobody agreed to.
 *
 *	notes room -- MSG_PAGES: order ----------> press
 *	notes room <- MSG_PAGED: PRESS_READY ----- press
 *	notes room -- MSG_PRESS: files ----------> reading room -> worker 0
 *	worker 0 ---- MSG_BLOB.., MSG_FEED_END --> press -> spool
 *	notes room <- MSG_SEALED.. --------------- press
 *	notes room <- MSG_PAGED: the outcome ----- press
 */
#pragma once

#include "core/feed.h"
#include "core/hash.h"
#include "policy/rules.h"

enum {
	PRESS_PLACES_MAX = 64,
	PRESS_PAGES_MAX = 2000,
	PRESS_APPROVALS_MAX = 32,
};

struct press_place {
	struct str release;      /* its name, for the page */
	struct oid commit, blob; /* the blob as the anchor has it */
	struct str path;
	uint32_t first, last; /* lines from 1 */
};

/* What it would cost: places.  To make it: what people signed and who did;
 * the places are those of the request then. */
struct press_order {
	uint32_t id; /* of the feed, never 0 */
	bool make;   /* false: only what it would cost */
	struct press_place *places;
	uint32_t n;
	uint32_t number;        /* of the first page */
	struct str request;     /* policy/pages.h */
	struct str signature;   /* of its author: a .minisig file; for a file */
	struct sign_public key; /* whose */
	struct str *approvals;  /* .minisig files */
	uint32_t n_approvals;
};

enum press_state {
	PRESS_FAILED,   /* why says what is wrong; nothing was made */
	PRESS_READY,    /* send the files */
	PRESS_MEASURED, /* what it costs */
	PRESS_PRINTED,  /* in the spool */
	PRESS_SEALED,   /* the file came before this */
	PRESS_STATES,
};

struct press_cost {
	uint32_t pages;
	uint32_t of; /* lines that the file has */
	struct hash lines, rows;
};

struct press_answer {
	uint32_t id;
	enum press_state state;
	struct str why;
	uint32_t pages;           /* in all */
	struct hash hash;         /* SHA-256 of the pages */
	struct press_cost *costs; /* of each place, in its order */
	uint32_t n;
};

void press_order_write(const struct press_order *o, struct buf *b);
/* Everything in a, as in press_answer_read().  ERR_FORMAT. */
enum err press_order_read(struct press_order *out, struct arena *a,
    struct str body) MUST_CHECK;
void press_answer_write(const struct press_answer *p, struct buf *b);
enum err press_answer_read(struct press_answer *out, struct arena *a,
    struct str body) MUST_CHECK;

/* What the launcher said; kept by pointer. */
struct press_house {
	const struct rules *rules;
	struct str person; /* at the desk: short name of an auditor */
	int spool;         /* a descriptor, or -1: none */
	struct str prints; /* fingerprints of the session, policy/excerpt.h */
	int64_t now;       /* for tests; 0: the clock */
};

struct press;

struct press *press_open(const struct press_house *h);
void press_close(struct press *p); /* NULL is fine */

/* Body of MSG_PAGES; a newer order replaces one that is under way.  reply
 * (replaced) is the body of the MSG_PAGED to send. */
enum err press_take(struct press *p, struct buf *reply,
    struct str body) MUST_CHECK;
/* Bodies of MSG_BLOB and MSG_FEED_END; those of another order are dropped. */
enum err press_blob(struct press *p, struct str body) MUST_CHECK;
enum err press_feed_end(struct press *p, struct buf *reply, bool *answered,
    struct str body) MUST_CHECK;
/* The sealed file, to be sent before an answer PRESS_SEALED: until the next
 * order; "": none. */
struct str press_sealed(const struct press *p);
