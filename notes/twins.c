#include "notes/twins.h"

#include <stdlib.h>
#include <string.h>

static bool
overlap(const struct case_item *a, const struct case_item *b)
{
	const struct anchor *x = &a->now->at, *y = &b->now->at;

	if (!a->now->anchored || !b->now->anchored || x->path.len == 0 ||
	    !oid_eq(&x->commit, &y->commit) || !str_eq(x->path, y->path))
		return false;
	return x->first == 0 || y->first == 0 ||
	    (x->first <= y->last && y->first <= x->last);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct case_item *a = *(struct case_item *const *)pa;
	const struct case_item *b = *(struct case_item *const *)pb;
	int d = str_cmp(a->now->at.path, b->now->at.path);

	if (d == 0)
		d = oid_cmp(&a->now->at.commit, &b->now->at.commit);
	if (d == 0)
		d = a->now->at.first < b->now->at.first ?
		    -1 :
		    a->now->at.first > b->now->at.first;
	return d;
}

static uint32_t
last_line(const struct case_item *it)
{
	return it->now->at.first == 0 ? UINT32_MAX : it->now->at.last;
}

/* Each finding proposes one earlier one at most for each reason; what is
 * there twice goes in tidy(). */
static void
propose(struct case_file *c, struct case_item *x, struct case_item *y,
    const char *why)
{
	uint32_t a = (uint32_t)(x - c->items), b = (uint32_t)(y - c->items);

	if (a > b)
		propose(c, y, x, why);
	else if (a != b)
		c->pairs[c->n_pairs++] =
		    (struct case_pair){ a, b, why, PAIR_OPEN, NULL };
}

/* Findings on the same lines: each names the one before it that reaches
 * furthest, so that none is missed. */
static void
same_lines(struct case_file *c, struct case_item **sorted, uint32_t n)
{
	uint32_t widest = 0;

	qsort(sorted, n, sizeof *sorted, by_place);
	for (uint32_t i = 1; i < n; i++) {
		bool both = overlap(sorted[widest], sorted[i]);

		if (both) {
			sorted[i]->twin =
			    (uint32_t)(sorted[widest] - c->items) + 1;
			propose(c, sorted[widest], sorted[i],
			    "on the same lines");
		}
		if (!both || last_line(sorted[i]) > last_line(sorted[widest]))
			widest = i;
	}
}

static int
by_code(const void *pa, const void *pb)
{
	const struct case_item *a = *(struct case_item *const *)pa;
	const struct case_item *b = *(struct case_item *const *)pb;
	int d = (int)a->more->has_code - (int)b->more->has_code;

	return d != 0 ? d : memcmp(a->more->code, b->more->code, ANCHOR_CODE);
}

static void
same_code(struct case_file *c, struct case_item **sorted, uint32_t n)
{
	qsort(sorted, n, sizeof *sorted, by_code);
	for (uint32_t i = 1; i < n; i++)
		if (sorted[i]->more->has_code &&
		    by_code(&sorted[i - 1], &sorted[i]) == 0)
			propose(c, sorted[i - 1], sorted[i],
			    "on lines that are the same");
}

/* Letters and digits of it in lower case, a blank between words: what is
 * left when a text is typed again. */
static struct str
plain(struct arena *a, struct str text, uint32_t *words)
{
	char *out = arena_array(a, text.len + 1, char);
	size_t n = 0;
	bool in = false;

	*words = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char ch = (unsigned char)text.at[i];
		bool letter = (ch >= 'a' && ch <= 'z') ||
		    (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
		    ch >= 0x80;

		if (letter && !in) {
			++*words;
			if (n > 0)
				out[n++] = ' ';
		}
		in = letter;
		if (letter)
			out[n++] =
			    (char)(ch >= 'A' && ch <= 'Z' ? ch | 0x20 : ch);
	}
	return (struct str){ out, n };
}

struct words {
	struct str text;
	struct case_item *item;
};

static int
by_text(const void *pa, const void *pb)
{
	const struct words *a = pa, *b = pb;
	int d = str_cmp(a->text, b->text);

	return d != 0 ? d : a->item < b->item ? -1 : a->item > b->item;
}

/* Two words say too little. */
enum { WORDS_MIN = 3 };

