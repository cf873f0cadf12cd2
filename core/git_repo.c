#include "core/git_repo.h"

#include <git2/sys/odb_backend.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/git_inside.h"
#include "core/git_unpack.h"
#include "core/limits.h"

enum {
	REPO_PACKS = 20 * 1000,
	REPO_FOLDER = 1000 * 1000, /* names in one folder of objects */
	REPO_CACHE = 96 * 1024 * 1024,
	REPO_WINDOW = 32 * 1024 * 1024,
	REPO_MAPPED = 512 * 1024 * 1024,
	REPO_TREE_CACHED = 64 * 1024,
};

const char *
git_repo_words(void)
{
	const git_error *e = git_error_last();

	return e == NULL || e->message == NULL ? "no reason given" : e->message;
}

/* Nothing outside the given directory is to be looked at or waited for. */
enum err
git_repo_prepare(void)
{
	static const int levels[] = {
		GIT_CONFIG_LEVEL_PROGRAMDATA,
		GIT_CONFIG_LEVEL_SYSTEM,
		GIT_CONFIG_LEVEL_XDG,
		GIT_CONFIG_LEVEL_GLOBAL,
	};
	int bad = git_libgit2_init() < 0;

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		bad |= git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i],
			   "") < 0;
	bad |= git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) < 0;
	/* What has a pack's name is a whole pack, also after a power cut. */
	bad |= git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1) < 0;
	bad |= git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE,
		   (ssize_t)REPO_CACHE) < 0;
	bad |= git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
		   (size_t)REPO_TREE_CACHED) < 0;
	bad |=
	    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)REPO_WINDOW) < 0;
	bad |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT,
		   (size_t)REPO_MAPPED) < 0;
#ifdef HAVE_PACK_MAX_OBJECT_SIZE
	bad |= git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE,
		   (size_t)LIMIT_BLOB) < 0;
#endif
	if (bad)
		return fail(ERR_IO, "libgit2 cannot be set up: %s",
		    git_repo_words());
	return ERR_NONE;
}

static bool git_repo_is_strict = true; /* as libgit2's own switch */

bool
git_repo_checks(void)
{
	return git_repo_is_strict;
}

void
git_repo_strict(bool on)
{
	git_repo_is_strict = on;
	(void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION,
	    on ? 1 : 0);
}

static bool
has_file(const struct git_repo *r, const char *name)
{
	struct arena a = { 0 };
	bool there = io_is_file(arena_printf(&a, "%s/%s", r->path.at, name).at);

	arena_release(&a);
	return there;
}

static bool
has_folder(const struct git_repo *r, const char *name)
{
	struct arena a = { 0 };
	bool there =
	    io_is_folder(arena_printf(&a, "%s/%s", r->path.at, name).at);

	arena_release(&a);
	return there;
}

/* Loose objects have names of 38 digits in folders of 2, of SHA-256 62. */
static enum err
check_loose(struct git_repo *r)
{
	struct arena a = { 0 };
	struct io_entries top, in;
	enum err rc = io_list_at(&top, &a, r->fd, "objects", REPO_FOLDER);

	for (size_t i = 0; rc == ERR_NONE && i < top.len; i++) {
		if (!top.at[i].folder || top.at[i].name.len != 2)
			continue;
		in = (struct io_entries){ 0 };
		rc = io_list_at(&in, &a, r->fd,
		    arena_printf(&a, "objects/%s", top.at[i].name.at).at,
		    REPO_FOLDER);
		for (size_t k = 0; k < in.len; k++)
			r->facts.loose += in.at[k].name.len == OID_HEX - 2;
		if (rc == ERR_NONE && in.len > 0 && in.at[0].name.len == 62)
			rc = fail(ERR_FORMAT,
			    "%s: a SHA-256 repository: only SHA-1 ones are "
			    "read; its files can be (git archive)",
			    r->path.at);
	}
	arena_release(&a);
	return rc;
}

static enum err
add_backend(struct git_repo *r, git_odb_backend *b, int priority)
{
	if (git_odb_add_backend(r->odb, b, priority) < 0) {
		b->free(b);
		return fail(ERR_IO, "%s: %s", r->path.at, git_repo_words());
	}
	return ERR_NONE;
}

