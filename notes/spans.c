#include "notes/spans.h"

#include <string.h>

enum {
	STEP_BITS = 5,
	STEP_MORE = 1 << STEP_BITS, /* another digit follows */
	STEP_DIGITS = 7,            /* 7 * 5 bits take any line */
};

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_";

void
spans_words(const struct spans *s, struct buf *out)
{
	for (uint32_t i = 0; i < s->len; i++) {
		const uint32_t *pair = &s->at[2 * i];

		buf_printf(out, "%s%u", i == 0 ? "" : " ", pair[0]);
		if (pair[1] != pair[0])
			buf_printf(out, "-%u", pair[1]);
	}
}

static void
put_step(struct buf *out, uint32_t n)
{
	char digits[STEP_DIGITS];
	size_t at = STEP_DIGITS;

	digits[--at] = DIGITS[n % STEP_MORE];
	for (n >>= STEP_BITS; n > 0; n >>= STEP_BITS)
		digits[--at] = DIGITS[STEP_MORE + n % STEP_MORE];
	buf_add(out, digits + at, STEP_DIGITS - at);
}

void
spans_steps(const struct spans *s, struct buf *out)
{
	uint32_t next = 1; /* the first line that a run can begin with */

	for (uint32_t i = 0; i < s->len; i++) {
		uint32_t first = s->at[2 * i], last = s->at[2 * i + 1];

		while (i + 1 < s->len && last + 1 == s->at[2 * i + 2])
			last = s->at[2 * ++i + 1];
		put_step(out, first - next);
		put_step(out, last - first);
		next = last + 2;
	}
}

/* Digits off the front of s, without zeros before them. */
static bool
take_line(struct str *s, uint32_t *out)
{
	uint64_t n = 0;
	size_t i = 0;

	while (i < s->len && i < 10 && s->at[i] >= '0' && s->at[i] <= '9')
		n = n * 10 + (uint64_t)(s->at[i++] - '0');
	if (i == 0 || s->at[0] == '0' || n > UINT32_MAX)
		return false;
	*s = str_slice(*s, i, s->len - i);
	*out = (uint32_t)n;
	return true;
}

static bool
take_char(struct str *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = str_slice(*s, 1, s->len - 1);
	return true;
}

bool
spans_from_words(struct spans *out, struct arena *a, struct str text)
{
	struct spans s = { .len = 1 };
	uint32_t before = 0;

	for (size_t i = 0; i < text.len && s.len <= SPANS_MAX; i++)
		s.len += text.at[i] == ' ';
	if (s.len > SPANS_MAX)
		return false;
	s.at = arena_array(a, 2 * (size_t)s.len, uint32_t);
	for (uint32_t i = 0; i < s.len; i++) {
		uint32_t *pair = &s.at[2 * i];

		if (!take_line(&text, &pair[0]) || pair[0] <= before)
			return false;
		pair[1] = pair[0];
		if (take_char(&text, '-') &&
		    (!take_line(&text, &pair[1]) || pair[1] <= pair[0]))
			return false;
		before = pair[1];
		if (i + 1 < s.len && !take_char(&text, ' '))
			return false;
	}
	if (text.len > 0)
		return false;
	*out = s;
	return true;
}

/* The value of a digit; 2 * STEP_MORE: it is none. */
static unsigned
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 52;
	return c == '-' ? 62 : c == '_' ? 63 : 2 * STEP_MORE;
}

/* A number off the front of the text, *at on. */
static bool
take_step(struct str text, size_t *at, uint64_t *out)
{
	uint64_t n = 0;
	unsigned d = STEP_MORE;

	for (unsigned i = 0; (d & STEP_MORE) != 0; i++) {
		if (*at == text.len || i == STEP_DIGITS)
			return false;
		d = digit(text.at[(*at)++]);
		if (d == 2 * STEP_MORE || (i == 0 && d == STEP_MORE))
			return false;
		n = n << STEP_BITS | d % STEP_MORE;
	}
	*out = n;
	return true;
}

bool
spans_from_steps(struct spans *out, struct arena *a, struct str text)
{
	size_t room = text.len / 2 < SPANS_MAX ? text.len / 2 : SPANS_MAX;
	struct spans s = { .at = arena_array(a, 2 * room, uint32_t) };
	uint64_t next = 1, gap, more;

	for (size_t at = 0; at < text.len; s.len++) {
		if (s.len == room || !take_step(text, &at, &gap) ||
		    !take_step(text, &at, &more) ||
		    next + gap + more > UINT32_MAX)
			return false;
		s.at[2 * s.len] = (uint32_t)(next + gap);
		s.at[2 * s.len + 1] = (uint32_t)(next + gap + more);
		next += gap + more + 2;
	}
	if (s.len == 0)
		return false;
	*out = s;
	return true;
}
