#include "core/git_import.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/array.h"
#include "core/git_import_pack.h"
#include "core/git_place.h"
#include "core/io.h"
#include "core/limits.h"

enum {
	BUNDLE_HEAD = 16 * 1024 * 1024,
	PIECE = 1024 * 1024,
	LEVEL = 1, /* it is packed again for the image */
};

enum err
git_import_wanted(bool *wanted, const char *path)
{
	struct git_place place;
	struct arena a = { 0 };
	struct str real;
	enum err rc = io_real_path(&real, &a, path);

	*wanted = false;
	if (rc == ERR_NONE && io_is_file(real.at))
		*wanted = true;
	else if (rc == ERR_NONE &&
	    !io_is_folder(arena_printf(&a, "%s/objects", real.at).at) &&
	    !io_is_file(arena_printf(&a, "%s/.git", real.at).at) &&
	    !io_is_folder(arena_printf(&a, "%s/.git", real.at).at))
		*wanted = true;
	else if (rc == ERR_NONE) {
		rc = git_place_find(&place, &a, real.at);
		if (rc == ERR_NONE && !str_eq(place.git, real) &&
		    !str_starts(place.git, arena_printf(&a, "%s/", real.at)))
			rc = fail(ERR_DENIED,
			    "%s/.git leads to %s, which was not delivered; "
			    "name that folder if it is meant",
			    real.at, place.git.at);
	}
	arena_release(&a);
	return rc;
}

struct ref_line {
	struct oid id;
	struct str name;
};

/* For git's own tools and core/git_refs.c. */
static enum err
write_refs(int dir, const struct ref_line *refs, size_t n, struct str head)
{
	struct buf b = { 0 };
	enum err rc;

	buf_printf(&b, "ref: %.*s\n", STR_ARG(head));
	rc = io_create_at(dir, "HEAD", buf_view(&b));
	buf_clear(&b);
	buf_str(&b, STR("# pack-refs with:\n"));
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, (struct str){ oid_text(&refs[i].id).hex, OID_HEX });
		buf_char(&b, ' ');
		buf_str(&b, refs[i].name);
		buf_char(&b, '\n');
	}
	if (rc == ERR_NONE)
		rc = io_create_at(dir, "packed-refs", buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
make_folders(int dir)
{
	static const char *const folders[] = { "refs", "objects",
		"objects/pack" };
	enum err rc = ERR_NONE;

	for (size_t i = 0;
	     i < sizeof folders / sizeof *folders && rc == ERR_NONE; i++)
		rc = io_make_folder_at(dir, folders[i]);
	return rc;
}

/* A bundle: gitformat-bundle(5), versions 2 and 3. */

struct bundle {
	struct ref_line *refs;
	size_t n, pack; /* pack: where it begins */
	struct str head;
};

static bool
is_ref_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 0x7f)
			return false;
	return name.len > 0 && name.len <= LIMIT_REF_NAME;
}

static enum err
take_bundle_line(struct bundle *b, struct arena *a, const char *path,
    struct str line)
{
	struct ref_line *ref = &b->refs[b->n];
	struct str name = str_slice(line, OID_HEX + 1, line.len);

	if (line.at[0] == '-')
		return fail(ERR_FORMAT,
		    "%s: needs commit %.12s, which is not in it: ask for a "
		    "bundle of the whole history",
		    path, line.len > OID_HEX ? line.at + 1 : "?");
	if (line.at[0] == '@') {
		if (str_eq(line, STR("@object-format=sha1")))
			return ERR_NONE;
		if (str_starts(line, STR("@object-format=")))
			return fail(ERR_FORMAT,
			    "%s: a SHA-256 repository: only SHA-1 ones are "
			    "read; ask for its files as an archive",
			    path);
		return fail(ERR_FORMAT,
		    "%s: a part of a repository (%.*s): ask for a bundle of "
		    "all of it",
		    path, STR_ARG(str_slice(line, 1, 60)));
	}
	if (oid_parse(&ref->id, str_slice(line, 0, OID_HEX)) != ERR_NONE ||
	    !is_ref_name(name)) {
		err_clear();
		return fail(ERR_FORMAT, "%s: damaged: a line of its head",
		    path);
	}
	ref->name = arena_copy(a, name);
	if (str_eq(name, STR("HEAD")))
		b->head = STR("HEAD");
	b->n++;
	return b->n > LIMIT_REFS ?
	    fail(ERR_LIMIT, "%s: over %d references", path, LIMIT_REFS) :
	    ERR_NONE;
}

