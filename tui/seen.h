/*
 * seen.h - which lines of a file were on the screen long enough to be read.
 *
 * Who looks at a screen shares the time among its lines: a line counts as
 * seen, once, when it stood there for line_ms for each line that was in view
 * with it, and at least for least_ms.  A tall screen that is leafed through is
 * not read faster than a low one.  A session's rules may say how long.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rooms.h"

enum { SEEN_MS = 2000, SEEN_LINE_MS = 100 }; /* where no rules say */

struct seen_rule {
	uint32_t line_ms, least_ms; /* 0: SEEN_LINE_MS, SEEN_MS */
};

/* That of a session, both numbers said. */
struct seen_rule seen_rule_of(const struct start *s);
/* "0.1 s a line, at least 2 s": appended. */
void seen_rule_text(const struct seen_rule *r, struct buf *out);

struct seen {
	struct seen_rule rule;
	uint16_t *part; /* of each line, up to SEEN_PARTS; SEEN_TOLD: said */
	uint32_t room;
	uint32_t first, last; /* on the screen now; 0: nothing */
	uint64_t since;
};

void seen_release(struct seen *s);
/* A frame shows these lines, at this time (milliseconds). */
void seen_show(struct seen *s, uint32_t first, uint32_t last, uint64_t now);
/* Something else is on the screen, from now on or for some time already. */
void seen_hide(struct seen *s);
/* Time passes; the lines stay on the screen. */
void seen_tick(struct seen *s, uint64_t now);
/* When it is worth to look again: milliseconds. */
unsigned seen_pause(const struct seen *s);
/* The next run of lines that became seen; false: none is left. */
bool seen_take(struct seen *s, uint32_t *first, uint32_t *last);
