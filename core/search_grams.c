#include "core/search_grams.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_nfa.h"

enum {
	STEPS_MOST = 400, /* of a program: each is left out once */
	RAW_MOST = 6000,  /* keys before those alike are one */
	NEXT_MOST = 64,   /* places behind one */
};

/* A place takes a byte: a SET, or an END with nothing behind it.  ANYTHING
 * is what stands before and behind a match. */
enum { ANYTHING = STEPS_MOST };

struct making {
	struct arena *a;
	struct search_nfa nfa;
	struct search_set any, ends;
	uint16_t next[STEPS_MOST + 1][NEXT_MOST], n_next[STEPS_MOST + 1];
	uint16_t last[STEPS_MOST + 1][NEXT_MOST], n_last[STEPS_MOST + 1];
	bool needed[STEPS_MOST];
	uint32_t keys[RAW_MOST];
	size_t n_keys;
	bool lost;
};

/* What can be reached from a step without a byte. */
struct reach {
	bool seen[STEPS_MOST];
	bool match;
};

static bool ends_all(const struct making *m, uint32_t step);

static bool
is_place(const struct making *m, uint32_t i)
{
	const struct search_nfa_step *s = &m->nfa.steps[i];

	return s->kind == SEARCH_NFA_SET ||
	    (s->kind == SEARCH_NFA_END && ends_all(m, i));
}

static void
reach(const struct making *m, uint32_t from, struct reach *r, bool plain)
{
	uint16_t stack[2 * STEPS_MOST + 2];
	size_t n = 0;

	memset(r, 0, sizeof *r);
	stack[n++] = (uint16_t)from;
	while (n > 0) {
		uint32_t i = stack[--n];
		const struct search_nfa_step *s = &m->nfa.steps[i];

		if (r->seen[i])
			continue;
		r->seen[i] = true;
		if (s->kind == SEARCH_NFA_MATCH) {
			r->match = true;
			continue;
		}
		if (plain ? s->kind == SEARCH_NFA_SET : is_place(m, i))
			continue;
		stack[n++] = (uint16_t)s->a;
		if (s->kind == SEARCH_NFA_SPLIT)
			stack[n++] = (uint16_t)s->b;
	}
}

/* Behind that END no byte can be taken: it may stand for the byte behind. */
static bool
ends_all(const struct making *m, uint32_t step)
{
	struct reach r;

	reach(m, m->nfa.steps[step].a, &r, true);
	for (uint32_t i = 0; i < m->nfa.n; i++)
		if (r.seen[i] && m->nfa.steps[i].kind == SEARCH_NFA_SET)
			return false;
	return true;
}

static const struct search_set *
set_of(const struct making *m, unsigned place)
{
	if (place == ANYTHING)
		return &m->any;
	return m->nfa.steps[place].kind == SEARCH_NFA_END ?
	    &m->ends :
	    m->nfa.steps[place].set;
}

static void
link(struct making *m, unsigned from, unsigned to)
{
	if (m->n_next[from] == NEXT_MOST || m->n_last[to] == NEXT_MOST) {
		m->lost = true;
		return;
	}
	m->next[from][m->n_next[from]++] = (uint16_t)to;
	m->last[to][m->n_last[to]++] = (uint16_t)from;
}

static void
link_all(struct making *m, unsigned from, uint32_t step)
{
	struct reach r;

	reach(m, step, &r, false);
	for (uint32_t i = 0; i < m->nfa.n; i++)
		if (r.seen[i] && is_place(m, i))
			link(m, from, i);
	if (r.match && from == ANYTHING)
		m->lost = true; /* the empty text matches */
	else if (r.match)
		link(m, from, ANYTHING);
}

/* Whether a match can be had without that place. */
static bool
can_avoid(const struct making *m, unsigned place)
{
	bool seen[STEPS_MOST + 1] = { 0 };
	uint16_t stack[STEPS_MOST + 2];
	size_t n = 0;

	stack[n++] = ANYTHING;
	while (n > 0) {
		unsigned p = stack[--n];

		for (unsigned k = 0; k < m->n_next[p]; k++) {
			unsigned to = m->next[p][k];

			if (to == ANYTHING)
				return true;
			if (to == place || seen[to])
				continue;
			seen[to] = true;
			stack[n++] = (uint16_t)to;
		}
	}
	return false;
}