static enum err
add_pack(struct git_repo *r, struct str folder, struct str idx)
{
	struct git_pack *p = &r->packs[r->n_packs];
	struct str path = arena_printf(&r->arena, "%s/%s", folder.at, idx.at);
	git_odb_backend *b;
	enum err rc;

	rc = git_pack_open(p, &r->arena, folder, idx);
	if (rc != ERR_NONE)
		return rc;
	r->n_packs++;
	r->facts.packs++;
	r->facts.pack_bytes += p->bytes;
	r->facts.packed += p->count;
	if (git_odb_backend_one_pack(&b, path.at) < 0)
		return fail(ERR_FORMAT, "damaged: objects/pack/%s: %s", idx.at,
		    git_repo_words());
	return add_backend(r, b, 2);
}

static bool
has_name(const struct io_entries *list, struct str name)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->at[i].name, name))
			return true;
	return false;
}

/* A pack counts when it has its index, as for git. */
/* Which repository, and what now. */
static enum err
name_it(const struct git_repo *r, enum err rc)
{
	char why[300];

	if (rc != ERR_FORMAT)
		return rc;
	snprintf(why, sizeof why, "%s", err_text());
	return fail(rc, "%s: %s; git fsck there says what is lost", r->path.at,
	    why);
}

static enum err
add_packs(struct git_repo *r)
{
	struct str folder =
	    arena_printf(&r->arena, "%s/objects/pack", r->path.at);
	struct io_entries list;
	enum err rc =
	    io_list_at(&list, &r->arena, r->fd, "objects/pack", 3 * REPO_PACKS);

	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		r->packs = arena_array(&r->arena, list.len, struct git_pack);
	for (size_t i = 0; rc == ERR_NONE && i < list.len; i++) {
		struct str name = list.at[i].name;

		if (str_ends(name, STR(".idx")))
			rc = name_it(r, add_pack(r, folder, name));
		else if (str_ends(name, STR(".pack")) &&
		    !has_name(&list,
			arena_printf(&r->arena, "%.*s.idx", (int)name.len - 5,
			    name.at)))
			r->facts.unindexed++;
		else if (str_ends(name, STR(".promisor")))
			r->facts.partial = true;
	}
	return rc;
}

static enum err
add_fast(struct git_repo *r)
{
	return add_backend(r, git_fast_backend(r), 3);
}

static enum err
add_loose(struct git_repo *r)
{
	struct str folder = arena_printf(&r->arena, "%s/objects", r->path.at);
	git_odb_backend *b;

	if (git_odb_backend_loose(&b, folder.at, -1, 0, 0, 0) < 0)
		return fail(ERR_IO, "%s: %s", folder.at, git_repo_words());
	return add_backend(r, b, 1);
}

static enum err
open_objects(struct git_repo *r)
{
	enum err rc;

	if (!has_folder(r, "objects"))
		return fail(ERR_ABSENT,
		    "%s: not a git directory: it has no "
		    "folder \"objects\"",
		    r->path.at);
	rc = io_open_folder(&r->fd, r->path.at);
	if (rc == ERR_NONE)
		rc = check_loose(r);
	if (rc == ERR_NONE)
		rc = git_repo_prepare();
	if (rc == ERR_NONE && git_odb_new(&r->odb) < 0)
		rc = fail(ERR_IO, "libgit2: %s", git_repo_words());
	if (rc == ERR_NONE)
		rc = add_packs(r);
	if (rc == ERR_NONE)
		rc = add_loose(r);
	if (rc == ERR_NONE)
		rc = add_fast(r);
	return rc;
}

enum err
git_repo_open(struct git_repo **out, struct str git, bool strict)
{
	struct git_repo *r = calloc(1, sizeof *r);
	enum err rc;

	if (r == NULL)
		bug("no memory for a repository");
	r->fd = -1;
	r->path = arena_copy(&r->arena, git);
	rc = open_objects(r);
	if (rc != ERR_NONE) {
		git_repo_close(r);
		return rc;
	}
	git_repo_strict(strict);
	r->facts.alternates = has_file(r, "objects/info/alternates");
	r->facts.shallow = has_file(r, "shallow");
	r->facts.replaced = has_folder(r, "refs/replace");
	r->facts.grafted = has_file(r, "info/grafts");
	*out = r;
	return ERR_NONE;
}

