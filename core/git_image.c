#include "core/git_image.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/git_budget.h"
#include "core/git_commit.h"
#include "core/git_image_pack.h"
#include "core/git_inside.h"
#include "core/hash.h"
#include "core/limits.h"
#include "core/oidset.h"

/* Names of objects, or of objects at paths. */
struct set {
	struct oidset ids;
	uint8_t *state; /* as long as ids */
	size_t room;
};

enum { STATE_NEW, STATE_NOTHING, STATE_SHOWN, STATE_LISTED };

struct git_image {
	struct git_repo *r;
	struct git_image_want want;
	struct git_image_facts facts;
	struct set objects; /* in the pack, or (STATE_NOTHING) left out */
	struct set places;  /* folders that were walked, at their path */
	struct oid *stack;  /* commits still to be looked at */
	size_t n_stack, stack_room;
	bool release;        /* walking a tree of a release, not of history */
	struct oidset paths; /* of what is packed as versions, as hashes */
	struct git_image_list plain; /* files of the releases, in path order */
	struct git_image_list rest;  /* all else */
	struct git_budget budget;
	struct buf path; /* where the walk is */
};

/* The state of an object, to be looked at and changed at once. */
static uint8_t *
state_of(struct set *s, const struct oid *id)
{
	uint32_t i;

	if (!oidset_add(&s->ids, &i, id))
		return &s->state[i];
	if (i == s->room) {
		s->room = s->room == 0 ? 4096 : 2 * s->room;
		s->state = realloc(s->state, s->room);
		if (s->state == NULL)
			bug("no memory for %zu objects", s->room);
	}
	s->state[i] = STATE_NEW;
	return &s->state[i];
}

/* A folder's contents are shown or not by their path: both are its name. */
static struct oid
place_name(const struct oid *tree, struct str path)
{
	struct hash_run run;
	struct hash h;
	struct oid id;

	hash_start(&run);
	hash_add(&run, (struct str){ (const char *)tree->id, OID_BYTES });
	hash_add(&run, path);
	h = hash_finish(&run);
	memcpy(id.id, h.at, OID_BYTES);
	return id;
}

/* In an earlier image, whose packs are taken over. */
static bool
is_before(const struct git_image *im, const struct oid *id)
{
	return im->want.before != NULL &&
	    git_repo_order(im->want.before, id) != UINT64_MAX;
}

static void
insert(struct git_image *im, const struct oid *id, enum git_kind kind,
    struct str path)
{
	struct hash h = hash_of(path);
	struct oid name;
	uint32_t place;

	memcpy(name.id, h.at, OID_BYTES);
	(void)oidset_add(&im->paths, &place, &name);
	git_image_pack_add(&im->rest, id, kind, place);
	im->facts.packed++;
	if (im->want.progress != NULL && im->facts.packed % 256 == 0)
		im->want.progress(im->want.arg, "counting", im->facts.packed,
		    0);
}

/* A file of a release is read at once, not by way of other versions. */
static void
add_plain(struct git_image *im, const struct oid *id)
{
	git_image_pack_add(&im->plain, id, GIT_BLOB, 0);
	im->facts.packed++;
}

static enum err
add_blob(struct git_image *im, const struct tree_entry *e, struct str path,
    bool *shown)
{
	uint8_t *state = state_of(&im->objects, &e->id);

	/* By far the most: nothing more is to be found out. */
	if (*state == STATE_SHOWN && (*shown || im->want.keep_names))
		return ERR_NONE;
	if (!im->want.shown(im->want.arg, path)) {
		if (*state == STATE_NEW) {
			*state = STATE_NOTHING;
			im->facts.withheld++;
		}
		return ERR_NONE;
	}
	*shown = true;
	if (*state == STATE_SHOWN)
		return ERR_NONE;
	if (!git_repo_has(im->r, &e->id)) {
		if (im->release)
			return fail(ERR_ABSENT,
			    "%s: file %s was not "
			    "delivered",
			    path.at, oid_text(&e->id).hex);
		im->facts.missing++;
		return ERR_NONE;
	}
	im->facts.withheld -= *state == STATE_NOTHING;
	*state = STATE_SHOWN;
	if (im->want.blob != NULL)
		im->want.blob(im->want.arg, &e->id, path);
	if (is_before(im, &e->id))
		return ERR_NONE;
	im->facts.blobs++;
	if (im->release)
		add_plain(im, &e->id);
	else
		insert(im, &e->id, GIT_BLOB, path);
	return ERR_NONE;
}

static enum err add_tree(struct git_image *im, const struct oid *id, int depth,
    bool *shown);

static enum err
add_entry(struct git_image *im, const struct tree_entry *e, int depth,
    bool *shown)
{
	size_t before = im->path.len;
	enum err rc = ERR_NONE;

	if (before > 0)
		buf_char(&im->path, '/');
	buf_str(&im->path, e->name);
	if (e->kind == TREE_FOLDER)
		rc = add_tree(im, &e->id, depth + 1, shown);
	else if (e->kind == TREE_MODULE)
		im->facts.modules += im->release;
	else
		rc = add_blob(im, e, buf_view(&im->path), shown);
	im->path.len = before;
	im->path.at[before] = '\0';
	return rc;
}

static void
keep_tree(struct git_image *im, const struct oid *id)
{
	uint8_t *state = state_of(&im->objects, id);

	if (*state == STATE_LISTED || is_before(im, id))
		return;
	*state = STATE_LISTED;
	im->facts.trees++;
	insert(im, id, GIT_TREE, buf_view(&im->path));
}

