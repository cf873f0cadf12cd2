#include "notes/decision.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"

/* One row per field: the table is the format. */
enum kind { FINDING, LINE, TEXT, SEVERITY, STANDING, RESULT, KEY };

struct field {
	const char *key;
	enum kind kind;
	size_t offset;
	uint32_t needed, allowed; /* sets of 1 << decision_kind */
};

#define T(name) (1u << DECISION_##name)
#define AT(member) offsetof(struct decision, member)
#define FINDINGS (T(SAME) | T(APART) | T(VOTE) | T(RULE) | T(STATE))
#define REASONS (T(SAME) | T(APART) | T(VOTE) | T(RULE) | T(STATE) | T(RESULT))

static const struct field fields[] = {
	{ "finding", FINDING, AT(finding), FINDINGS, FINDINGS | T(RESULT) },
	{ "other", FINDING, AT(other), T(SAME) | T(APART), 0 },
	{ "severity", SEVERITY, AT(severity), T(VOTE) | T(RULE), 0 },
	{ "vector", LINE, AT(vector), 0, T(VOTE) },
	{ "release", LINE, AT(release), T(STATE), 0 },
	{ "standing", STANDING, AT(standing), T(STATE), 0 },
	{ "component", LINE, AT(component), T(COMPONENT), T(RESULT) },
	{ "prefix", LINE, AT(prefix), T(COMPONENT), 0 },
	{ "list", LINE, AT(list), T(RESULT), 0 },
	{ "requirement", LINE, AT(requirement), T(RESULT), 0 },
	{ "result", RESULT, AT(result), T(RESULT), 0 },
	{ "reason", TEXT, AT(reason), REASONS, 0 },
	{ "name", LINE, AT(name), T(PERSON) | T(PUBLISHER), 0 },
	{ "namespace", LINE, AT(namespace), T(PUBLISHER), 0 },
	{ "full", LINE, AT(full), 0, T(PERSON) },
	{ "role", LINE, AT(role), 0, T(PERSON) | T(PUBLISHER) },
	{ "key", KEY, AT(key), T(PERSON), 0 },
	{ "file", LINE, AT(file), T(DEPLOYMENTS) | T(CHECKLIST), 0 },
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

static const char *const kinds[DECISIONS] = {
	"person",
	"same",
	"apart",
	"vote",
	"rule",
	"state",
	"component",
	"deployments",
	"checklist",
	"result",
	"publisher",
};
static const char *const standings[STANDINGS] = {
	"under investigation",
	"affected",
	"not affected",
	"fixed",
};
static const char *const results[RESULTS] = {
	"not reached",
	"pass",
	"fail",
	"not applicable",
};

const char *
decision_kind_name(enum decision_kind k)
{
	return kinds[k];
}

const char *
decision_standing_name(enum decision_standing s)
{
	return standings[s];
}

const char *
decision_result_name(enum decision_result r)
{
	return results[r];
}

static int
find(const char *const *names, int n, struct str word)
{
	for (int i = 0; i < n; i++)
		if (str_eq(word, str_of(names[i])))
			return i;
	return -1;
}

bool
decision_severity_find(enum entry_severity *out, struct str word)
{
	for (int i = 0; i < SEVERITIES; i++)
		if (str_eq(word,
			str_of(entry_severity_name((enum entry_severity)i)))) {
			*out = (enum entry_severity)i;
			return true;
		}
	return false;
}

bool
decision_standing_find(enum decision_standing *out, struct str word)
{
	int i = find(standings, STANDINGS, word);

	if (i >= 0)
		*out = (enum decision_standing)i;
	return i >= 0;
}

bool
decision_result_find(enum decision_result *out, struct str word)
{
	int i = find(results, RESULTS, word);

	if (i >= 0)
		*out = (enum decision_result)i;
	return i >= 0;
}

static bool
has(const struct field *f, enum decision_kind k)
{
	return ((f->needed | f->allowed) >> k & 1) != 0;
}

static void *
place(struct decision *d, const struct field *f)
{
	return (char *)d + f->offset;
}

static const void *
value(const struct decision *d, const struct field *f)
{
	return (const char *)d + f->offset;
}

static bool
read_of(struct decision_of *out, struct arena *a, const struct json *j)
{
	struct str record;
	int64_t number;

	if (!json_str(j, "record", &record) || record.len == 0 ||
	    record.len > LIMIT_TITLE || !json_num(j, "number", &number) ||
	    number <= 0)
		return false;
	out->record = arena_copy(a, record);
	out->number = (uint64_t)number;
	return true;
}

static bool
read_text(struct str *out, struct arena *a, struct str text, enum kind kind)
{
	if (text.len > (kind == LINE ? LIMIT_PATH : LIMIT_NOTE) ||
	    (kind == LINE && str_find(text, STR("\n"), 0) != SIZE_MAX))
		return false;
	*out = arena_copy(a, text);
	return true;
}

static bool
read_field(struct decision *d, struct arena *a, const struct field *f,
    const struct json *j)
{
	struct str word;

	if (f->kind == FINDING)
		return read_of(place(d, f), a, json_at(j, f->key));
	if (!json_str(j, f->key, &word))
		return false;
	switch (f->kind) {
	case SEVERITY:
		return decision_severity_find(place(d, f), word);
	case STANDING:
		return decision_standing_find(place(d, f), word);
	case RESULT:
		return decision_result_find(place(d, f), word);
	case KEY:
		return sign_public_read(place(d, f), word) == ERR_NONE;
	default:
		return read_text(place(d, f), a, word, f->kind);
	}
}

static enum err
read_fields(struct decision *d, struct arena *a, const struct docket_note *n)
{
	struct str *keys;
	size_t left = json_keys(n->json, a, &keys);

	/* v, kind, time, by; bytes where there are any */
	left -= 4 + (json_at(n->json, "bytes") != NULL);
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];
		bool there = json_at(n->json, f->key) != NULL;

		if (!has(f, d->kind))
			continue;
		if (!there && (f->needed >> d->kind & 1) == 0)
			continue;
		if (!there || !read_field(d, a, f, n->json)) {
			err_clear();
			return fail(ERR_FORMAT,
			    "entry %llu of the case: \"%s\" is not as it "
			    "should be",
			    (unsigned long long)n->seq, f->key);
		}
		left--;
	}
	if (left != 0)
		return fail(ERR_FORMAT,
		    "entry %llu of the case has a field that is not known",
		    (unsigned long long)n->seq);
	return ERR_NONE;
}