static enum err
read_bundle_head(struct bundle *b, struct arena *a, const char *path,
    struct str bytes)
{
	struct str rest = str_slice(bytes, 0, BUNDLE_HEAD), line;
	size_t lines = 0, end = str_find(rest, STR("\n\n"), 0);
	enum err rc = ERR_NONE;

	if (end == SIZE_MAX)
		return fail(ERR_FORMAT,
		    "%s: damaged: a bundle without end of "
		    "its head",
		    path);
	rest = str_slice(rest, 0, end + 1);
	for (size_t i = 0; i < rest.len; i++)
		lines += rest.at[i] == '\n';
	b->refs = arena_array(a, lines + 1, struct ref_line);
	(void)str_cut(&rest, '\n', &line); /* the first says what it is */
	while (rc == ERR_NONE && str_cut(&rest, '\n', &line))
		if (line.len > 0)
			rc = take_bundle_line(b, a, path, line);
	b->pack = end + 2;
	return rc;
}

/* HEAD of a bundle is a commit; the branch that is the same is named. */
static struct str
head_of(struct bundle *b)
{
	size_t head = b->n, n = 0;
	struct str name = STR("refs/heads/none");

	for (size_t i = 0; i < b->n; i++)
		if (str_eq(b->refs[i].name, STR("HEAD")))
			head = i;
	for (size_t i = 0; i < b->n && head < b->n; i++)
		if (str_starts(b->refs[i].name, STR("refs/heads/")) &&
		    oid_eq(&b->refs[i].id, &b->refs[head].id)) {
			name = b->refs[i].name;
			break;
		}
	for (size_t i = 0; i < b->n; i++)
		if (i != head)
			b->refs[n++] = b->refs[i];
	b->n = n;
	return name;
}

static enum err
import_bundle(struct git_import_facts *out, struct arena *a,
    const struct git_import_wish *wish, int dir, struct str path,
    struct str bytes)
{
	struct bundle b = { 0 };
	struct git_import_pack *pack;
	struct str head;
	enum err rc = read_bundle_head(&b, a, wish->from, bytes);

	if (rc == ERR_NONE)
		rc = git_import_pack_open(&pack, wish, path, bytes.len);
	if (rc != ERR_NONE)
		return rc;
	for (size_t at = b.pack; rc == ERR_NONE && at < bytes.len; at += PIECE)
		rc = git_import_pack_raw(pack, str_slice(bytes, at, PIECE));
	rc = git_import_pack_close(pack, &out->objects, rc);
	if (rc != ERR_NONE)
		return rc;
	head = head_of(&b);
	return write_refs(dir, b.refs, b.n, head);
}

/* Files: read twice, once to know them and once to keep them. */

struct entry {
	struct str path, same_as;
	struct oid id;
	uint32_t mode, order;
};

struct tree {
	struct oid id;
	struct str bytes;
};

struct files {
	const struct git_import_wish *wish;
	struct git_import_facts *facts;
	struct arena *a;
	struct entry *at;
	size_t n, room, next;
	struct tree *trees;
	size_t n_trees, trees_room;
	struct git_import_pack *pack;
	int64_t newest;
};

static void
on_files(void *arg, uint64_t done, uint64_t of)
{
	struct files *f = arg;

	if (f->wish->progress != NULL)
		f->wish->progress(f->wish->arg,
		    f->pack == NULL ? "looking through" : "taking in", done,
		    of);
}

