#include "core/lines.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/limits.h"

#ifdef TINY
enum { LINES_APART = 2, LINES_BYTES = 8 };
#else
enum { LINES_APART = 64, LINES_BYTES = 4096 };
#endif

static void
mark(struct lines *l, uint32_t line, size_t at)
{
	l->marks = array_more(l->marks, l->len, &l->room, sizeof *l->marks);
	l->marks[l->len++] = (struct lines_mark){ line, (uint32_t)at };
}

void
lines_init(struct lines *l, struct str bytes)
{
	if (bytes.len > LIMIT_BLOB)
		bug("lines of %zu bytes", bytes.len);
	*l = (struct lines){ .bytes = bytes };
	l->done = bytes.len == 0;
	mark(l, 1, 0);
}

void
lines_grow(struct lines *l, struct str bytes, bool more)
{
	if (bytes.len > LIMIT_BLOB || bytes.len < l->bytes.len)
		bug("lines of %zu bytes", bytes.len);
	l->bytes = bytes;
	l->more = more;
	l->done = !more && l->scanned == bytes.len;
}

void
lines_release(struct lines *l)
{
	free(l->marks);
	*l = (struct lines){ 0 };
}

void
lines_extend(struct lines *l, uint32_t want, size_t budget)
{
	const char *at = l->bytes.at + l->scanned;
	const char *end = l->bytes.at + l->bytes.len;
	size_t stop = budget == 0 ? SIZE_MAX : l->scanned + budget;

	while (!l->done && l->known < want && l->scanned < stop) {
		const struct lines_mark *last = &l->marks[l->len - 1];
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		if (lf == NULL && l->more)
			break;
		at = lf == NULL ? end : lf + 1;
		l->known++;
		l->scanned = (size_t)(at - l->bytes.at);
		l->done = at == end && !l->more;
		if (at == end)
			break;
		if (!l->done &&
		    (l->known + 1 - last->line >= LINES_APART ||
			l->scanned - last->at >= LINES_BYTES))
			mark(l, l->known + 1, l->scanned);
	}
}

uint32_t
lines_count(struct lines *l)
{
	lines_extend(l, UINT32_MAX, 0);
	return l->known;
}

/* The last mark that is not after the line, or not after the offset. */
static size_t
find_mark(const struct lines *l, uint32_t line, size_t offset)
{
	size_t low = 0, high = l->len;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (l->marks[mid].line <= line && l->marks[mid].at <= offset)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* Who walks along lines asks for the next one, or for the one before. */
static bool
is_beside(const struct lines *l, uint32_t n, size_t *at)
{
	const char *bytes = l->bytes.at, *lf;

	*at = l->near.at;
	if (l->near.line == 0 || n + 1 < l->near.line || n > l->near.line + 1)
		return false;
	if (n > l->near.line) {
		lf = memchr(bytes + *at, '\n', l->bytes.len - *at);
		*at = (size_t)(lf - bytes) + 1;
	} else if (n < l->near.line) {
		lf = memrchr(bytes, '\n', *at - 1);
		*at = lf == NULL ? 0 : (size_t)(lf - bytes) + 1;
	}
	return true;
}

size_t
lines_start(struct lines *l, uint32_t n)
{
	size_t m, at;

	lines_extend(l, n, 0);
	if (n == 0 || n > l->known)
		return n == 0 ? 0 : l->bytes.len;
	if (is_beside(l, n, &at)) {
		l->near = (struct lines_mark){ n, (uint32_t)at };
		return at;
	}
	m = find_mark(l, n, SIZE_MAX);
	at = l->marks[m].at;
	for (uint32_t line = l->marks[m].line; line < n; line++) {
		const char *lf =
		    memchr(l->bytes.at + at, '\n', l->bytes.len - at);

		at = (size_t)(lf - l->bytes.at) + 1;
	}
	l->near = (struct lines_mark){ n, (uint32_t)at };
	return at;
}

bool
lines_get(struct lines *l, uint32_t n, struct str *text, bool *ends_lf)
{
	size_t start = lines_start(l, n), end, m;
	bool lf = true;

	*text = (struct str){ "", 0 };
	if (n == 0 || n > l->known)
		return false;
	m = find_mark(l, n, SIZE_MAX);
	if (m + 1 < l->len && l->marks[m + 1].line == n + 1) {
		end = l->marks[m + 1].at - 1;
	} else {
		const char *hit =
		    memchr(l->bytes.at + start, '\n', l->bytes.len - start);

		lf = hit != NULL;
		end = lf ? (size_t)(hit - l->bytes.at) : l->bytes.len;
	}
	*text = str_slice(l->bytes, start, end - start);
	if (ends_lf != NULL)
		*ends_lf = lf;
	return true;
}

uint32_t
lines_at(struct lines *l, size_t offset)
{
	uint32_t line;
	size_t m, at;

	if (l->bytes.len == 0)
		return 0;
	if (offset >= l->bytes.len)
		offset = l->bytes.len - 1;
	while (!l->done && l->scanned <= offset) {
		size_t before = l->scanned;

		lines_extend(l, UINT32_MAX, offset - l->scanned + 1);
		if (l->scanned == before)
			break; /* the last line, which is not whole */
	}
	m = find_mark(l, UINT32_MAX, offset);
	line = l->marks[m].line;
	at = l->marks[m].at;
	for (;;) {
		const char *lf =
		    memchr(l->bytes.at + at, '\n', l->bytes.len - at);

		if (lf == NULL || (size_t)(lf - l->bytes.at) >= offset)
			return line;
		at = (size_t)(lf - l->bytes.at) + 1;
		line++;
	}
}
