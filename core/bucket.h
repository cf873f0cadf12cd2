/*
 * bucket.h - so much at once, and so much a second.
 *
 * What asks a room to write, and may have been taken over, is held to what a
 * person can do.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	uint32_t most;   /* at once */
	uint32_t second; /* that come back in a second, at least 1 */
	uint32_t used;   /* bucket.c's */
	int64_t since;
};

/* One more at this time (milliseconds, may jump); false: too many. */
bool bucket_take(struct bucket *b, int64_t now);