static enum err
know(void *arg, const struct git_import_file *file)
{
	struct files *f = arg;
	struct entry *e;

	if (file->absolute && f->facts->absolute++ == 0)
		f->facts->first_absolute = arena_copy(f->a, file->path);
	if (file->mode == 0) {
		if (f->facts->left_out++ == 0)
			f->facts->first_left = arena_copy(f->a, file->path);
		return ERR_NONE;
	}
	if (f->n >= LIMIT_TREE_ENTRIES)
		return fail(ERR_LIMIT, "%s: over %d files", f->wish->from,
		    LIMIT_TREE_ENTRIES);
	f->at = array_more(f->at, f->n, &f->room, sizeof *f->at);
	e = &f->at[f->n];
	*e = (struct entry){ .path = arena_copy(f->a, file->path),
		.same_as = arena_copy(f->a, file->same_as),
		.mode = file->mode,
		.order = (uint32_t)f->n++ };
	if (e->same_as.len == 0)
		e->id = oid_of("blob", file->bytes);
	f->facts->links += file->mode == 0120000;
	f->facts->bytes += file->bytes.len;
	if (file->time > f->newest)
		f->newest = file->time;
	return ERR_NONE;
}

static int
by_path(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int order = str_cmp(a->path, b->path);

	return order != 0 ? order :
			    (a->order > b->order) - (a->order < b->order);
}

static struct entry *
find(const struct files *f, struct str path)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(f->at[middle].path, path);

		if (order == 0)
			return &f->at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Of a path that comes twice the last one counts, as where it is unpacked. */
static enum err
settle(struct files *f)
{
	size_t n = 0;

	if (f->n == 0)
		return fail(ERR_FORMAT, "%s: holds no file", f->wish->from);
	qsort(f->at, f->n, sizeof *f->at, by_path);
	for (size_t i = 0; i < f->n; i++)
		if (i + 1 == f->n || !str_eq(f->at[i].path, f->at[i + 1].path))
			f->at[n++] = f->at[i];
		else if (f->facts->twice++ == 0)
			f->facts->first_twice = f->at[i].path;
	f->n = n;
	for (size_t i = 0; i < f->n; i++) {
		struct entry *e = &f->at[i], *of = find(f, e->same_as);

		if (e->same_as.len == 0)
			continue;
		if (of == NULL || of->same_as.len > 0)
			return fail(ERR_FORMAT,
			    "%s: %.*s is a link to a file that is not in it",
			    f->wish->from, STR_ARG(str_slice(e->path, 0, 200)));
		e->id = of->id;
		e->mode = of->mode;
	}
	f->facts->files = f->n;
	return ERR_NONE;
}

/* The one folder that everything stands below, or "". */
static struct str
top_folder(const struct files *f)
{
	size_t slash = str_find(f->at[0].path, STR("/"), 0);
	struct str top;

	if (slash == SIZE_MAX)
		return STR("");
	top = str_slice(f->at[0].path, 0, slash + 1);
	for (size_t i = 1; i < f->n; i++)
		if (!str_starts(f->at[i].path, top))
			return STR("");
	return str_slice(top, 0, slash);
}

/* Trees, from the leaves up. */

static struct oid
keep_tree(struct files *f, struct str bytes)
{
	struct oid id = oid_of("tree", bytes);

	for (size_t i = f->n_trees; i-- > 0 && f->n_trees - i < 64;)
		if (oid_eq(&f->trees[i].id, &id))
			return id;
	f->trees =
	    array_more(f->trees, f->n_trees, &f->trees_room, sizeof *f->trees);
	f->trees[f->n_trees++] = (struct tree){ id, arena_copy(f->a, bytes) };
	return id;
}

struct item {
	struct str name;
	struct oid id;
	uint32_t mode;
};

