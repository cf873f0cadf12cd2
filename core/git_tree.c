#include "core/git_tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_commit.h"
#include "core/git_inside.h"
#include "core/limits.h"

enum {
	TREE_TAGS = 16,
};

/* Old and foreign programs stored other bits too; git looks at these. */
static bool
kind_of(uint32_t *mode, enum tree_kind *kind)
{
	switch (*mode & 0170000) {
	case 0100000:
		*kind = (*mode & 0100) != 0 ? TREE_EXEC : TREE_FILE;
		*mode = (*mode & 0100) != 0 ? 0100755 : 0100644;
		return true;
	case 0120000:
		*kind = TREE_LINK;
		*mode = 0120000;
		return true;
	case 0040000:
		*kind = TREE_FOLDER;
		*mode = 0040000;
		return true;
	case 0160000:
		*kind = TREE_MODULE;
		*mode = 0160000;
		return true;
	default:
		return false;
	}
}

bool
git_tree_next(struct tree_entry *e, struct str *raw, bool *bad)
{
	const char *p = raw->at, *end = raw->at + raw->len, *nul;
	uint32_t mode = 0;

	if (raw->len == 0)
		return false;
	*bad = true;
	for (; p < end && *p >= '0' && *p <= '7' && mode < 01000000; p++)
		mode = mode << 3 | (uint32_t)(*p - '0');
	if (p == raw->at || p == end || *p != ' ' || !kind_of(&mode, &e->kind))
		return false;
	p++;
	nul = memchr(p, '\0', (size_t)(end - p));
	if (nul == NULL || nul == p || (size_t)(nul - p) > LIMIT_PATH ||
	    end - nul <= OID_BYTES)
		return false;
	*bad = false;
	e->name = (struct str){ p, (size_t)(nul - p) };
	e->mode = mode;
	e->size = TREE_SIZE_UNKNOWN;
	memcpy(e->id.id, nul + 1, OID_BYTES);
	*raw = (struct str){ nul + 1 + OID_BYTES,
		(size_t)(end - nul) - 1 - OID_BYTES };
	return true;
}

static unsigned char
byte_after(const struct tree_entry *e, size_t n)
{
	if (n < e->name.len)
		return (unsigned char)e->name.at[n];
	return e->kind == TREE_FOLDER ? '/' : '\0';
}

