#include "tui/here.h"

#include "tui/refound.h"

/* Of a whole file the gutter tells at its first line. */
static bool
covers(const struct anchor *an, const struct anchor *at)
{
	uint32_t first = an->first == 0 ? 1 : an->first;
	uint32_t last = an->first == 0 ? 1 : an->last;
	uint32_t from = at->first == 0 ? 1 : at->first;

	return oid_eq(&an->blob, &at->blob) && first <= at->last + !at->last &&
	    from <= last;
}

static bool
is_about(struct noting *n, const struct book_item *it, const struct anchor *at)
{
	const struct hatch_found *f = refound_of(noting_refound(n), it->number);

	return covers(&it->now->at, at) ||
	    (f != NULL && f->state != REFIND_UNKNOWN &&
		f->state != REFIND_ABSENT && covers(&f->at, at));
}

static void
pick(struct here *h, struct noting *n, const struct anchor *at)
{
	const struct book *b = noting_book(n);

	for (size_t i = 0; i < book_len(b); i++) {
		const struct book_item *it = book_at(b, i);

		if (it->now == NULL || !it->now->anchored ||
		    it->now->at.path.len == 0)
			continue;
		if (h->exact ? is_about(n, it, at) :
			       str_eq(it->now->at.path, at->path))
			h->at[h->len++] = it;
	}
}

struct here
here_items(struct noting *n, const struct anchor *at, struct arena *a)
{
	struct here h = { .exact = true };

	if (noting_book(n) == NULL)
		return h;
	h.at = arena_array(a, book_len(noting_book(n)) + 1,
	    const struct book_item *);
	pick(&h, n, at);
	if (h.len == 0) {
		h.exact = false;
		pick(&h, n, at);
	}
	return h;
}

void
here_write(struct noting *n, const struct book_item *it)
{
	const struct noting_order o = {
		.type = it->type,
		.of = it->number,
		.from_reading = true,
	};

	noting_write(n, &o);
}