static uint32_t
folded(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* The bytes of a set, ascending. */
static unsigned
members(uint8_t out[256], const struct search_set *s)
{
	unsigned n = 0;

	for (unsigned c = 0; c < 256; c++)
		if (search_set_has(s, (uint8_t)c))
			out[n++] = (uint8_t)c;
	return n;
}

static void
add_keys(struct making *m, unsigned p, unsigned q, unsigned r)
{
	const struct search_set *x = set_of(m, p), *y = set_of(m, q),
				*z = set_of(m, r);
	size_t n = (size_t)search_set_count(x) * search_set_count(y) *
	    search_set_count(z);

	uint8_t first[256], second[256], third[256];
	unsigned n_first, n_second, n_third;

	if (m->n_keys + n > RAW_MOST) {
		m->n_keys = RAW_MOST + 1;
		return;
	}
	n_first = members(first, x);
	n_second = members(second, y);
	n_third = members(third, z);
	for (unsigned a = 0; a < n_first; a++)
		for (unsigned b = 0; b < n_second; b++)
			for (unsigned c = 0; c < n_third; c++)
				m->keys[m->n_keys++] = folded(first[a]) << 16 |
				    folded(second[b]) << 8 | folded(third[c]);
}

static int
by_key(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
keep(struct making *m, struct search_grams *g)
{
	size_t n = 0;
	uint32_t *keys;

	/* A single one is a word, or a part of one. */
	if (m->n_keys < 2 || m->n_keys > RAW_MOST || g->n == SEARCH_GRAMS_SETS)
		return;
	qsort(m->keys, m->n_keys, sizeof *m->keys, by_key);
	for (size_t i = 0; i < m->n_keys; i++)
		if (n == 0 || m->keys[i] != m->keys[n - 1])
			m->keys[n++] = m->keys[i];
	if (n < 2 || n > SEARCH_GRAMS_KEYS)
		return;
	keys = arena_array(m->a, n, uint32_t);
	memcpy(keys, m->keys, n * sizeof *keys);
	g->sets[g->n++] = (struct search_gram){ keys, n };
}

/* The place and the two behind it. */
static void
keys_behind(struct making *m, unsigned p, struct search_grams *g)
{
	m->n_keys = 0;
	for (unsigned i = 0; i < m->n_next[p] && m->n_keys <= RAW_MOST; i++) {
		unsigned q = m->next[p][i];

		/* Two bytes of which nothing is known, or one that may stand
		 * in another chunk. */
		if (q == ANYTHING || m->nfa.steps[q].kind == SEARCH_NFA_END)
			return;
		for (unsigned k = 0; k < m->n_next[q] && m->n_keys <= RAW_MOST;
		     k++)
			add_keys(m, p, q, m->next[q][k]);
	}
	keep(m, g);
}

static void
keys_around(struct making *m, unsigned p, struct search_grams *g)
{
	m->n_keys = 0;
	for (unsigned i = 0; i < m->n_last[p]; i++)
		for (unsigned k = 0; k < m->n_next[p] && m->n_keys <= RAW_MOST;
		     k++)
			add_keys(m, m->last[p][i], p, m->next[p][k]);
	keep(m, g);
}

static void
keys_before(struct making *m, unsigned p, struct search_grams *g)
{
	m->n_keys = 0;
	for (unsigned i = 0; i < m->n_last[p] && m->n_keys <= RAW_MOST; i++) {
		unsigned q = m->last[p][i];

		if (q == ANYTHING)
			return;
		for (unsigned k = 0; k < m->n_last[q] && m->n_keys <= RAW_MOST;
		     k++)
			add_keys(m, m->last[q][k], q, p);
	}
	keep(m, g);
}

static void
make(struct making *m, struct search_grams *g)
{
	search_set_add(&m->any, 0, 255);
	search_set_add(&m->ends, '\n', '\n');
	search_set_add(&m->ends, '\r', '\r');
	link_all(m, ANYTHING, 0);
	for (uint32_t i = 0; i < m->nfa.n && !m->lost; i++) {
		if (!is_place(m, i))
			continue;
		/* The byte an END stands for is not taken: behind it is
		 * what is behind the match. */
		if (m->nfa.steps[i].kind == SEARCH_NFA_END)
			link(m, i, ANYTHING);
		else
			link_all(m, i, m->nfa.steps[i].a);
	}
	for (uint32_t i = 0; i < m->nfa.n && !m->lost; i++) {
		if (!is_place(m, i) || can_avoid(m, i))
			continue;
		keys_before(m, i, g);
		if (m->nfa.steps[i].kind == SEARCH_NFA_END)
			continue; /* nothing is known of the byte behind it */
		keys_around(m, i, g);
		keys_behind(m, i, g);
	}
}

const struct search_grams *
search_grams(struct arena *a, const struct search_node *root)
{
	struct search_grams *g = arena_new(a, struct search_grams);
	struct arena own = { 0 };
	struct making *m;

	if (root == NULL)
		return g;
	m = calloc(1, sizeof *m);
	if (m == NULL)
		bug("no memory for a pattern");
	m->a = a;
	if (search_nfa_make(&m->nfa, &own, root) && m->nfa.n <= STEPS_MOST)
		make(m, g);
	arena_release(&own);
	free(m);
	return g;
}
