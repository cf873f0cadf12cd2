#include "core/git_image_pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/delta.h"
#include "core/git_inside.h"
#include "core/git_pack_write.h"
#include "core/hash.h"
#include "core/io.h"
#include "core/limits.h"

enum {
	LEVEL = 4,      /* 2 % larger than zlib's 6, 2.4 times as fast */
	CHAIN = 50,     /* deltas on deltas, as git has them */
	SMALL = 64,     /* bytes that are no delta of anything */
	TELL = 256,     /* objects between two words about progress */
	GAIN = 2,       /* a delta is so many times smaller than the object */
	GAIN_FIRST = 4, /* ... when it begins a chain anew */
};

void
git_image_pack_add(struct git_image_list *l, const struct oid *id,
    enum git_kind kind, uint32_t place)
{
	if (l->n == l->room) {
		l->room = l->room == 0 ? 4096 : 2 * l->room;
		l->at = reallocarray(l->at, l->room, sizeof *l->at);
		if (l->at == NULL)
			bug("no memory for %zu objects", l->room);
	}
	l->at[l->n] =
	    (struct git_image_object){ *id, kind, place, (uint32_t)l->n };
	l->n++;
}

void
git_image_pack_release(struct git_image_list *l)
{
	free(l->at);
	*l = (struct git_image_list){ 0 };
}

/* Commits, then folders, then files: each kind is mostly read by itself. */
static int
by_place(const void *a, const void *b)
{
	const struct git_image_object *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* A pack is named after what is in it. */
static struct oid
name_of(const struct git_image_list *l)
{
	struct hash_git run;
	struct oid name;

	hash_git_start(&run, NULL, 0);
	for (size_t i = 0; i < l->n; i++)
		hash_git_add(&run,
		    (struct str){ (const char *)l->at[i].id.id, OID_BYTES });
	hash_git_finish(&run, name.id);
	return name;
}

/* What a delta can be made to. */
struct version {
	struct git_bytes bytes;
	uint64_t offset;
	unsigned depth;
};

struct writing {
	struct git_pack_writer *pack;
	struct delta delta;
	struct version first, last; /* of a place; no last: it is the first */
};

static void
forget(struct version *v)
{
	git_repo_drop(&v->bytes);
	*v = (struct version){ 0 };
}

static bool
is_there(const struct version *v)
{
	return v->bytes.kind != GIT_NOTHING;
}

static bool
try_delta(struct str *out, struct writing *w, const struct version *base,
    struct str bytes, size_t gain)
{
	struct str from = base->bytes.bytes;

	return is_there(base) && base->depth < CHAIN && bytes.len >= SMALL &&
	    delta_make(out, &w->delta, from, bytes, bytes.len / gain) &&
	    delta_makes(*out, from, bytes);
}

/* The one before, or else the one that stands whole at the beginning. */
static const struct version *
choose_base(struct str *out, struct writing *w, struct str bytes)
{
	if (try_delta(out, w, &w->last, bytes, GAIN))
		return &w->last;
	if (try_delta(out, w, &w->first, bytes,
		is_there(&w->last) ? GAIN_FIRST : GAIN))
		return &w->first;
	return NULL;
}

/* Takes bytes over, as what the next one is compared with. */
static enum err
write_version(struct writing *w, const struct oid *id, struct git_bytes bytes)
{
	struct version now = { .bytes = bytes };
	struct str delta;
	const struct version *base = choose_base(&delta, w, bytes.bytes);
	enum err rc;

	if (base != NULL) {
		now.depth = base->depth + 1;
		rc = git_pack_write_delta(&now.offset, w->pack, id,
		    base->offset, delta);
	} else {
		rc = git_pack_write_whole(&now.offset, w->pack, id, bytes.kind,
		    bytes.bytes);
		forget(&w->first);
	}
	forget(&w->last);
	*(base == NULL ? &w->first : &w->last) = now;
	return rc;
}

/* Read strictly, whatever was read before: git_image.c relies on it. */
static enum err
write_object(struct writing *w, struct git_repo *r,
    const struct git_image_object *o, bool deltas)
{
	struct git_bytes bytes = { 0 };
	uint64_t offset;
	enum err rc = git_repo_read(&bytes, r, &o->id, o->kind, LIMIT_BLOB);

	if (rc != ERR_NONE)
		return rc;
	if (deltas && o->kind != GIT_COMMIT)
		return write_version(w, &o->id, bytes);
	rc = git_pack_write_whole(&offset, w->pack, &o->id, o->kind,
	    bytes.bytes);
	git_repo_drop(&bytes);
	return rc;
}

static enum err
write_all(struct writing *w, struct git_repo *r, const struct git_image_list *l,
    bool deltas, const char *what, const struct git_image_want *want)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < l->n && rc == ERR_NONE; i++) {
		if (i % TELL == 0 && want->progress != NULL)
			want->progress(want->arg, what, i, l->n);
		if (i > 0 &&
		    (l->at[i].place != l->at[i - 1].place ||
			l->at[i].kind != l->at[i - 1].kind)) {
			forget(&w->first);
			forget(&w->last);
		}
		rc = write_object(w, r, &l->at[i], deltas);
	}
	return rc;
}

/* Named after what is in it, so that what lies there is the same. */
static bool
is_made(const struct oid *name, struct str folder)
{
	struct arena a = { 0 };
	bool is = io_is_file(
	    arena_printf(&a, "%s/pack-%s.idx", folder.at, oid_text(name).hex)
		.at);

	arena_release(&a);
	return is;
}

static enum err
write_pack(struct git_repo *r, struct git_image_list *l, const struct oid *name,
    int dir, bool deltas, const char *what, const struct git_image_want *want)
{
	struct writing w = { 0 };
	bool strict = git_repo_checks();
	enum err rc =
	    git_pack_write_start(&w.pack, dir, name, (uint32_t)l->n, LEVEL);

	if (rc != ERR_NONE)
		return rc;
	git_repo_strict(true);
	rc = write_all(&w, r, l, deltas, what, want);
	git_repo_strict(strict);
	if (rc == ERR_NONE)
		rc = git_pack_write_finish(w.pack);
	else
		git_pack_write_drop(w.pack);
	forget(&w.first);
	forget(&w.last);
	delta_release(&w.delta);
	return rc;
}

enum err
git_image_pack_write(struct git_repo *r, struct git_image_list *l,
    struct str folder, bool deltas, const char *what,
    const struct git_image_want *want)
{
	struct oid name;
	int dir;
	enum err rc;

	if (l->n == 0)
		return ERR_NONE;
	if (l->n > UINT32_MAX)
		return fail(ERR_LIMIT, "over %u objects in a history",
		    UINT32_MAX);
	if (deltas)
		qsort(l->at, l->n, sizeof *l->at, by_place);
	name = name_of(l);
	if (is_made(&name, folder))
		return ERR_NONE;
	rc = io_open_folder(&dir, folder.at);
	if (rc != ERR_NONE)
		return rc;
	rc = write_pack(r, l, &name, dir, deltas, what, want);
	close(dir);
	return rc;
}
