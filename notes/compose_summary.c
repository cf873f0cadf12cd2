#include "notes/compose.h"

#include "notes/standing.h"

/* Findings that speak for themselves. */
static bool
counts(const struct case_item *it)
{
	return it->now->type == ENTRY_FINDING && it->lead == 0;
}

static uint32_t
findings(const struct case_file *c)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n_items; i++)
		n += counts(&c->items[i]);
	return n;
}

static void
put_severities(struct page *p)
{
	struct str labels[SEVERITIES];
	uint32_t n[SEVERITIES] = { 0 };

	for (int s = 0; s < SEVERITIES; s++)
		labels[s] = str_of(entry_severity_name(
		    (enum entry_severity)(SEVERITIES - 1 - s)));
	for (uint32_t i = 0; i < p->c->n_items; i++)
		if (counts(&p->c->items[i]))
			n[SEVERITIES - 1 - p->c->items[i].severity]++;
	p->pen->bars(p->out, STR("Findings by severity"), labels, n,
	    SEVERITIES);
}

static void
put_statuses(struct page *p)
{
	struct str labels[STATUSES];
	uint32_t n[STATUSES] = { 0 };

	for (int s = 0; s < STATUSES; s++)
		labels[s] = str_of(entry_status_name((enum entry_status)s));
	for (uint32_t i = 0; i < p->c->n_items; i++)
		if (counts(&p->c->items[i]))
			n[p->c->items[i].now->status]++;
	p->pen->bars(p->out, STR("Findings by status"), labels, n, STATUSES);
}

static void
put_overview(struct page *p)
{
	enum { COLUMNS = 5 };
	static const char *const head[COLUMNS] = { "Finding", "Severity",
		"Status", "Weakness", "Place" };
	uint32_t n = findings(p->c), row = 1;
	struct str *cells =
	    arena_array(&p->a, (size_t)(n + 1) * COLUMNS, struct str);

	for (int i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	for (uint32_t i = 0; i < p->c->n_items; i++) {
		const struct case_item *it = &p->c->items[i];
		struct str *cell = cells + (size_t)row * COLUMNS;

		if (!counts(it))
			continue;
		cell[0] = page_title(p, it);
		cell[1] = arena_printf(&p->a, "%s%s",
		    entry_severity_name(it->severity),
		    it->dissent ? " (dissent)" : "");
		cell[2] = str_of(entry_status_name(it->now->status));
		cell[3] = it->now->cwe;
		cell[4] = report_place_for(p->c) ?
		    report_place(it->now, &p->a) :
		    arena_printf(&p->a, "%.*s.P",
			STR_ARG(case_number(it, &p->a)));
		row++;
	}
	page_table(p, cells, row, COLUMNS);
}

/* The last day that any of the exports names: yyyy-mm-dd sorts by time. */
static struct str
embargo(const struct case_file *c)
{
	struct str last = { 0 };

	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (str_cmp(c->bundles[i]->said.embargo, last) > 0)
			last = c->bundles[i]->said.embargo;
	return last;
}

void
compose_summary(struct page *p)
{
	const struct case_file *c = p->c;
	struct page_fields f = { .n = 0 };
	uint32_t open = 0, all = report_count(c, ENTRY_FINDING);

	page_heading(p, 2, STR("summary"), STR("Summary"));
	if (p->collecting)
		return;
	for (uint32_t i = 0; i < c->n_pairs; i++)
		open += c->pairs[i].state == PAIR_OPEN;
	page_field(&f, "Findings", page_count(p, findings(c)));
	if (all > findings(c))
		page_field(&f, "Declared one with another",
		    page_count(p, all - findings(c)));
	if (open > 0)
		page_field(&f, "Pairs that may be one, undecided",
		    page_count(p, open));
	page_field(&f, "Questions",
	    page_count(p, report_count(c, ENTRY_QUESTION)));
	page_field(&f, "Notes", page_count(p, report_count(c, ENTRY_NOTE)));
	page_field(&f, "Exports", page_count(p, c->n_bundles + c->n_pages));
	page_field(&f, "Not to be published before", embargo(c));
	page_fields(p, &f);
	put_severities(p);
	put_statuses(p);
	put_overview(p);
}

static void
put_standings(struct page *p, const struct case_item *it,
    const struct fleet_group *groups, uint32_t n, struct str *cell)
{
	struct standing_row *rows;
	uint32_t sum[STANDINGS] = { 0 };
	struct str names[STANDINGS] = { { 0 } };

	n = standing_rows(p->c, &p->a, it, groups, n, &rows);
	for (uint32_t i = 0; i < n; i++) {
		const struct fleet_group *g = &rows[i].where;
		struct str *name = &names[rows[i].is.is];

		sum[rows[i].is.is] += g->customers;
		*name = arena_printf(&p->a, "%.*s%s%.*s%s%.*s", STR_ARG(*name),
		    name->len > 0 ? ", " : "", STR_ARG(g->release),
		    g->component.len > 0 ? " " : "", STR_ARG(g->component));
		/* A long list says no more on paper. */
		if (name->len > 400)
			*name = arena_printf(&p->a, "%.*s ...",
			    STR_ARG(str_slice(*name, 0, 380)));
	}
	cell[0] = page_title(p, it);
	for (int s = 0; s < STANDINGS; s++)
		cell[1 + s] = groups == NULL || sum[s] == 0 ?
		    names[s] :
		    arena_printf(&p->a, "%.*s (%u customers)",
			STR_ARG(names[s]), sum[s]);
}

void
compose_fleet(struct page *p)
{
	enum { COLUMNS = 1 + STANDINGS };
	uint32_t n = findings(p->c), row = 1, n_groups;
	struct fleet_group *groups;
	struct str *cells;

	if (n == 0)
		return;
	page_heading(p, 2, STR("affected"), STR("Who is affected"));
	if (p->collecting)
		return;
	n_groups = fleet_groups(&p->c->fleet, &p->a, &groups);
	if (n_groups == 0)
		groups = NULL;
	cells = arena_array(&p->a, (size_t)(n + 1) * COLUMNS, struct str);
	cells[0] = STR("Finding");
	for (int s = 0; s < STANDINGS; s++)
		cells[1 + s] =
		    str_of(decision_standing_name((enum decision_standing)s));
	for (uint32_t i = 0; i < p->c->n_items; i++)
		if (counts(&p->c->items[i]))
			put_standings(p, &p->c->items[i], groups, n_groups,
			    cells + (size_t)COLUMNS * row++);
	page_table(p, cells, row, COLUMNS);
	page_text(p, REPORT_PLAIN,
	    STR("Not affected means that the lines are not there, or that a "
		"person decided so; whether code can be reached by an "
		"attacker is not judged.  What nobody looked at is under "
		"investigation."));
}
