#include "core/sweep.h"

#include <stdlib.h>

#include "core/err.h"

/* A run begins, or has ended before this line. */
struct edge {
	uint64_t line;
	uint8_t who;
	bool reviewed, begins;
};

struct counts {
	uint32_t seen[SWEEP_PEOPLE], reviewed[SWEEP_PEOPLE];
};

static int
edge_cmp(const void *p, const void *q)
{
	const struct edge *a = p, *b = q;

	return a->line < b->line ? -1 : a->line > b->line;
}

static size_t
edges_of(struct edge *at, const struct sweep_run *runs, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sweep_run *r = &runs[i];

		if (r->who >= SWEEP_PEOPLE)
			bug("line %u of person %u", r->first, r->who);
		if (r->first == 0 || r->first > r->last)
			continue;
		at[len++] =
		    (struct edge){ r->first, r->who, r->reviewed, true };
		at[len++] = (struct edge){ (uint64_t)r->last + 1, r->who,
			r->reviewed, false };
	}
	if (len > 0)
		qsort(at, len, sizeof *at, edge_cmp);
	return len;
}

static void
step(struct counts *k, struct sweep_part *now, const struct edge *e)
{
	uint32_t *n = e->reviewed ? k->reviewed : k->seen;
	uint32_t bit = UINT32_C(1) << e->who;

	n[e->who] += e->begins ? 1 : UINT32_MAX;
	if (k->reviewed[e->who] > 0)
		now->reviewed |= bit;
	else
		now->reviewed &= ~bit;
	if (k->seen[e->who] + k->reviewed[e->who] > 0)
		now->seen |= bit;
	else
		now->seen &= ~bit;
}

/* Lines from..before, joined to the part in front when it says the same. */
static size_t
put(struct sweep_part *at, size_t n, const struct sweep_part *now,
    uint64_t from, uint64_t before)
{
	struct sweep_part *last = n == 0 ? NULL : &at[n - 1];

	if (now->seen == 0 || from == before)
		return n;
	if (last != NULL && (uint64_t)last->last + 1 == from &&
	    last->seen == now->seen && last->reviewed == now->reviewed) {
		last->last = (uint32_t)(before - 1);
		return n;
	}
	at[n] = *now;
	at[n].first = (uint32_t)from;
	at[n].last = (uint32_t)(before - 1);
	return n + 1;
}

size_t
sweep(struct sweep_part **out, struct arena *a, const struct sweep_run *runs,
    size_t n)
{
	struct edge *edges = reallocarray(NULL, 2 * n + 1, sizeof *edges);
	struct sweep_part *parts, now = { 0 };
	struct counts k = { 0 };
	size_t len, made = 0;

	if (edges == NULL)
		bug("no memory for %zu runs of lines", n);
	len = edges_of(edges, runs, n);
	parts = arena_array(a, len, struct sweep_part);
	for (size_t i = 0; i < len; i++) {
		step(&k, &now, &edges[i]);
		if (i + 1 < len)
			made = put(parts, made, &now, edges[i].line,
			    edges[i + 1].line);
	}
	free(edges);
	*out = parts;
	return made;
}

unsigned
sweep_people(uint32_t set)
{
	unsigned n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

void
sweep_add(struct sweep_sum *sum, const struct sweep_part *parts, size_t n,
    uint32_t who, uint32_t first, uint32_t last)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t from = parts[i].first, to = parts[i].last;
		uint64_t lines;

		from = from < first ? first : from;
		to = to > last ? last : to;
		if (from > to)
			continue;
		lines = (uint64_t)to - from + 1;
		sum->seen += (parts[i].seen & who) != 0 ? lines : 0;
		sum->reviewed += (parts[i].reviewed & who) != 0 ? lines : 0;
		sum->twice += sweep_people(parts[i].reviewed) > 1 ? lines : 0;
	}
}
