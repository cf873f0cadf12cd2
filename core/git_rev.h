/*
 * git_rev.h - which commit a person means.
 *
 * gitrevisions(7), of which: a full or abbreviated id (4 digits at least),
 * ref names in git's order (NAME, refs/NAME, refs/tags/NAME,
 * refs/heads/NAME, refs/remotes/NAME, refs/remotes/NAME/HEAD), HEAD, @,
 * NAME~n, NAME^n, NAME^{commit}, NAME^{tree}, NAME^{}, describe's
 * NAME-n-gHEX.  Whatever else a name could mean is never tried.
 */
#pragma once

#include "core/git_refs.h"

/* "" means HEAD.  ERR_ABSENT: unknown, or an id with several meanings: the
 * text names the candidates, at most four of them. */
enum err git_rev_commit(struct oid *out, struct git_repo *r, struct refs *refs,
    struct str text) MUST_CHECK;

/* The same without going on to the commit; kind may be NULL. */
enum err git_rev_object(struct oid *out, enum git_kind *kind,
    struct git_repo *r, struct refs *refs, struct str text) MUST_CHECK;

/* The shortest id of at least min digits that means this one only. */
struct str git_rev_short(struct git_repo *r, struct arena *a,
    const struct oid *id, unsigned min);
