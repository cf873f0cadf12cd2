#include "tui/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"

/* Of the time that a line needs, so that what it gathered on one screen counts
 * on the next, which may be higher or lower. */
enum { SEEN_PARTS = 60000, SEEN_TOLD = UINT16_MAX };

static struct seen_rule
filled(struct seen_rule r)
{
	if (r.line_ms == 0)
		r.line_ms = SEEN_LINE_MS;
	if (r.least_ms == 0)
		r.least_ms = SEEN_MS;
	return r;
}

struct seen_rule
seen_rule_of(const struct start *s)
{
	return filled((struct seen_rule){ s->seen_line, s->seen_least });
}

void
seen_rule_text(const struct seen_rule *r, struct buf *out)
{
	buf_seconds(out, r->line_ms);
	buf_str(out, STR(" a line, at least "));
	buf_seconds(out, r->least_ms);
}

void
seen_release(struct seen *s)
{
	free(s->part);
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
	s->part = realloc(s->part, room * sizeof *s->part);
	if (s->part == NULL)
		bug("no memory for %u lines", room);
	memset(s->part + s->room, 0, (room - s->room) * sizeof *s->part);
	s->room = room;
}

/* How long these lines must stand there together. */
static uint64_t
whole(const struct seen *s)
{
	struct seen_rule r = filled(s->rule);
	uint64_t ms = (s->last - s->first + 1) * (uint64_t)r.line_ms;

	return ms < r.least_ms ? r.least_ms : ms;
}

void
seen_tick(struct seen *s, uint64_t now)
{
	uint64_t parts =
	    now > s->since ? (now - s->since) * SEEN_PARTS / whole(s) : 0;

	if (parts == 0 || s->last == 0)
		return;
	s->since += parts * whole(s) / SEEN_PARTS;
	for (uint32_t n = s->first; n <= s->last; n++) {
		uint64_t sum = s->part[n] + parts;

		if (s->part[n] != SEEN_TOLD)
			s->part[n] =
			    sum >= SEEN_PARTS ? SEEN_PARTS : (uint16_t)sum;
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

void
seen_hide(struct seen *s)
{
	s->first = s->last = 0;
}

unsigned
seen_pause(const struct seen *s)
{
	unsigned half = filled(s->rule).least_ms / 2;

	return half > 1000 ? 1000 : half;
}

bool
seen_take(struct seen *s, uint32_t *first, uint32_t *last)
{
	uint32_t n = s->first;

	while (n <= s->last && n < s->room && s->part[n] != SEEN_PARTS)
		n++;
	if (n > s->last || n >= s->room || s->last == 0)
		return false;
	*first = n;
	while (n <= s->last && s->part[n] == SEEN_PARTS)
		s->part[n++] = SEEN_TOLD;
	*last = n - 1;
	return true;
}
