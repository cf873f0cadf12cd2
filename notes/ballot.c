#include "notes/ballot.h"

#include <stdlib.h>

static int
item_of(const struct case_file *c, const struct decision_of *of)
{
	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->seq == of->number &&
		    str_eq(c->items[i].from->said.record, of->record))
			return (int)i;
	return -1;
}

static int
by_item(const void *pa, const void *pb)
{
	const struct case_vote *a = pa, *b = pb;
	int d = a->item < b->item ? -1 : a->item > b->item;

	if (d == 0)
		d = (int)b->author - (int)a->author;
	if (d == 0)
		d = a->time < b->time ? -1 : a->time > b->time;
	return d;
}

static void
take_vote(struct case_file *c, uint32_t item, const struct decision *d)
{
	struct case_vote v = {
		.item = item,
		.severity = d->severity,
		.by = d->by,
		.vector = d->vector,
		.reason = d->reason,
		.key_id = d->key_id,
		.time = d->time,
	};

	for (uint32_t i = 0; i < c->n_votes; i++)
		if (c->votes[i].item == item && !c->votes[i].author &&
		    str_eq(c->votes[i].by, v.by)) {
			c->votes[i] = v;
			return;
		}
	c->votes[c->n_votes++] = v;
}

static void
collect(struct case_file *c)
{
	uint32_t most = c->n_items;
	int item;

	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		most += d->kind == DECISION_VOTE;
	c->votes = arena_array(&c->memory, most, struct case_vote);
	c->n_votes = 0;
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_VOTE &&
		    (item = item_of(c, &d->finding)) >= 0)
			take_vote(c, (uint32_t)item, d);
	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct case_item *it = &c->items[i];

		if (it->now->type == ENTRY_FINDING)
			c->votes[c->n_votes++] = (struct case_vote){
				.item = i,
				.severity = it->now->severity,
				.by = it->from->author,
				.key_id = it->from->key_id,
				.time = it->now->time,
				.author = true,
			};
	}
	qsort(c->votes, c->n_votes, sizeof *c->votes, by_item);
}

void
ballot_count(struct case_file *c)
{
	int item;

	collect(c);
	for (uint32_t i = 0; i < c->n_items; i++) {
		c->items[i].severity = c->items[i].now->severity;
		c->items[i].ruled = c->items[i].dissent = false;
	}
	for (uint32_t i = 0; i < c->n_votes; i++) {
		const struct case_vote *v = &c->votes[i];
		const struct case_item *of = case_lead(c, &c->items[v->item]);
		struct case_item *lead = &c->items[of - c->items];

		if (v->severity != lead->now->severity)
			lead->dissent = true;
		if (v->severity > lead->severity)
			lead->severity = v->severity;
	}
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_RULE &&
		    (item = item_of(c, &d->finding)) >= 0) {
			const struct case_item *of =
			    case_lead(c, &c->items[item]);
			struct case_item *lead = &c->items[of - c->items];

			lead->severity = d->severity;
			lead->ruled = true;
		}
}

void
ballot_each(const struct case_file *c, const struct case_item *lead,
    void (*fn)(void *arg, const struct case_vote *v), void *arg)
{
	for (uint32_t i = 0; i < c->n_votes; i++)
		if (case_lead(c, &c->items[c->votes[i].item]) == lead)
			fn(arg, &c->votes[i]);
}

const struct decision *
ballot_ruling(const struct case_file *c, const struct case_item *lead)
{
	const struct decision *last = NULL;
	int item;

	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_RULE &&
		    (item = item_of(c, &d->finding)) >= 0 &&
		    case_lead(c, &c->items[item]) == lead)
			last = d;
	return last;
}
