/*
 * git_refind.h - where the region of an anchor stands in another revision.
 *
 *   unchanged  the same bytes at the same path (the lines may have moved up
 *              or down in the file)
 *   moved      the same bytes at another path, or at another place of the
 *              file that the lines around them did not go to
 *   changed    some of it is there, or something else in its place: read
 *              it again
 *   absent     nothing of it was found
 *
 * Of a folder: unchanged when all that is below it is the same.
 *
 * "unchanged" and "moved" are only said of bytes that are equal, and of
 * bytes that other places have as well ("}" alone) only where the lines
 * around them lead there.
 *
 * How: the two versions of the file (found by its path, or by the rename
 * that the two trees show) are compared line by line; where that loses the
 * region it is looked for as a whole in that file and in every other file
 * that is not the same in both trees.
 */
#pragma once

#include "core/anchor.h"
#include "core/git_repo.h"

struct refind {
	enum refind_state state;
	struct anchor at; /* where it is now; as it was when it is nowhere */
};

struct git_refind;

/* What two revisions (commits or trees) have apart, looked at once. */
enum err git_refind_open(struct git_refind **out, struct git_repo *r,
    const struct oid *old, const struct oid *new) MUST_CHECK;
void git_refind_close(struct git_refind *f); /* NULL is fine */

/*
 * an is of the old revision; its path in out->at is in a.  A file that was
 * not delivered is REFIND_UNKNOWN, no failure.  Cheapest when the anchors of
 * one file come one after the other.  stop is asked before each file.
 */
enum err git_refind_at(struct refind *out, struct arena *a,
    struct git_refind *f, const struct anchor *an, bool (*stop)(void *arg),
    void *arg) MUST_CHECK;

/*
 * Line by line: (*now)[i] is where line i + 1 of old is in new, 0 when it is
 * in no line of it; ascending but for the zeros; in a.
 */
enum err git_refind_lines(uint32_t **now, uint32_t *n, struct arena *a,
    struct str old, struct str new) MUST_CHECK;
