/*
 * checker.h - what the checker's room knows and says.
 *
 * It holds fingerprints: those of a session, or such as it makes itself of
 * the files that worker 0 sends.  Until it has seen them all it judges
 * nothing and says so.
 */
#pragma once

#include "core/feed.h"
#include "policy/prints.h"

struct checker;

/* file: text/prints of a session, which must outlive it; or NULL. */
enum err checker_open(struct checker **out, const struct str *file) MUST_CHECK;
void checker_close(struct checker *c); /* NULL is fine */

/* Bodies of MSG_BLOB and MSG_FEED_END of the worker. */
enum err checker_blob(struct checker *c, struct str body) MUST_CHECK;
enum err checker_feed_end(struct checker *c, struct str body) MUST_CHECK;

/*
 * Body of MSG_CANDIDATE.  *answered: reply (replaced) is the body of
 * MSG_VERDICT to send.
 */
enum err checker_candidate(struct checker *c, struct buf *reply, bool *answered,
    struct str body) MUST_CHECK;
