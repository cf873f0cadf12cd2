#include "tui/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"

enum { SEEN_TOLD = 255 };

void
seen_release(struct seen *s)
{
	free(s->units);
	*s = (struct seen){ 0 };
}

static void
make_room(struct seen *s, uint32_t last)
{
	uint32_t room = s->room < 256 ? 256 : s->room;

	if (last < s->room)
		return;
	while (room <= last)
		room *= 2;
	s->units = realloc(s->units, room);
	if (s->units == NULL)
		bug("no memory for %u lines", room);
	memset(s->units + s->room, 0, room - s->room);
	s->room = room;
}

/* Milliseconds of one unit, with so many lines in view. */
static uint64_t
unit_of(const struct seen *s)
{
	uint64_t whole = (s->last - s->first + 1) * (uint64_t)SEEN_LINE_MS;

	return (whole < SEEN_MS ? SEEN_MS : whole) / SEEN_UNITS;
}

void
seen_tick(struct seen *s, uint64_t now)
{
	uint64_t unit = unit_of(s);
	uint64_t units = now > s->since ? (now - s->since) / unit : 0;

	if (units == 0 || s->last == 0)
		return;
	s->since += units * unit;
	for (uint32_t n = s->first; n <= s->last; n++) {
		uint64_t sum = s->units[n] + units;

		if (s->units[n] != SEEN_TOLD)
			s->units[n] =
			    sum >= SEEN_UNITS ? SEEN_UNITS : (uint8_t)sum;
	}
}

void
seen_show(struct seen *s, uint32_t first, uint32_t last, uint64_t now)
{
	seen_tick(s, now);
	make_room(s, last);
	if (first != s->first || last != s->last)
		s->since = now;
	s->first = first;
	s->last = last;
}

bool
seen_take(struct seen *s, uint32_t *first, uint32_t *last)
{
	uint32_t n = s->first;

	while (n <= s->last && n < s->room && s->units[n] != SEEN_UNITS)
		n++;
	if (n > s->last || n >= s->room || s->last == 0)
		return false;
	*first = n;
	while (n <= s->last && s->units[n] == SEEN_UNITS)
		s->units[n++] = SEEN_TOLD;
	*last = n - 1;
	return true;
}
