#include "core/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef TINY
enum { ARENA_BLOCK = 64 };
#else
enum { ARENA_BLOCK = 16 * 1024 };
#endif

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	alignas(max_align_t) char at[];
};

static void
free_from(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void
arena_release(struct arena *a)
{
	free_from(a->blocks);
	*a = (struct arena){ 0 };
}

void
arena_clear(struct arena *a)
{
	if (a->blocks == NULL)
		return;
	free_from(a->blocks->next);
	a->blocks->next = NULL;
	a->blocks->used = 0;
	a->used = 0;
	if (a->blocks->room > ARENA_BLOCK)
		arena_release(a);
}

static struct arena_block *
new_block(size_t need)
{
	size_t room = need > ARENA_BLOCK ? need : ARENA_BLOCK;
	/* What is large is zero without being touched. */
	struct arena_block *block = need > ARENA_BLOCK ?
	    calloc(1, sizeof *block + room) :
	    malloc(sizeof *block + room);

	if (block == NULL)
		bug("no memory for %zu bytes", room);
	block->next = NULL;
	block->used = 0;
	block->room = room;
	return block;
}

void *
arena_get(struct arena *a, size_t n, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = a->blocks;
	size_t need;
	void *at;

	if (__builtin_mul_overflow(n, size, &need) ||
	    need > SIZE_MAX / 2 - align)
		bug("an array of %zu x %zu bytes", n, size);
	need = (need + align - 1) / align * align;
	if (block == NULL || block->room - block->used < need) {
		block = new_block(need);
		block->next = a->blocks;
		a->blocks = block;
	}
	at = block->at + block->used;
	block->used += need;
	a->used += need;
	if (need <= ARENA_BLOCK) /* else it is a new block's */
		memset(at, 0, need);
	return at;
}

void *
arena_more(struct arena *a, void *at, size_t len, size_t *room, size_t size)
{
	void *grown;

	if (len < *room)
		return at;
	*room = *room == 0 ? 64 : 2 * *room;
	grown = arena_get(a, *room, size);
	if (len > 0)
		memcpy(grown, at, len * size);
	return grown;
}

struct str
arena_copy(struct arena *a, struct str s)
{
	char *at = arena_get(a, s.len + 1, 1);

	if (s.len > 0)
		memcpy(at, s.at, s.len);
	return (struct str){ at, s.len };
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *at;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		bug("a format that cannot be printed");
	at = arena_get(a, (size_t)len + 1, 1);
	va_start(ap, fmt);
	vsnprintf(at, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return (struct str){ at, (size_t)len };
}
