/*
 * report_cyclonedx.c - CycloneDX 1.6, vulnerabilities with their analysis
 * (VEX).
 *
 * The format has one analysis for a vulnerability, whatever it affects, so a
 * finding is written once for each standing that a product has.  None of the
 * places that can hold source (pedigree.patches, proofOfConcept,
 * evidence.callstack, copyright) is ever written.
 */
#include "notes/report.h"

#include "core/json.h"
#include "notes/csaf.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"
#include "notes/standing.h"

struct doc {
	const struct case_file *c;
	struct arena a;
	struct fleet_group *groups;
	uint32_t n_groups;
};

static struct str
ref(struct doc *d, uint32_t i)
{
	return arena_printf(&d->a, "product-%u", i + 1);
}

static struct json *
components(struct doc *d)
{
	struct json *list = json_new_array();

	for (uint32_t i = 0; i < d->n_groups; i++) {
		const struct fleet_group *g = &d->groups[i];
		struct json *one = json_new_object();
		struct str name = g->product;

		if (g->component.len > 0)
			name = arena_printf(&d->a, "%.*s %.*s",
			    STR_ARG(g->product), STR_ARG(g->component));
		json_put_str(one, "type", STR("application"));
		json_put_str(one, "bom-ref", ref(d, i));
		json_put_str(one, "name",
		    name.len > 0 ? report_shown(name, &d->a) :
				   STR("the reviewed product"));
		json_put_str(one, "version", report_shown(g->release, &d->a));
		json_add(list, one);
	}
	return list;
}

static struct json *
rating(const char *method, struct str vector, uint8_t score)
{
	struct json *j = json_new_object();

	json_put_str(j, "method", str_of(method));
	json_put_str(j, "vector", vector);
	json_put_tenths(j, "score", score);
	json_put_str(j, "severity", str_of(cvss_word(score)));
	return j;
}

static struct json *
ratings(const struct case_item *it)
{
	struct json *list = json_new_array(), *said = json_new_object();
	struct cvss4 four;
	struct cvss three;

	json_put_str(said, "method", STR("other"));
	json_put_str(said, "severity",
	    it->severity == SEVERITY_NONE ?
		STR("info") :
		str_of(entry_severity_name(it->severity)));
	json_add(list, said);
	if (it->now->cvss4.len > 0 &&
	    cvss4_read(&four, it->now->cvss4) == ERR_NONE)
		json_add(list, rating("CVSSv4", it->now->cvss4, four.score));
	if (it->now->cvss3.len > 0 &&
	    cvss_read(&three, it->now->cvss3) == ERR_NONE)
		json_add(list,
		    rating("CVSSv31", it->now->cvss3, three.overall));
	err_clear();
	return list;
}

static struct json *
analysis(struct doc *d, const struct standing_row *rows,
    enum decision_standing s)
{
	static const char *const states[STANDINGS] = { "in_triage",
		"exploitable", "not_affected", "resolved" };
	struct json *j = json_new_object();
	bool lines = s == STANDING_NOT_AFFECTED;
	struct str why = { 0 };

	for (uint32_t i = 0; i < d->n_groups; i++) {
		const struct standing *is = &rows[i].is;

		if (is->is != s)
			continue;
		lines = lines && (is->by == NULL || is->elsewhere);
		if (str_find(why, is->why, 0) == SIZE_MAX && why.len < 2000)
			why = arena_printf(&d->a, "%.*s%s%.*s", STR_ARG(why),
			    why.len > 0 ? "; " : "", STR_ARG(is->why));
	}
	json_put_str(j, "state", str_of(states[s]));
	if (lines)
		json_put_str(j, "justification", STR("code_not_present"));
	if (s == STANDING_AFFECTED)
		why = arena_printf(&d->a,
		    "%.*s; whether it can be reached was not judged",
		    STR_ARG(why));
	json_put_str(j, "detail", report_shown(why, &d->a));
	return j;
}

static struct json *
affects(struct doc *d, const struct standing_row *rows,
    enum decision_standing s)
{
	static const char *const words[STANDINGS] = { "unknown", "affected",
		"unaffected", "unaffected" };
	struct json *list = json_new_array();

	for (uint32_t i = 0; i < d->n_groups; i++) {
		struct json *one, *versions, *version;

		if (rows[i].is.is != s)
			continue;
		one = json_new_object();
		versions = json_new_array();
		version = json_new_object();
		json_put_str(one, "ref", ref(d, i));
		json_put_str(version, "version",
		    report_shown(d->groups[i].release, &d->a));
		json_put_str(version, "status", str_of(words[s]));
		json_add(versions, version);
		json_put(one, "versions", versions);
		json_add(list, one);
	}
	return list;
}

