#include "notes/case_pages.h"

#include "core/anchor.h"
#include "core/git_blob.h"
#include "core/git_tree.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"

enum { PLACES_MAX = 64, PURPOSE_MAX = 200 };

bool
case_pages_is(const struct tar *t)
{
	return tar_find(t, STR("pages.json")) != NULL;
}

static bool
get_number(const struct json *j, const char *key, uint32_t *out)
{
	int64_t n;

	if (!json_num(j, key, &n) || n < 0 || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool
get_text(const struct json *j, const char *key, size_t max, struct arena *a,
    struct str *out)
{
	struct str s;

	if (!json_str(j, key, &s) || s.len > max)
		return false;
	*out = arena_copy(a, s);
	return true;
}

static bool
get_place(struct case_pages_place *l, struct arena *a, const struct json *j)
{
	return get_text(j, "release", LIMIT_REF_NAME, a, &l->release) &&
	    json_path(j, "path", a, &l->path) && l->path.len <= LIMIT_PATH &&
	    json_hex(j, "commit", l->commit.id, OID_BYTES) &&
	    json_hex(j, "sha256", l->lines.at, HASH_BYTES) &&
	    get_number(j, "first", &l->first) && l->first > 0 &&
	    get_number(j, "last", &l->last) &&
	    get_number(j, "pages", &l->pages);
}

static bool
get_all(struct case_pages *p, struct arena *a, const struct json *j)
{
	const struct json *places = json_at(j, "places");
	int64_t finding = 0;

	p->n = (uint32_t)json_len(places);
	if (p->n == 0 || p->n > PLACES_MAX ||
	    !get_text(j, "session", LIMIT_TITLE, a, &p->session) ||
	    !get_text(j, "author", LIMIT_TITLE, a, &p->auditor) ||
	    !get_text(j, "purpose", PURPOSE_MAX, a, &p->purpose) ||
	    !get_number(j, "pages", &p->pages) ||
	    !get_number(j, "lines", &p->lines))
		return false;
	if (json_at(j, "finding") != NULL &&
	    (!json_num(j, "finding", &finding) || finding <= 0))
		return false;
	p->finding = (uint64_t)finding;
	p->places = arena_array(a, p->n, struct case_pages_place);
	for (uint32_t i = 0; i < p->n; i++)
		if (!get_place(&p->places[i], a, json_item(places, i)))
			return false;
	return true;
}

/* "pages COUNT NUMBERS" and "made TIME". */
static void
get_manifest(struct case_pages *p, struct str manifest)
{
	struct str line, count;

	while (str_cut(&manifest, '\n', &line)) {
		if (str_starts(line, STR("made ")))
			p->made = str_slice(line, 5, line.len);
		if (!str_starts(line, STR("pages ")))
			continue;
		line = str_slice(line, 6, line.len);
		if (str_cut(&line, ' ', &count))
			p->numbers = line;
	}
}

enum err
case_pages_read(struct case_pages *out, struct arena *a, const struct tar *t)
{
	const struct tar_file *request = tar_find(t, STR("pages.json"));
	const struct tar_file *text = tar_find(t, STR("pages.txt"));
	const struct tar_file *sign = tar_find(t, STR("pages.json.minisig"));
	const struct tar_file *manifest = tar_find(t, STR("manifest"));
	struct case_pages p = { .n = 0 };
	struct json *j = NULL;
	enum err rc;

	if (request == NULL || text == NULL || sign == NULL || manifest == NULL)
		return fail(ERR_FORMAT, "it lacks a part that pages have");
	p.bytes = request->bytes;
	p.signature = sign->bytes;
	p.hash = hash_of(request->bytes);
	p.text = hash_of(text->bytes);
	for (uint32_t i = 0; i < t->n; i++)
		p.n_approvals +=
		    str_starts(t->files[i].name, STR("approvals/"));
	get_manifest(&p, manifest->bytes);
	rc = json_parse(&j, request->bytes);
	if (rc == ERR_NONE && !get_all(&p, a, j))
		rc = fail(ERR_FORMAT, "a request for pages that is damaged");
	if (rc == ERR_NONE)
		*out = p;
	json_free(j);
	return rc;
}

bool
case_pages_asked(struct str json)
{
	return str_find(json, STR("\"format\": \"vitrine-pages\""), 0) !=
	    SIZE_MAX;
}

/* ERR_DENIED: others stand there; whatever else: they cannot be read. */
static enum err
check_lines(const struct case_pages_place *l, struct git_repo *r)
{
	struct git_bytes bytes = { 0 };
	struct tree_entry e;
	struct oid tree;
	struct hash h;
	enum err rc = git_tree_of(&tree, r, &l->commit);

	if (rc == ERR_NONE)
		rc = git_tree_find(&e, r, &tree, l->path);
	if (rc == ERR_NONE)
		rc = git_blob_read(&bytes, r, &e.id);
	if (rc == ERR_NONE) {
		h = hash_of(anchor_region(bytes.bytes, l->first, l->last));
		if (!hash_eq(&h, &l->lines))
			rc = fail(ERR_DENIED, "other lines stand there");
	}
	git_repo_drop(&bytes);
	return rc;
}

enum err
case_pages_verify(bool *holds, struct buf *out, struct str json,
    struct git_repo *r)
{
	struct case_pages p = { .n = 0 };
	struct arena a = { 0 };
	struct json *j = NULL;
	uint32_t good = 0;
	enum err rc = json_parse(&j, json);

	if (rc == ERR_NONE && !get_all(&p, &a, j))
		rc = fail(ERR_FORMAT, "a request for pages that is damaged");
	for (uint32_t i = 0; i < p.n && rc == ERR_NONE; i++) {
		const struct case_pages_place *l = &p.places[i];
		bool fits = check_lines(l, r) == ERR_NONE;

		buf_printf(out, "place %u: %s  %s L%u-%u  ", i + 1,
		    fits ? "holds" : "broken", oid_text(&l->commit).hex,
		    l->first, l->last);
		text_show(out, l->path, (struct text_style){ .tab = 8 },
		    SIZE_MAX);
		buf_printf(out, "%s%s\n", fits ? "" : "  ",
		    fits ? "" : err_text());
		err_clear();
		good += fits;
	}
	if (rc == ERR_NONE)
		buf_printf(out, "%u places: %u hold, %u broken\n", p.n, good,
		    p.n - good);
	*holds = rc == ERR_NONE && good == p.n;
	json_free(j);
	arena_release(&a);
	return rc;
}
