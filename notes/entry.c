#include "notes/entry.h"

#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"

/* One row per field of the format: the table is the format. */
enum kind { TEXT, LINE, LIST, NUMBER, WORD, YES, HASH, SPANS, STEPS };

struct field {
	const char *key;
	enum kind kind;
	size_t offset;
	size_t max;               /* bytes of text; value of a number */
	uint64_t types;           /* set of 1 << entry_type */
	const char *const *names; /* WORD: what the values are called */
};

static const char *const severities[SEVERITIES] = {
	"none",
	"low",
	"medium",
	"high",
	"critical",
};
static const char *const confidences[CONFIDENCES] = {
	"tentative",
	"firm",
	"certain",
};
static const char *const statuses[STATUSES] = {
	"open",
	"confirmed",
	"disputed",
	"fixed",
	"withdrawn",
};

/* hitlist_verdict_name() of each */
static const char *const verdicts[VERDICTS] = {
	"todo",
	"safe",
	"n/a",
	"suspicious",
	"question",
};

#define T(name) (UINT64_C(1) << ENTRY_##name)
#define ITEMS                                                               \
	(T(NOTE) | T(FINDING) | T(QUESTION) | T(ASSUMPTION) | T(NEGATIVE) | \
	    T(CITATION))
#define AT(member) offsetof(struct entry, member)

static const struct field fields[] = {
	{ "of", NUMBER, AT(of), INT64_MAX,
	    ITEMS | T(REMOVE) | T(HITS) | T(VERDICT), NULL },
	{ "title", LINE, AT(title), LIMIT_TITLE,
	    ITEMS | T(OPEN) | T(LIST) | T(PEER) | T(MARK), NULL },
	{ "text", TEXT, AT(text), LIMIT_NOTE,
	    ITEMS | T(CERTIFICATE) | T(EXPORT) | T(LIST) | T(HITS) |
		T(VERDICT) | T(HEADS),
	    NULL },
	{ "by", LINE, AT(by), LIMIT_TITLE, ITEMS | T(OPEN) | T(PEER), NULL },
	{ "origin", LINE, AT(origin), LIMIT_TITLE, ITEMS | T(PEER), NULL },
	{ "list", NUMBER, AT(list), INT64_MAX, T(ASSUMPTION) | T(NEGATIVE),
	    NULL },
	{ "severity", WORD, AT(severity), SEVERITIES, T(FINDING), severities },
	{ "confidence", WORD, AT(confidence), CONFIDENCES, T(FINDING),
	    confidences },
	{ "status", WORD, AT(status), STATUSES, T(FINDING), statuses },
	{ "class", LINE, AT(class), LIMIT_TITLE, T(FINDING), NULL },
	{ "cwe", LINE, AT(cwe), 16, T(FINDING), NULL },
	{ "cvss3", LINE, AT(cvss3), 128, T(FINDING), NULL },
	{ "cvss4", LINE, AT(cvss4), 256, T(FINDING), NULL },
	{ "claim", TEXT, AT(claim), LIMIT_NOTE, T(FINDING), NULL },
	{ "evidence", TEXT, AT(evidence), LIMIT_NOTE, T(FINDING), NULL },
	{ "remediation", TEXT, AT(remediation), LIMIT_NOTE, T(FINDING), NULL },
	{ "red", TEXT, AT(red), LIMIT_NOTE, T(FINDING), NULL },
	{ "affected", LIST, AT(affected), LIMIT_REF_NAME, T(FINDING), NULL },
	{ "recipients", LIST, AT(recipients), LIMIT_TITLE, T(FINDING), NULL },
	{ "requirements", LIST, AT(requirements), LIMIT_TITLE, T(FINDING),
	    NULL },
	{ "answer", TEXT, AT(answer), LIMIT_NOTE, T(QUESTION), NULL },
	{ "due", NUMBER, AT(due), INT64_MAX, T(QUESTION), NULL },
	{ "spans", SPANS, AT(spans), UINT32_MAX, T(SEEN) | T(VERDICT), NULL },
	{ "steps", STEPS, AT(spans), UINT32_MAX, T(SEEN), NULL },
	{ "is", YES, AT(is), 1, T(REVIEWED), NULL },
	{ "view", LINE, AT(view), 64, T(MARK), NULL },
	{ "serial", NUMBER, AT(serial), UINT32_MAX, T(EXPORT), NULL },
	{ "file", LINE, AT(file), LIMIT_TITLE, T(EXPORT), NULL },
	{ "hash", HASH, AT(hash), HASH_BYTES, T(EXPORT), NULL },
	{ "items", LIST, AT(items), 20, T(EXPORT), NULL },
	{ "target", NUMBER, AT(target), INT64_MAX, T(UNDO) | T(REDO), NULL },
	{ "from", NUMBER, AT(from), INT64_MAX, T(LIST), NULL },
	{ "count", NUMBER, AT(count), UINT32_MAX, T(LIST), NULL },
	{ "verdict", WORD, AT(verdict), VERDICTS, T(VERDICT), verdicts },
};
enum { FIELDS = sizeof fields / sizeof *fields };
#define TYPES (ENTRY_MARK + 1)
static const uint64_t anchored = ITEMS | T(SEEN) | T(REVIEWED) | T(MARK);
static const uint64_t known = ITEMS | T(OPEN) | T(CLOSE) | T(SLOT) |
    T(CERTIFICATE) | T(SEEN) | T(REVIEWED) | T(EXPORT) | T(REMOVE) | T(UNDO) |
    T(REDO) | T(LIST) | T(HITS) | T(VERDICT) | T(HEADS) | T(PEER) | T(MARK);

