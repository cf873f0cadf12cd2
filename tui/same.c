#include "tui/same.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

void
same_release(struct same *s)
{
	arena_release(&s->a);
	free(s->lines);
	free(s->slots);
	*s = (struct same){ 0 };
}

void
same_clear(struct same *s)
{
	arena_clear(&s->a);
	s->n = 0;
	if (s->slots != NULL)
		memset(s->slots, 0, (s->mask + 1) * sizeof *s->slots);
}

static uint32_t *
slot_of(const struct same *s, struct str line)
{
	size_t at = 5381;

	for (size_t i = 0; i < line.len; i++)
		at = at * 33 + (unsigned char)line.at[i];
	for (at &= s->mask; s->slots[at] != 0; at = (at + 1) & s->mask)
		if (str_eq(s->lines[s->slots[at] - 1].text, line))
			break;
	return &s->slots[at];
}

/* At most half of the slots are taken. */
static void
grow(struct same *s)
{
	s->lines = array_more(s->lines, s->n, &s->room, sizeof *s->lines);
	if (s->mask > 2 * s->n)
		return;
	s->mask = s->mask == 0 ? 1023 : 2 * s->mask + 1;
	free(s->slots);
	s->slots = calloc(s->mask + 1, sizeof *s->slots);
	if (s->slots == NULL)
		bug("no memory for %zu lines", s->n);
	for (size_t i = 0; i < s->n; i++)
		*slot_of(s, s->lines[i].text) = (uint32_t)i + 1;
}

bool
same_add(struct same *s, struct str line)
{
	uint32_t *slot;

	line = str_trim(line);
	grow(s);
	slot = slot_of(s, line);
	if (*slot != 0) {
		s->lines[*slot - 1].times++;
		return false;
	}
	s->lines[s->n] = (struct same_line){ arena_copy(&s->a, line), 1 };
	*slot = (uint32_t)++s->n;
	return true;
}
