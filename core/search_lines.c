#include "core/search_lines.h"

#include "core/limits.h"

enum {
	MORE = 0x80,
	BITS = 7,
	SHIFT_MOST = 28,
	NUMBER_MOST = 5, /* bytes of one */
};

/* Returns where the next one goes. */
static char *
put(char *at, uint32_t v)
{
	for (; v >= MORE; v >>= BITS)
		*at++ = (char)(v | MORE);
	*at++ = (char)v;
	return at;
}

/* false: no number is there. */
static bool
take(const unsigned char **p, const unsigned char *end, uint32_t *out)
{
	uint64_t v = 0;

	for (unsigned shift = 0; *p < end && shift <= SHIFT_MOST;
	     shift += BITS) {
		unsigned char c = *(*p)++;

		v |= (uint64_t)(c & (MORE - 1)) << shift;
		if (c < MORE) {
			*out = (uint32_t)v;
			return v <= UINT32_MAX;
		}
	}
	return false;
}

void
search_lines_add(struct buf *packed, uint32_t *last, const struct search_hit *h)
{
	char *begin = buf_grow(packed, 3 * NUMBER_MOST), *at;

	at = put(begin, h->line - *last);
	at = put(at, h->column);
	at = put(at, h->length);
	packed->len += (size_t)(at - begin);
	*last = h->line;
}

uint32_t
search_lines_count(struct str packed, uint32_t *last)
{
	const unsigned char *p = (const unsigned char *)packed.at;
	const unsigned char *end = p + packed.len;
	uint32_t n = 0, line = *last;

	while (p < end) {
		uint32_t further, column, length;

		if (!take(&p, end, &further) || !take(&p, end, &column) ||
		    !take(&p, end, &length) || further > UINT32_MAX - line)
			return 0;
		line += further;
		if (line == 0)
			return 0;
		n++;
	}
	*last = line;
	return n;
}

void
search_lines_write(struct buf *b, const struct search_lines *l)
{
	wire_put_u32(b, l->blob);
	wire_put_str(b, l->packed);
}

struct search_lines
search_lines_read(struct wire *w)
{
	struct search_lines l = { .blob = wire_u32(w) };

	l.packed = wire_str(w, LIMIT_MESSAGE);
	return l;
}
