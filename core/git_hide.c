#include "core/git_hide.h"

#include <stdlib.h>
#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "core/array.h"
#include "core/git_budget.h"
#include "core/git_commit.h"
#include "core/git_inside.h"
#include "core/hash.h"
#include "core/limits.h"
#include "core/oidset.h"

/* What became of an id. */
struct map {
	struct oidset keys;
	struct oid *values; /* as long as keys */
	size_t room;
};

struct hide {
	struct git_repo *r;
	const struct git_hide_wish *wish;
	struct map trees, commits; /* a zero value: nothing is shown there */
	struct oidset seen;        /* folders, wherever they stand */
	struct git_budget budget;
	struct oid *stack;
	size_t n_stack, room;
	uint64_t done;
};

static const struct oid *
map_find(const struct map *m, const struct oid *key)
{
	uint32_t i = oidset_find(&m->keys, key);

	return i == OIDSET_NONE ? NULL : &m->values[i];
}

static void
map_put(struct map *m, const struct oid *key, const struct oid *value)
{
	uint32_t i;

	(void)oidset_add(&m->keys, &i, key);
	m->values = array_more(m->values, i, &m->room, sizeof *m->values);
	m->values[i] = *value;
}

static enum err
keep(struct oid *out, struct hide *h, struct str bytes, git_object_t type)
{
	git_oid id;

	if (git_odb_write(&id, h->r->odb, bytes.at, bytes.len, type) < 0)
		return fail(ERR_IO, "an object cannot be made again: %s",
		    git_repo_words());
	memcpy(out->id, id.id, OID_BYTES);
	return ERR_NONE;
}

/* The same tree stands at several paths, with another part of it shown. */
static struct oid
place_of(const struct oid *tree, struct str path)
{
	struct hash_run run;
	struct hash hash;
	struct oid id;

	hash_start(&run);
	hash_add(&run, (struct str){ (const char *)tree->id, OID_BYTES });
	hash_add(&run, path);
	hash = hash_finish(&run);
	memcpy(id.id, hash.at, OID_BYTES);
	return id;
}

static enum err hide_tree(struct oid *out, struct hide *h,
    const struct oid *tree, struct buf *path, int depth);

/* Appends the entry when it, or something in it, is shown. */
static enum err
hide_entry(struct buf *b, struct hide *h, const struct tree_entry *e,
    struct buf *path, int depth)
{
	size_t before = path->len;
	struct oid id = e->id;
	enum err rc = ERR_NONE;
	bool shown;

	if (before > 0)
		buf_char(path, '/');
	buf_str(path, e->name);
	if (e->kind == TREE_FOLDER) {
		rc = hide_tree(&id, h, &e->id, path, depth + 1);
		shown = rc == ERR_NONE && !oid_is_zero(&id);
	} else {
		shown = h->wish->shown(h->wish->arg, buf_view(path));
	}
	path->len = before;
	if (shown) {
		buf_printf(b, "%o ", e->mode);
		buf_str(b, e->name);
		buf_char(b, '\0');
		buf_add(b, id.id, OID_BYTES);
	}
	return rc;
}

/* Zero when nothing below is shown. */
static enum err
hide_tree(struct oid *out, struct hide *h, const struct oid *tree,
    struct buf *path, int depth)
{
	struct oid place = place_of(tree, buf_view(path));
	const struct oid *known = map_find(&h->trees, &place);
	struct tree_level level = { 0 };
	struct oid made = { 0 };
	struct buf b = { 0 };
	uint32_t number;
	enum err rc;

	if (known != NULL) {
		*out = *known;
		return ERR_NONE;
	}
	if (depth > LIMIT_TREE_DEPTH || path->len > LIMIT_PATH)
		return fail(ERR_LIMIT,
		    "commit %s: folders inside folders, over %d",
		    oid_text(&h->budget.commit).hex, LIMIT_TREE_DEPTH);
	rc = git_tree_load(&level, h->r, tree);
	if (rc == ERR_NONE)
		rc = git_budget_folder(&h->budget, level.len,
		    oidset_add(&h->seen, &number, tree));
	for (size_t i = 0; i < level.len && rc == ERR_NONE; i++)
		rc = hide_entry(&b, h, &level.at[i], path, depth);
	git_tree_unload(&level);
	if (rc == ERR_NONE && (b.len > 0 || depth == 0))
		rc = keep(&made, h, buf_view(&b), GIT_OBJECT_TREE);
	buf_release(&b);
	if (rc == ERR_NONE) {
		map_put(&h->trees, &place, &made);
		*out = made;
	}
	return rc;
}

