#include "tui/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"

enum { SEEN_TOLD = UINT16_MAX };

void
seen_release(struct seen *s)
{
	free(s->time);
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
	s->time = realloc(s->time, room * sizeof *s->time);
	if (s->time == NULL)
		bug("no memory for %u lines", room);
	memset(s->time + s->room, 0, (room - s->room) * sizeof *s->time);
	s->room = room;
}

/* How long these lines must stand there together. */
static uint64_t
whole(const struct seen *s)
{
	uint64_t ms = (s->last - s->first + 1) * (uint64_t)SEEN_LINE_MS;

	return ms < SEEN_MS ? SEEN_MS : ms;
}

/* In parts of SEEN_MS, so that what a line gathered on one screen counts on
 * the next, which may be higher or lower. */
void
seen_tick(struct seen *s, uint64_t now)
{
	uint64_t parts =
	    now > s->since ? (now - s->since) * SEEN_MS / whole(s) : 0;

	if (parts == 0 || s->last == 0)
		return;
	s->since += parts * whole(s) / SEEN_MS;
	for (uint32_t n = s->first; n <= s->last; n++) {
		uint64_t sum = s->time[n] + parts;

		if (s->time[n] != SEEN_TOLD)
			s->time[n] = sum >= SEEN_MS ? SEEN_MS : (uint16_t)sum;
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

	while (n <= s->last && n < s->room && s->time[n] != SEEN_MS)
		n++;
	if (n > s->last || n >= s->room || s->last == 0)
		return false;
	*first = n;
	while (n <= s->last && s->time[n] == SEEN_MS)
		s->time[n++] = SEEN_TOLD;
	*last = n - 1;
	return true;
}
