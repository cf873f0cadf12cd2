#include "core/search_dfa.h"

#include <stdlib.h>
#include <string.h>

#include "core/search_dfa_table.h"
#include "core/search_nfa.h"

/*
 * A state is the steps that a match could be at, with what is to be known of
 * the byte before: SPLIT and START are followed when the state is made, END
 * and EDGE when the byte behind them is.
 */
enum before { BEFORE_LINE, BEFORE_OTHER, BEFORE_WORD, BEFORE_HIGH };

enum {
	WORK_MOST = 4000000, /* steps looked at, all in all */
	SLOTS = 1024,
};

struct state {
	uint16_t *steps;
	uint16_t n;
	uint8_t before;
};

struct making {
	struct arena a;
	struct search_nfa nfa;
	struct state states[SEARCH_DFA_STATES];
	uint32_t n;
	uint16_t slots[SLOTS]; /* state + 1 */
	uint8_t class_of[256], first[256];
	unsigned classes;
	size_t work;
	bool lost;
	/* The set that is gathered. */
	uint16_t steps[SEARCH_NFA_MOST];
	uint32_t n_steps;
	uint32_t seen[SEARCH_NFA_MOST], turn;
	bool match;
};

static bool
is_word(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_';
}

static enum before
kind_of(const struct making *m, unsigned c)
{
	if (c == '\n')
		return BEFORE_LINE;
	if (!m->nfa.edges)
		return BEFORE_OTHER;
	return c >= 0x80 ? BEFORE_HIGH :
	    is_word(c)   ? BEFORE_WORD :
			   BEFORE_OTHER;
}

/* Whether a word may begin or end there: outside ASCII nobody knows. */
static bool
may_be_edge(enum before before, unsigned c)
{
	if (before == BEFORE_HIGH || c >= 0x80)
		return true;
	return (before == BEFORE_WORD) != is_word(c);
}

static void
gather_start(struct making *m)
{
	m->n_steps = 0;
	m->match = false;
	m->turn++;
}

/* The step and what follows it without a byte. */
static void
gather(struct making *m, uint32_t first, enum before before)
{
	uint32_t stack[2 * SEARCH_NFA_MOST], n = 0;

	stack[n++] = first;
	while (n > 0) {
		uint32_t i = stack[--n];
		const struct search_nfa_step *s = &m->nfa.steps[i];

		if (m->seen[i] == m->turn)
			continue;
		m->seen[i] = m->turn;
		m->work++;
		if (s->kind == SEARCH_NFA_SPLIT) {
			stack[n++] = s->b;
			stack[n++] = s->a;
		} else if (s->kind == SEARCH_NFA_START) {
			if (before == BEFORE_LINE)
				stack[n++] = s->a;
		} else if (s->kind == SEARCH_NFA_MATCH) {
			m->match = true;
		} else {
			m->steps[m->n_steps++] = (uint16_t)i;
		}
	}
}

static int
by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* The state of the steps gathered; a new one when there is none. */
static uint32_t
state_of(struct making *m, enum before before)
{
	uint32_t at = (uint32_t)before;
	struct state *s;

	if (m->match)
		return SEARCH_DFA_FOUND;
	qsort(m->steps, m->n_steps, sizeof *m->steps, by_number);
	for (uint32_t i = 0; i < m->n_steps; i++)
		at = at * 31 + m->steps[i];
	for (at %= SLOTS; m->slots[at] != 0; at = (at + 1) % SLOTS) {
		s = &m->states[m->slots[at] - 1];
		if (s->n == m->n_steps && s->before == before &&
		    memcmp(s->steps, m->steps, s->n * sizeof *s->steps) == 0)
			return m->slots[at] - 1u;
	}
	if (m->n == SEARCH_DFA_STATES) {
		m->lost = true;
		return 0;
	}
	s = &m->states[m->n];
	s->before = (uint8_t)before;
	s->n = (uint16_t)m->n_steps;
	s->steps = arena_array(&m->a, m->n_steps, uint16_t);
	memcpy(s->steps, m->steps, m->n_steps * sizeof *s->steps);
	m->slots[at] = (uint16_t)(m->n + 1);
	return m->n++;
}