enum err
git_repo_also(struct git_repo *r, struct str git)
{
	struct git_repo own = *r;
	struct git_pack *all;
	enum err rc;

	if (r->fast != NULL)
		bug("objects of a second place, after the first was read");
	r->path = arena_copy(&r->arena, git);
	r->fd = -1;
	r->packs = NULL;
	r->n_packs = 0;
	rc = io_open_folder(&r->fd, r->path.at);
	if (rc == ERR_NONE)
		rc = check_loose(r);
	if (rc == ERR_NONE)
		rc = add_packs(r);
	if (rc == ERR_NONE)
		rc = add_loose(r);
	if (r->fd >= 0)
		close(r->fd);
	all = arena_array(&r->arena, own.n_packs + r->n_packs, struct git_pack);
	if (own.n_packs > 0)
		memcpy(all, own.packs, own.n_packs * sizeof *all);
	if (r->n_packs > 0)
		memcpy(all + own.n_packs, r->packs, r->n_packs * sizeof *all);
	r->packs = all;
	r->n_packs += own.n_packs;
	r->path = own.path;
	r->fd = own.fd;
	return rc;
}

void
git_repo_close(struct git_repo *r)
{
	if (r == NULL)
		return;
	git_repository_free(r->lib);
	git_odb_free(r->odb);
	git_unpack_close(r->fast);
	for (uint32_t i = 0; i < r->n_packs; i++)
		git_pack_close(&r->packs[i]);
	if (r->fd >= 0)
		close(r->fd);
	arena_release(&r->arena);
	free(r);
}

void
git_repo_facts(struct git_repo_facts *out, const struct git_repo *r)
{
	*out = r->facts;
}

struct str
git_repo_notice(const struct git_repo *r, struct arena *a)
{
	const struct git_repo_facts *f = &r->facts;
	const struct {
		bool is;
		const char *text;
	} rows[] = {
		{ f->alternates,
		    "objects/info/alternates points to objects "
		    "elsewhere: not followed" },
		{ f->shallow, "a shallow copy: history was cut off" },
		{ f->partial, "a partial copy: some objects were left out" },
		{ f->replaced,
		    "refs/replace is ignored: objects are shown as "
		    "they are" },
		{ f->grafted,
		    "info/grafts is ignored: parents are shown as "
		    "they are" },
		{ f->unindexed > 0, "packs without an index are not read" },
	};
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].is)
			buf_printf(&b, "%s%s", b.len > 0 ? "\n" : "",
			    rows[i].text);
	text = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return text;
}

const char *
git_repo_kind_name(enum git_kind k)
{
	static const char *const names[] = {
		[GIT_NOTHING] = "object",
		[GIT_COMMIT] = "commit",
		[GIT_TREE] = "tree",
		[GIT_BLOB] = "file",
		[GIT_TAG] = "tag",
	};

	return names[k];
}

static enum git_kind
kind_of(git_object_t type)
{
	switch (type) {
	case GIT_OBJECT_COMMIT:
		return GIT_COMMIT;
	case GIT_OBJECT_TREE:
		return GIT_TREE;
	case GIT_OBJECT_BLOB:
		return GIT_BLOB;
	case GIT_OBJECT_TAG:
		return GIT_TAG;
	default:
		return GIT_NOTHING;
	}
}

static enum err
absent_or_damaged(int code, const struct oid *id, enum git_kind want)
{
	if (code == GIT_ENOTFOUND)
		return fail(ERR_ABSENT,
		    "%s %s was not delivered with this "
		    "repository",
		    git_repo_kind_name(want), oid_text(id).hex);
	return fail(ERR_FORMAT, "%s %s is damaged: %s",
	    git_repo_kind_name(want), oid_text(id).hex, git_repo_words());
}

/* Before libgit2 follows it. */
static enum err
check_chain(const struct oid *id, enum git_kind want, enum unpack_chain chain)
{
	if (chain != UNPACK_CIRCLES)
		return ERR_NONE;
	return fail(ERR_FORMAT, "%s %s is damaged: not what it says it is",
	    git_repo_kind_name(want), oid_text(id).hex);
}

enum err
git_repo_header(enum git_kind *kind, uint64_t *size, struct git_repo *r,
    const struct oid *id)
{
	git_object_t type;
	git_oid name;
	size_t len;
	int code;
	enum err rc = check_chain(id, GIT_NOTHING, git_fast_chain(r, id));

	if (rc != ERR_NONE)
		return rc;
	git_oid_fromraw(&name, id->id);
	code = git_odb_read_header(&len, &type, r->odb, &name);
	if (code < 0)
		return absent_or_damaged(code, id, GIT_NOTHING);
	*kind = kind_of(type);
	*size = len;
	return ERR_NONE;
}

