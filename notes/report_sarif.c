/*
 * report_sarif.c - SARIF 2.1.0 (OASIS), findings only.
 *
 * Deny by default: of the places where the format can hold file content
 * (artifact.contents, region.snippet, replacement.insertedContent,
 * webRequest.body, webResponse.body) none is ever written, and paragraphs
 * for named recipients are left out.
 */
#include "notes/report.h"

#include "core/json.h"
#include "notes/cvss.h"

/* A relative reference of RFC 3986: everything but unreserved and '/'. */
static struct str
uri_of(struct arena *a, struct str path)
{
	struct buf b = { 0 };
	struct str out;

	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		    c == '_' || c == '~' || c == '/';

		if (plain)
			buf_char(&b, (char)c);
		else
			buf_printf(&b, "%%%02X", c);
	}
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}

static struct str
rule_of(const struct entry *e)
{
	return e->cwe.len > 0 ? e->cwe :
	    e->class.len > 0  ? e->class :
				STR("finding");
}

static const char *
level_of(enum entry_severity s)
{
	return s >= SEVERITY_HIGH ? "error" :
	    s == SEVERITY_MEDIUM  ? "warning" :
	    s == SEVERITY_LOW     ? "note" :
				    "none";
}

static struct json *
message(struct str text)
{
	struct json *j = json_new_object();

	json_put_str(j, "text", text);
	return j;
}

static struct json *
location(const struct case_item *it, struct arena *a)
{
	struct json *j = json_new_object(), *place = json_new_object();
	struct json *file = json_new_object(), *region = json_new_object();
	const struct anchor *an = &it->now->at;

	json_put_str(file, "uri", uri_of(a, an->path));
	json_put_str(file, "uriBaseId", STR("SOURCE"));
	json_put(place, "artifactLocation", file);
	json_put_num(region, "startLine", an->first > 0 ? an->first : 1);
	if (an->first > 0)
		json_put_num(region, "endLine", an->last);
	json_put(place, "region", region);
	json_put(j, "physicalLocation", place);
	return j;
}

static struct json *
properties(const struct case_item *it, struct arena *a)
{
	const struct entry *e = it->now;
	struct json *j = json_new_object();
	struct cvss c;

	json_put_str(j, "number", case_number(it, a));
	json_put_str(j, "severity", str_of(entry_severity_name(it->severity)));
	json_put_str(j, "confidence",
	    str_of(entry_confidence_name(e->confidence)));
	json_put_str(j, "status", str_of(entry_status_name(e->status)));
	json_put_str(j, "author", report_shown(it->from->author, a));
	if (e->anchored)
		json_put_str(j, "release", report_release(it, a));
	if (e->cvss3.len > 0)
		json_put_str(j, "cvss", e->cvss3);
	if (e->cvss3.len > 0 && cvss_read(&c, e->cvss3) == ERR_NONE)
		json_put_str(j, "security-severity",
		    arena_printf(a, "%u.%u", c.overall / 10, c.overall % 10));
	err_clear();
	return j;
}

static struct str
words_of(const struct case_file *c, const struct case_item *it, struct arena *a)
{
	const struct entry *e = it->now;
	const struct str parts[] = { e->title, e->claim, e->text, e->evidence,
		e->remediation };
	struct str all = { 0 };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].len > 0)
			all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all),
			    all.len > 0 ? "\n\n" : "",
			    STR_ARG(report_text_for(c, it, parts[i], a)));
	return report_shown(all, a);
}

static struct json *
withdrawn(void)
{
	struct json *list = json_new_array(), *one = json_new_object();

	json_put_str(one, "kind", STR("external"));
	json_put_str(one, "status", STR("accepted"));
	json_put_str(one, "justification", STR("withdrawn by its author"));
	json_add(list, one);
	return list;
}

static struct json *
result(const struct case_file *c, const struct case_item *it, struct arena *a)
{
	struct json *j = json_new_object(), *places = json_new_array();
	struct json *prints = json_new_object();
	const struct entry *e = it->now;

	json_put_str(j, "ruleId", rule_of(e));
	json_put_str(j, "level", str_of(level_of(it->severity)));
	json_put_str(j, "kind", STR("fail"));
	json_put(j, "message", message(words_of(c, it, a)));
	if (e->anchored && e->at.path.len > 0 && report_place_for(c))
		json_add(places, location(it, a));
	json_put(j, "locations", places);
	json_put_str(prints, "vitrineItem/v1", it->id);
	if (e->anchored && report_place_for(c))
		json_put_hex(prints, "vitrineRegion/v1", e->at.region.at,
		    HASH_BYTES);
	json_put(j, "partialFingerprints", prints);
	json_put(j, "properties", properties(it, a));
	if (e->status == STATUS_WITHDRAWN)
		json_put(j, "suppressions", withdrawn());
	return j;
}

static bool
is_listed(const struct str *ids, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(ids[i], id))
			return true;
	return false;
}

/* Each rule once: a validator wants them unique. */
static struct json *
rules(const struct case_file *c, struct arena *a)
{
	struct str *ids = arena_array(a, c->n_items + 1, struct str);
	struct json *list = json_new_array();
	size_t n = 0;

	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct entry *e = c->items[i].now;
		struct json *one;

		if (e->type != ENTRY_FINDING || is_listed(ids, n, rule_of(e)))
			continue;
		ids[n++] = rule_of(e);
		one = json_new_object();
		json_put_str(one, "id", rule_of(e));
		json_add(list, one);
	}
	return list;
}

static struct json *
tool(const struct case_file *c, struct arena *a)
{
	struct json *j = json_new_object(), *driver = json_new_object();

	json_put_str(driver, "name", STR("Vitrine"));
	json_put(driver, "rules", rules(c, a));
	json_put(j, "driver", driver);
	return j;
}

static void
sarif_write(const struct case_file *c, struct buf *out)
{
	struct json *log = json_new_object(), *runs = json_new_array();
	struct json *run = json_new_object(), *results = json_new_array();
	struct arena a = { 0 };

	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->type == ENTRY_FINDING &&
		    c->items[i].lead == 0)
			json_add(results, result(c, &c->items[i], &a));
	json_put(run, "tool", tool(c, &a));
	json_put(run, "results", results);
	json_put_str(run, "columnKind", STR("unicodeCodePoints"));
	json_add(runs, run);
	json_put_str(log, "version", STR("2.1.0"));
	json_put_str(log, "$schema",
	    STR("https://json.schemastore.org/sarif-2.1.0.json"));
	json_put(log, "runs", runs);
	json_write_lines(log, out);
	json_free(log);
	arena_release(&a);
}

const struct report report_sarif = {
	.name = "sarif",
	.suffix = "sarif",
	.about = "SARIF 2.1.0, findings without restricted parts",
	.write = sarif_write,
};
