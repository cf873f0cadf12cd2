#include "policy/sheet.h"

#include "policy/texts.h"

static size_t
line_of(struct str bytes, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < bytes.len; i++)
		line += bytes.at[i] == '\n';
	return line;
}

static void
put_hash(struct buf *out, const char *what, const struct hash *h)
{
	buf_printf(out, "%-14s", what);
	buf_hex(out, h->at, 16);
	buf_printf(out, "\n%-14s", "");
	buf_hex(out, h->at + 16, 16);
	buf_char(out, '\n');
}

static void
put_spans(struct buf *out, const struct verdict_source *v, struct str bytes)
{
	enum { SPANS_MAX = 40 };

	for (uint32_t i = 0; v != NULL && i < v->n_spans && i < SPANS_MAX; i++)
		buf_printf(out, "  line %zu: %u tokens%s\n",
		    line_of(bytes, v->spans[i].at), v->spans[i].tokens,
		    v->spans[i].kind == SPAN_PUBLIC      ? " of public text" :
			v->spans[i].kind >= SPAN_CLASSES ? ", a question" :
							   " of source");
	if (v != NULL && v->n_spans > SPANS_MAX)
		buf_printf(out, "  and %u places more\n",
		    v->n_spans - SPANS_MAX);
}

static void
put_ledger(struct buf *out, const struct rules *r, const struct parcel *p,
    const struct ledger *l)
{
	const struct rules_export *e = &r->export;
	struct ledger_row row = ledger_of(l, p->author);

	buf_printf(out,
	    "%.*s let out before: %llu exports, %llu bytes (%llu may), "
	    "%llu tokens of source (%llu may)\n",
	    STR_ARG(p->author), (unsigned long long)row.exports,
	    (unsigned long long)row.bytes,
	    (unsigned long long)rules_share(r, p->author, e->bytes_total),
	    (unsigned long long)row.quoted,
	    (unsigned long long)rules_share(r, p->author, e->quote_total));
	if (p->pages != NULL)
		buf_printf(out,
		    "%.*s printed before: %llu pages (%llu may), %llu lines\n",
		    STR_ARG(p->author), (unsigned long long)row.pages,
		    (unsigned long long)r->excerpt.pages_person,
		    (unsigned long long)row.lines);
}

void
sheet_checks(struct buf *out, const struct rules *r, const struct parcel *p,
    const struct gate *g, const struct verdict_source *v,
    const struct ledger *l, int64_t now)
{
	if (p->pages != NULL)
		buf_printf(out,
		    "session %.*s, %.*s asks for %llu page%s of source %s\n",
		    STR_ARG(r->session), STR_ARG(p->author),
		    (unsigned long long)p->pages->pages,
		    p->pages->pages == 1 ? "" : "s",
		    p->pages->paper ? "on paper" : "as a file");
	else
		buf_printf(out,
		    "session %.*s, %.*s asks for %zu bytes to leave\n",
		    STR_ARG(r->session), STR_ARG(p->author), p->bytes.len);
	buf_str(out, STR("checked at "));
	approval_time(out, now);
	buf_char(out, '\n');
	put_hash(out, "SHA-256", &g->of);
	buf_printf(out, "verdict: %s\n", gate_verdict_name(g->verdict));
	for (uint32_t i = 0; i < g->n_rows; i++)
		buf_printf(out, "  %-10s %-14s %.*s\n", g->rows[i].check,
		    gate_verdict_name(g->rows[i].verdict),
		    STR_ARG(g->rows[i].why));
	put_spans(out, v, p->bytes);
	put_ledger(out, r, p, l);
	if (r->answer_days > 0)
		buf_printf(out, "an answer is due within %u days\n",
		    r->answer_days);
}

static void
put_classes(struct buf *out, const struct parcel *p)
{
	uint32_t set = p->classes | texts_classes(p->bytes);
	bool first = true;

	buf_printf(out, "%-14s", "Classes");
	for (enum class c = 0; c < CLASSES; c++) {
		if ((set >> c & 1) == 0)
			continue;
		buf_printf(out, "%s%s", first ? "" : ", ", rules_class_name(c));
		first = false;
	}
	buf_char(out, '\n');
}

/* How much it tells of what was read. */
static void
put_lines(struct buf *out, const struct parcel *p)
{
	struct texts_lines t;

	texts_lines(&t, p->bytes);
	if (t.runs > 0)
		buf_printf(out, "%-14s%u runs of lines that were read\n",
		    "Coverage", t.runs);
}

static void
put_recipients(struct buf *out, const struct rules *r)
{
	enum { NAMES_MAX = 8 };

	buf_printf(out, "%-14s", "Recipients");
	if (r->personal)
		buf_str(out, STR("its author"));
	for (uint32_t i = 0; i < r->n_recipients && i < NAMES_MAX; i++)
		buf_printf(out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(r->recipients[i].name));
	if (r->n_recipients > NAMES_MAX)
		buf_printf(out, " and %u more", r->n_recipients - NAMES_MAX);
	buf_char(out, '\n');
}