/* Counts the folder, once for all its places and once for this one. */
static enum err
spend(struct git_image *im, const struct oid *id, size_t entries)
{
	uint8_t *state = state_of(&im->objects, id);
	bool is_new = *state == STATE_NEW;

	if (is_new)
		*state = STATE_NOTHING;
	return git_budget_folder(&im->budget, entries, is_new);
}

/* At im->path; *shown becomes true when something below is. */
static enum err
add_tree(struct git_image *im, const struct oid *id, int depth, bool *shown)
{
	struct oid place = place_name(id, buf_view(&im->path));
	struct tree_level level = { 0 };
	bool here = false, there = true;
	uint8_t *state = state_of(&im->places, &place);
	enum err rc = ERR_NONE;

	if (*state == STATE_SHOWN)
		*shown = true;
	if (*state != STATE_NEW)
		return ERR_NONE;
	if (depth > LIMIT_TREE_DEPTH || im->path.len > LIMIT_PATH)
		return fail(ERR_LIMIT,
		    "commit %s: folders inside folders, over %d",
		    oid_text(&im->budget.commit).hex, LIMIT_TREE_DEPTH);
	rc = git_tree_load(&level, im->r, id);
	if (rc == ERR_ABSENT && !im->release) {
		err_clear();
		im->facts.missing++;
		there = false;
		rc = ERR_NONE;
	}
	if (rc == ERR_NONE && there)
		rc = spend(im, id, level.len);
	for (size_t i = 0; i < level.len && rc == ERR_NONE; i++)
		rc = add_entry(im, &level.at[i], depth, &here);
	git_tree_unload(&level);
	if (rc == ERR_NONE && there &&
	    (here || im->want.keep_names || depth == 0))
		keep_tree(im, id);
	*state_of(&im->places, &place) = here ? STATE_SHOWN : STATE_NOTHING;
	*shown = *shown || here;
	return rc;
}

static void
push(struct git_image *im, const struct oid *id)
{
	uint8_t *state = state_of(&im->objects, id);

	if (*state != STATE_NEW)
		return;
	*state = STATE_LISTED;
	if (is_before(im, id))
		return;
	if (im->n_stack == im->stack_room) {
		im->stack_room = im->stack_room == 0 ? 256 : 2 * im->stack_room;
		im->stack =
		    reallocarray(im->stack, im->stack_room, sizeof *im->stack);
		if (im->stack == NULL)
			bug("no memory for %zu commits", im->stack_room);
	}
	im->stack[im->n_stack++] = *id;
}

static enum err
add_commit(struct git_image *im, const struct oid *id)
{
	struct arena a = { 0 };
	struct commit c;
	bool shown = false;
	enum err rc = git_commit_read(&c, &a, im->r, id);

	git_budget_commit(&im->budget, id);
	if (rc == ERR_ABSENT && !im->release) {
		err_clear();
		im->facts.missing++;
		arena_release(&a);
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = add_tree(im, &c.tree, 0, &shown);
	/* Of a release that was there before the files are wanted, no more. */
	if (rc == ERR_NONE && !is_before(im, id)) {
		insert(im, id, GIT_COMMIT, STR(""));
		im->facts.commits++;
		for (uint32_t i = 0; i < c.n_parents; i++)
			push(im, &c.parents[i]);
	}
	arena_release(&a);
	return rc;
}

/* The releases, which must be whole. */
static enum err
add_releases(struct git_image *im)
{
	enum err rc = ERR_NONE;

	im->release = true;
	for (size_t i = 0; i < im->want.n && rc == ERR_NONE; i++) {
		uint8_t *state = state_of(&im->objects, &im->want.commits[i]);
		bool known = *state != STATE_NEW;

		*state = STATE_LISTED;
		if (!known)
			rc = add_commit(im, &im->want.commits[i]);
	}
	im->release = false;
	return rc;
}

enum err
git_image_open(struct git_image **out, struct git_repo *r,
    const struct git_image_want *want)
{
	struct git_image *im = calloc(1, sizeof *im);
	enum err rc;

	if (im == NULL)
		bug("no memory for an image");
	im->r = r;
	im->want = *want;
	rc = add_releases(im);
	if (rc == ERR_NONE)
		*out = im;
	else
		git_image_close(im);
	return rc;
}

enum err
git_image_count(struct git_image *im)
{
	enum err rc = ERR_NONE;

	while (im->n_stack > 0 && rc == ERR_NONE) {
		struct oid id = im->stack[--im->n_stack];

		rc = add_commit(im, &id);
	}
	return rc;
}

void
git_image_facts(struct git_image_facts *out, const struct git_image *im)
{
	*out = im->facts;
}

enum err
git_image_write_files(struct git_image *im, struct str folder)
{
	return git_image_pack_write(im->r, &im->plain, folder, false,
	    "packing files", &im->want);
}

enum err
git_image_write_history(struct git_image *im, struct str folder)
{
	return git_image_pack_write(im->r, &im->rest, folder, true,
	    "packing history", &im->want);
}

void
git_image_close(struct git_image *im)
{
	if (im == NULL)
		return;
	oidset_release(&im->objects.ids);
	oidset_release(&im->places.ids);
	oidset_release(&im->paths);
	free(im->objects.state);
	free(im->places.state);
	free(im->stack);
	git_image_pack_release(&im->plain);
	git_image_pack_release(&im->rest);
	buf_release(&im->path);
	free(im);
}