/* Headers line by line; a signature goes over several that begin blank. */
static void
write_commit(struct buf *b, struct hide *h, struct str raw,
    const struct oid *tree)
{
	size_t end = str_find(raw, STR("\n\n"), 0);
	struct str rest =
	    str_slice(raw, 0, end == SIZE_MAX ? raw.len : end + 1);
	struct str line;
	struct oid id;
	bool signature = false;

	while (str_cut(&rest, '\n', &line)) {
		const struct oid *now = NULL;

		if (line.len == 0 && rest.len == 0)
			break;
		signature = str_starts(line, STR("gpgsig")) ||
		    (signature && str_starts(line, STR(" ")));
		if (signature)
			continue;
		if (str_starts(line, STR("tree "))) {
			buf_printf(b, "tree %s\n", oid_text(tree).hex);
			continue;
		}
		if (str_starts(line, STR("parent ")) &&
		    oid_parse(&id, str_slice(line, 7, OID_HEX)) == ERR_NONE)
			now = map_find(&h->commits, &id);
		if (now != NULL && !oid_is_zero(now))
			buf_printf(b, "parent %s\n", oid_text(now).hex);
		else {
			buf_str(b, line);
			buf_char(b, '\n');
		}
	}
	err_clear();
	if (end != SIZE_MAX)
		buf_str(b, str_slice(raw, end + 1, raw.len));
}

static void
push(struct hide *h, const struct oid *id)
{
	h->stack = array_more(h->stack, h->n_stack, &h->room, sizeof *h->stack);
	h->stack[h->n_stack++] = *id;
}

/* false: parents come first; they are on the stack now. */
static bool
is_ready(struct hide *h, const struct commit *c)
{
	bool ready = true;

	for (uint32_t i = 0; i < c->n_parents; i++)
		if (map_find(&h->commits, &c->parents[i]) == NULL) {
			push(h, &c->parents[i]);
			ready = false;
		}
	return ready;
}

static enum err
hide_commit(struct hide *h, const struct oid *id, const struct commit *c,
    struct str raw)
{
	struct buf path = { 0 }, b = { 0 };
	struct oid tree, made;
	enum err rc;

	git_budget_commit(&h->budget, id);
	rc = hide_tree(&tree, h, &c->tree, &path, 0);

	if (rc == ERR_NONE) {
		write_commit(&b, h, raw, &tree);
		rc = keep(&made, h, buf_view(&b), GIT_OBJECT_COMMIT);
	}
	if (rc == ERR_NONE)
		map_put(&h->commits, id, &made);
	if (++h->done % 256 == 0 && h->wish->progress != NULL)
		h->wish->progress(h->wish->arg, "hiding names", h->done, 0);
	buf_release(&path);
	buf_release(&b);
	return rc;
}

/* The top of the stack, or what has to come before it. */
static enum err
step(struct hide *h, bool must)
{
	static const struct oid nothing;
	struct oid id = h->stack[h->n_stack - 1];
	size_t top = h->n_stack;
	struct git_bytes raw = { 0 };
	struct arena a = { 0 };
	struct commit c;
	enum err rc = ERR_NONE;

	if (map_find(&h->commits, &id) == NULL) {
		rc = git_repo_read(&raw, h->r, &id, GIT_COMMIT, LIMIT_COMMIT);
		if (rc == ERR_NONE)
			rc = git_commit_parse(&c, &a, raw.bytes);
		if (rc == ERR_NONE && is_ready(h, &c))
			rc = hide_commit(h, &id, &c, raw.bytes);
	}
	/* History that was not delivered ends here, as it does before. */
	if (rc == ERR_ABSENT && !must) {
		err_clear();
		map_put(&h->commits, &id, &nothing);
		rc = ERR_NONE;
	}
	if (h->n_stack == top)
		h->n_stack--;
	git_repo_drop(&raw);
	arena_release(&a);
	return rc;
}

enum err
git_hide(struct oid *out, struct git_repo *r, const struct git_hide_wish *wish)
{
	struct hide h = { .r = r, .wish = wish };
	git_odb_backend *memory;
	enum err rc = ERR_NONE;

	if (git_mempack_new(&memory) < 0)
		return fail(ERR_IO, "libgit2: %s", git_repo_words());
	/* The first that can be written to is where what is made goes. */
	if (git_odb_add_backend(r->odb, memory, 1000) < 0) {
		memory->free(memory);
		return fail(ERR_IO, "libgit2: %s", git_repo_words());
	}
	for (size_t i = 0; i < wish->n && rc == ERR_NONE; i++) {
		push(&h, &wish->commits[i]);
		while (h.n_stack > 0 && rc == ERR_NONE)
			rc = step(&h, h.n_stack == 1);
		if (rc == ERR_NONE)
			out[i] = *map_find(&h.commits, &wish->commits[i]);
	}
	oidset_release(&h.trees.keys);
	oidset_release(&h.commits.keys);
	oidset_release(&h.seen);
	free(h.trees.values);
	free(h.commits.values);
	free(h.stack);
	return rc;
}