int
git_tree_cmp(const struct tree_entry *a, const struct tree_entry *b)
{
	size_t n = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = memcmp(a->name.at, b->name.at, n);

	if (order != 0)
		return order;
	order = (int)byte_after(a, n) - (int)byte_after(b, n);
	if (order != 0)
		return order;
	return (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

static int
compare(const void *a, const void *b)
{
	return git_tree_cmp(a, b);
}

static void
sort(struct tree_level *l)
{
	for (size_t i = 1; i < l->len && !l->unsorted; i++)
		l->unsorted = git_tree_cmp(&l->at[i - 1], &l->at[i]) > 0;
	if (l->unsorted)
		qsort(l->at, l->len, sizeof *l->at, compare);
}

enum err
git_tree_load(struct tree_level *out, struct git_repo *r,
    const struct oid *tree)
{
	struct tree_level l = { 0 };
	struct tree_entry e = { 0 };
	struct str raw;
	size_t room = 0;
	bool bad = false;
	enum err rc = git_repo_read(&l.bytes, r, tree, GIT_TREE, TREE_BYTES);

	if (rc != ERR_NONE)
		return rc;
	raw = l.bytes.bytes;
	while (git_tree_next(&e, &raw, &bad)) {
		if (l.len == room) {
			room = room == 0 ? 1 + raw.len / 36 : room * 2;
			l.at = reallocarray(l.at, room, sizeof *l.at);
			if (l.at == NULL)
				bug("no memory for a folder");
		}
		l.at[l.len++] = e;
	}
	if (bad) {
		git_tree_unload(&l);
		return fail(ERR_FORMAT,
		    "tree %s is damaged: an entry without "
		    "a name or with an impossible mode",
		    oid_text(tree).hex);
	}
	sort(&l);
	*out = l;
	return ERR_NONE;
}

void
git_tree_unload(struct tree_level *l)
{
	git_repo_drop(&l->bytes);
	free(l->at);
	*l = (struct tree_level){ 0 };
}

enum err
git_tree_list(struct tree_list *out, struct arena *a, struct git_repo *r,
    const struct oid *tree)
{
	struct tree_level l;
	enum err rc = git_tree_load(&l, r, tree);

	if (rc != ERR_NONE)
		return rc;
	out->at = arena_array(a, l.len, struct tree_entry);
	out->len = l.len;
	out->unsorted = l.unsorted;
	for (size_t i = 0; i < l.len; i++) {
		out->at[i] = l.at[i];
		out->at[i].name = arena_copy(a, l.at[i].name);
	}
	git_tree_unload(&l);
	return ERR_NONE;
}

void
git_tree_size(struct tree_entry *e, struct git_repo *r)
{
	enum git_kind kind;
	uint64_t size;

	if (e->kind == TREE_FOLDER || e->kind == TREE_MODULE)
		return;
	if (git_repo_header(&kind, &size, r, &e->id) == ERR_NONE &&
	    size <= INT64_MAX)
		e->size = (int64_t)size;
	else
		e->size = TREE_SIZE_MISSING;
	err_clear();
}

/* The first header of a commit. */
static enum err
tree_of_commit(struct oid *out, struct str raw, const struct oid *id)
{
	if (!str_starts(raw, STR("tree ")) ||
	    oid_parse(out, str_slice(raw, 5, OID_HEX)) != ERR_NONE) {
		err_clear();
		return fail(ERR_FORMAT,
		    "commit %s is damaged: it names no "
		    "tree",
		    oid_text(id).hex);
	}
	return ERR_NONE;
}

enum err
git_tree_of(struct oid *out, struct git_repo *r, const struct oid *id)
{
	struct oid at = *id;

	for (int i = 0; i < TREE_TAGS; i++) {
		struct git_bytes b = { 0 };
		struct arena a = { 0 };
		struct tag tag;
		enum err rc =
		    git_repo_read(&b, r, &at, GIT_NOTHING, TREE_BYTES);
		enum git_kind kind = b.kind;

		if (rc == ERR_NONE && kind == GIT_COMMIT)
			rc = tree_of_commit(out, b.bytes, &at);
		else if (rc == ERR_NONE && kind == GIT_TREE)
			*out = at;
		else if (rc == ERR_NONE && kind == GIT_TAG)
			rc = git_commit_tag(&tag, &a, r, &at);
		else if (rc == ERR_NONE)
			rc = fail(ERR_FORMAT, "%s is a file, no revision",
			    oid_text(&at).hex);
		if (kind == GIT_TAG && rc == ERR_NONE)
			at = tag.target;
		git_repo_drop(&b);
		arena_release(&a);
		if (rc != ERR_NONE || kind != GIT_TAG)
			return rc;
	}
	return fail(ERR_LIMIT, "%s: a tag of a tag of a tag ...",
	    oid_text(id).hex);
}

/* Whole rest first: a hostile name may hold a slash. */
static bool
find_here(struct tree_entry *out, struct str raw, struct str rest,
    struct str part, bool *bad)
{
	struct tree_entry e;
	bool found = false;

	while (git_tree_next(&e, &raw, bad)) {
		if (str_eq(e.name, rest)) {
			*out = e;
			return true;
		}
		if (!found && e.kind == TREE_FOLDER && str_eq(e.name, part)) {
			*out = e;
			found = true;
		}
	}
	return found;
}

static enum err
no_such_path(struct str path)
{
	return fail(ERR_ABSENT, "%.*s: no such path in this revision",
	    path.len > 200 ? 200 : (int)path.len, path.at);
}

enum err
git_tree_find(struct tree_entry *out, struct git_repo *r,
    const struct oid *tree, struct str path)
{
	struct tree_entry e = { .id = *tree,
		.kind = TREE_FOLDER,
		.mode = 040000,
		.size = TREE_SIZE_UNKNOWN };
	struct str rest = path;

	while (rest.len > 0) {
		struct git_bytes b = { 0 };
		struct str whole = rest, part;
		bool bad = false, found;
		enum err rc;

		if (e.kind != TREE_FOLDER)
			return no_such_path(path);
		rc = git_repo_read(&b, r, &e.id, GIT_TREE, TREE_BYTES);
		if (rc != ERR_NONE)
			return rc;
		(void)str_cut(&rest, '/', &part);
		found = find_here(&e, b.bytes, whole, part, &bad);
		if (found && e.name.len == whole.len)
			rest = (struct str){ "", 0 };
		git_repo_drop(&b);
		if (!found)
			return no_such_path(path);
	}
	e.name = path;
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/') {
			e.name = str_slice(path, i, path.len);
			break;
		}
	*out = e;
	return ERR_NONE;
}

struct walk {
	struct git_repo *repo;
	git_tree_fn *fn;
	git_tree_trouble_fn *trouble;
	void *arg;
	struct buf path;
	uint64_t entries;
};

static enum err
trouble(struct walk *w, const struct oid *tree, enum err rc)
{
	if (w->trouble == NULL)
		return rc;
	rc = w->trouble(w->arg, buf_view(&w->path), tree, rc);
	if (rc == ERR_NONE)
		err_clear();
	return rc;
}

static enum err walk_folder(struct walk *w, const struct oid *tree,
    unsigned depth);

static enum err
walk_entry(struct walk *w, const struct tree_entry *e, unsigned depth)
{
	size_t before = w->path.len;
	enum err rc;

	if (++w->entries > LIMIT_TREE_ENTRIES)
		return fail(ERR_LIMIT,
		    "over %d files and folders in one "
		    "revision",
		    LIMIT_TREE_ENTRIES);
	if (before > 0)
		buf_char(&w->path, '/');
	buf_str(&w->path, e->name);
	if (w->path.len > LIMIT_PATH ||
	    (depth > LIMIT_TREE_DEPTH && e->kind == TREE_FOLDER))
		rc = trouble(w, &e->id,
		    fail(ERR_LIMIT,
			"folders nested too "
			"deep, or a path over %d bytes",
			LIMIT_PATH));
	else if (e->kind == TREE_FOLDER)
		rc = walk_folder(w, &e->id, depth + 1);
	else
		rc = w->fn(w->arg, buf_view(&w->path), e);
	w->path.len = before;
	return rc;
}

static enum err
walk_folder(struct walk *w, const struct oid *tree, unsigned depth)
{
	struct tree_level l;
	enum err rc = git_tree_load(&l, w->repo, tree);

	if (rc != ERR_NONE)
		return trouble(w, tree, rc);
	for (size_t i = 0; rc == ERR_NONE && i < l.len; i++)
		rc = walk_entry(w, &l.at[i], depth);
	git_tree_unload(&l);
	return rc;
}

enum err
git_tree_each(struct git_repo *r, const struct oid *tree, git_tree_fn *fn,
    git_tree_trouble_fn *on_trouble, void *arg)
{
	struct walk w = { .repo = r,
		.fn = fn,
		.trouble = on_trouble,
		.arg = arg };
	enum err rc = walk_folder(&w, tree, 1);

	buf_release(&w.path);
	return rc;
}
