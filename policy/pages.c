#include "policy/pages.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/json.h"
#include "core/limits.h"

#define FORMAT "vitrine-pages"

enum { VERSION = 1 };

static struct json *
write_place(const struct pages_place *p)
{
	struct json *j = json_new_object();

	json_put_str(j, "release", p->at.release);
	json_put_hex(j, "commit", p->at.commit.id, OID_BYTES);
	json_put_hex(j, "blob", p->at.blob.id, OID_BYTES);
	json_put_path(j, "path", p->at.path);
	json_put_num(j, "first", p->at.first);
	json_put_num(j, "last", p->at.last);
	json_put_num(j, "of", p->cost.of);
	json_put_num(j, "pages", p->cost.pages);
	json_put_hex(j, "sha256", p->cost.lines.at, HASH_BYTES);
	json_put_hex(j, "rows", p->cost.rows.at, HASH_BYTES);
	return j;
}

void
pages_write(const struct pages *p, struct buf *out)
{
	struct json *j = json_new_object(), *places = json_new_array();

	json_put_str(j, "format", STR(FORMAT));
	json_put_num(j, "version", VERSION);
	json_put_str(j, "session", p->session);
	json_put_str(j, "author", p->author);
	json_put_str(j, "purpose", p->purpose);
	json_put_str(j, "media", p->paper ? STR("paper") : STR("file"));
	if (p->finding > 0)
		json_put_num(j, "finding", (int64_t)p->finding);
	json_put_num(j, "pages", p->pages);
	json_put_num(j, "lines", p->lines);
	for (uint32_t i = 0; i < p->n; i++)
		json_add(places, write_place(&p->places[i]));
	json_put(j, "places", places);
	json_write_lines(j, out);
	json_free(j);
}

