/*
 * seen.h - which lines of a file were on the screen long enough to be read.
 *
 * Each line gathers the time it was visible; at SEEN_MS it counts as seen,
 * once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEEN_MS = 2000, SEEN_UNIT_MS = 50 };

struct seen {
	uint8_t *units; /* of each line; SEEN_TOLD: said already */
	uint32_t room;
	uint32_t first, last; /* on the screen now; 0: nothing */
	uint64_t since;
};

void seen_release(struct seen *s);
/* A frame shows these lines, at this time (milliseconds). */
void seen_show(struct seen *s, uint32_t first, uint32_t last, uint64_t now);
/* Time passes; the lines stay on the screen. */
void seen_tick(struct seen *s, uint64_t now);
/* The next run of lines that became seen; false: none is left. */
bool seen_take(struct seen *s, uint32_t *first, uint32_t *last);
