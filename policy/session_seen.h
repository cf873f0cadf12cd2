/*
 * session_seen.h - a session that was verified before, and not changed since.
 *
 * Verifying reads every byte of a session; a search of it reads a few pages.
 * So a search for scripts may go by what was verified earlier on this
 * machine, as long as every file and folder is still the one that was
 * looked at: device, number, size and both times, of which the system alone
 * sets the second.  Never for the rooms of an auditor, who begins with a
 * verified session every time.
 */
#pragma once

#include "policy/session.h"

/*
 * What session_verify() would say, in a; root is the data root.  ERR_ABSENT:
 * it has to be verified, as it was not, or has changed, or its key is not
 * trusted any more.
 */
enum err session_seen_find(struct session *out, struct arena *a,
    const char *path, const struct session_trust *trust,
    struct str root) MUST_CHECK;

/*
 * Keeps that s was verified by a check that began at that time.  Nothing is
 * kept of a session that changed about or after then.
 */
enum err session_seen_keep(const struct session *s, struct str root,
    int64_t began) MUST_CHECK;
