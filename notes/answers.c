#include "notes/answers.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "notes/ballot.h"
#include "notes/bureau.h"
#include "notes/report.h"
#include "notes/standing.h"

struct call {
	const struct case_file *c;
	struct arena a;
	int argc;
	char **argv;
	struct buf *out;
};

/* One line of what somebody typed. */
static void
put(struct call *k, struct str text)
{
	text_show(k->out, str_slice(text, 0, str_find(text, STR("\n"), 0)),
	    (struct text_style){ 0 }, SIZE_MAX);
}

static void
put_padded(struct call *k, struct str text, uint32_t width)
{
	size_t fit = text_fit(text, (struct text_style){ 0 }, width);
	uint32_t is;

	text = str_slice(text, 0, fit);
	is = text_width(text, (struct text_style){ 0 });
	text_show(k->out, text, (struct text_style){ 0 }, SIZE_MAX);
	for (; is < width; is++)
		buf_char(k->out, ' ');
	buf_char(k->out, ' ');
}

static void
put_item(struct call *k, const struct case_item *it)
{
	const struct case_item *lead = case_lead(k->c, it);

	put_padded(k, case_number(it, &k->a), 6);
	put_padded(k, str_of(entry_severity_name(lead->severity)), 8);
	put_padded(k, it->id, 14);
	if (lead != it)
		buf_printf(k->out, "(one with %.*s) ",
		    STR_ARG(case_number(lead, &k->a)));
	if (it->dissent)
		buf_str(k->out,
		    it->ruled ? STR("(dissent) ") : STR("(votes differ) "));
	put(k, it->now->title.len > 0 ? it->now->title : it->now->text);
	buf_char(k->out, '\n');
}

static void
put_pairs(struct call *k, bool open_only)
{
	for (uint32_t i = 0; i < k->c->n_pairs; i++) {
		const struct case_pair *p = &k->c->pairs[i];

		if (open_only && p->state != PAIR_OPEN)
			continue;
		buf_printf(k->out, "%.*s and %.*s: %s",
		    STR_ARG(case_number(&k->c->items[p->a], &k->a)),
		    STR_ARG(case_number(&k->c->items[p->b], &k->a)), p->why);
		if (p->state == PAIR_OPEN)
			buf_str(k->out, STR(".  One, or two?"));
		else
			buf_printf(k->out, "; %s, says %.*s",
			    p->state == PAIR_SAME ? "one" : "two",
			    STR_ARG(p->by->by));
		buf_char(k->out, '\n');
	}
}

/* Pages of source that left as a file: which, for what, by whom. */
static void
put_page(struct call *k, const struct case_pages *g)
{
	put_padded(k, STR("pages"), 15);
	put_padded(k, g->auditor, 14);
	put(k, g->numbers);
	if (g->finding > 0) {
		buf_str(k->out, STR(", for "));
		put(k, report_pages_what(k->c, g, &k->a));
	}
	buf_char(k->out, '\n');
}

static enum err
list(struct call *k)
{
	for (uint32_t i = 0; i < k->c->n_items; i++)
		put_item(k, &k->c->items[i]);
	for (uint32_t i = 0; i < k->c->n_pages; i++)
		put_page(k, k->c->pages[i]);
	if (k->c->n_items == 0 && k->c->n_pages == 0)
		buf_str(k->out, STR("nothing in the case yet\n"));
	put_pairs(k, true);
	return ERR_NONE;
}

static enum err
pairs(struct call *k)
{
	put_pairs(k, false);
	if (k->c->n_pairs == 0)
		buf_str(k->out, STR("no two findings look like one\n"));
	return ERR_NONE;
}

static enum err
item_of(const struct case_item **out, struct call *k, int i)
{
	*out = case_find(k->c, str_of(k->argv[i]));
	if (*out == NULL)
		return fail(ERR_ABSENT,
		    "%s: not in the case; vitrine-report list lists what is",
		    k->argv[i]);
	return ERR_NONE;
}

