#include "notes/csaf.h"

#include <time.h>

#include "core/json.h"
#include "notes/cvss.h"
#include "notes/standing.h"

struct doc {
	const struct case_file *c;
	struct arena a;
	struct fleet_group *groups;
	uint32_t n_groups;
	enum csaf_profile profile;
};

struct str
csaf_time(int64_t ms, struct arena *a)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	char text[40];

	if (ms <= 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return STR("1970-01-01T00:00:00Z");
	return arena_copy(a, str_of(text));
}

int64_t
csaf_date(const struct case_file *c)
{
	int64_t last = 0;

	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (c->bundles[i]->said.exported > last)
			last = c->bundles[i]->said.exported;
	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->time > last)
			last = d->time;
	return last;
}

struct str
csaf_id(const struct case_file *c, struct arena *a)
{
	struct buf all = { 0 }, hex = { 0 };
	struct hash hash;
	struct str out;

	for (uint32_t i = 0; i < c->n_bundles; i++)
		buf_add(&all, c->bundles[i]->hash.at, HASH_BYTES);
	hash = hash_of(buf_view(&all));
	buf_hex(&hex, hash.at, 16);
	out = arena_copy(a, buf_view(&hex));
	buf_release(&all);
	buf_release(&hex);
	return out;
}

struct str
csaf_product(const struct fleet_group *g, struct arena *a)
{
	return arena_printf(a, "%.*s%s%.*s%s%.*s", STR_ARG(g->product),
	    g->product.len > 0 ? " " : "", STR_ARG(g->release),
	    g->component.len > 0 ? " " : "", STR_ARG(g->component));
}

bool
csaf_takes(const struct case_item *it)
{
	return it->now->type == ENTRY_FINDING && it->lead == 0 &&
	    it->now->status != STATUS_WITHDRAWN;
}

struct str
csaf_words(const struct case_file *c, const struct case_item *it,
    struct arena *a)
{
	const struct entry *e = it->now;
	const struct str parts[] = { e->claim, e->text, e->evidence };
	struct str all = { 0 };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].len > 0)
			all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all),
			    all.len > 0 ? "\n\n" : "",
			    STR_ARG(report_text_for(c, it, parts[i], a)));
	if (all.len == 0)
		all = report_text_for(c, it, e->title, a);
	return all.len > 0 ? report_shown(all, a) : STR("(no text)");
}

static struct str
product_id(struct doc *d, uint32_t i)
{
	return arena_printf(&d->a, "CSAFPID-%04u", i + 1);
}

static struct json *
publisher(struct doc *d)
{
	struct json *j = json_new_object();
	const struct decision *who = NULL;

	for (const struct decision *k = d->c->decisions; k != NULL; k = k->next)
		if (k->kind == DECISION_PUBLISHER)
			who = k;
	json_put_str(j, "category", who ? who->role : STR("discoverer"));
	json_put_str(j, "name",
	    who ? who->name : STR("The evaluator of this case"));
	json_put_str(j, "namespace",
	    who ? who->namespace :
		  arena_printf(&d->a, "urn:vitrine:case:%.*s",
		      STR_ARG(csaf_id(d->c, &d->a))));
	return j;
}

static struct json *
tracking(struct doc *d)
{
	struct json *j = json_new_object(), *history = json_new_array();
	struct json *one = json_new_object();
	struct str date = csaf_time(csaf_date(d->c), &d->a);

	json_put_str(one, "date", date);
	json_put_str(one, "number", STR("1"));
	json_put_str(one, "summary", STR("As the case stands."));
	json_add(history, one);
	json_put(j, "revision_history", history);
	json_put_str(j, "current_release_date", date);
	json_put_str(j, "initial_release_date", date);
	json_put_str(j, "id",
	    arena_printf(&d->a, "vitrine-%.*s-%s",
		STR_ARG(csaf_id(d->c, &d->a)),
		d->profile == CSAF_VEX ? "vex" : "advisory"));
	json_put_str(j, "status", STR("final"));
	json_put_str(j, "version", STR("1"));
	return j;
}

static struct json *
note(const char *category, const char *title, struct str text)
{
	struct json *j = json_new_object();

	json_put_str(j, "category", str_of(category));
	json_put_str(j, "text", text);
	json_put_str(j, "title", str_of(title));
	return j;
}

