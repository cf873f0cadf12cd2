#include "core/git_refs.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_commit.h"
#include "core/git_inside.h"
#include "core/limits.h"

enum {
	REFS_PACKED = 64 * 1024 * 1024, /* bytes of packed-refs */
	REFS_DEPTH = 32,                /* folders below refs */
	REFS_LINKS = 5,                 /* names that stand for names */
	REFS_TAGS = 16,                 /* tags of tags */
};

/* What a name stands for while it is read. */
struct found {
	struct str name;
	struct str link; /* another name, or "" */
	struct oid id;
	struct oid told; /* the commit behind a tag, as packed-refs says */
	bool loose;
};

struct reading {
	struct git_repo *repo;
	struct arena *a;
	struct found *at;
	size_t len, room;
	uint32_t skipped;
};

static enum err
add(struct reading *r, const struct found *f)
{
	if (r->len >= LIMIT_REFS)
		return fail(ERR_LIMIT, "%s: over %d references",
		    r->repo->path.at, LIMIT_REFS);
	r->at = array_more(r->at, r->len, &r->room, sizeof *r->at);
	if (str_starts(f->name, STR("refs/replace/")))
		r->repo->facts.replaced = true;
	r->at[r->len++] = *f;
	return ERR_NONE;
}

static enum err
sha256(struct reading *r, const char *file)
{
	return fail(ERR_FORMAT,
	    "%s/%s: a SHA-256 repository: only SHA-1 ones are read; its files "
	    "can be (git archive)",
	    r->repo->path.at, file);
}

static bool
is_hex(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("0123456789abcdefABCDEF", s.at[i]) == NULL ||
		    s.at[i] == '\0')
			return false;
	return s.len > 0;
}

/* What a file of one ref says.  ERR_FORMAT without a text: nothing. */
static enum err
parse_content(struct found *f, struct reading *r, struct str text)
{
	text = str_trim(text);
	if (str_starts(text, STR("ref:"))) {
		f->link =
		    arena_copy(r->a, str_trim(str_slice(text, 4, text.len)));
		return ERR_NONE;
	}
	if (text.len == 64 && is_hex(text))
		return sha256(r, f->name.at);
	if (text.len != OID_HEX || !is_hex(text))
		return ERR_FORMAT;
	return oid_parse(&f->id, text);
}

/* "^ID" behind a tag: the commit that it comes to. */
static void
take_told(struct reading *r, struct str hex)
{
	if (r->len > 0 && hex.len == OID_HEX && is_hex(hex) &&
	    oid_parse(&r->at[r->len - 1].told, hex) != ERR_NONE)
		err_clear();
}

static enum err
parse_packed_line(struct reading *r, struct str line)
{
	struct found f = { 0 };
	struct str hex;

	if (line.len > 0 && line.at[0] == '^')
		take_told(r, str_slice(line, 1, line.len));
	if (line.len == 0 || line.at[0] == '#' || line.at[0] == '^')
		return ERR_NONE;
	if (line.len > 65 && line.at[64] == ' ' &&
	    is_hex(str_slice(line, 0, 64)))
		return sha256(r, "packed-refs");
	hex = str_slice(line, 0, OID_HEX);
	if (line.len < OID_HEX + 2 || line.at[OID_HEX] != ' ' || !is_hex(hex) ||
	    oid_parse(&f.id, hex) != ERR_NONE)
		return fail(ERR_FORMAT,
		    "damaged: %s/packed-refs: a line is "
		    "not \"ID NAME\"",
		    r->repo->path.at);
	f.name = str_slice(line, OID_HEX + 1, line.len);
	if (f.name.len > LIMIT_REF_NAME) {
		r->skipped++;
		return ERR_NONE;
	}
	f.name = arena_copy(r->a, f.name);
	return add(r, &f);
}

static enum err
read_packed(struct reading *r)
{
	struct buf b = { 0 };
	struct str rest, line;
	enum err rc = io_read_at(&b, r->repo->fd, "packed-refs", REFS_PACKED);

	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	rest = buf_view(&b);
	while (rc == ERR_NONE && str_cut(&rest, '\n', &line))
		rc = parse_packed_line(r, line);
	buf_release(&b);
	return rc;
}