bool
git_repo_has(struct git_repo *r, const struct oid *id)
{
	git_oid name;

	if (git_repo_order(r, id) != UINT64_MAX)
		return true;
	git_oid_fromraw(&name, id->id);
	return git_odb_exists_ext(r->odb, &name, GIT_ODB_LOOKUP_NO_REFRESH) ==
	    1;
}

/* Before it is unpacked: is it small enough?  What lies in a pack cannot
 * grow over LIMIT_BLOB, where libgit2 knows that bound. */
static enum err
check_size(struct git_repo *r, const struct oid *id, enum git_kind want,
    size_t max)
{
	enum git_kind kind;
	uint64_t size;
	enum err rc;

#ifdef HAVE_PACK_MAX_OBJECT_SIZE
	if (max >= LIMIT_BLOB && git_repo_order(r, id) != UINT64_MAX)
		return ERR_NONE;
#endif
	rc = git_repo_header(&kind, &size, r, id);
	if (rc == ERR_NONE && size > max)
		return fail(ERR_LIMIT,
		    "%s %s has %ju bytes, at most %zu are "
		    "read",
		    git_repo_kind_name(want), oid_text(id).hex, (uintmax_t)size,
		    max);
	return rc;
}

static enum err
wrong_kind(const struct oid *id, enum git_kind kind, enum git_kind want)
{
	return fail(ERR_FORMAT, "%s is a %s, not a %s", oid_text(id).hex,
	    git_repo_kind_name(kind), git_repo_kind_name(want));
}

/*
 * As libgit2 reads it, which explains what is wrong.  It takes an object that
 * is shorter or longer than it says, unless it computes the hash: that is
 * done for what our own reader has refused and for what is in no pack.
 */
static enum err
read_slowly(struct git_bytes *out, struct git_repo *r, const struct oid *id,
    enum git_kind want, size_t max)
{
	enum unpack_chain chain = git_fast_chain(r, id);
	bool strict = git_repo_checks();
	git_odb_object *o;
	git_oid name;
	enum err rc = check_chain(id, want, chain);
	int code;

	if (rc == ERR_NONE)
		rc = check_size(r, id, want, max);
	if (rc != ERR_NONE)
		return rc;
	git_oid_fromraw(&name, id->id);
	if (chain == UNPACK_ENDS || git_repo_order(r, id) == UINT64_MAX)
		git_repo_strict(true);
	code = git_odb_read(&o, r->odb, &name);
	git_repo_strict(strict);
	if (code < 0) {
		rc = check_size(r, id, want,
		    max < LIMIT_BLOB ? max : LIMIT_BLOB - 1);
		return rc != ERR_NONE ? rc : absent_or_damaged(code, id, want);
	}
	out->bytes =
	    (struct str){ git_odb_object_data(o), git_odb_object_size(o) };
	out->kind = kind_of(git_odb_object_type(o));
	out->hold = o;
	out->block = NULL;
	return ERR_NONE;
}

enum err
git_repo_read(struct git_bytes *out, struct git_repo *r, const struct oid *id,
    enum git_kind want, size_t max)
{
	struct git_bytes b = { 0 };
	enum err rc = ERR_NONE;

	if (!git_fast_read(&b, r, id, max))
		rc = read_slowly(&b, r, id, want, max);
	if (rc == ERR_NONE && want != GIT_NOTHING && b.kind != want) {
		rc = wrong_kind(id, b.kind, want);
		git_repo_drop(&b);
	}
	if (rc == ERR_NONE)
		*out = b;
	return rc;
}

void
git_repo_drop(struct git_bytes *b)
{
	if (b->hold != NULL)
		git_odb_object_free(b->hold);
	git_unpack_drop(b->block);
	*b = (struct git_bytes){ 0 };
}

uint64_t
git_repo_order(const struct git_repo *r, const struct oid *id)
{
	uint64_t offset;

	for (uint32_t i = 0; i < r->n_packs; i++)
		if (git_pack_find(&r->packs[i], id, &offset))
			return (uint64_t)i << 48 | (offset & 0xffffffffffff);
	return UINT64_MAX;
}