static int
by_git(const void *x, const void *y)
{
	const struct item *a = x, *b = y;
	size_t n = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = memcmp(a->name.at, b->name.at, n);
	unsigned char p = '\0', q = '\0';

	if (order != 0)
		return order;
	if (n < a->name.len)
		p = (unsigned char)a->name.at[n];
	else if (a->mode == 040000)
		p = '/';
	if (n < b->name.len)
		q = (unsigned char)b->name.at[n];
	else if (b->mode == 040000)
		q = '/';
	return (p > q) - (p < q);
}

static void
write_items(struct buf *b, struct item *items, size_t n)
{
	qsort(items, n, sizeof *items, by_git);
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%o ", items[i].mode);
		buf_str(b, items[i].name);
		buf_char(b, '\0');
		buf_add(b, items[i].id.id, OID_BYTES);
	}
}

/* Entries from..to stand in one folder, whose name takes `skip` bytes. */
static enum err
build(struct oid *out, struct files *f, size_t from, size_t to, size_t skip,
    int depth)
{
	struct item *items = calloc(to - from, sizeof *items);
	struct buf b = { 0 };
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (items == NULL)
		bug("no memory for a folder");
	if (depth > LIMIT_TREE_DEPTH)
		rc = fail(ERR_LIMIT, "%s: folders inside folders, over %d",
		    f->wish->from, LIMIT_TREE_DEPTH);
	for (size_t i = from; i < to && rc == ERR_NONE;) {
		struct str rest =
		    str_slice(f->at[i].path, skip, f->at[i].path.len);
		size_t slash = str_find(rest, STR("/"), 0), end = i + 1;
		struct item *item = &items[n++];

		item->name =
		    str_slice(rest, 0, slash == SIZE_MAX ? rest.len : slash);
		item->mode = slash == SIZE_MAX ? f->at[i].mode : 040000;
		item->id = f->at[i].id;
		if (slash != SIZE_MAX) {
			struct str head =
			    str_slice(f->at[i].path, 0, skip + slash + 1);

			while (end < to && str_starts(f->at[end].path, head))
				end++;
			if (find(f, str_slice(head, 0, head.len - 1)) != NULL)
				rc = fail(ERR_FORMAT,
				    "%s: %.*s is a file and a folder",
				    f->wish->from,
				    STR_ARG(str_slice(head, 0, 200)));
			else
				rc = build(&item->id, f, i, end, head.len,
				    depth + 1);
		}
		i = end;
	}
	if (rc == ERR_NONE) {
		write_items(&b, items, n);
		*out = keep_tree(f, buf_view(&b));
	}
	buf_release(&b);
	free(items);
	return rc;
}

static void
write_commit(struct files *f, struct buf *b, const struct oid *tree)
{
	buf_printf(b, "tree %s\n", oid_text(tree).hex);
	for (int i = 0; i < 2; i++)
		buf_printf(b, "%s delivery <> %lld +0000\n",
		    i == 0 ? "author" : "committer", (long long)f->newest);
	buf_printf(b, "\nDelivered as %s\n\n%llu files, %llu bytes.\n",
	    f->wish->name, (unsigned long long)f->facts->files,
	    (unsigned long long)f->facts->bytes);
	if (f->facts->below.len > 0)
		buf_printf(b, "All of them stood below %.*s/.\n",
		    STR_ARG(f->facts->below));
}

static enum err
keep(void *arg, const struct git_import_file *file)
{
	struct files *f = arg;
	struct entry *e;
	struct oid id;
	size_t order = f->next;

	if (file->mode == 0)
		return ERR_NONE;
	f->next++;
	if (file->same_as.len > 0)
		return ERR_NONE;
	e = find(f, file->path);
	/* One that a later one of the same name replaces. */
	if (e != NULL && e->order != order)
		return ERR_NONE;
	id = oid_of("blob", file->bytes);
	if (e == NULL || !oid_eq(&e->id, &id))
		return fail(ERR_FORMAT, "%s: changed while it was read",
		    f->wish->from);
	return git_import_pack_add(f->pack, GIT_IMPORT_BLOB, &id, file->bytes);
}

static enum err
walk(struct files *f, git_import_fn *fn, bool folder)
{
	return folder ? git_import_tree(f->wish->from, fn, on_files, f) :
			git_import_tar(f->wish->from, fn, on_files, f);
}

