/*
 * reading_refind.h - the items of the record in the revision that is read.
 *
 * The notes room sends where every item hangs; each time the revision or
 * the items change, workers look where they are now, and the notes room is
 * told.  Items that came to another file show in its gutter.
 */
#pragma once

#include "core/anchor.h"

struct reading;

enum err reading_refind_take(struct reading *r, struct str all) MUST_CHECK;
void reading_refind_start(struct reading *r); /* the revision changed */
/* In every release, once for these items: the notes room is told of each. */
void reading_refind_survey(struct reading *r);
/* Marks of items that are in this file now and were in another. */
void reading_refind_marks(const struct reading *r, const struct oid *blob,
    void (*fn)(void *arg, const struct mark *m), void *arg);
void reading_refind_release(struct reading *r);
