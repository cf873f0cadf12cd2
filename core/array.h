/*
 * array.h - arrays that grow at their end.
 *
 * An array is three things of its owner: at, which free() frees, how many
 * are in use, and for how many there is room.  NULL and 0 are ready.
 */
#pragma once

#include <stddef.h>

/* at with room for one more behind len: it may have moved.  Never NULL:
 *
 *	l->at = array_more(l->at, l->len, &l->room, sizeof *l->at);
 *	l->at[l->len++] = x;
 */
void *array_grow(void *at, size_t *room, size_t size);

static inline void *
array_more(void *at, size_t len, size_t *room, size_t size)
{
	return len < *room ? at : array_grow(at, room, size);
}
