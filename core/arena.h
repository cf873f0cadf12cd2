/*
 * arena.h - memory that dies together.
 *
 * struct arena a = { 0 }; is ready.  What a function that takes an arena
 * returns lives until that arena is released or cleared.  No memory: bug().
 */
#pragma once

#include "core/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes given out since the last clear */
};

void arena_release(struct arena *a);
void arena_clear(struct arena *a); /* frees all but one block */

/* Zeroed, aligned for any type.  n * size is checked for overflow. */
void *arena_get(struct arena *a, size_t n, size_t size);
/* As array_more() of core/array.h, for an array in the arena: what it was
 * before stays there until the arena is cleared. */
void *arena_more(struct arena *a, void *at, size_t len, size_t *room,
    size_t size);
struct str arena_copy(struct arena *a, struct str s); /* NUL after the end */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

#define arena_new(a, type) ((type *)arena_get((a), 1, sizeof(type)))
#define arena_array(a, n, type) ((type *)arena_get((a), (n), sizeof(type)))
