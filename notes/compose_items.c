#include "notes/compose.h"

#include "notes/ballot.h"
#include "notes/cite.h"
#include "notes/standing.h"

static struct str
dates(struct page *p, const struct case_item *it)
{
	struct str made = report_time(it->created, &p->a);

	if (it->now->time == it->created)
		return made;
	return arena_printf(&p->a, "%.*s, last changed %.*s", STR_ARG(made),
	    STR_ARG(report_time(it->now->time, &p->a)));
}

static struct str
region_code(struct page *p, const struct case_item *it)
{
	struct buf hex = { 0 };
	struct str text;

	if (it->now->at.first == 0)
		return (struct str){ 0 };
	buf_hex(&hex, it->now->at.region.at, 8);
	text = arena_copy(&p->a, buf_view(&hex));
	buf_release(&hex);
	return text;
}

static struct str
severity(struct page *p, const struct case_item *it)
{
	const char *is = entry_severity_name(it->severity);

	if (it->ruled)
		return arena_printf(&p->a, "%s, as ruled%s", is,
		    it->dissent ? "; votes differ" : "");
	if (it->dissent)
		return arena_printf(&p->a,
		    "%s, the highest of votes that "
		    "differ",
		    is);
	return str_of(is);
}

static void
put_place(struct page *p, const struct case_item *it, struct page_fields *f)
{
	const struct entry *e = it->now;

	if (!e->anchored)
		return;
	page_field(f, "Release", report_release(it, &p->a));
	if (!report_place_for(p->c)) {
		page_field(f, "Place",
		    arena_printf(&p->a, "%.*s.P, in the annex",
			STR_ARG(case_number(it, &p->a))));
		return;
	}
	page_field(f, "Place", report_place(e, &p->a));
	page_field(f, "Commit",
	    arena_copy(&p->a, str_of(oid_text(&e->at.commit).hex)));
	page_field(f, "Region code", region_code(p, it));
}

static void
put_fields(struct page *p, const struct case_item *it)
{
	const struct entry *e = it->now;
	struct page_fields f = { .n = 0 };

	if (e->type == ENTRY_FINDING) {
		page_field(&f, "Severity", severity(p, it));
		page_field(&f, "Confidence",
		    str_of(entry_confidence_name(e->confidence)));
		page_field(&f, "Status", str_of(entry_status_name(e->status)));
	}
	page_field(&f, "Kind", e->class);
	page_field(&f, "Weakness", e->cwe);
	page_field(&f, "CVSS 4.0", report_scored(&p->a, e->cvss4));
	page_field(&f, "CVSS 3.1", report_scored(&p->a, e->cvss3));
	put_place(p, it, &f);
	page_field(&f, "Affected releases", report_list(&e->affected, &p->a));
	page_field(&f, "Requirements", report_list(&e->requirements, &p->a));
	for (uint32_t i = 0, n = 0; i < p->c->n_pages; i++)
		if (report_pages_for(p->c->pages[i], it) && n++ < 10)
			page_field(&f, "Pages of source",
			    p->c->pages[i]->numbers);
	page_field(&f, "By", it->from->author);
	page_field(&f, "In the record", it->id);
	page_field(&f, "Written", dates(p, it));
	if (e->due > 0)
		page_field(&f, "Answer due", report_time(e->due, &p->a));
	page_fields(p, &f);
	page_cite(p, report_citation(p->c, it, &p->a));
}

struct table {
	struct page *p;
	struct str *cells;
	size_t rows, room, columns;
};

static void
table_start(struct table *t, struct page *p, const char *const *head,
    size_t columns, size_t room)
{
	t->p = p;
	t->columns = columns;
	t->room = room + 1;
	t->rows = 1;
	t->cells = arena_array(&p->a, t->room * columns, struct str);
	for (size_t i = 0; i < columns; i++)
		t->cells[i] = str_of(head[i]);
}

static struct str *
table_row(struct table *t)
{
	if (t->rows == t->room)
		bug("a table that is too small");
	return t->cells + t->columns * t->rows++;
}

static void
put_vote(void *arg, const struct case_vote *v)
{
	struct table *t = arg;
	struct str *cell = table_row(t);
	struct page *p = t->p;
	struct str reason = v->reason;

	if (v->vector.len > 0)
		reason = arena_printf(&p->a, "%.*s (%.*s)", STR_ARG(reason),
		    STR_ARG(report_scored(&p->a, v->vector)));
	cell[0] = str_of(entry_severity_name(v->severity));
	cell[1] = v->by;
	cell[2] = report_time(v->time, &p->a);
	cell[3] = v->author ? STR("in the finding") : reason;
	cell[4] = v->key_id;
}