/* Bytes that no step tells apart are one class. */
static void
split_classes(struct making *m, const struct search_set *set)
{
	uint16_t of[256][2];
	unsigned n = 0;

	memset(of, 0xff, sizeof of);
	for (unsigned c = 0; c < 256; c++) {
		uint16_t *to =
		    &of[m->class_of[c]][search_set_has(set, (uint8_t)c)];

		if (*to == UINT16_MAX) {
			m->first[n] = (uint8_t)c;
			*to = (uint16_t)n++;
		}
		m->class_of[c] = (uint8_t)*to;
	}
	m->classes = n;
}

static void
make_classes(struct making *m)
{
	struct search_set ends = { 0 }, words = { 0 }, high = { 0 };

	m->classes = 1;
	search_set_add(&ends, '\n', '\n');
	split_classes(m, &ends);
	search_set_add(&ends, '\r', '\r');
	split_classes(m, &ends);
	search_set_add(&high, 0x80, 0xff);
	split_classes(m, &high);
	for (unsigned c = 0; c < 128; c++)
		if (is_word(c))
			search_set_add(&words, c, c);
	if (m->nfa.edges)
		split_classes(m, &words);
	for (uint32_t i = 0; i < m->nfa.n; i++)
		if (m->nfa.steps[i].kind == SEARCH_NFA_SET)
			split_classes(m, m->nfa.steps[i].set);
}

/* Goes on over the assertions that hold in front of c: their ends join. */
static void
pass_assertions(struct making *m, const struct state *from, unsigned c)
{
	gather_start(m);
	for (uint32_t i = 0; i < from->n; i++)
		gather(m, from->steps[i], from->before);
	for (uint32_t i = 0; i < m->n_steps; i++) {
		const struct search_nfa_step *s = &m->nfa.steps[m->steps[i]];

		if ((s->kind == SEARCH_NFA_END && (c == '\n' || c == '\r')) ||
		    (s->kind == SEARCH_NFA_EDGE &&
			may_be_edge((enum before)from->before, c)))
			gather(m, s->a, (enum before)from->before);
	}
}

static uint32_t
step(struct making *m, uint32_t from, unsigned c)
{
	uint16_t now[SEARCH_NFA_MOST];
	uint32_t n;
	enum before before = kind_of(m, c);

	pass_assertions(m, &m->states[from], c);
	if (m->match)
		return SEARCH_DFA_FOUND;
	n = m->n_steps;
	memcpy(now, m->steps, n * sizeof *now);
	gather_start(m);
	for (uint32_t i = 0; i < n && c != '\n'; i++) {
		const struct search_nfa_step *s = &m->nfa.steps[now[i]];

		m->work++;
		if (s->kind == SEARCH_NFA_SET &&
		    search_set_has(s->set, (unsigned char)c))
			gather(m, s->a, before);
	}
	gather(m, 0, before); /* a match may begin anywhere */
	return state_of(m, before);
}

static void
determinize(struct making *m, struct search_dfa_table *t)
{
	make_classes(m);
	m->n = 1; /* SEARCH_DFA_FOUND */
	gather_start(m);
	gather(m, 0, BEFORE_LINE);
	m->lost = state_of(m, BEFORE_LINE) != SEARCH_DFA_START;
	for (uint32_t i = SEARCH_DFA_START; i < m->n && !m->lost; i++) {
		uint8_t to[256];

		for (unsigned k = 0; k < m->classes && !m->lost; k++) {
			to[k] = (uint8_t)step(m, i, m->first[k]);
			m->lost = m->lost || m->work > WORK_MOST;
		}
		for (unsigned c = 0; c < 256; c++)
			t->next[i][c] = (uint16_t)(to[m->class_of[c]] << 8);
	}
	t->states = m->n;
}

struct search_dfa *
search_dfa_open(const struct search_node *root)
{
	struct making *m;
	struct search_dfa *d = NULL;
	struct search_dfa_table *t;

	if (root == NULL)
		return NULL;
	m = calloc(1, sizeof *m);
	t = calloc(1, sizeof *t);
	if (m == NULL || t == NULL)
		bug("no memory for states");
	m->lost = !search_nfa_make(&m->nfa, &m->a, root);
	if (!m->lost)
		determinize(m, t);
	if (!m->lost)
		d = search_dfa_table(t);
	else
		free(t);
	arena_release(&m->a);
	free(m);
	return d;
}
