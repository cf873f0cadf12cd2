#include "core/search_nfa.h"

enum { DEPTH_MOST = 300, COPIES_MOST = 256 };

struct making {
	struct search_nfa nfa;
	unsigned depth;
	bool lost; /* too large */
};

/* Step number; 0 when there is no room, and then nothing of it is used. */
static uint32_t
add(struct making *m, enum search_nfa_kind kind)
{
	if (m->nfa.n == SEARCH_NFA_MOST)
		m->lost = true;
	if (m->lost)
		return 0;
	m->nfa.steps[m->nfa.n] = (struct search_nfa_step){ .kind = kind };
	return m->nfa.n++;
}

static void make(struct making *m, const struct search_node *n);

/* What was made goes on with what is made next. */
static void
make_next(struct making *m, uint32_t step)
{
	m->nfa.steps[step].a = m->nfa.n;
}

/* The end of each but the last is a split whose ways are one; until that
 * end is known they are a chain. */
static void
make_alternatives(struct making *m, const struct search_node *n)
{
	struct search_nfa_step *steps = m->nfa.steps;
	uint32_t ends = 0, split, end;

	for (; n->next != NULL && !m->lost; n = n->next) {
		split = add(m, SEARCH_NFA_SPLIT);
		make_next(m, split);
		make(m, n);
		end = add(m, SEARCH_NFA_SPLIT);
		steps[end].a = ends;
		ends = end;
		steps[split].b = m->nfa.n;
	}
	make(m, n);
	while (ends != 0 && !m->lost) {
		end = steps[ends].a;
		steps[ends].a = steps[ends].b = m->nfa.n;
		ends = end;
	}
}

/* x{2,4}: x x and twice perhaps x; x{2,}: the last one again and again. */
static void
make_repeat(struct making *m, const struct search_node *n)
{
	uint32_t begin = m->nfa.n, split;
	uint32_t copies = n->min < COPIES_MOST ? n->min : COPIES_MOST;

	for (uint32_t i = 0; i < copies && !m->lost; i++) {
		begin = m->nfa.n;
		make(m, n->child);
	}
	if (n->max == SEARCH_NODE_MANY || n->max - n->min > COPIES_MOST ||
	    copies < n->min) {
		split = add(m, SEARCH_NFA_SPLIT);
		if (n->min > 0) {
			m->nfa.steps[split].a = begin;
			m->nfa.steps[split].b = m->nfa.n;
			return;
		}
		make_next(m, split);
		make(m, n->child);
		begin = add(m, SEARCH_NFA_SPLIT);
		m->nfa.steps[begin].a = m->nfa.steps[begin].b = split;
		m->nfa.steps[split].b = m->nfa.n;
		return;
	}
	for (uint32_t i = n->min; i < n->max && !m->lost; i++) {
		split = add(m, SEARCH_NFA_SPLIT);
		make_next(m, split);
		make(m, n->child);
		m->nfa.steps[split].b = m->nfa.n;
	}
}

static void
make_step(struct making *m, enum search_nfa_kind kind,
    const struct search_set *set)
{
	uint32_t step = add(m, kind);

	m->nfa.steps[step].set = set;
	make_next(m, step);
	m->nfa.starts = m->nfa.starts || kind == SEARCH_NFA_START;
	m->nfa.edges = m->nfa.edges || kind == SEARCH_NFA_EDGE;
}

static void
make(struct making *m, const struct search_node *n)
{
	if (++m->depth > DEPTH_MOST)
		m->lost = true;
	if (m->lost)
		return;
	switch (n->kind) {
	case SEARCH_NODE_EMPTY:
		break;
	case SEARCH_NODE_START:
		make_step(m, SEARCH_NFA_START, NULL);
		break;
	case SEARCH_NODE_END:
		make_step(m, SEARCH_NFA_END, NULL);
		break;
	case SEARCH_NODE_EDGE:
		make_step(m, SEARCH_NFA_EDGE, NULL);
		break;
	case SEARCH_NODE_SET:
		make_step(m, SEARCH_NFA_SET, &n->set);
		break;
	case SEARCH_NODE_CAT:
		for (n = n->child; n != NULL; n = n->next)
			make(m, n);
		break;
	case SEARCH_NODE_ALT:
		make_alternatives(m, n->child);
		break;
	case SEARCH_NODE_REPEAT:
		make_repeat(m, n);
		break;
	}
	m->depth--;
}

bool
search_nfa_make(struct search_nfa *out, struct arena *a,
    const struct search_node *root)
{
	struct making m = { .nfa.steps = arena_array(a, SEARCH_NFA_MOST,
				struct search_nfa_step) };

	make(&m, root);
	(void)add(&m, SEARCH_NFA_MATCH);
	if (!m.lost)
		*out = m.nfa;
	return !m.lost;
}
