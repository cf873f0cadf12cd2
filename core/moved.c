#include "core/moved.h"

#include <stdlib.h>
#include <string.h>

enum { MOVED_TRIES = 32 }; /* places of one line that are looked at */

struct table {
	const struct moved_line *lines;
	size_t n;
	uint32_t *head, *next; /* added lines by their hash */
	size_t mask;
};

static struct str
core_of(struct str s)
{
	return str_trim(s);
}

static uint64_t
hash_line(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
	return h ^ h >> 29;
}

static void
table_make(struct table *t, const struct moved_line *lines, size_t n)
{
	size_t size = 16;

	while (size < n)
		size *= 2;
	t->lines = lines;
	t->n = n;
	t->mask = size - 1;
	t->head = malloc(size * sizeof *t->head);
	t->next = malloc((n + 1) * sizeof *t->next);
	if (t->head == NULL || t->next == NULL)
		bug("no memory for %zu lines", n);
	memset(t->head, 0xff, size * sizeof *t->head);
	for (size_t i = n; i-- > 0;) {
		size_t at;

		if (!lines[i].added)
			continue;
		at = hash_line(core_of(lines[i].text)) & t->mask;
		t->next[i] = t->head[at];
		t->head[at] = (uint32_t)i;
	}
}

static bool
goes_on(const struct moved_line *l, size_t i, size_t n)
{
	return i + 1 < n && l[i + 1].added == l[i].added &&
	    l[i + 1].number == l[i].number + 1;
}

static size_t
letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		n += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c >= 0x80;
	}
	return n;
}

/* How many lines from a on are those from b on, none with a mate yet. */
static size_t
block(const struct table *t, const uint32_t *mate, size_t a, size_t b,
    size_t *ink)
{
	size_t len = 0;

	*ink = 0;
	for (;;) {
		struct str x = core_of(t->lines[a].text);

		if (mate[a] != MOVED_NONE || mate[b] != MOVED_NONE ||
		    !str_eq(x, core_of(t->lines[b].text)))
			return len;
		*ink += letters(x);
		len++;
		if (!goes_on(t->lines, a, t->n) || !goes_on(t->lines, b, t->n))
			return len;
		a++;
		b++;
	}
}

/* The longest block that begins with removed line i; how long it is. */
static size_t
best_block(const struct table *t, const uint32_t *mate, size_t i, uint32_t *to)
{
	struct str text = core_of(t->lines[i].text);
	size_t best = 0, tries = 0;

	if (text.len == 0)
		return 0; /* no block begins with a blank line */
	for (uint32_t at = t->head[hash_line(text) & t->mask];
	     at != UINT32_MAX && tries < MOVED_TRIES; at = t->next[at]) {
		size_t ink, len = block(t, mate, i, at, &ink);

		tries++;
		if (len > best && len >= MOVED_LINES && ink >= MOVED_LETTERS) {
			best = len;
			*to = at;
		}
	}
	return best;
}

void
moved_find(uint32_t *mate, const struct moved_line *lines, size_t n)
{
	struct table t;

	for (size_t i = 0; i < n; i++)
		mate[i] = MOVED_NONE;
	if (n < 2 * MOVED_LINES || n >= UINT32_MAX)
		return;
	table_make(&t, lines, n);
	for (size_t i = 0; i < n;) {
		uint32_t to = 0;
		size_t len = lines[i].added ? 0 : best_block(&t, mate, i, &to);

		for (size_t k = 0; k < len; k++) {
			mate[i + k] = to + (uint32_t)k;
			mate[to + k] = (uint32_t)(i + k);
		}
		i += len > 0 ? len : 1;
	}
	free(t.head);
	free(t.next);
}