static struct json *
document(struct doc *d, bool any)
{
	struct json *j = json_new_object(), *tlp = json_new_object();
	struct json *how = json_new_object(), *notes = json_new_array();

	json_put_str(j, "category",
	    !any                       ? STR("csaf_base") :
		d->profile == CSAF_VEX ? STR("csaf_vex") :
					 STR("csaf_security_advisory"));
	json_put_str(j, "csaf_version", STR("2.0"));
	json_put_str(tlp, "label",
	    d->c->audience == AUDIENCE_PUBLIC ? STR("WHITE") : STR("AMBER"));
	json_put(how, "tlp", tlp);
	json_put(j, "distribution", how);
	json_put(j, "publisher", publisher(d));
	json_put_str(j, "title",
	    d->profile == CSAF_VEX ? STR("Who is affected by the findings") :
				     STR("Findings of a source code review"));
	json_put(j, "tracking", tracking(d));
	json_add(notes,
	    note("general", "What this says",
		any ? STR("The source was reviewed; whether code can be "
			  "reached by an attacker was not judged.") :
		      STR("No finding affects a product that is named.")));
	json_put(j, "notes", notes);
	return j;
}

static struct json *
product_tree(struct doc *d)
{
	struct json *j = json_new_object(), *list = json_new_array();

	for (uint32_t i = 0; i < d->n_groups; i++) {
		struct json *one = json_new_object();

		json_put_str(one, "name",
		    report_shown(csaf_product(&d->groups[i], &d->a), &d->a));
		json_put_str(one, "product_id", product_id(d, i));
		json_add(list, one);
	}
	json_put(j, "full_product_names", list);
	return j;
}

/* Ids of the products of one standing; NULL: there is none. */
static struct json *
of_standing(struct doc *d, const struct standing_row *rows,
    enum decision_standing s)
{
	struct json *list = json_new_array();

	for (uint32_t i = 0; i < d->n_groups; i++)
		if (rows[i].is.is == s)
			json_add_str(list, product_id(d, i));
	if (json_len(list) > 0)
		return list;
	json_free(list);
	return NULL;
}

static struct json *
status(struct doc *d, const struct standing_row *rows)
{
	static const char *const names[STANDINGS] = { "under_investigation",
		"known_affected", "known_not_affected", "fixed" };
	struct json *j = json_new_object();

	for (int s = 0; s < STANDINGS; s++) {
		struct json *list =
		    of_standing(d, rows, (enum decision_standing)s);

		if (list != NULL)
			json_put(j, names[s], list);
	}
	return j;
}

/* Not affected since the lines are not there; by somebody's word otherwise. */
static void
put_reasons(struct doc *d, struct json *v, const struct standing_row *rows)
{
	struct json *ids = json_new_array(), *flags = json_new_array();
	struct json *threats = json_new_array(), *flag = json_new_object();

	for (uint32_t i = 0; i < d->n_groups; i++) {
		const struct standing *s = &rows[i].is;
		struct json *one, *to;

		if (s->is != STANDING_NOT_AFFECTED)
			continue;
		if (s->by == NULL || s->elsewhere) {
			json_add_str(ids, product_id(d, i));
			continue;
		}
		one = json_new_object();
		to = json_new_array();
		json_put_str(one, "category", STR("impact"));
		json_put_str(one, "details", report_shown(s->why, &d->a));
		json_add_str(to, product_id(d, i));
		json_put(one, "product_ids", to);
		json_add(threats, one);
	}
	if (json_len(ids) > 0) {
		json_put_str(flag, "label", STR("vulnerable_code_not_present"));
		json_put(flag, "product_ids", ids);
		json_add(flags, flag);
		json_put(v, "flags", flags);
	} else {
		json_free(ids);
		json_free(flag);
		json_free(flags);
	}
	if (json_len(threats) > 0)
		json_put(v, "threats", threats);
	else
		json_free(threats);
}

/* A description of what would mend it, never a patch. */
static void
put_remedies(struct doc *d, struct json *v, const struct case_item *it,
    const struct standing_row *rows)
{
	struct json *list = json_new_array(), *one = json_new_object();
	struct json *ids = of_standing(d, rows, STANDING_AFFECTED);
	struct str text =
	    report_text_for(d->c, it, it->now->remediation, &d->a);

	if (ids == NULL) {
		json_free(list);
		json_free(one);
		return;
	}
	json_put_str(one, "category",
	    text.len > 0 ? STR("mitigation") : STR("none_available"));
	json_put_str(one, "details",
	    text.len > 0 ? report_shown(text, &d->a) :
			   STR("No remedy was described."));
	json_put(one, "product_ids", ids);
	json_add(list, one);
	json_put(v, "remediations", list);
}

