#include "core/array.h"

#include <stdlib.h>

#include "core/err.h"

#ifdef TINY
enum { FIRST = 2 };
#else
enum { FIRST = 64 };
#endif

void *
array_grow(void *at, size_t *room, size_t size)
{
	size_t more = *room == 0 ? FIRST : 2 * *room;

	at = reallocarray(at, more, size);
	if (at == NULL)
		bug("no memory for %zu of %zu bytes", more, size);
	*room = more;
	return at;
}
