#include "notes/spans.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
covers(const struct spans *s, uint32_t line)
{
	for (uint32_t i = 0; i < s->len; i++)
		if (s->at[2 * i] <= line && line <= s->at[2 * i + 1])
			return true;
	return false;
}

/* Ends of runs, and the lines beside them, are in both or in none. */
static void
same_lines(const struct spans *one, const struct spans *two)
{
	for (uint32_t i = 0; i < 2 * one->len; i++)
		for (uint32_t d = 0; d < 3; d++) {
			uint32_t line = one->at[i] + d - 1;

			if (line > 0 && covers(one, line) != covers(two, line))
				bug("line %u is in one form only", line);
		}
}

/* The text as words and as steps: what is read has one text, and the other
 * form means the same lines. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct buf again = { 0 }, steps = { 0 };
	struct arena a = { 0 };
	struct spans s, t;

	if (spans_from_words(&s, &a, text)) {
		spans_words(&s, &again);
		spans_steps(&s, &steps);
		if (!str_eq(text, buf_view(&again)))
			bug("words have two forms");
		if (!spans_from_steps(&t, &a, buf_view(&steps)))
			bug("steps that were written are not read");
		if (size < 64)
			same_lines(&s, &t);
	}
	if (spans_from_steps(&s, &a, text)) {
		buf_clear(&again);
		spans_steps(&s, &again);
		if (!str_eq(text, buf_view(&again)))
			bug("steps have two forms");
		buf_clear(&again);
		spans_words(&s, &again);
		if (!spans_from_words(&t, &a, buf_view(&again)) ||
		    t.len != s.len || memcmp(t.at, s.at, 8 * s.len) != 0)
			bug("words do not mean what steps do");
	}
	buf_release(&again);
	buf_release(&steps);
	arena_release(&a);
	return 0;
}