static enum err
read_loose(struct reading *r, struct str name)
{
	struct found f = { .name = name, .loose = true };
	struct buf b = { 0 };
	enum err rc;

	if (str_ends(name, STR(".lock")))
		return ERR_NONE;
	rc = io_read_at(&b, r->repo->fd, name.at, LIMIT_REF_NAME);
	if (rc == ERR_NONE)
		rc = parse_content(&f, r, buf_view(&b));
	buf_release(&b);
	if (rc == ERR_NONE)
		return add(r, &f);
	if (rc == ERR_FORMAT && err_text()[0] != '\0')
		return rc;
	err_clear();
	r->skipped++;
	return ERR_NONE;
}

static enum err
read_folder(struct reading *r, struct str folder, unsigned depth)
{
	struct io_entries list;
	enum err rc;

	if (depth > REFS_DEPTH || folder.len > LIMIT_REF_NAME) {
		r->skipped++;
		return ERR_NONE;
	}
	rc = io_list_at(&list, r->a, r->repo->fd, folder.at, LIMIT_REFS);
	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	for (size_t i = 0; rc == ERR_NONE && i < list.len; i++) {
		struct str name =
		    arena_printf(r->a, "%s/%s", folder.at, list.at[i].name.at);

		if (list.at[i].folder)
			rc = read_folder(r, name, depth + 1);
		else if (list.at[i].file)
			rc = read_loose(r, name);
		else
			r->skipped++;
	}
	return rc;
}

static int
compare_found(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int order = str_cmp(x->name, y->name);

	return order != 0 ? order : (int)y->loose - (int)x->loose;
}

static int
find_by_name(const void *key, const void *f)
{
	return str_cmp(*(const struct str *)key,
	    ((const struct found *)f)->name);
}

static const struct found *
find(const struct reading *r, struct str name)
{
	if (r->len == 0)
		return NULL;
	return bsearch(&name, r->at, r->len, sizeof *r->at, find_by_name);
}

/* Sorted, one of each name, names that stand for names resolved or gone. */
static void
settle(struct reading *r)
{
	size_t n = 0;

	if (r->len > 0)
		qsort(r->at, r->len, sizeof *r->at, compare_found);
	for (size_t i = 0; i < r->len; i++)
		if (n == 0 || !str_eq(r->at[n - 1].name, r->at[i].name))
			r->at[n++] = r->at[i];
	r->len = n;
	for (size_t i = 0; i < r->len; i++) {
		const struct found *f = &r->at[i];

		for (int k = 0; k < REFS_LINKS && f != NULL && f->link.len > 0;
		     k++)
			f = find(r, f->link);
		if (f != NULL && f->link.len == 0)
			r->at[i].id = f->id;
	}
}

static void
describe(struct ref *ref)
{
	static const struct {
		struct str prefix;
		enum ref_kind kind;
	} rows[] = {
		{ { "refs/heads/", 11 }, REF_BRANCH },
		{ { "refs/tags/", 10 }, REF_TAG },
		{ { "refs/remotes/", 13 }, REF_REMOTE },
		{ { "refs/", 5 }, REF_OTHER },
		{ { "", 0 }, REF_OTHER },
	};
	size_t i = 0;

	while (!str_starts(ref->name, rows[i].prefix))
		i++;
	ref->kind = rows[i].kind;
	ref->brief = str_slice(ref->name, rows[i].prefix.len, ref->name.len);
}

static void
hand_over(struct refs *out, const struct reading *r)
{
	struct refs refs = { .skipped = r->skipped, .head = { "", 0 } };

	refs.at = arena_array(r->a, r->len, struct ref);
	for (size_t i = 0; i < r->len; i++) {
		struct ref *ref = &refs.at[refs.len];

		if (oid_is_zero(&r->at[i].id))
			continue;
		ref->name = r->at[i].name;
		ref->target = r->at[i].id;
		ref->told = r->at[i].told;
		ref->status = (struct str){ "", 0 };
		describe(ref);
		refs.len++;
	}
	*out = refs;
}