const char *
entry_severity_name(enum entry_severity s)
{
	return severities[s];
}

const char *
entry_confidence_name(enum entry_confidence c)
{
	return confidences[c];
}

const char *
entry_status_name(enum entry_status s)
{
	return statuses[s];
}

const char *
entry_type_name(enum entry_type t)
{
	static const char *const names[] = {
		[ENTRY_OPEN] = "open",
		[ENTRY_CLOSE] = "close",
		[ENTRY_SLOT] = "passphrase",
		[ENTRY_NOTE] = "note",
		[ENTRY_FINDING] = "finding",
		[ENTRY_QUESTION] = "question",
		[ENTRY_CERTIFICATE] = "certificate",
		[ENTRY_SEEN] = "seen",
		[ENTRY_REVIEWED] = "reviewed",
		[ENTRY_EXPORT] = "export",
		[ENTRY_REMOVE] = "removed",
		[ENTRY_UNDO] = "undo",
		[ENTRY_REDO] = "redo",
		[ENTRY_ASSUMPTION] = "assumption",
		[ENTRY_NEGATIVE] = "negative",
		[ENTRY_CITATION] = "citation",
		[ENTRY_LIST] = "worklist",
		[ENTRY_HITS] = "hits",
		[ENTRY_VERDICT] = "verdict",
		[ENTRY_HEADS] = "heads",
		[ENTRY_PEER] = "peer",
		[ENTRY_MARK] = "mark",
	};

	return t < sizeof names / sizeof *names && names[t] != NULL ? names[t] :
								      "unknown";
}

bool
entry_is_item(enum entry_type t)
{
	return t <= ENTRY_PEER && (ITEMS >> t & 1) != 0;
}

/* A member by its row; sizes differ, so each kind goes through here once. */
static int64_t
get_number(const struct entry *e, const struct field *f)
{
	const char *at = (const char *)e + f->offset;

	if (f->offset == AT(serial))
		return e->serial;
	if (f->offset == AT(count))
		return e->count;
	return (int64_t) * (const uint64_t *)(const void *)at;
}

static void
set_number(struct entry *e, const struct field *f, int64_t n)
{
	char *at = (char *)e + f->offset;

	if (f->offset == AT(serial))
		e->serial = (uint32_t)n;
	else if (f->offset == AT(count))
		e->count = (uint32_t)n;
	else
		*(uint64_t *)(void *)at = (uint64_t)n;
}

static const void *
member(const struct entry *e, const struct field *f)
{
	return (const char *)e + f->offset;
}

static void *
member_of(struct entry *e, const struct field *f)
{
	return (char *)e + f->offset;
}