enum err
decision_read(struct decision *out, struct arena *a,
    const struct docket_note *n)
{
	int k = find(kinds, DECISIONS, n->kind);
	struct decision d = { .seq = n->seq, .time = n->time };
	enum err rc;

	if (k < 0 || n->by.len == 0 || n->by.len > LIMIT_TITLE)
		return fail(ERR_FORMAT, "entry %llu of the case is not known",
		    (unsigned long long)n->seq);
	d.kind = (enum decision_kind)k;
	d.by = arena_copy(a, n->by);
	d.bytes = arena_copy(a, n->bytes);
	rc = read_fields(&d, a, n);
	if (rc == ERR_NONE)
		*out = d;
	return rc;
}

static struct json *
of_json(const struct decision_of *of)
{
	struct json *j = json_new_object();

	json_put_str(j, "record", of->record);
	json_put_num(j, "number", (int64_t)of->number);
	return j;
}

static void
put_field(struct json *j, const struct decision *d, const struct field *f)
{
	const struct decision_of *of = value(d, f);
	const struct str *text = value(d, f);
	struct arena a = { 0 };

	switch (f->kind) {
	case FINDING:
		if (of->record.len > 0)
			json_put(j, f->key, of_json(of));
		break;
	case SEVERITY:
		json_put_str(j, f->key,
		    str_of(entry_severity_name(d->severity)));
		break;
	case STANDING:
		json_put_str(j, f->key, str_of(standings[d->standing]));
		break;
	case RESULT:
		json_put_str(j, f->key, str_of(results[d->result]));
		break;
	case KEY:
		json_put_str(j, f->key, sign_public_text(&d->key, &a));
		break;
	default:
		if (text->len > 0)
			json_put_str(j, f->key, *text);
	}
	arena_release(&a);
}

/* What a person typed, before it is kept for good. */
static enum err
check(const struct decision *d)
{
	struct cvss4 four;
	struct cvss three;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];
		const struct str *text = value(d, f);

		if (!has(f, d->kind) || (f->kind != LINE && f->kind != TEXT))
			continue;
		if (text->len == 0 && (f->needed >> d->kind & 1) != 0)
			return fail(ERR_FORMAT, "%s: no %s was given",
			    kinds[d->kind], f->key);
		if (text->len > (f->kind == LINE ? LIMIT_PATH : LIMIT_NOTE) ||
		    (f->kind == LINE &&
			str_find(*text, STR("\n"), 0) != SIZE_MAX))
			return fail(ERR_FORMAT,
			    "%s: %s is too long, or more "
			    "than a line",
			    kinds[d->kind], f->key);
		if (!text_is_utf8(*text))
			return fail(ERR_FORMAT, "%s: %s is not UTF-8",
			    kinds[d->kind], f->key);
	}
	if (d->kind != DECISION_VOTE || d->vector.len == 0)
		return ERR_NONE;
	return str_starts(d->vector, STR("CVSS:3.1/")) ?
	    cvss_read(&three, d->vector) :
	    cvss4_read(&four, d->vector);
}

enum err
decision_add(struct docket *to, const struct decision *d,
    const struct sign_secret *key)
{
	const struct docket_write w = {
		.kind = kinds[d->kind],
		.by = d->by,
		.time = d->time,
		.bytes = d->bytes,
		.key = key,
	};
	struct json *j;
	enum err rc = check(d);

	if (rc == ERR_NONE && d->kind == DECISION_VOTE && key == NULL)
		rc = fail(ERR_DENIED,
		    "a vote has to be signed: -S names the key");
	if (rc != ERR_NONE)
		return rc;
	j = json_new_object();
	for (size_t i = 0; i < FIELDS; i++)
		if (has(&fields[i], d->kind))
			put_field(j, d, &fields[i]);
	rc = docket_add(to, &w, j);
	json_free(j);
	return rc;
}
