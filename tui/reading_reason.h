/*
 * reading_reason.h - why what was reviewed counts no more, or still does, in
 * one short line.
 *
 * A mark knows its content, not its release: it is looked up in the releases
 * of the session, or the tags of a repository in the order of their time.
 * Looks into trees, and compares contents: for the line or file that the
 * cursor is on, not for a list.
 */
#pragma once

#include "core/oid.h"
#include "core/str.h"

struct reading;

/* Where another did: "reviewed by bob in v1.0, changed in v2.0". */

/* Lines of path as they were reviewed at this content, 0: all of it, gone
 * in commit: "reviewed in v1.0, changed in v2.0".  Appended. */
struct reading_reason {
	struct oid blob;
	uint32_t first, last;
	uint8_t who; /* reviewed it; 0: me */
};
void reading_reason_lines(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path,
    const struct reading_reason *was);

/*
 * The file in commit; blob zero: there is none of that path there.  Appended,
 * one of
 *
 *	reviewed in v1.0, changed in v2.0
 *	reviewed in v1.0, file gone in v2.0
 *	moved to b.c, still counts
 *	moved from a.c, still counts
 *	reviewed as a.c, the same bytes: still counts
 *
 * and nothing when it was reviewed under this path with these bytes, or not
 * at all.
 */
void reading_reason_file(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path, const struct oid *blob);
/* Only the last two: of lines that count. */
void reading_reason_kept(struct buf *out, struct reading *r,
    const struct oid *commit, struct str path, const struct oid *blob);

/* Puts the tags in order while nothing else is to be done; when lines turn
 * out to be lost, so that nobody waits for it. */
void reading_reason_prepare(struct reading *r);
void reading_reason_release(struct reading *r);