static void
count_vote(void *arg, const struct case_vote *v)
{
	(void)v;
	++*(size_t *)arg;
}

/* Votes are printed where there is more than the author's. */
static void
put_votes(struct page *p, const struct case_item *it)
{
	static const char *const head[] = { "Severity", "Says", "When", "Why",
		"Signed with key" };
	const struct decision *d = ballot_ruling(p->c, it);
	struct table t;
	size_t n = 0;

	ballot_each(p->c, it, count_vote, &n);
	if (n > 1) {
		table_start(&t, p, head, 5, n);
		ballot_each(p->c, it, put_vote, &t);
		page_table(p, t.cells, t.rows, 5);
	}
	if (d != NULL)
		page_labelled(p, "Ruling", REPORT_PLAIN,
		    arena_printf(&p->a, "%s, by %.*s on %.*s: %.*s",
			entry_severity_name(d->severity), STR_ARG(d->by),
			STR_ARG(report_time(d->time, &p->a)),
			STR_ARG(d->reason)));
}

/* State of the described fix in each release. */
static void
put_releases(struct page *p, const struct case_item *it)
{
	static const char *const head[] = { "Release", "Standing", "Lines",
		"Fix", "Because" };
	struct standing_row *rows;
	uint32_t n = standing_rows(p->c, &p->a, it, NULL, 0, &rows);
	struct table t;

	if (n == 0 || it->now->type != ENTRY_FINDING)
		return;
	table_start(&t, p, head, 5, n);
	for (uint32_t i = 0; i < n; i++) {
		struct str *cell = table_row(&t);
		const struct standing *s = &rows[i].is;

		cell[0] = rows[i].where.release;
		cell[1] = str_of(decision_standing_name(s->is));
		cell[2] = s->region == REGION_UNKNOWN ?
		    STR("not looked at") :
		    str_of(findings_region_name(s->region));
		cell[3] = s->fix == FIX_UNKNOWN ?
		    STR("not looked at") :
		    str_of(findings_fix_name(s->fix));
		cell[4] = s->why;
	}
	page_table(p, t.cells, t.rows, 5);
}

static void
put_red(struct page *p, const struct case_item *it)
{
	const struct entry *e = it->now;

	if (e->red.len == 0)
		return;
	if (!report_red_for(p->c, it)) {
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a,
			"A part of this is restricted: %.*s.R, in the annex.",
			STR_ARG(case_number(it, &p->a))));
		return;
	}
	page_labelled(p, "Restricted", REPORT_RED, e->red);
	page_labelled(p, "Restricted to", REPORT_RED,
	    report_list(&e->recipients, &p->a));
}

static void
put_words(struct page *p, const struct case_item *it)
{
	const struct entry *e = it->now;
	const struct {
		const char *label;
		struct str text;
	} parts[] = {
		{ "Claim", e->claim },
		{ NULL, e->text },
		{ "Evidence", e->evidence },
		{ "Remedy", e->remediation },
		{ "Answer", e->answer },
	};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct str text =
		    report_text_for(p->c, it, parts[i].text, &p->a);

		if (parts[i].label == NULL)
			page_text(p, REPORT_PLAIN, text);
		else
			page_labelled(p, parts[i].label, REPORT_PLAIN, text);
	}
	put_red(p, it);
}

/* Those that were declared one with it, in their own words. */
static void
put_merged(struct page *p, const struct case_item *lead)
{
	for (uint32_t i = 0; i < p->c->n_items; i++) {
		const struct case_item *it = &p->c->items[i];

		if (it == lead || case_lead(p->c, it) != lead)
			continue;
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a, "The same, as %.*s saw it: %.*s (%s).",
			STR_ARG(it->from->author), STR_ARG(page_title(p, it)),
			entry_severity_name(it->now->severity)));
		put_words(p, it);
		page_cite(p, report_citation(p->c, it, &p->a));
	}
	for (uint32_t i = 0; i < p->c->n_pairs; i++) {
		const struct case_pair *x = &p->c->pairs[i];
		const struct case_item *a = &p->c->items[x->a];
		const struct case_item *b = &p->c->items[x->b];

		if ((a != lead && b != lead) || x->state == PAIR_APART)
			continue;
		page_text(p, REPORT_PLAIN,
		    x->state == PAIR_OPEN ?
			arena_printf(&p->a,
			    "Hangs on what %.*s hangs on (%s): possibly the "
			    "same finding.  Nobody has decided.",
			    STR_ARG(case_number(a == lead ? b : a, &p->a)),
			    x->why) :
			arena_printf(&p->a,
			    "%.*s and %.*s are one, says %.*s on %.*s: %.*s",
			    STR_ARG(case_number(a, &p->a)),
			    STR_ARG(case_number(b, &p->a)), STR_ARG(x->by->by),
			    STR_ARG(report_time(x->by->time, &p->a)),
			    STR_ARG(x->by->reason)));
	}
}