static void
put_vote(void *arg, const struct case_vote *v)
{
	struct call *k = arg;

	put_padded(k, str_of(entry_severity_name(v->severity)), 8);
	put_padded(k, v->by, 20);
	buf_printf(k->out, "%.*s key %.*s%s",
	    STR_ARG(report_time(v->time, &k->a)), STR_ARG(v->key_id),
	    v->author ? ", in the finding" : "");
	if (v->reason.len > 0) {
		buf_str(k->out, STR(": "));
		put(k, v->reason);
	}
	buf_char(k->out, '\n');
}

static enum err
votes(struct call *k)
{
	const struct case_item *it;
	const struct decision *d;
	enum err rc = item_of(&it, k, 1);

	if (rc != ERR_NONE)
		return rc;
	it = case_lead(k->c, it);
	put_item(k, it);
	ballot_each(k->c, it, put_vote, k);
	d = ballot_ruling(k->c, it);
	if (d != NULL)
		buf_printf(k->out, "ruled %s by %.*s: %.*s\n",
		    entry_severity_name(d->severity), STR_ARG(d->by),
		    STR_ARG(d->reason));
	return ERR_NONE;
}

/* Customers of a group, each once. */
static void
put_customers(struct call *k, const struct fleet_group *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		if (i > 0 &&
		    str_eq(g->rows[i - 1].customer, g->rows[i].customer))
			continue;
		buf_str(k->out, STR("        "));
		put(k, g->rows[i].customer);
		buf_char(k->out, '\n');
	}
}

static void
put_row(struct call *k, const struct standing_row *r, bool customers)
{
	put_padded(k, str_of(decision_standing_name(r->is.is)), 19);
	put_padded(k, r->where.release, 12);
	put_padded(k,
	    r->where.component.len > 0 ? r->where.component : STR("(all)"), 16);
	buf_printf(k->out, "%6u  fix %s; ", r->where.customers,
	    r->is.fix == FIX_UNKNOWN ? "?" : findings_fix_name(r->is.fix));
	put(k, r->is.why);
	buf_char(k->out, '\n');
	if (customers)
		put_customers(k, &r->where);
}

/* affected FINDING [-]: with the customers' names when asked for all. */
static enum err
affected(struct call *k)
{
	static const enum decision_standing order[STANDINGS] = {
		STANDING_AFFECTED,
		STANDING_INVESTIGATED,
		STANDING_FIXED,
		STANDING_NOT_AFFECTED,
	};
	const struct case_item *it;
	struct standing_row *rows;
	struct fleet_group *groups;
	bool all = k->argc > 2 && strcmp(k->argv[2], "all") == 0;
	uint32_t n, sum[STANDINGS] = { 0 };
	enum err rc = item_of(&it, k, 1);

	if (rc == ERR_NONE && k->argc > 2 && !all)
		rc = fail(ERR_FORMAT, "%s: only \"all\" is known here",
		    k->argv[2]);
	if (rc != ERR_NONE)
		return rc;
	put_item(k, it);
	n = fleet_groups(&k->c->fleet, &k->a, &groups);
	n = standing_rows(k->c, &k->a, it, groups, n, &rows);
	for (uint32_t i = 0; i < n; i++)
		sum[rows[i].is.is] += rows[i].where.n;
	for (int s = 0; s < STANDINGS; s++)
		for (uint32_t i = 0; i < n; i++)
			if (rows[i].is.is == order[s])
				put_row(k, &rows[i],
				    all || s == 0 || rows[i].where.n <= 3);
	if (k->c->fleet.n == 0)
		buf_str(k->out,
		    STR("no deployments in the case: vitrine-report "
			"deployments FILE.csv takes them in\n"));
	else
		buf_printf(k->out,
		    "of %u deployments: %u affected, %u under investigation, "
		    "%u fixed, %u not affected\n",
		    k->c->fleet.n, sum[STANDING_AFFECTED],
		    sum[STANDING_INVESTIGATED], sum[STANDING_FIXED],
		    sum[STANDING_NOT_AFFECTED]);
	return ERR_NONE;
}