static enum err
read_head(struct refs *out, struct reading *r)
{
	struct found f = { .name = STR("HEAD") };
	const struct ref *ref;
	struct buf b = { 0 };
	enum err rc = io_read_at(&b, r->repo->fd, "HEAD", LIMIT_REF_NAME);

	if (rc == ERR_NONE)
		rc = parse_content(&f, r, buf_view(&b));
	buf_release(&b);
	if (rc == ERR_FORMAT && err_text()[0] == '\0')
		rc = fail(ERR_FORMAT, "damaged: %s/HEAD names nothing",
		    r->repo->path.at);
	if (rc != ERR_NONE)
		return rc;
	out->head_id = f.id;
	out->head = f.link.len > 0 ? f.link : (struct str){ "", 0 };
	ref = git_refs_find(out, out->head);
	if (ref != NULL)
		out->head_id = ref->target;
	return ERR_NONE;
}

enum err
git_refs_read(struct refs *out, struct arena *a, struct git_repo *r)
{
	struct reading reading = { .repo = r, .a = a };
	struct refs refs;
	enum err rc;

	if (io_is_folder(arena_printf(a, "%s/reftable", r->path.at).at))
		return fail(ERR_FORMAT,
		    "%s: its references are in the "
		    "reftable format, which is not read: clone it with "
		    "--ref-format=files",
		    r->path.at);
	rc = read_packed(&reading);
	if (rc == ERR_NONE)
		rc = read_folder(&reading, STR("refs"), 0);
	if (rc == ERR_NONE) {
		settle(&reading);
		hand_over(&refs, &reading);
		rc = read_head(&refs, &reading);
	}
	free(reading.at);
	if (rc == ERR_NONE)
		*out = refs;
	return rc;
}

void
git_refs_releases(struct refs *out, struct arena *a,
    const struct release *releases, size_t n)
{
	struct refs refs = { .at = arena_array(a, n, struct ref), .len = n };

	refs.head = (struct str){ "", 0 };
	for (size_t i = 0; i < n; i++) {
		refs.at[i].name = refs.at[i].brief =
		    arena_copy(a, releases[i].name);
		refs.at[i].status = arena_copy(a, releases[i].status);
		refs.at[i].target = refs.at[i].commit = releases[i].commit;
		refs.at[i].kind = REF_RELEASE;
		refs.at[i].peeled = true;
		refs.head_id = releases[i].commit;
	}
	*out = refs;
}

void
git_refs_peel(struct ref *ref, struct git_repo *r)
{
	struct arena a = { 0 };
	struct oid id = ref->target;
	enum git_kind kind = GIT_NOTHING;
	uint64_t size;

	if (ref->peeled)
		return;
	ref->peeled = true;
	for (int i = 0; i < REFS_TAGS; i++) {
		struct tag tag;

		if (git_repo_header(&kind, &size, r, &id) != ERR_NONE ||
		    kind != GIT_TAG ||
		    git_commit_tag(&tag, &a, r, &id) != ERR_NONE)
			break;
		ref->annotated = true;
		id = tag.target;
	}
	if (kind == GIT_COMMIT)
		ref->commit = id;
	err_clear();
	arena_release(&a);
}

bool
git_refs_names(struct ref *ref, struct git_repo *r, const struct oid *commit)
{
	if (!ref->peeled && oid_eq(&ref->told, commit))
		git_refs_peel(ref, r);
	return oid_eq(ref->peeled ? &ref->commit : &ref->target, commit);
}

const struct ref *
git_refs_find(const struct refs *refs, struct str name)
{
	size_t low = 0, high = refs->len;

	if (refs->len > 0 && refs->at[0].kind == REF_RELEASE) {
		for (size_t i = 0; i < refs->len; i++)
			if (str_eq(refs->at[i].name, name))
				return &refs->at[i];
		return NULL;
	}
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_cmp(refs->at[mid].name, name);

		if (order == 0)
			return &refs->at[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
