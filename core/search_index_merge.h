/*
 * search_index_merge.h - an earlier index, while another is made of it.
 *
 * A part of core/search_index_write.c.  Where a chunk ends, and which keys
 * it has, depends on nothing in front of it: one that begins at the same
 * byte of a content which the earlier index knew, and lies in it and in
 * contents that followed there, too, is the same chunk.  Its keys are those
 * of the earlier lists, under another number.
 */
#pragma once

#include "core/search_index.h"

struct search_index_merge;

/* ERR_FORMAT: the earlier index is damaged, or of a version that cut in
 * another way.  old must outlive it. */
enum err search_index_merge_open(struct search_index_merge **out,
    const struct search_index_old *old) MUST_CHECK;
void search_index_merge_close(struct search_index_merge *m); /* NULL is fine */

/* The earlier chunk that is the one which begins at byte at of the content
 * that is added as number i, and its length; false: it has to be made. */
bool search_index_merge_find(uint32_t *was, uint64_t *bytes,
    const struct search_index_merge *m, uint32_t i, uint64_t at);
/* It has that number now. */
void search_index_merge_keep(struct search_index_merge *m, uint32_t was,
    uint32_t is);

/* Then, with the number of all chunks, for each key, ascending: those of the
 * chunks kept that have it, ascending, until the next call. */
void search_index_merge_start(struct search_index_merge *m, uint32_t chunks);
/* The next key that was there; UINT32_MAX: none. */
uint32_t search_index_merge_next(const struct search_index_merge *m);
enum err search_index_merge_list(const uint32_t **chunks, uint32_t *n,
    struct search_index_merge *m, uint32_t key) MUST_CHECK;