static bool
applies(const struct field *f, uint16_t type)
{
	return type < TYPES && (f->types >> type & 1) != 0;
}

struct json *
entry_anchor_json(const struct anchor *an)
{
	struct json *j = json_new_object();

	if (!oid_is_zero(&an->commit))
		json_put_hex(j, "commit", an->commit.id, OID_BYTES);
	if (!oid_is_zero(&an->blob))
		json_put_hex(j, "blob", an->blob.id, OID_BYTES);
	json_put_path(j, "path", an->path);
	if (an->first > 0) {
		json_put_num(j, "first", an->first);
		json_put_num(j, "last", an->last);
	}
	json_put_hex(j, "region", an->region.at, HASH_BYTES);
	return j;
}

static void
put_list(struct json *j, const char *key, const struct entry_list *l)
{
	struct json *array;

	if (l->len == 0)
		return;
	array = json_new_array();
	for (uint32_t i = 0; i < l->len; i++)
		json_add_str(array, l->at[i]);
	json_put(j, key, array);
}

static void
put_spans(struct json *j, const struct field *f, const struct spans *s)
{
	struct buf b = { 0 };

	if (f->kind == STEPS)
		spans_steps(s, &b);
	else
		spans_words(s, &b);
	json_put_str(j, f->key, buf_view(&b));
	buf_release(&b);
}

static void
put_field(struct json *j, const struct entry *e, const struct field *f)
{
	static const struct hash none;
	const void *at = member(e, f);

	switch (f->kind) {
	case TEXT:
	case LINE:
		if (((const struct str *)at)->len > 0)
			json_put_str(j, f->key, *(const struct str *)at);
		break;
	case LIST:
		put_list(j, f->key, at);
		break;
	case NUMBER:
		if (get_number(e, f) != 0)
			json_put_num(j, f->key, get_number(e, f));
		break;
	case WORD:
		json_put_str(j, f->key,
		    str_of(f->names[*(const unsigned *)at]));
		break;
	case YES:
		json_put_bool(j, f->key, *(const bool *)at);
		break;
	case SPANS: /* what was seen stands so in old records only */
		if (e->type != ENTRY_SEEN)
			put_spans(j, f, at);
		break;
	case STEPS:
		put_spans(j, f, at);
		break;
	case HASH:
		if (!hash_eq(at, &none))
			json_put_hex(j, f->key, at, HASH_BYTES);
		break;
	}
}

void
entry_put(struct json *object, const struct entry *e)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (applies(&fields[i], (uint16_t)e->type))
			put_field(object, e, &fields[i]);
}

void
entry_write(const struct entry *e, struct buf *out)
{
	struct json *j = json_new_object();

	json_put_num(j, "v", 1);
	entry_put(j, e);
	if (e->anchored)
		json_put(j, "at", entry_anchor_json(&e->at));
	json_write(j, out);
	json_free(j);
}