static int
by_id(const void *x, const void *y)
{
	return oid_cmp(x, y);
}

/* Objects are counted before they are written: those of equal content and
 * equal folders once. */
static uint32_t
count_objects(const struct files *f)
{
	struct oid *ids = calloc(f->n + f->n_trees + 1, sizeof *ids);
	size_t n = 0, distinct = 0;

	if (ids == NULL)
		bug("no memory for %zu files", f->n);
	for (size_t i = 0; i < f->n; i++)
		ids[n++] = f->at[i].id;
	for (size_t i = 0; i < f->n_trees; i++)
		ids[n++] = f->trees[i].id;
	qsort(ids, n, sizeof *ids, by_id);
	for (size_t i = 0; i < n; i++)
		distinct += i == 0 || !oid_eq(&ids[i - 1], &ids[i]);
	free(ids);
	return (uint32_t)distinct + 1;
}

static enum err
write_pack(struct files *f, struct str path, bool folder, struct oid *commit)
{
	struct buf b = { 0 };
	struct oid tree;
	size_t skip = 0;
	enum err rc;

	f->facts->below = top_folder(f);
	if (f->facts->below.len > 0)
		skip = f->facts->below.len + 1;
	rc = build(&tree, f, 0, f->n, skip, 0);
	if (rc == ERR_NONE)
		rc = git_import_pack_open(&f->pack, f->wish, path, 0);
	if (rc != ERR_NONE)
		return rc;
	rc = git_import_pack_begin(f->pack, count_objects(f), LEVEL);
	if (rc == ERR_NONE)
		rc = walk(f, keep, folder);
	for (size_t i = 0; rc == ERR_NONE && i < f->n_trees; i++)
		rc = git_import_pack_add(f->pack, GIT_IMPORT_TREE,
		    &f->trees[i].id, f->trees[i].bytes);
	write_commit(f, &b, &tree);
	*commit = oid_of("commit", buf_view(&b));
	if (rc == ERR_NONE)
		rc = git_import_pack_add(f->pack, GIT_IMPORT_COMMIT, commit,
		    buf_view(&b));
	rc = git_import_pack_close(f->pack, &f->facts->objects, rc);
	buf_release(&b);
	return rc;
}

static enum err
import_files(struct git_import_facts *out, struct arena *a,
    const struct git_import_wish *wish, int dir, struct str path, bool folder)
{
	struct files f = { .wish = wish, .facts = out, .a = a };
	struct ref_line ref = { .name = STR("refs/heads/delivery") };
	enum err rc = walk(&f, know, folder);

	if (rc == ERR_NONE)
		rc = settle(&f);
	if (rc == ERR_NONE)
		rc = write_pack(&f, path, folder, &ref.id);
	if (rc == ERR_NONE)
		rc = write_refs(dir, &ref, 1, ref.name);
	free(f.at);
	free(f.trees);
	return rc;
}

enum err
git_import(struct git_import_facts *out, struct arena *a,
    const struct git_import_wish *wish, int dir, struct str path)
{
	struct git_import_facts facts = { 0 };
	struct io_map map = { { "", 0 } };
	bool folder = io_is_folder(wish->from), bundle = false;
	enum err rc = make_folders(dir);

	if (rc == ERR_NONE && !folder) {
		rc = io_map(&map, wish->from, SIZE_MAX / 2);
		bundle = rc == ERR_NONE &&
		    (str_starts(map.bytes, STR("# v2 git bundle\n")) ||
			str_starts(map.bytes, STR("# v3 git bundle\n")));
	}
	if (rc == ERR_NONE)
		rc = bundle ?
		    import_bundle(&facts, a, wish, dir, path, map.bytes) :
		    import_files(&facts, a, wish, dir, path, folder);
	if (map.bytes.len > 0)
		io_unmap(&map);
	if (rc == ERR_NONE)
		*out = facts;
	return rc;
}
