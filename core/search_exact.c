#include "core/search_exact.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_class.h"
#include "core/search_filter.h"

struct search_exact {
	struct search_filter *filter;
	unsigned len;
	bool before, after; /* no word character may stand there */
};

/* What search_exact.h says, while it is read. */
struct reading {
	uint8_t at[SEARCH_WORD_MAX];
	unsigned len;
	bool before, after;
};

static bool
is_word(unsigned char c)
{
	return c == '_' || (c < 0x80 && search_class_is_alnum(c));
}

static bool
add(struct reading *r, char c)
{
	/* No line holds a newline, and no other match an edge in the midst. */
	if (c == '\n' || r->len == SEARCH_WORD_MAX || r->after)
		return false;
	r->at[r->len++] = (uint8_t)c;
	return true;
}

/* Behind a backslash: only what stands for itself there, and \b. */
static bool
add_quoted(struct reading *r, char c)
{
	unsigned char byte = (unsigned char)c;

	if (c == 'b') {
		/* Twice in one place is once. */
		if (r->len == 0)
			r->before = true;
		else
			r->after = true;
		return true;
	}
	return byte < 0x80 && byte > ' ' && !search_class_is_alnum(byte) &&
	    add(r, c);
}

static bool
read_pattern(struct reading *r, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '\\') {
			if (++i == s.len || !add_quoted(r, s.at[i]))
				return false;
		} else if (c == '\0' || strchr("^$.[]|()?*+{}", c) != NULL ||
		    !add(r, c)) {
			return false;
		}
	}
	return r->len > 0;
}

static bool
read_literal(struct reading *r, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!add(r, s.at[i]))
			return false;
	return r->len > 0;
}

static bool
read_query(struct reading *r, const struct query *q)
{
	enum { NOT = SEARCH_IGNORE_CASE | SEARCH_MULTI_LINE };
	bool edges;

	if (q->flags & NOT)
		return false;
	if (!(q->flags & SEARCH_LITERAL ? read_literal(r, q->pattern) :
					  read_pattern(r, q->pattern)))
		return false;
	/* \b asks for a word character on its inner side, or for one outside
	 * when there is none. */
	if ((r->before && !is_word(r->at[0])) ||
	    (r->after && !is_word(r->at[r->len - 1])))
		return false;
	if (q->flags & SEARCH_WORD)
		r->before = r->after = true;
	edges = r->before || r->after;
	return !edges || !(q->flags & SEARCH_UNICODE);
}

struct search_exact *
search_exact_open(const struct query *q)
{
	struct reading r = { 0 };
	struct search_word word = { 0 };
	struct search_exact *x;

	if (!read_query(&r, q))
		return NULL;
	x = calloc(1, sizeof *x);
	if (x == NULL)
		bug("no memory for a text");
	word.len = (uint8_t)r.len;
	memcpy(word.at, r.at, r.len);
	x->filter = search_filter_open(&word, 1);
	x->len = r.len;
	x->before = r.before;
	x->after = r.after;
	return x;
}

void
search_exact_close(struct search_exact *x)
{
	if (x == NULL)
		return;
	search_filter_close(x->filter);
	free(x);
}

void
search_exact_wide(struct search_exact *x, bool wide)
{
	search_filter_wide(x->filter, wide);
}

static bool
stands_free(const struct search_exact *x, struct str text, size_t at)
{
	size_t end = at + x->len;

	if (x->before && at > 0 && is_word((unsigned char)text.at[at - 1]))
		return false;
	return !x->after || end == text.len ||
	    !is_word((unsigned char)text.at[end]);
}

bool
search_exact_next(const struct search_exact *x, struct str text, size_t from,
    struct search_match *m)
{
	for (;;) {
		size_t at = search_filter_next(x->filter, text, from);

		if (at == SIZE_MAX)
			return false;
		from = at + 1;
		at -= search_filter_print(x->filter);
		if (!stands_free(x, text, at))
			continue;
		*m = (struct search_match){ at, at + x->len };
		return true;
	}
}
