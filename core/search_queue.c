#include "core/search_queue.h"

#include "core/search.h"

enum {
	RANGE_LEAST = 512, /* blobs of a share, at a time */
	RANGES = 12,
};

void
search_queue_add(struct search_queue *q, const struct search_chunk *like,
    uint32_t from, uint32_t to)
{
	struct search_chunk **at = &q->first;
	struct search_chunk *c;

	if (from >= to)
		return;
	c = arena_new(q->a, struct search_chunk);
	*c = *like;
	c->from = from;
	c->to = to;
	while (*at != NULL && (*at)->from < from)
		at = &(*at)->next;
	c->next = *at;
	*at = c;
}

/* In ranges, so that a searcher that comes late finds its half of the work,
 * and what is found comes out in order soon. */
void
search_queue_add_share(struct search_queue *q, unsigned part, unsigned parts,
    uint32_t total)
{
	struct search_chunk like = { .part = (uint16_t)part,
		.parts = (uint16_t)parts };
	uint32_t n = search_share_size(part, parts, total);
	uint32_t step = n / RANGES < RANGE_LEAST ? RANGE_LEAST : n / RANGES + 1;

	for (uint32_t at = 0; at < n; at += step)
		search_queue_add(q, &like, at, n - at < step ? n : at + step);
}

struct search_chunk *
search_queue_take(struct search_queue *q, unsigned most)
{
	struct search_chunk *c = q->first, **at = &q->first;

	if (c == NULL)
		bug("no chunk to deal");
	q->first = c->next;
	while (*at != NULL && most > 1) {
		struct search_chunk *n = *at;

		if (n->part != c->part || n->from != c->to) {
			at = &n->next;
			continue;
		}
		c->to = n->to;
		*at = n->next;
		most--;
	}
	return c;
}

uint32_t
search_queue_blob(const struct search_chunk *c, uint32_t k)
{
	return search_share_blob(c->part, c->parts, k);
}
