/*
 * docket.h - a case on disk: everything that was taken in and decided.
 *
 * One SQLite file that only grows (core/store.h) and is a chain
 * (core/chain.h): nothing in it can be changed, left out or put in between
 * without the next opening saying so.  An entry's body is
 *
 *   'P' bytes                      a piece of what the next note carries
 *   'J' note                       canonical JSON: {"v": 1, "kind": "...",
 *                                  "time": ms, "by": name, "bytes": n, ...}
 *   'S' u16 length signature note  the same, signed by whom "by" names
 *
 * A note is one step: the last n bytes of the pieces before it count with it
 * or, when the machine stopped in between, not at all.  man/vitrine-report.1 lists
 * the kinds.
 */
#pragma once

#include "core/arena.h"
#include "core/chain.h"
#include "core/sign.h"

struct docket;
struct json;

/* What can be asked and told of one note. */
struct docket_note {
	uint64_t seq;
	int64_t time; /* milliseconds since 1970 */
	struct str kind, by;
	const struct json *json;
	struct str text;      /* of the note: what is signed */
	struct str signature; /* empty: nobody signed it */
	struct str bytes;     /* what came in pieces before it, or empty */
};

/* The whole file; ERR_DENIED when it is there already (create), or another
 * program has it open.  ERR_ABSENT, ERR_FORMAT as core/store.h. */
enum err docket_create(struct docket **out, const char *path) MUST_CHECK;
enum err docket_open(struct docket **out, const char *path) MUST_CHECK;
void docket_close(struct docket *d); /* NULL is fine */

/*
 * Every note in order; borrowed until fn returns.  Stops at the first fn
 * that does not return ERR_NONE and returns that.  Checks the chain.
 */
enum err docket_each(struct docket *d,
    enum err (*fn)(void *arg, const struct docket_note *n),
    void *arg) MUST_CHECK;

/*
 * Adds a note, after docket_each() was run once.  json gets "v", "kind",
 * "time" and "by"; it stays the caller's.  bytes may be empty.  With a key
 * the note is signed.  On disk when it returns ERR_NONE.
 */
struct docket_write {
	const char *kind;
	struct str by;
	int64_t time;
	struct str bytes;
	const struct sign_secret *key; /* NULL: not signed */
};
enum err docket_add(struct docket *d, const struct docket_write *w,
    struct json *json) MUST_CHECK;

/* ERR_DENIED unless the note was signed with that key for this case. */
enum err docket_verify(const struct docket *d, const struct docket_note *n,
    const struct sign_public *key) MUST_CHECK;
