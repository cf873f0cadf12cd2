/*
 * textstore_old.h - an earlier text store, while another is made.
 *
 * A part of core/textstore_write.c: what the earlier one has, by the names of
 * the contents, in the order in which they lie in it.
 */
#pragma once

#include "core/oidset.h"
#include "core/textstore.h"

/* All zero has nothing. */
struct textstore_old {
	const struct textstore *store;
	struct oidset ids; /* of what is not withheld, as it lies there */
	uint32_t *blobs;   /* numbers of these */
	uint64_t *from;    /* ids.len + 1: where each begins, and the end */
};

/* Looks at every record: ERR_FORMAT when one is damaged.  store is borrowed.
 */
enum err textstore_old_open(struct textstore_old *out,
    const struct textstore *store) MUST_CHECK;
void textstore_old_release(struct textstore_old *o);

/* OIDSET_NONE: it does not have that content. */
uint32_t textstore_old_find(const struct textstore_old *o,
    const struct oid *id);
struct textstore_blob textstore_old_blob(const struct textstore_old *o,
    uint32_t i);