static bool
get_u32(const struct json *j, const char *key, uint32_t *out)
{
	int64_t n;

	if (!json_num(j, key, &n) || n < 0 || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

/* What is there is right, what must be there is; nothing else is. */
enum err
entry_anchor_read(struct anchor *out, struct arena *a, const struct json *j)
{
	struct anchor an = { 0 };
	size_t n = json_size(j);
	bool good = json_path(j, "path", a, &an.path) &&
	    an.path.len <= LIMIT_PATH &&
	    json_hex(j, "region", an.region.at, HASH_BYTES);

	n -= 2;
	if (good && json_at(j, "commit") != NULL) {
		good = json_hex(j, "commit", an.commit.id, OID_BYTES);
		n--;
	}
	if (good && json_at(j, "blob") != NULL) {
		good = json_hex(j, "blob", an.blob.id, OID_BYTES);
		n--;
	}
	if (good && json_at(j, "first") != NULL) {
		good = get_u32(j, "first", &an.first) &&
		    get_u32(j, "last", &an.last) && an.first > 0 &&
		    an.first <= an.last;
		n -= 2;
	}
	if (!good || n != 0)
		return fail(ERR_FORMAT, "an anchor is not as it should be");
	*out = an;
	return ERR_NONE;
}

static bool
get_text(struct arena *a, const struct json *j, const struct field *f,
    struct str *out)
{
	struct str text;

	if (!json_text(j, &text) || text.len > f->max || text.len == 0)
		return false;
	if (f->kind != TEXT && memchr(text.at, '\n', text.len) != NULL)
		return false;
	*out = arena_copy(a, text);
	return true;
}

static bool
get_list(struct arena *a, const struct json *j, const struct field *f,
    struct entry_list *out)
{
	size_t n = json_len(j);

	if (n == 0 || n > ENTRY_LIST_MAX)
		return false;
	out->at = arena_array(a, n, struct str);
	out->len = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		if (!get_text(a, json_item(j, i), f, &out->at[i]))
			return false;
	return true;
}

/* In one of the two forms, once. */
static bool
get_spans(struct arena *a, const struct json *j, const struct field *f,
    struct spans *out)
{
	struct str text;

	if (out->len > 0 || !json_text(j, &text))
		return false;
	return f->kind == STEPS ? spans_from_steps(out, a, text) :
				  spans_from_words(out, a, text);
}

static bool
get_word(const struct json *object, const struct field *f, unsigned *out)
{
	struct str word;

	if (!json_str(object, f->key, &word))
		return false;
	for (unsigned i = 0; i < f->max; i++) {
		if (!str_eq(word, str_of(f->names[i])))
			continue;
		*out = i;
		return true;
	}
	return false;
}

static bool
get_field(struct entry *e, struct arena *a, const struct json *object,
    const struct field *f)
{
	int64_t n;

	switch (f->kind) {
	case TEXT:
	case LINE:
		return get_text(a, json_at(object, f->key), f, member_of(e, f));
	case LIST:
		return get_list(a, json_at(object, f->key), f, member_of(e, f));
	case NUMBER:
		if (!json_num(object, f->key, &n) || n <= 0 ||
		    (uint64_t)n > f->max)
			return false;
		set_number(e, f, n);
		return true;
	case WORD:
		return get_word(object, f, member_of(e, f));
	case YES:
		return json_bool(object, f->key, member_of(e, f));
	case SPANS:
	case STEPS:
		return get_spans(a, json_at(object, f->key), f,
		    member_of(e, f));
	case HASH:
		return json_hex(object, f->key, member_of(e, f), HASH_BYTES);
	}
	return false;
}

enum err
entry_get(struct entry *e, struct arena *a, const struct json *object,
    size_t *taken)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (!applies(&fields[i], (uint16_t)e->type) ||
		    json_at(object, fields[i].key) == NULL)
			continue;
		if (!get_field(e, a, object, &fields[i]))
			return fail(ERR_FORMAT,
			    "field \"%s\" of an entry is "
			    "not as it should be",
			    fields[i].key);
		++*taken;
	}
	return ERR_NONE;
}

/* Every key of the object is one of this type's. */
static enum err
take_fields(struct entry *e, struct arena *a, const struct json *object)
{
	size_t n = json_size(object), taken = 1;
	int64_t version = 0;
	enum err rc;

	if (!json_num(object, "v", &version) || version != 1)
		return fail(ERR_FORMAT,
		    "an entry of a version this program "
		    "does not know");
	rc = entry_get(e, a, object, &taken);
	if (rc == ERR_NONE && (anchored >> e->type & 1) != 0 &&
	    json_at(object, "at") != NULL) {
		rc = entry_anchor_read(&e->at, a, json_at(object, "at"));
		e->anchored = rc == ERR_NONE;
		taken++;
	}
	if (rc == ERR_NONE && n != taken)
		return fail(ERR_FORMAT, "a field of an entry is not known");
	return rc;
}

enum err
entry_read(struct entry *out, struct arena *a, uint16_t type, struct str body)
{
	struct entry e = { .type = (enum entry_type)type };
	struct json *j;
	enum err rc;

	if (type >= TYPES || (known >> type & 1) == 0)
		return fail(ERR_FORMAT, "an entry of unknown type %u", type);
	rc = json_parse(&j, body);
	if (rc != ERR_NONE)
		return rc;
	rc = take_fields(&e, a, j);
	json_free(j);
	if (rc == ERR_NONE)
		*out = e;
	return rc;
}

