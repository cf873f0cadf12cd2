/*
 * refound.h - where the items of the record stand in the revision that is
 * being read, as the reading room has found out; and what has to be read
 * again there.
 */
#pragma once

#include "tui/hatch_found.h"
#include "tui/noting.h"

struct refound *refound_open(struct noting *n);
void refound_close(struct refound *f); /* NULL is fine */

/* Every item that is anchored in a file goes to the reading room; none while
 * the vault is locked. */
void refound_send(struct refound *f);
/* MSG_REFOUND, whole; without a name: of a release that is not being read.
 * ERR_FORMAT. */
enum err refound_take(struct refound *f, struct str all) MUST_CHECK;

/* NULL: it was made at that revision, or is not looked for. */
const struct hatch_found *refound_of(const struct refound *f, uint64_t number);
/* "" unless it is the commit of the revision that was looked in last. */
struct str refound_name_of(const struct refound *f, const struct oid *commit);
struct str refound_name(const struct refound *f); /* "v1.1", or "" */
/* Changed or absent there. */
bool refound_stale(const struct hatch_found *found);

/*
 * Every revision that was looked in since the items last changed: the
 * releases of the session, once the reading room was asked (MSG_SURVEY).
 */
size_t refound_revisions(const struct refound *f);
/* Its name, or "" when it is no revision that was read; *commit. */
struct str refound_revision(const struct refound *f, size_t i,
    struct oid *commit);
const struct hatch_found *refound_in(const struct refound *f, size_t i,
    uint64_t number);                          /* NULL: not looked for there */
size_t refound_count(const struct refound *f); /* that are stale */
/* "=" unchanged, ">" moved, "~" changed, "-" absent, " " otherwise. */
const char *refound_glyph(const struct hatch_found *found);
