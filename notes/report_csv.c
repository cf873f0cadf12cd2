/*
 * report_csv.c - one row per item, RFC 4180, UTF-8.
 *
 * A cell that a spreadsheet would take for a formula gets a ' in front.
 * Paragraphs for named recipients are left out.
 */
#include "notes/report.h"

#include <string.h>

#include "core/text.h"

static void
cell(struct buf *out, struct str text)
{
	struct str rest = text, line;
	bool first = true;

	if (out->len > 0 && out->at[out->len - 1] != '\n')
		buf_char(out, ',');
	buf_char(out, '"');
	if (text.len > 0 && text.at[0] != '\0' &&
	    strchr("=+-@\t\r", text.at[0]) != NULL)
		buf_char(out, '\'');
	while (str_cut(&rest, '\n', &line)) {
		struct buf shown = { 0 };

		if (!first)
			buf_char(out, '\n');
		text_show(&shown, line, (struct text_style){ .tab = 8 },
		    SIZE_MAX);
		for (size_t i = 0; i < shown.len; i++) {
			if (shown.at[i] == '"')
				buf_char(out, '"');
			buf_char(out, shown.at[i]);
		}
		buf_release(&shown);
		first = false;
	}
	buf_char(out, '"');
}

static void
row(struct buf *out, const struct case_file *c, const struct case_item *it,
    struct arena *a)
{
	const struct entry *e = it->now;
	bool finding = e->type == ENTRY_FINDING, place = report_place_for(c);
	const struct case_item *lead = case_lead(c, it);
	struct str none = { 0 };

	cell(out, it->id);
	cell(out, str_of(entry_type_name(e->type)));
	cell(out, finding ? str_of(entry_severity_name(it->severity)) : none);
	cell(out, finding ? str_of(entry_status_name(e->status)) : none);
	cell(out, e->cwe);
	cell(out, e->cvss3);
	cell(out, e->cvss4);
	cell(out, report_text_for(c, it, e->title, a));
	cell(out, e->anchored ? report_release(it, a) : none);
	cell(out, place ? e->at.path : none);
	cell(out, place ? arena_printf(a, "%u", e->at.first) : none);
	cell(out, place ? arena_printf(a, "%u", e->at.last) : none);
	cell(out, report_list(&e->affected, a));
	cell(out, report_list(&e->requirements, a));
	cell(out, it->from->author);
	cell(out, report_time(it->created, a));
	cell(out, report_text_for(c, it, e->claim, a));
	cell(out, report_text_for(c, it, e->text, a));
	cell(out, report_text_for(c, it, e->evidence, a));
	cell(out, report_text_for(c, it, e->remediation, a));
	cell(out, case_number(it, a));
	cell(out, lead != it ? case_number(lead, a) : none);
	cell(out, report_citation(c, it, a));
	buf_str(out, STR("\r\n"));
}

static void
csv_write(const struct case_file *c, struct buf *out)
{
	struct arena a = { 0 };

	buf_str(out,
	    STR("id,type,severity,status,cwe,cvss3,cvss4,title,release,path,"
		"first,last,affected,requirements,author,written,claim,text,"
		"evidence,remedy,number,one-with,citation\r\n"));
	for (uint32_t i = 0; i < c->n_items; i++)
		row(out, c, &c->items[i], &a);
	arena_release(&a);
}

const struct report report_csv = {
	.name = "csv",
	.suffix = "csv",
	.about = "one row per item, without restricted parts",
	.write = csv_write,
};
