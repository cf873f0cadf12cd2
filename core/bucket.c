#include "core/bucket.h"

bool
bucket_take(struct bucket *b, int64_t now)
{
	int64_t back = now - b->since;

	if (back < 0)
		b->since = now; /* the clock was set */
	if (back >= 1000) {
		uint64_t n = (uint64_t)back / 1000 * b->second;

		b->used = n >= b->used ? 0 : b->used - (uint32_t)n;
		b->since = now - back % 1000;
	}
	if (b->used >= b->most)
		return false;
	b->used++;
	return true;
}
