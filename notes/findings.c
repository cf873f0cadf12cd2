#include "notes/findings.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"

static const char FORMAT[] = "vitrine-findings";
enum {
	FINDINGS_VERSION = 1,
	FINDINGS_ITEMS_MAX = 100 * 1000,
	FINDINGS_COVER_MAX = 100 * 1000,
	FINDINGS_CERTIFICATES_MAX = 10 * 1000,
};

static const char *const regions[REGIONS] = {
	"",
	"unchanged",
	"moved",
	"changed",
	"absent",
};
static const char *const fixes[FIXES] = {
	"",
	"missing",
	"partial",
	"present",
};

const char *
findings_region_name(enum findings_region r)
{
	return regions[r];
}

const char *
findings_fix_name(enum findings_fix f)
{
	return fixes[f];
}

bool
findings_region_find(enum findings_region *out, struct str word)
{
	for (int i = 1; i < REGIONS; i++)
		if (str_eq(word, str_of(regions[i]))) {
			*out = (enum findings_region)i;
			return true;
		}
	return false;
}

bool
findings_fix_find(enum findings_fix *out, struct str word)
{
	for (int i = 1; i < FIXES; i++)
		if (str_eq(word, str_of(fixes[i]))) {
			*out = (enum findings_fix)i;
			return true;
		}
	return false;
}

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
places_json(const struct findings_item *it)
{
	struct json *array = json_new_array();

	for (uint32_t i = 0; i < it->n_places; i++) {
		const struct findings_place *p = &it->places[i];
		struct json *j = json_new_object();

		json_put_str(j, "release", p->release);
		put_text(j, "region", str_of(regions[p->region]));
		put_text(j, "fix", str_of(fixes[p->fix]));
		if (p->path.len > 0)
			json_put_path(j, "path", p->path);
		if (p->first > 0) {
			json_put_num(j, "first", p->first);
			json_put_num(j, "last", p->last);
		}
		put_text(j, "note", p->note);
		json_add(array, j);
	}
	return array;
}