static void
put_approvals(struct buf *out, const struct egress_order *o)
{
	enum { APPROVALS_MAX = 12 };
	struct arena a = { 0 };

	for (size_t i = 0; i < o->n_approvals && i < APPROVALS_MAX; i++) {
		struct approval_step s;

		if (approval_read(&s, &a, o->rules, o->parcel,
			&o->approvals[i]) != ERR_NONE) {
			err_clear();
			continue;
		}
		buf_printf(out, "%-14s%.*s %s", i == 0 ? "Approvers" : "",
		    STR_ARG(s.who->name), approval_kind_name(s.kind));
		if (s.when != 0) {
			buf_str(out, STR(", "));
			approval_time(out, s.when);
		}
		buf_char(out, '\n');
	}
	if (o->n_approvals == 0)
		buf_printf(out, "%-14s%s\n", "Approvers",
		    "none: the rules want none for this");
	arena_release(&a);
}

static void
put_embargo(struct buf *out, const struct rules *r)
{
	uint32_t day = r->export.embargo;

	if (day > 0)
		buf_printf(out, "%-14snot before %u-%02u-%02u\n", "Publication",
		    day / 10000, day / 100 % 100, day % 100);
}

static void
put_signatures(struct buf *out)
{
	buf_str(out,
	    STR("\n\nfor the lab   ______________________   date "
		"______________\n"
		"\n\nfor the other ______________________   date "
		"______________\n"));
}

/* "VEN-000001 to VEN-000004": on two lines where one is too short. */
static void
put_numbers(struct buf *out, const char *what, struct str numbers)
{
	enum { ROOM = 72 - 14 };
	size_t at = str_find(numbers, STR(" to "), 0);

	if (numbers.len <= ROOM || at == SIZE_MAX)
		buf_printf(out, "%-14s%.*s\n", what, STR_ARG(numbers));
	else
		buf_printf(out, "%-14s%.*s\n%-11sto %.*s\n", what,
		    STR_ARG(str_slice(numbers, 0, at)), "",
		    STR_ARG(str_slice(numbers, at + 4, numbers.len)));
}

static void
put_items(struct buf *out, const struct egress_order *o)
{
	const struct parcel *p = o->parcel;
	const struct pages *g = o->pages;

	if (g == NULL) {
		buf_printf(out, "%-14s%u findings, %u notes and questions\n",
		    "Items", p->findings, p->notes);
		return;
	}
	put_numbers(out, "Numbers", o->numbers);
	buf_printf(out, "%-14s%u of source: %u lines, %u place%s\n", "Pages",
	    g->pages, g->lines, g->n, g->n == 1 ? "" : "s");
	if (g->finding > 0)
		buf_printf(out, "%-14sfinding %llu\n", "For",
		    (unsigned long long)g->finding);
}

void
sheet_exit(struct buf *out, const struct egress_order *o,
    const struct egress_receipt *receipt)
{
	const struct parcel *p = o->parcel;

	buf_printf(out, "EXIT SHEET\n\n%-14s%.*s\n%-14s%.*s\n", "Session",
	    STR_ARG(o->rules->session), "Person", STR_ARG(p->author));
	buf_printf(out, "%-14s%04u\n%-14s", "Serial no.", receipt->serial,
	    "Released");
	approval_time(out, o->now);
	buf_printf(out, "\n%-14s%.*s\n", "File", STR_ARG(receipt->file));
	buf_printf(out, "%-14s%llu bytes sealed\n", "",
	    (unsigned long long)receipt->sealed);
	put_hash(out, "SHA-256", &receipt->hash);
	buf_printf(out, "\nInside, readable for the recipients only:\n");
	put_items(out, o);
	put_classes(out, p);
	put_lines(out, p);
	buf_printf(out, "%-14s%zu bytes, %u tokens of source\n",
	    o->pages != NULL ? "Request" : "Text", p->bytes.len,
	    o->gate->quoted);
	put_hash(out, "SHA-256", &o->gate->of);
	put_recipients(out, o->rules);
	put_approvals(out, o);
	put_embargo(out, o->rules);
	buf_str(out,
	    STR("\nThe file is compared by its SHA-256 (sha256sum) and its "
		"size.\nNothing else leaves.\n"));
	put_signatures(out);
}

void
sheet_pages(struct buf *out, const struct egress_order *o,
    const struct pages *p, struct str numbers, const struct hash *hash)
{
	enum { PLACES_MAX = 24 };

	buf_printf(out, "EXIT SHEET, PAPER\n\n%-14s%.*s\n%-14s%.*s\n",
	    "Session", STR_ARG(o->rules->session), "Person",
	    STR_ARG(o->parcel->author));
	put_numbers(out, "Pages", numbers);
	buf_printf(out, "%-14s", "Printed");
	approval_time(out, o->now);
	buf_printf(out, "\n%-14s%u pages, %u lines of source, %u places\n", "",
	    p->pages, p->lines, p->n);
	if (p->finding > 0)
		buf_printf(out, "%-14sfinding %llu\n", "For",
		    (unsigned long long)p->finding);
	put_hash(out, "SHA-256", hash);
	put_hash(out, "of request", &o->gate->of);
	put_approvals(out, o);
	put_embargo(out, o->rules);
	buf_char(out, '\n');
	for (uint32_t i = 0; i < p->n && i < PLACES_MAX; i++)
		buf_printf(out, "%4u page%s  lines %u to %u of a file of %u\n",
		    p->places[i].cost.pages,
		    p->places[i].cost.pages == 1 ? " " : "s",
		    p->places[i].at.first, p->places[i].at.last,
		    p->places[i].cost.of);
	if (p->n > PLACES_MAX)
		buf_printf(out, "and %u places more\n", p->n - PLACES_MAX);
	buf_str(out,
	    STR("\nEach page bears its number and the legend.  None is "
		"scanned or copied.\n"));
	put_signatures(out);
}