static void
put_item(struct page *p, const struct case_item *it)
{
	page_heading(p, 3, case_number(it, &p->a), page_title(p, it));
	if (p->collecting)
		return;
	put_fields(p, it);
	put_words(p, it);
	if (it->now->type != ENTRY_FINDING)
		return;
	put_votes(p, it);
	put_releases(p, it);
	put_merged(p, it);
}

static const struct {
	enum entry_type type;
	const char *id, *title, *none;
} parts[] = {
	{ ENTRY_FINDING, "findings", "Findings", "No finding was released." },
	{ ENTRY_QUESTION, "questions", "Questions to the vendor", NULL },
	{ ENTRY_NEGATIVE, "negatives", "Looked for, and not there", NULL },
	{ ENTRY_ASSUMPTION, "assumptions", "Assumptions", NULL },
	{ ENTRY_NOTE, "notes", "Notes", NULL },
	{ ENTRY_CITATION, "citations", "Places quoted", NULL },
};

void
compose_items(struct page *p)
{
	for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
		uint32_t n = report_count(p->c, parts[k].type);

		if (n == 0 && parts[k].none == NULL)
			continue;
		page_heading(p, 2, str_of(parts[k].id), str_of(parts[k].title));
		if (n == 0)
			page_text(p, REPORT_PLAIN, str_of(parts[k].none));
		for (uint32_t i = 0; i < p->c->n_items; i++)
			if (p->c->items[i].now->type == parts[k].type &&
			    p->c->items[i].lead == 0)
				put_item(p, &p->c->items[i]);
	}
}

/* F-7.P, F-7.C1, F-7.R: what the public report's numbers stand for. */
static void
put_citations(struct page *p, const struct case_item *it)
{
	struct str number = case_number(it, &p->a);
	struct str texts[REPORT_TEXTS];
	uint32_t n = 0;

	report_texts(it->now, texts);
	for (int k = 0; k < REPORT_TEXTS; k++) {
		struct cite_list list = { NULL, 0 };

		if (cite_find(&list, &p->a, texts[k]) != ERR_NONE)
			err_clear();
		for (uint32_t i = 0; i < list.len; i++) {
			const struct cite *one = &list.at[i];

			page_text(p, REPORT_PLAIN,
			    arena_printf(&p->a, "%.*s.C%u:", STR_ARG(number),
				++n));
			page_cite(p, str_slice(texts[k], one->at, one->len));
		}
	}
}

static void
put_resolved(struct page *p, const struct case_item *it)
{
	struct str number = case_number(it, &p->a);
	const struct entry *e = it->now;

	page_heading(p, 3, number, page_title(p, it));
	if (e->anchored) {
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a, "%.*s.P: %.*s, release %.*s",
			STR_ARG(number), STR_ARG(report_place(e, &p->a)),
			STR_ARG(report_release(it, &p->a))));
		page_cite(p, report_citation(p->c, it, &p->a));
	}
	if (e->red.len > 0)
		page_text(p, REPORT_RED,
		    arena_printf(&p->a, "%.*s.R: %.*s", STR_ARG(number),
			STR_ARG(e->red)));
	put_citations(p, it);
}

void
compose_annex(struct page *p)
{
	page_heading(p, 2, STR("numbers"), STR("What the numbers stand for"));
	page_text(p, REPORT_PLAIN,
	    STR("The public report has a number where a place (P), a citation "
		"(C) or a restricted part (R) stood, after the number of what "
		"it belongs to: F-7.P.  They stay what they are in every "
		"report of this case."));
	for (uint32_t i = 0; i < p->c->n_items; i++)
		put_resolved(p, &p->c->items[i]);
}
