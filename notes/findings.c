#include "notes/findings.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"

static const char FORMAT[] = "vitrine-findings";
enum { FINDINGS_VERSION = 1, FINDINGS_ITEMS_MAX = 100 * 1000 };

static void
put_text(struct json *j, const char *key, struct str text)
{
	if (text.len > 0)
		json_put_str(j, key, text);
}

static struct json *
anchor_json(const struct findings *f, const struct anchor *an)
{
	struct anchor out = *an;
	struct str hash = { (const char *)an->region.at, HASH_BYTES };

	out.blob = (struct oid){ { 0 } };
	seal_mac(out.region.at, f->region, hash);
	return entry_anchor_json(&out);
}

static struct json *
item_json(const struct findings *f, const struct findings_item *it)
{
	struct entry e = *it->now;
	struct json *j = json_new_object();

	json_put_str(j, "type", str_of(entry_type_name(e.type)));
	json_put_num(j, "number", (int64_t)(e.of != 0 ? e.of : e.seq));
	json_put_num(j, "created", it->created);
	json_put_num(j, "changed", e.time);
	if (e.anchored)
		json_put(j, "anchor", anchor_json(f, &e.at));
	e.of = 0;
	if (!it->red)
		e.red = (struct str){ 0 };
	entry_put(j, &e);
	return j;
}

static struct json *
releases_json(const struct start *s)
{
	struct json *array = json_new_array();

	for (uint32_t i = 0; i < s->n_releases; i++) {
		struct json *j = json_new_object();

		json_put_str(j, "name", s->releases[i].name);
		json_put_hex(j, "commit", s->releases[i].commit.id, OID_BYTES);
		put_text(j, "status", s->releases[i].status);
		json_add(array, j);
	}
	return array;
}

void
findings_write(const struct findings *f, struct buf *out)
{
	struct json *j = json_new_object(), *items = json_new_array();

	json_put_str(j, "format", str_of(FORMAT));
	json_put_num(j, "version", FINDINGS_VERSION);
	json_put_str(j, "title", f->start->title);
	json_put_str(j, "auditor", f->start->auditor);
	json_put_str(j, "record", f->record);
	json_put_str(j, "head", f->head);
	json_put_num(j, "exported", f->exported);
	put_text(j, "manifest", f->start->manifest);
	json_put(j, "releases", releases_json(f->start));
	for (size_t i = 0; i < f->n_items; i++)
		json_add(items, item_json(f, &f->items[i]));
	json_put(j, "items", items);
	json_write_lines(j, out);
	json_free(j);
}

static bool
get_text(const struct json *j, const char *key, size_t max, struct arena *a,
    struct str *out)
{
	struct str text;

	if (json_at(j, key) == NULL)
		return true;
	if (!json_str(j, key, &text) || text.len > max)
		return false;
	*out = arena_copy(a, text);
	return true;
}

static bool
get_number(const struct json *j, const char *key, int64_t *out)
{
	return json_at(j, key) == NULL || (json_num(j, key, out) && *out >= 0);
}

static bool
get_type(const struct json *j, struct entry *e)
{
	struct str word;

	if (!json_str(j, "type", &word))
		return false;
	for (enum entry_type t = ENTRY_OPEN; t <= ENTRY_PEER; t++) {
		if (!entry_is_item(t) ||
		    !str_eq(word, str_of(entry_type_name(t))))
			continue;
		e->type = t;
		return true;
	}
	return false;
}

/* type, number, created, changed, the fields of the type, an anchor. */
static bool
read_item(struct entry *e, int64_t *created, struct arena *a,
    const struct json *j)
{
	struct str *keys;
	size_t n = json_keys(j, a, &keys), taken = 4;
	int64_t number = 0;

	if (!get_type(j, e) || !json_num(j, "number", &number) || number <= 0 ||
	    !json_num(j, "created", created) ||
	    !json_num(j, "changed", &e->time) ||
	    entry_get(e, a, j, &taken) != ERR_NONE || e->of != 0)
		return false;
	e->seq = (uint64_t)number;
	if (json_at(j, "anchor") != NULL) {
		e->anchored = entry_anchor_read(&e->at, a,
				  json_at(j, "anchor")) == ERR_NONE;
		taken += e->anchored;
	}
	return n == taken && entry_check(e) == ERR_NONE;
}

static enum err
read_items(struct findings_read *out, struct arena *a, const struct json *j)
{
	size_t n = json_len(j);

	if (j == NULL || n > FINDINGS_ITEMS_MAX)
		return fail(ERR_FORMAT, "findings: no items, or too many");
	out->items = arena_array(a, n, struct entry);
	out->created = arena_array(a, n, int64_t);
	for (size_t i = 0; i < n; i++) {
		if (read_item(&out->items[i], &out->created[i], a,
			json_item(j, i)))
			continue;
		err_clear();
		return fail(ERR_FORMAT,
		    "findings: item %zu is not as it "
		    "should be",
		    i + 1);
	}
	out->n_items = (uint32_t)n;
	return ERR_NONE;
}

static enum err
read_releases(struct findings_read *out, struct arena *a, const struct json *j)
{
	size_t n = json_len(j);

	if (n > LIMIT_RELEASES)
		return fail(ERR_LIMIT, "findings: %zu releases", n);
	out->releases = arena_array(a, n, struct release);
	for (size_t i = 0; i < n; i++) {
		const struct json *one = json_item(j, i);
		struct release *r = &out->releases[i];

		if (!get_text(one, "name", LIMIT_REF_NAME, a, &r->name) ||
		    !json_hex(one, "commit", r->commit.id, OID_BYTES) ||
		    !get_text(one, "status", LIMIT_TITLE, a, &r->status))
			return fail(ERR_FORMAT,
			    "findings: release %zu is not "
			    "as it should be",
			    i + 1);
	}
	out->n_releases = (uint32_t)n;
	return ERR_NONE;
}

static enum err
read_head(struct findings_read *out, struct arena *a, const struct json *j)
{
	struct str format;
	int64_t version = 0;

	if (!json_str(j, "format", &format) || !str_eq(format, str_of(FORMAT)))
		return fail(ERR_FORMAT, "not a findings file");
	if (!json_num(j, "version", &version) || version != FINDINGS_VERSION)
		return fail(ERR_FORMAT,
		    "findings of version %lld, this "
		    "program knows version %d",
		    (long long)version, FINDINGS_VERSION);
	if (!get_text(j, "title", LIMIT_TITLE, a, &out->title) ||
	    !get_text(j, "auditor", LIMIT_TITLE, a, &out->auditor) ||
	    !get_text(j, "record", LIMIT_TITLE, a, &out->record) ||
	    !get_text(j, "head", LIMIT_TITLE, a, &out->head) ||
	    !get_text(j, "manifest", 64, a, &out->manifest) ||
	    !get_number(j, "exported", &out->exported))
		return fail(ERR_FORMAT,
		    "findings: the head is not as it "
		    "should be");
	return ERR_NONE;
}

enum err
findings_read(struct findings_read *out, struct arena *a, struct str bytes)
{
	struct findings_read f = { 0 };
	struct json *j;
	enum err rc = json_parse(&j, bytes);

	if (rc != ERR_NONE)
		return rc;
	rc = read_head(&f, a, j);
	if (rc == ERR_NONE)
		rc = read_releases(&f, a, json_at(j, "releases"));
	if (rc == ERR_NONE)
		rc = read_items(&f, a, json_at(j, "items"));
	json_free(j);
	if (rc == ERR_NONE)
		*out = f;
	return rc;
}