static void
put_cwe(struct json *v, struct str cwe)
{
	struct json *list;
	uint64_t n = 0;

	if (!str_starts(cwe, STR("CWE-")) ||
	    str_number(str_slice(cwe, 4, SIZE_MAX), 100000, &n) != ERR_NONE ||
	    n == 0) {
		err_clear();
		return;
	}
	list = json_new_array();
	json_add_num(list, (int64_t)n);
	json_put(v, "cwes", list);
}

static struct json *
vulnerability(struct doc *d, const struct case_item *it,
    const struct standing_row *rows, enum decision_standing s)
{
	struct json *v = json_new_object(), *source = json_new_object();
	struct str number = case_number(it, &d->a);
	struct str remedy =
	    report_text_for(d->c, it, it->now->remediation, &d->a);

	json_put_str(v, "bom-ref",
	    arena_printf(&d->a, "%.*s-%d", STR_ARG(number), (int)s));
	json_put_str(v, "id", number);
	json_put_str(source, "name",
	    arena_printf(&d->a, "Vitrine case %.*s",
		STR_ARG(csaf_id(d->c, &d->a))));
	json_put(v, "source", source);
	json_put(v, "ratings", ratings(it));
	put_cwe(v, it->now->cwe);
	if (it->now->title.len > 0)
		json_put_str(v, "description",
		    report_shown(report_text_for(d->c, it, it->now->title,
				     &d->a),
			&d->a));
	json_put_str(v, "detail", csaf_words(d->c, it, &d->a));
	if (remedy.len > 0)
		json_put_str(v, "recommendation", report_shown(remedy, &d->a));
	json_put_str(v, "created", csaf_time(it->created, &d->a));
	json_put_str(v, "updated", csaf_time(it->now->time, &d->a));
	json_put(v, "analysis", analysis(d, rows, s));
	json_put(v, "affects", affects(d, rows, s));
	return v;
}

static void
put_item(struct doc *d, struct json *list, const struct case_item *it)
{
	struct standing_row *rows;

	standing_rows(d->c, &d->a, it, d->groups, d->n_groups, &rows);
	for (int s = 0; s < STANDINGS; s++)
		for (uint32_t i = 0; i < d->n_groups; i++)
			if (rows[i].is.is == (enum decision_standing)s) {
				json_add(list,
				    vulnerability(d, it, rows,
					(enum decision_standing)s));
				break;
			}
}

static struct json *
metadata(struct doc *d)
{
	struct json *j = json_new_object(), *tools = json_new_object();
	struct json *list = json_new_array(), *one = json_new_object();

	json_put_str(one, "type", STR("application"));
	json_put_str(one, "name", STR("vitrine-report"));
	json_add(list, one);
	json_put(tools, "components", list);
	json_put(j, "tools", tools);
	json_put_str(j, "timestamp", csaf_time(csaf_date(d->c), &d->a));
	return j;
}

/* A name of the same form as a UUID, from the bytes of the case. */
static struct str
serial(struct doc *d)
{
	struct str h = csaf_id(d->c, &d->a);

	return arena_printf(&d->a, "urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%.12s", h.at,
	    h.at + 8, h.at + 13, h.at + 17, h.at + 20);
}

static void
cyclonedx_write(const struct case_file *c, struct buf *out)
{
	struct doc d = { .c = c };
	struct json *bom = json_new_object(), *list = json_new_array();
	struct str *names;

	d.n_groups = fleet_groups(&c->fleet, &d.a, &d.groups);
	if (d.n_groups == 0) {
		d.n_groups = standing_releases(c, &d.a, &names);
		d.groups = arena_array(&d.a, d.n_groups, struct fleet_group);
		for (uint32_t i = 0; i < d.n_groups; i++)
			d.groups[i].release = names[i];
	}
	for (uint32_t i = 0; i < c->n_items; i++)
		if (csaf_takes(&c->items[i]))
			put_item(&d, list, &c->items[i]);
	json_put_str(bom, "bomFormat", STR("CycloneDX"));
	json_put_str(bom, "specVersion", STR("1.6"));
	json_put_str(bom, "serialNumber", serial(&d));
	json_put_num(bom, "version", 1);
	json_put(bom, "metadata", metadata(&d));
	json_put(bom, "components", components(&d));
	json_put(bom, "vulnerabilities", list);
	json_write_lines(bom, out);
	json_free(bom);
	arena_release(&d.a);
}

const struct report report_cyclonedx = {
	.name = "cyclonedx",
	.suffix = "cdx.json",
	.about = "CycloneDX 1.6 VEX",
	.write = cyclonedx_write,
};