static void
same_text(struct case_file *c, struct case_item **items, uint32_t n,
    bool claims)
{
	struct words *all = arena_array(&c->memory, n, struct words);
	uint32_t len = 0, words;

	for (uint32_t i = 0; i < n; i++) {
		const struct entry *e = items[i]->now;
		struct str text =
		    plain(&c->memory, claims ? e->claim : e->title, &words);

		if (words >= WORDS_MIN)
			all[len++] = (struct words){ text, items[i] };
	}
	qsort(all, len, sizeof *all, by_text);
	for (uint32_t i = 1; i < len; i++)
		if (str_eq(all[i - 1].text, all[i].text))
			propose(c, all[i - 1].item, all[i].item,
			    claims ? "with the same claim" :
				     "with the same title");
}

static int
by_pair(const void *pa, const void *pb)
{
	const struct case_pair *a = pa, *b = pb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	return strcmp(b->why, a->why); /* "on ..." before "named ..." */
}

static void
tidy(struct case_file *c)
{
	uint32_t kept = 0;

	qsort(c->pairs, c->n_pairs, sizeof *c->pairs, by_pair);
	for (uint32_t i = 0; i < c->n_pairs; i++)
		if (kept == 0 || c->pairs[kept - 1].a != c->pairs[i].a ||
		    c->pairs[kept - 1].b != c->pairs[i].b)
			c->pairs[kept++] = c->pairs[i];
	c->n_pairs = kept;
}

static struct case_item *
item_of(const struct case_file *c, const struct decision_of *of)
{
	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->seq == of->number &&
		    str_eq(c->items[i].from->said.record, of->record))
			return &c->items[i];
	return NULL;
}

static void
propose_decided(struct case_file *c, const struct decision *d)
{
	struct case_item *x = item_of(c, &d->finding);
	struct case_item *y = item_of(c, &d->other);

	if (x != NULL && y != NULL)
		propose(c, x, y, "named by a person");
}

/* A later decision about the same two replaces an earlier one. */
static void
decide(struct case_file *c, const struct decision *d)
{
	struct case_item *x = item_of(c, &d->finding);
	struct case_item *y = item_of(c, &d->other);
	uint32_t a, b;

	if (x == NULL || y == NULL || x == y)
		return;
	a = (uint32_t)((x < y ? x : y) - c->items);
	b = (uint32_t)((x < y ? y : x) - c->items);
	for (uint32_t i = 0; i < c->n_pairs; i++) {
		struct case_pair *p = &c->pairs[i];

		if (p->a != a || p->b != b)
			continue;
		p->state = d->kind == DECISION_SAME ? PAIR_SAME : PAIR_APART;
		p->by = d;
	}
}

/* Everybody in a group points to its first, directly. */
static void
join(struct case_file *c)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < c->n_pairs; i++) {
			const struct case_pair *p = &c->pairs[i];
			struct case_item *a = &c->items[p->a];
			struct case_item *b = &c->items[p->b];
			uint32_t la = a->lead > 0 ? a->lead - 1 : p->a;
			uint32_t lb = b->lead > 0 ? b->lead - 1 : p->b;
			uint32_t first = la < lb ? la : lb;

			if (p->state != PAIR_SAME || la == lb)
				continue;
			for (uint32_t k = 0; k < c->n_items; k++) {
				uint32_t l = c->items[k].lead > 0 ?
				    c->items[k].lead - 1 :
				    k;

				if ((l == la || l == lb) && k != first)
					c->items[k].lead = first + 1;
			}
			again = true;
		}
	}
}

void
twins_find(struct case_file *c)
{
	struct case_item **sorted;
	uint32_t n = 0, decided = 0;

	sorted = arena_array(&c->memory, c->n_items, struct case_item *);
	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->type == ENTRY_FINDING)
			sorted[n++] = &c->items[i];
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		decided +=
		    d->kind == DECISION_SAME || d->kind == DECISION_APART;
	c->n_pairs = 0;
	c->pairs =
	    arena_array(&c->memory, 4 * (size_t)n + decided, struct case_pair);
	same_lines(c, sorted, n);
	same_code(c, sorted, n);
	same_text(c, sorted, n, false);
	same_text(c, sorted, n, true);
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_SAME || d->kind == DECISION_APART)
			propose_decided(c, d);
	tidy(c);
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_SAME || d->kind == DECISION_APART)
			decide(c, d);
	join(c);
}