/* Nothing of a folder or of a whole revision can be confirmed. */
static void
put_code(struct json *j, const struct anchor *an)
{
	uint8_t code[ANCHOR_CODE];

	if (oid_is_zero(&an->blob))
		return;
	anchor_code(code, &an->blob, &an->region);
	json_put_hex(j, "code", code, sizeof code);
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
	if (e.anchored)
		put_code(j, &e.at);
	if (it->n_places > 0)
		json_put(j, "places", places_json(it));
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

static void
put_method(struct json *j, const struct findings_method *m)
{
	struct json *array;

	put_text(j, "proof", m->proof);
	if (m->n_lines > 0)
		json_put(j, "lines", findings_lines_json(m->lines, m->n_lines));
	if (m->n_certificates > 0) {
		array = json_new_array();
		for (uint32_t i = 0; i < m->n_certificates; i++)
			json_add_str(array, m->certificates[i]);
		json_put(j, "certificates", array);
	}
	if (m->n_cover == 0)
		return;
	array = json_new_array();
	for (uint32_t i = 0; i < m->n_cover; i++) {
		const struct findings_cover *c = &m->cover[i];
		struct json *one = json_new_object();

		json_put_str(one, "release", c->release);
		json_put_path(one, "folder", c->folder);
		json_put_num(one, "files", c->files);
		json_put_num(one, "lines", (int64_t)c->lines);
		json_put_num(one, "seen", (int64_t)c->seen);
		json_put_num(one, "reviewed", (int64_t)c->reviewed);
		json_add(array, one);
	}
	json_put(j, "coverage", array);
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
	put_text(j, "embargo", f->embargo);
	put_method(j, &f->method);
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

static bool
get_line_number(const struct json *j, const char *key, uint32_t *out)
{
	int64_t n = 0;

	if (!get_number(j, key, &n) || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool
get_count(const struct json *j, const char *key, uint64_t *out)
{
	int64_t n = 0;

	if (!json_num(j, key, &n) || n < 0 || n > INT64_C(1) << 48)
		return false;
	*out = (uint64_t)n;
	return true;
}

static bool
get_path(const struct json *j, const char *key, struct arena *a,
    struct str *out)
{
	return json_at(j, key) == NULL ||
	    (json_path(j, key, a, out) && out->len <= LIMIT_PATH);
}

static bool
read_place(struct findings_place *p, struct arena *a, const struct json *j)
{
	struct str region = { 0 }, fix = { 0 };

	return get_text(j, "release", LIMIT_REF_NAME, a, &p->release) &&
	    p->release.len > 0 && get_text(j, "region", 16, a, &region) &&
	    (region.len == 0 || findings_region_find(&p->region, region)) &&
	    get_text(j, "fix", 16, a, &fix) &&
	    (fix.len == 0 || findings_fix_find(&p->fix, fix)) &&
	    get_path(j, "path", a, &p->path) &&
	    get_line_number(j, "first", &p->first) &&
	    get_line_number(j, "last", &p->last) && p->first <= p->last &&
	    get_text(j, "note", LIMIT_TITLE, a, &p->note);
}

/* "code" and "places"; *taken grows by the keys that were there. */
static bool
read_more(struct findings_more *m, struct arena *a, const struct json *j,
    size_t *taken)
{
	const struct json *places = json_at(j, "places");

	m->has_code = json_at(j, "code") != NULL;
	if (m->has_code && !json_hex(j, "code", m->code, sizeof m->code))
		return false;
	*taken += m->has_code + (places != NULL);
	if (json_len(places) > LIMIT_RELEASES)
		return false;
	m->n_places = (uint32_t)json_len(places);
	m->places = arena_array(a, m->n_places, struct findings_place);
	for (uint32_t i = 0; i < m->n_places; i++)
		if (!read_place(&m->places[i], a, json_item(places, i)))
			return false;
	return true;
}

/* type, number, created, changed, the fields of the type, an anchor. */
static bool
read_item(struct entry *e, int64_t *created, struct findings_more *more,
    struct arena *a, const struct json *j)
{
	struct str *keys;
	size_t n = json_keys(j, a, &keys), taken = 4;
	int64_t number = 0;

	if (!get_type(j, e) || !json_num(j, "number", &number) || number <= 0 ||
	    !json_num(j, "created", created) ||
	    !json_num(j, "changed", &e->time) ||
	    entry_get(e, a, j, &taken) != ERR_NONE || e->of != 0 ||
	    !read_more(more, a, j, &taken))
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
	out->more = arena_array(a, n, struct findings_more);
	for (size_t i = 0; i < n; i++) {
		if (read_item(&out->items[i], &out->created[i], &out->more[i],
			a, json_item(j, i)))
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

/* yyyy-mm-dd, or nothing. */
static bool
get_day(const struct json *j, const char *key, struct arena *a, struct str *out)
{
	if (!get_text(j, key, 10, a, out))
		return false;
	for (size_t i = 0; i < out->len; i++)
		if (i == 4 || i == 7 ? out->at[i] != '-' :
				       out->at[i] < '0' || out->at[i] > '9')
			return false;
	return out->len == 0 || out->len == 10;
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
	    !get_day(j, "embargo", a, &out->embargo) ||
	    !get_number(j, "exported", &out->exported))
		return fail(ERR_FORMAT,
		    "findings: the head is not as it "
		    "should be");
	return ERR_NONE;
}

static enum err
read_cover(struct findings_method *m, struct arena *a, const struct json *j)
{
	size_t n = json_len(j);
	struct findings_cover *all;

	if (n > FINDINGS_COVER_MAX)
		return fail(ERR_LIMIT, "findings: coverage of %zu folders", n);
	m->cover = all = arena_array(a, n, struct findings_cover);
	for (size_t i = 0; i < n; i++) {
		const struct json *one = json_item(j, i);
		struct findings_cover *c = &all[i];

		if (get_text(one, "release", LIMIT_REF_NAME, a, &c->release) &&
		    get_path(one, "folder", a, &c->folder) &&
		    get_line_number(one, "files", &c->files) &&
		    get_count(one, "lines", &c->lines) &&
		    get_count(one, "seen", &c->seen) &&
		    get_count(one, "reviewed", &c->reviewed) &&
		    c->seen <= c->lines && c->reviewed <= c->lines)
			continue;
		return fail(ERR_FORMAT,
		    "findings: coverage %zu is not as it should be", i + 1);
	}
	m->n_cover = (uint32_t)n;
	return ERR_NONE;
}

static enum err
read_method(struct findings_method *m, struct arena *a, const struct json *j)
{
	const struct json *list = json_at(j, "certificates");
	size_t n = json_len(list);
	struct str *all;
	enum err rc;

	if (!get_text(j, "proof", LIMIT_NOTE, a, &m->proof))
		return fail(ERR_FORMAT,
		    "findings: the proof is not as it should be");
	if (n > FINDINGS_CERTIFICATES_MAX)
		return fail(ERR_LIMIT, "findings: %zu certificates", n);
	m->certificates = all = arena_array(a, n, struct str);
	for (size_t i = 0; i < n; i++) {
		struct str text;

		if (!json_text(json_item(list, i), &text) ||
		    text.len > LIMIT_NOTE)
			return fail(ERR_FORMAT,
			    "findings: certificate %zu is not as it should be",
			    i + 1);
		all[i] = arena_copy(a, text);
	}
	m->n_certificates = (uint32_t)n;
	rc = read_cover(m, a, json_at(j, "coverage"));
	if (rc == ERR_NONE)
		rc = findings_lines_read(&m->lines, &m->n_lines, a,
		    json_at(j, "lines"));
	return rc;
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
		rc = read_method(&f.method, a, j);
	if (rc == ERR_NONE)
		rc = read_items(&f, a, json_at(j, "items"));
	json_free(j);
	if (rc == ERR_NONE)
		*out = f;
	return rc;
}
