#include "core/worddiff.h"

#include <string.h>

struct word {
	uint32_t from, to;
};

struct words {
	struct str line;
	struct word at[WORDDIFF_WORDS];
	size_t len;
	bool cut;
};

static bool
is_letter(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	    (u >= '0' && u <= '9') || u == '_' || u >= 0x80;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Words, runs of blanks, single other bytes. */
static void
split(struct words *w, struct str line, size_t from, size_t to)
{
	*w = (struct words){ .line = line };
	while (from < to) {
		size_t end = from + 1;
		bool (*kind)(char) = is_letter(line.at[from]) ? is_letter :
		    is_blank(line.at[from])                   ? is_blank :
								NULL;

		while (kind != NULL && end < to && kind(line.at[end]))
			end++;
		if (w->len == WORDDIFF_WORDS) {
			w->cut = true;
			return;
		}
		w->at[w->len++] =
		    (struct word){ (uint32_t)from, (uint32_t)end };
		from = end;
	}
}

static bool
same(const struct words *a, size_t i, const struct words *b, size_t k)
{
	return str_eq(str_slice(a->line, a->at[i].from,
			  a->at[i].to - a->at[i].from),
	    str_slice(b->line, b->at[k].from, b->at[k].to - b->at[k].from));
}

static void
add(struct worddiff_span *out, size_t *n, uint32_t from, uint32_t to)
{
	if (*n > 0 && out[*n - 1].to == from)
		out[*n - 1].to = to;
	else if (*n < WORDDIFF_SPANS)
		out[(*n)++] = (struct worddiff_span){ from, to };
	else
		out[*n - 1].to = to;
}

/* Longest common subsequence of words; what is not in it differs. */
static void
by_words(struct worddiff *out, const struct words *a, const struct words *b)
{
	uint8_t len[WORDDIFF_WORDS + 1][WORDDIFF_WORDS + 1];
	size_t i, k;

	for (i = 0; i <= a->len; i++)
		len[i][b->len] = 0;
	for (k = 0; k <= b->len; k++)
		len[a->len][k] = 0;
	for (i = a->len; i-- > 0;)
		for (k = b->len; k-- > 0;) {
			uint8_t skip = len[i + 1][k] > len[i][k + 1] ?
			    len[i + 1][k] :
			    len[i][k + 1];

			len[i][k] = same(a, i, b, k) ?
			    (uint8_t)(len[i + 1][k + 1] + 1) :
			    skip;
		}
	i = k = 0;
	while (i < a->len || k < b->len) {
		if (i < a->len && k < b->len && same(a, i, b, k)) {
			i++;
			k++;
		} else if (k == b->len ||
		    (i < a->len && len[i + 1][k] >= len[i][k + 1])) {
			add(out->a, &out->n_a, a->at[i].from, a->at[i].to);
			i++;
		} else {
			add(out->b, &out->n_b, b->at[k].from, b->at[k].to);
			k++;
		}
	}
}

static size_t
bytes_in(const struct worddiff_span *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s[i].to - s[i].from;
	return sum;
}

void
worddiff_lines(struct worddiff *out, struct str a, struct str b)
{
	size_t head = 0, tail = 0, least = a.len < b.len ? a.len : b.len;
	struct words x, y;

	*out = (struct worddiff){ 0 };
	while (head < least && a.at[head] == b.at[head])
		head++;
	while (tail < least - head &&
	    a.at[a.len - 1 - tail] == b.at[b.len - 1 - tail])
		tail++;
	/* Never in the middle of a word. */
	while (head > 0 && is_letter(a.at[head - 1]))
		head--;
	while (tail > 0 && is_letter(a.at[a.len - tail]))
		tail--;
	split(&x, a, head, a.len - tail);
	split(&y, b, head, b.len - tail);
	if (x.cut || y.cut) {
		if (head < a.len - tail)
			add(out->a, &out->n_a, (uint32_t)head,
			    (uint32_t)(a.len - tail));
		if (head < b.len - tail)
			add(out->b, &out->n_b, (uint32_t)head,
			    (uint32_t)(b.len - tail));
	} else {
		by_words(out, &x, &y);
	}
	out->useful =
	    (bytes_in(out->a, out->n_a) + bytes_in(out->b, out->n_b)) * 4 <
	    (a.len + b.len) * 3;
}