static bool
number(const struct json *j, const char *key, uint32_t *out)
{
	int64_t n;

	if (!json_num(j, key, &n) || n < 0 || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool
read_place(struct pages_place *p, struct arena *a, const struct json *j)
{
	struct str release;

	if (!json_str(j, "release", &release) ||
	    !json_hex(j, "commit", p->at.commit.id, OID_BYTES) ||
	    !json_hex(j, "blob", p->at.blob.id, OID_BYTES) ||
	    !json_path(j, "path", a, &p->at.path) ||
	    !number(j, "first", &p->at.first) ||
	    !number(j, "last", &p->at.last) || !number(j, "of", &p->cost.of) ||
	    !number(j, "pages", &p->cost.pages) ||
	    !json_hex(j, "sha256", p->cost.lines.at, HASH_BYTES) ||
	    !json_hex(j, "rows", p->cost.rows.at, HASH_BYTES))
		return false;
	p->at.release = arena_copy(a, release);
	return p->at.first > 0 && p->at.last >= p->at.first &&
	    p->at.last <= p->cost.of && p->at.path.len > 0 &&
	    p->at.path.len <= LIMIT_PATH && release.len <= LIMIT_REF_NAME &&
	    p->cost.pages > 0 && p->cost.pages <= PRESS_PAGES_MAX;
}

static bool
read_all(struct pages *p, struct arena *a, const struct json *j)
{
	const struct json *places = json_at(j, "places");
	struct str session, author, purpose, media;
	uint32_t pages, lines;
	int64_t finding = 0;

	p->n = (uint32_t)json_len(places);
	if (!json_str(j, "session", &session) ||
	    !json_str(j, "author", &author) ||
	    !json_str(j, "purpose", &purpose) || !number(j, "pages", &pages) ||
	    !number(j, "lines", &lines) || p->n == 0 ||
	    p->n > PRESS_PLACES_MAX || !json_str(j, "media", &media) ||
	    purpose.len > PAGES_PURPOSE_MAX)
		return false;
	if (json_at(j, "finding") != NULL &&
	    (!json_num(j, "finding", &finding) || finding <= 0))
		return false;
	p->finding = (uint64_t)finding;
	p->paper = str_eq(media, STR("paper"));
	if (!p->paper && !str_eq(media, STR("file")))
		return false;
	p->session = arena_copy(a, session);
	p->author = arena_copy(a, author);
	p->purpose = arena_copy(a, purpose);
	p->places = arena_array(a, p->n, struct pages_place);
	for (uint32_t i = 0; i < p->n; i++)
		if (!read_place(&p->places[i], a, json_item(places, i)))
			return false;
	pages_sum(p);
	return p->pages == pages && p->lines == lines;
}

bool
pages_is(struct str json)
{
	return str_find(json, STR("\"format\": \"" FORMAT "\""), 0) != SIZE_MAX;
}

enum err
pages_read(struct pages *out, struct arena *a, struct str text)
{
	struct pages p = { 0 };
	struct json *j = NULL;
	struct str format;
	int64_t version;
	enum err rc = json_parse(&j, text);

	if (rc == ERR_NONE &&
	    (!json_str(j, "format", &format) || !str_eq(format, STR(FORMAT))))
		rc = fail(ERR_ABSENT, "this is no request for pages");
	if (rc == ERR_NONE &&
	    (!json_num(j, "version", &version) || version != VERSION ||
		!read_all(&p, a, j)))
		rc = fail(ERR_FORMAT, "a request for pages that is damaged");
	if (rc == ERR_NONE)
		*out = p;
	json_free(j);
	return rc;
}

struct str
pages_what_for(const struct pages *p, struct arena *a)
{
	if (p->finding == 0)
		return arena_copy(a, p->purpose);
	return arena_printf(a, "finding %llu%s%.*s",
	    (unsigned long long)p->finding, p->purpose.len > 0 ? ": " : "",
	    STR_ARG(p->purpose));
}

void
pages_sum(struct pages *p)
{
	p->pages = p->lines = 0;
	for (uint32_t i = 0; i < p->n; i++) {
		p->pages += p->places[i].cost.pages;
		p->lines += p->places[i].at.last - p->places[i].at.first + 1;
	}
}

/* Lines of one path, whatever release they were printed from: the same
 * content counts once, another one again. */
struct piece {
	struct oid blob;
	uint32_t first, last;
};

struct pieces {
	struct piece *at;
	size_t n, room;
};

static void
gather(struct pieces *all, const struct pages *p, struct str path)
{
	for (uint32_t i = 0; i < p->n; i++) {
		const struct press_place *l = &p->places[i].at;

		if (!str_eq(l->path, path))
			continue;
		all->at =
		    array_more(all->at, all->n, &all->room, sizeof *all->at);
		all->at[all->n++] =
		    (struct piece){ l->blob, l->first, l->last };
	}
}

static int
piece_cmp(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int c = oid_cmp(&x->blob, &y->blob);

	return c != 0 ? c : x->first < y->first ? -1 : x->first > y->first;
}

/* Lines in all, and the most in a row that hold line `at` of a blob. */
static uint64_t
count(struct pieces *all, const struct press_place *here, uint64_t *run)
{
	uint64_t lines = 0;
	struct piece now;

	*run = 0;
	qsort(all->at, all->n, sizeof *all->at, piece_cmp);
	for (size_t i = 0; i < all->n; lines += now.last - now.first + 1) {
		now = all->at[i];
		while (++i < all->n && oid_eq(&all->at[i].blob, &now.blob) &&
		    all->at[i].first <= (uint64_t)now.last + 1)
			if (all->at[i].last > now.last)
				now.last = all->at[i].last;
		if (oid_eq(&now.blob, &here->blob) &&
		    now.first <= here->first && here->last <= now.last)
			*run = (uint64_t)now.last - now.first + 1;
	}
	return lines;
}

void
pages_facts(struct pages_facts *out, const struct pages *p,
    const struct pages *before, size_t n_before)
{
	struct pages_facts f = { .spool = out->spool,
		.paper = p->paper,
		.purpose = p->purpose.len > 0 || p->finding > 0,
		.pages = p->pages };

	for (uint32_t i = 0; i < p->n; i++) {
		const struct pages_place *l = &p->places[i];
		struct pieces all = { 0 };
		uint64_t run, lines, percent;

		gather(&all, p, l->at.path);
		for (size_t k = 0; k < n_before; k++)
			gather(&all, &before[k], l->at.path);
		lines = count(&all, &l->at, &run);
		percent = l->cost.of == 0 ?
		    100 :
		    (lines * 100 + l->cost.of - 1) / l->cost.of;
		if (run > f.run) {
			f.run = run;
			f.run_path = l->at.path;
		}
		if (percent > f.percent) {
			f.percent = percent;
			f.percent_path = l->at.path;
		}
		free(all.at);
	}
	*out = f;
}
