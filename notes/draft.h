/*
 * draft.h - what was typed and not yet recorded.
 *
 * A draft outlives a crash: draft_put() returns when it is on disk, sealed
 * under a key of the vault.  Each lies in a slot, a file of its own:
 * drafts/NUMBER.  A draft is never part of the record.
 */
#pragma once

#include "core/seal.h"
#include "notes/entry.h"

struct draft_box;

/* folder is the data folder's path; key is copied.  Makes drafts/. */
enum err draft_open(struct draft_box **out, const char *folder,
    const struct secret *key) MUST_CHECK;
void draft_close(struct draft_box *d); /* NULL is fine */

/* A slot that is free: for something new. */
uint64_t draft_slot(const struct draft_box *d);

enum err draft_put(struct draft_box *d, uint64_t slot,
    const struct entry *e) MUST_CHECK;
/* In a.  ERR_ABSENT.  ERR_DENIED: not sealed by this vault, or damaged. */
enum err draft_get(struct draft_box *d, uint64_t slot, struct arena *a,
    struct entry *out) MUST_CHECK;
enum err draft_drop(struct draft_box *d, uint64_t slot) MUST_CHECK;

/* Slots that hold something, ascending, in a. */
enum err draft_list(const struct draft_box *d, struct arena *a,
    uint64_t **slots, size_t *n) MUST_CHECK;
