/*
 * reading_others.h - lines that other auditors read, as their exports say,
 * on the contents of this repository.
 *
 * The notes room sends places; which content lies there is looked up in
 * slices, and the marks change when all of it is known.  A place that is not
 * here is left out.
 */
#pragma once

#include "core/anchor.h"
#include "core/err.h"

struct reading;

/* A piece of MSG_OTHERS; arg is the struct reading. */
enum err reading_others_piece(void *arg, struct str body) MUST_CHECK;
void reading_others_release(struct reading *r);

/* Calls fn for every run on this blob, or on this path when it lies on another
 * content: glyph '=' reviewed, ':' seen; who from 1. */
void reading_others_marks(const struct reading *r, const struct oid *blob,
    struct str path, void (*fn)(void *arg, const struct mark *m, uint8_t who),
    void *arg);
/* The same of every run there is. */
void reading_others_all(const struct reading *r,
    void (*fn)(void *arg, const struct mark *m, uint8_t who), void *arg);
/* How many people; the name of one. */
uint8_t reading_others_people(const struct reading *r);
struct str reading_others_name(const struct reading *r, uint8_t who);
/* "bob", "me and bob": of a set of 1 << who.  Appended. */
void reading_others_names(const struct reading *r, uint32_t set,
    struct buf *out);
