/*
 * seen.h - which lines of a file were on the screen long enough to be read.
 *
 * Who looks at a screen shares the time among its lines: a line counts as
 * seen, once, when it stood there for SEEN_LINE_MS for each line that was in
 * view with it, and at least for SEEN_MS.  A tall screen that is leafed
 * through is not read faster than a low one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEEN_MS = 2000, SEEN_LINE_MS = 100 };

struct seen {
	uint16_t *time; /* of each line, up to SEEN_MS; SEEN_TOLD: said */
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