static void
copy_list(struct arena *a, struct entry_list *l)
{
	const struct str *from = l->at;

	l->at = arena_array(a, l->len, struct str);
	for (uint32_t i = 0; i < l->len; i++)
		l->at[i] = arena_copy(a, from[i]);
}

static void
copy_spans(struct arena *a, struct spans *s)
{
	const uint32_t *from = s->at;

	s->at = arena_array(a, 2 * (size_t)s->len, uint32_t);
	if (s->len > 0)
		memcpy(s->at, from, 8 * (size_t)s->len);
}

struct entry
entry_copy(struct arena *a, const struct entry *e)
{
	struct entry c = *e;

	c.at.path = arena_copy(a, e->at.path);
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];

		if (f->kind == TEXT || f->kind == LINE) {
			struct str *text = member_of(&c, f);

			*text = arena_copy(a, *text);
		} else if (f->kind == LIST) {
			copy_list(a, member_of(&c, f));
		} else if (f->kind == SPANS) {
			copy_spans(a, member_of(&c, f));
		}
	}
	return c;
}

static enum err
check_text(const struct field *f, struct str s)
{
	if (s.len > f->max)
		return fail(ERR_LIMIT,
		    "%s: %zu bytes, at most %zu are "
		    "recorded",
		    f->key, s.len, f->max);
	if (!text_is_utf8(s))
		return fail(ERR_FORMAT, "%s is not UTF-8", f->key);
	if (f->kind != TEXT && s.len > 0 && memchr(s.at, '\n', s.len) != NULL)
		return fail(ERR_FORMAT, "%s is more than one line", f->key);
	return ERR_NONE;
}

static enum err
check_list(const struct field *f, const struct entry_list *l)
{
	enum err rc = ERR_NONE;

	if (l->len > ENTRY_LIST_MAX)
		return fail(ERR_LIMIT, "%s: %u of them, at most %d", f->key,
		    l->len, ENTRY_LIST_MAX);
	for (uint32_t i = 0; i < l->len && rc == ERR_NONE; i++) {
		rc = check_text(f, l->at[i]);
		if (rc == ERR_NONE && l->at[i].len == 0)
			rc = fail(ERR_FORMAT, "%s: one is empty", f->key);
	}
	return rc;
}

/* "CWE-" and a number, or nothing. */
static bool
is_cwe(struct str s)
{
	uint64_t n;

	if (s.len == 0)
		return true;
	if (!str_starts(s, STR("CWE-")) ||
	    str_number(str_slice(s, 4, s.len), 99999, &n) != ERR_NONE) {
		err_clear();
		return false;
	}
	return true;
}

enum err
entry_check(const struct entry *e)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < FIELDS && rc == ERR_NONE; i++) {
		const struct field *f = &fields[i];

		if (f->kind == TEXT || f->kind == LINE)
			rc = check_text(f, *(const struct str *)member(e, f));
		else if (f->kind == LIST)
			rc = check_list(f, member(e, f));
	}
	if (rc != ERR_NONE)
		return rc;
	if (e->type == ENTRY_NOTE && e->text.len == 0)
		return fail(ERR_FORMAT, "the note is empty");
	if (e->type == ENTRY_FINDING && e->title.len == 0)
		return fail(ERR_FORMAT, "a finding wants a title");
	if (e->type == ENTRY_QUESTION && e->text.len == 0)
		return fail(ERR_FORMAT, "the question is empty");
	if (e->type == ENTRY_ASSUMPTION && e->text.len == 0)
		return fail(ERR_FORMAT, "the assumption says nothing");
	if (e->type == ENTRY_NEGATIVE && e->text.len == 0)
		return fail(ERR_FORMAT,
		    "a negative finding says what was "
		    "looked for");
	if (e->type == ENTRY_CITATION && !e->anchored)
		return fail(ERR_FORMAT, "a citation wants a place");
	if (!is_cwe(e->cwe))
		return fail(ERR_FORMAT,
		    "cwe: \"CWE-\" and a number, as in "
		    "CWE-121");
	return ERR_NONE;
}
