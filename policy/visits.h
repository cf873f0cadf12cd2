/*
 * visits.h - who was at the desk, and how long: DATA/visits.
 *
 * The launcher writes it, with no key: the hours of a session are counted
 * whether or not the vault was opened.  Text, a line for each visit, the
 * last one rewritten every minute while it lasts, so that a crash loses no
 * more than that:
 *
 *	vitrine-visits 1
 *	BEGIN END SECONDS
 *
 * BEGIN and END are seconds since 1970 as the clock had them; SECONDS were
 * counted by a clock that nobody sets, and are what counts.  The notes room
 * is lent the file as it is when it starts and copies finished visits into the journal, where nobody can change them.
 */
#pragma once

#include "core/arena.h"
#include "policy/rules.h"

struct visit {
	int64_t begin, end;
	uint64_t seconds;
};

struct visits {
	struct visit *at;
	size_t n;
};

enum { VISITS_BYTES = 8 << 20 }; /* of the file */

/* Of a data folder; no file is no visits.  In a.  ERR_FORMAT: damaged. */
enum err visits_read(struct visits *out, struct arena *a,
    const char *data) MUST_CHECK;
/* The text of that file. */
enum err visits_parse(struct visits *out, struct arena *a,
    struct str text) MUST_CHECK;
/* With one more; the file holds all of them, or is as it was. */
enum err visits_write(const struct visits *v, const struct visit *now,
    const char *data) MUST_CHECK;

uint64_t visits_seconds(const struct visits *v);

/* "2026-07-06 09:02 to 12:40, 3 h 38 min", in local time. */
void visits_say(const struct visit *v, struct buf *out);

/*
 * When a visit that begins now has to end: at the end of the day's hours, or
 * when the hours of the whole session are used, whichever is sooner; 0: no
 * end.  ERR_DENIED: they are used already.
 */
enum err visits_until(int64_t *out, const struct rules *r,
    const struct visits *before, int64_t now) MUST_CHECK;