static enum err
log_of(struct call *k)
{
	const struct decision *d = k->c->decisions;
	uint32_t i = 0;

	/* Two lists in the order of one: exports and sessions, decisions. */
	while (i < k->c->n_steps || d != NULL) {
		const struct case_step *s =
		    i < k->c->n_steps ? &k->c->steps[i] : NULL;
		bool step =
		    s != NULL && (d == NULL || s->seq < d->seq || d->seq == 0);

		buf_printf(k->out, "%.*s  ",
		    STR_ARG(report_time(step ? s->time : d->time, &k->a)));
		put_padded(k, step ? s->by : d->by, 12);
		put_padded(k,
		    step ? s->kind : str_of(decision_kind_name(d->kind)), 12);
		put(k, step ? s->text : bureau_words(k->c, &k->a, d));
		if (!step)
			buf_str(k->out,
			    d->key_id.len > 0 ? STR("  (signed)") :
						STR("  (not signed)"));
		buf_char(k->out, '\n');
		if (step)
			i++;
		else
			d = d->next;
	}
	return ERR_NONE;
}

static enum err
requirements(struct call *k)
{
	for (uint32_t i = 0; i < k->c->n_lists; i++) {
		const struct checklist *l = &k->c->lists[i].list;

		put(k, l->id);
		buf_str(k->out, STR(": "));
		put(k, l->title);
		buf_char(k->out, '\n');
		for (uint32_t n = 0; n < l->n_items; n++) {
			buf_str(k->out, STR("  "));
			put_padded(k, l->items[n].id, 16);
			put(k, l->items[n].title);
			buf_char(k->out, '\n');
		}
	}
	if (k->c->n_lists == 0)
		buf_str(k->out,
		    STR("no checklist in the case: vitrine-report checklist "
			"FILE takes one in\n"));
	return ERR_NONE;
}

static const struct {
	struct answers a;
	int least, most;
	enum err (*fill)(struct call *k);
} answers[] = {
	{ { "list", "", "what is in the case, and what may be one" }, 0, 0,
	    list },
	{ { "pairs", "", "findings that may be one, and what was decided" }, 0,
	    0, pairs },
	{ { "votes", "FINDING", "who says what of a severity" }, 1, 1, votes },
	{ { "affected", "FINDING [all]", "releases, components and customers" },
	    1, 2, affected },
	{ { "requirements", "", "the checklists and their items" }, 0, 0,
	    requirements },
	{ { "log", "", "every step, with author and time" }, 0, 0, log_of },
};
enum { ANSWERS = sizeof answers / sizeof answers[0] };

const struct answers *
answers_at(size_t i)
{
	return i < ANSWERS ? &answers[i].a : NULL;
}

const struct answers *
answers_find(const char *name)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].a.name, name) == 0)
			return &answers[i].a;
	return NULL;
}

enum err
answers_run(const struct case_file *c, int argc, char **argv, struct buf *out)
{
	struct call k = { .c = c, .argc = argc, .argv = argv, .out = out };
	size_t i = 0;
	enum err rc;

	while (i < ANSWERS && strcmp(answers[i].a.name, argv[0]) != 0)
		i++;
	if (i == ANSWERS)
		bug("no answer is called %s", argv[0]);
	if (argc - 1 < answers[i].least || argc - 1 > answers[i].most)
		return fail(ERR_LIMIT, "usage: vitrine-report %s%s%s", argv[0],
		    answers[i].a.usage[0] == '\0' ? "" : " ",
		    answers[i].a.usage);
	rc = answers[i].fill(&k);
	arena_release(&k.a);
	return rc;
}