static const char *
word_upper(uint8_t tenths)
{
	return tenths == 0 ? "NONE" :
	    tenths < 40    ? "LOW" :
	    tenths < 70    ? "MEDIUM" :
	    tenths < 90    ? "HIGH" :
			     "CRITICAL";
}

/* CSAF 2.0 knows CVSS up to 3.1. */
static void
put_scores(struct doc *d, struct json *v, const struct case_item *it,
    const struct standing_row *rows)
{
	struct json *list, *one, *score;
	struct json *ids = of_standing(d, rows, STANDING_AFFECTED);
	struct cvss c;

	if (ids == NULL || it->now->cvss3.len == 0 ||
	    cvss_read(&c, it->now->cvss3) != ERR_NONE) {
		err_clear();
		json_free(ids);
		return;
	}
	list = json_new_array();
	one = json_new_object();
	score = json_new_object();
	json_put_str(score, "version", STR("3.1"));
	json_put_str(score, "vectorString", it->now->cvss3);
	json_put_tenths(score, "baseScore", c.base);
	json_put_str(score, "baseSeverity", str_of(word_upper(c.base)));
	json_put(one, "cvss_v3", score);
	json_put(one, "products", ids);
	json_add(list, one);
	json_put(v, "scores", list);
}

static struct json *
notes(struct doc *d, const struct case_item *it)
{
	struct json *list = json_new_array();
	const struct entry *e = it->now;

	json_add(list,
	    note("description", "Description", csaf_words(d->c, it, &d->a)));
	if (e->cwe.len > 0)
		json_add(list,
		    note("other", "Weakness", report_shown(e->cwe, &d->a)));
	if (e->cvss4.len > 0)
		json_add(list,
		    note("other", "CVSS 4.0",
			report_shown(report_scored(&d->a, e->cvss4), &d->a)));
	return list;
}

static struct json *
vulnerability(struct doc *d, const struct case_item *it,
    const struct standing_row *rows)
{
	struct json *v = json_new_object(), *ids = json_new_array();
	struct json *id = json_new_object();

	json_put_str(id, "system_name",
	    arena_printf(&d->a, "Vitrine case %.*s",
		STR_ARG(csaf_id(d->c, &d->a))));
	json_put_str(id, "text", case_number(it, &d->a));
	json_add(ids, id);
	json_put(v, "ids", ids);
	if (it->now->title.len > 0)
		json_put_str(v, "title",
		    report_shown(report_text_for(d->c, it, it->now->title,
				     &d->a),
			&d->a));
	json_put_str(v, "discovery_date", csaf_time(it->created, &d->a));
	json_put(v, "notes", notes(d, it));
	json_put(v, "product_status", status(d, rows));
	put_reasons(d, v, rows);
	put_remedies(d, v, it, rows);
	put_scores(d, v, it, rows);
	return v;
}

/* The advisory is about what affects, or affected, somebody. */
static bool
belongs(struct doc *d, const struct standing_row *rows)
{
	for (uint32_t i = 0; i < d->n_groups; i++)
		if (d->profile == CSAF_VEX ||
		    rows[i].is.is == STANDING_AFFECTED)
			return true;
	return false;
}

static void
find_products(struct doc *d)
{
	struct str *names;

	d->n_groups = fleet_groups(&d->c->fleet, &d->a, &d->groups);
	if (d->n_groups > 0)
		return;
	d->n_groups = standing_releases(d->c, &d->a, &names);
	d->groups = arena_array(&d->a, d->n_groups, struct fleet_group);
	for (uint32_t i = 0; i < d->n_groups; i++)
		d->groups[i].release = names[i];
}

void
csaf_write(const struct case_file *c, enum csaf_profile profile,
    struct buf *out)
{
	struct doc d = { .c = c, .profile = profile };
	struct json *log = json_new_object(), *list = json_new_array();
	bool any;

	find_products(&d);
	for (uint32_t i = 0; i < c->n_items && d.n_groups > 0; i++) {
		struct standing_row *rows;

		if (!csaf_takes(&c->items[i]))
			continue;
		standing_rows(c, &d.a, &c->items[i], d.groups, d.n_groups,
		    &rows);
		if (belongs(&d, rows))
			json_add(list, vulnerability(&d, &c->items[i], rows));
	}
	any = json_len(list) > 0;
	json_put(log, "document", document(&d, any));
	if (d.n_groups > 0)
		json_put(log, "product_tree", product_tree(&d));
	if (any)
		json_put(log, "vulnerabilities", list);
	else
		json_free(list);
	json_write_lines(log, out);
	json_free(log);
	arena_release(&d.a);
}
