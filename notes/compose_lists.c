#include "notes/compose.h"

/* The last result of an item for a component counts. */
static const struct decision *
result_of(const struct case_file *c, struct str list, struct str item,
    struct str component)
{
	const struct decision *last = NULL;

	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_RESULT && str_eq(d->list, list) &&
		    str_eq(d->requirement, item) &&
		    str_eq(d->component, component))
			last = d;
	return last;
}

/* A finding may name a requirement itself: that is a failure, unless a
 * person says otherwise. */
static const struct case_item *
named_by(const struct case_file *c, struct str item)
{
	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct entry_list *l = &c->items[i].now->requirements;

		for (uint32_t k = 0; k < l->len; k++)
			if (c->items[i].now->type == ENTRY_FINDING &&
			    c->items[i].now->status != STATUS_WITHDRAWN &&
			    str_eq(l->at[k], item))
				return &c->items[i];
	}
	return NULL;
}

static const struct case_item *
item_of(const struct case_file *c, const struct decision_of *of)
{
	for (uint32_t i = 0; of->record.len > 0 && i < c->n_items; i++)
		if (c->items[i].now->seq == of->number &&
		    str_eq(c->items[i].from->said.record, of->record))
			return &c->items[i];
	return NULL;
}

static void
put_row(struct page *p, const struct checklist *l,
    const struct checklist_item *x, struct str component, struct str *cell,
    uint32_t n[RESULTS])
{
	const struct decision *d = result_of(p->c, l->id, x->id, component);
	const struct case_item *it = named_by(p->c, x->id);
	enum decision_result r = RESULT_NOT_REACHED;

	cell[0] = x->id;
	cell[1] = x->title;
	cell[2] = component.len > 0 ? component : STR("all");
	if (d != NULL) {
		const struct case_item *of = item_of(p->c, &d->finding);

		r = d->result;
		cell[4] = arena_printf(&p->a, "%.*s%s%.*s (%.*s, %.*s)",
		    STR_ARG(d->reason), of != NULL ? "; " : "",
		    STR_ARG(of != NULL ? case_number(of, &p->a) :
					 (struct str){ 0 }),
		    STR_ARG(d->by), STR_ARG(report_time(d->time, &p->a)));
	} else if (it != NULL) {
		r = RESULT_FAIL;
		cell[4] = arena_printf(&p->a, "%.*s names it",
		    STR_ARG(case_number(it, &p->a)));
	}
	cell[3] = str_of(decision_result_name(r));
	n[r]++;
}

static uint32_t
rows_of(const struct checklist *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->n_items; i++)
		n +=
		    l->items[i].n_components > 0 ? l->items[i].n_components : 1;
	return n;
}

/* Components that only a result names are rows as well: whoever said it for
 * one component said it. */
static uint32_t
extra(const struct case_file *c, const struct checklist *l,
    const struct checklist_item *x, struct arena *a, struct str **out)
{
	uint32_t n = 0, most = 0;

	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		most++;
	*out = arena_array(a, most + 1, struct str);
	for (const struct decision *d = c->decisions; d != NULL; d = d->next) {
		bool known = d->component.len == 0;

		if (d->kind != DECISION_RESULT || !str_eq(d->list, l->id) ||
		    !str_eq(d->requirement, x->id))
			continue;
		for (uint32_t i = 0; i < x->n_components; i++)
			known = known || str_eq(x->components[i], d->component);
		for (uint32_t i = 0; i < n; i++)
			known = known || str_eq((*out)[i], d->component);
		if (!known)
			(*out)[n++] = d->component;
	}
	return n;
}

static void
put_list(struct page *p, const struct checklist *l)
{
	enum { COLUMNS = 5 };
	static const char *const head[COLUMNS] = { "Requirement", "Title",
		"Component", "Result", "Evidence" };
	uint32_t n[RESULTS] = { 0 }, row = 1, most = rows_of(l) + 1;
	struct str *cells, *more, none = { 0 };

	for (const struct decision *d = p->c->decisions; d != NULL; d = d->next)
		most++;
	cells = arena_array(&p->a, (size_t)most * COLUMNS, struct str);
	for (int i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	for (uint32_t i = 0; i < l->n_items; i++) {
		const struct checklist_item *x = &l->items[i];
		uint32_t extras = extra(p->c, l, x, &p->a, &more);

		for (uint32_t k = 0; k < x->n_components; k++)
			put_row(p, l, x, x->components[k],
			    cells + (size_t)COLUMNS * row++, n);
		for (uint32_t k = 0; k < extras; k++)
			put_row(p, l, x, more[k],
			    cells + (size_t)COLUMNS * row++, n);
		if (x->n_components + extras == 0 ||
		    (x->n_components == 0 &&
			result_of(p->c, l->id, x->id, none) != NULL))
			put_row(p, l, x, none, cells + (size_t)COLUMNS * row++,
			    n);
	}
	page_text(p, REPORT_PLAIN,
	    arena_printf(&p->a,
		"%.*s: %u pass, %u fail, %u not applicable, %u not reached.",
		STR_ARG(l->source), n[RESULT_PASS], n[RESULT_FAIL],
		n[RESULT_NOT_APPLICABLE], n[RESULT_NOT_REACHED]));
	page_table(p, cells, row, COLUMNS);
}

void
compose_lists(struct page *p)
{
	if (p->c->n_lists == 0)
		return;
	page_heading(p, 2, STR("requirements"), STR("Requirements"));
	for (uint32_t i = 0; i < p->c->n_lists; i++) {
		const struct checklist *l = &p->c->lists[i].list;

		page_heading(p, 3,
		    arena_printf(&p->a, "list-%.*s", STR_ARG(l->id)), l->title);
		if (!p->collecting)
			put_list(p, l);
	}
}
