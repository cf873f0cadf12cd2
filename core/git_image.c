#include "core/git_image.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/git_budget.h"
#include "core/git_commit.h"
#include "core/git_folder.h"
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

#ifdef TINY
enum { KEPT_MOST = 4096 };
#else
enum { KEPT_MOST = 64 * 1024 * 1024 }; /* bytes of folders walked last */
#endif

enum { STATE_NEW, STATE_NOTHING, STATE_SHOWN, STATE_LISTED };

/* A path of the walk, by its number in paths. */
struct place {
	uint32_t versions;      /* its number in the pack, or NO_VERSIONS */
	struct git_folder last; /* all of which was walked here */
};

static const uint32_t no_versions = UINT32_MAX;

struct git_image {
	struct git_repo *r;
	struct git_image_want want;
	struct git_image_facts facts;
	struct set objects; /* in the pack, or (STATE_NOTHING) left out */
	struct oidset lost; /* of the history, and not delivered */
	struct set visits;  /* folders that were walked, at their path */
	struct oid *stack;  /* commits still to be looked at */
	size_t n_stack, stack_room;
	bool release;        /* walking a tree of a release, not of history */
	struct oidset paths; /* as hashes */
	struct place *places;
	size_t places_room, kept;    /* kept: bytes of what was walked last */
	uint32_t versions;           /* paths with something in the pack */
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

/* The number of the path where the walk is; names are anybody's. */
static uint32_t
place_here(struct git_image *im)
{
	struct hash h = hash_of(buf_view(&im->path));
	struct oid name;
	uint32_t number;

	memcpy(name.id, h.at, OID_BYTES);
	if (!oidset_add(&im->paths, &number, &name))
		return number;
	if (number == im->places_room) {
		im->places_room = number == 0 ? 1024 : 2 * im->places_room;
		im->places = reallocarray(im->places, im->places_room,
		    sizeof *im->places);
		if (im->places == NULL)
			bug("no memory for %zu paths", im->places_room);
	}
	im->places[number] = (struct place){ .versions = no_versions };
	return number;
}

/* A folder's contents are shown or not by their path: both are its name. */
static uint8_t *
visit_of(struct git_image *im, const struct oid *tree, uint32_t place)
{
	struct oid both = { 0 };
	uint32_t number;

	(void)state_of(&im->objects, tree);
	number = oidset_find(&im->objects.ids, tree);
	memcpy(both.id, &number, sizeof number);
	memcpy(both.id + sizeof number, &place, sizeof place);
	return state_of(&im->visits, &both);
}

/* In an earlier image, whose packs are taken over. */
static bool
is_before(const struct git_image *im, const struct oid *id)
{
	return im->want.before != NULL &&
	    git_repo_order(im->want.before, id) != UINT64_MAX;
}

static void
insert(struct git_image *im, const struct oid *id, enum git_kind kind)
{
	uint32_t number = place_here(im);
	struct place *place = &im->places[number];

	if (place->versions == no_versions)
		place->versions = im->versions++;
	git_image_pack_add(&im->rest, id, kind, place->versions);
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

static void
miss(struct git_image *im, const struct oid *id)
{
	uint32_t number;

	im->facts.missing += oidset_add(&im->lost, &number, id);
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
		miss(im, &e->id);
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
		insert(im, &e->id, GIT_BLOB);
	return ERR_NONE;
}

static enum err add_tree(struct git_image *im, const struct oid *id, int depth,
    bool *shown);

static void
enter(struct git_image *im, struct str name)
{
	if (im->path.len > 0)
		buf_char(&im->path, '/');
	buf_str(&im->path, name);
}

static void
leave(struct git_image *im, size_t before)
{
	im->path.len = before;
	im->path.at[before] = '\0';
}

static enum err
add_entry(struct git_image *im, const struct tree_entry *e, int depth,
    bool *shown)
{
	size_t before = im->path.len;
	enum err rc = ERR_NONE;

	enter(im, e->name);
	if (e->kind == TREE_FOLDER)
		rc = add_tree(im, &e->id, depth + 1, shown);
	else if (e->kind == TREE_MODULE)
		im->facts.modules += im->release;
	else
		rc = add_blob(im, e, buf_view(&im->path), shown);
	leave(im, before);
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
	insert(im, id, GIT_TREE);
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

static bool
is_named_plainly(const struct oid *id, enum git_kind kind, struct str bytes)
{
	struct hash_git run;
	struct oid name;

	hash_git_start(&run, git_repo_kind_name(kind), bytes.len);
	hash_git_add(&run, bytes);
	hash_git_finish(&run, name.id);
	return oid_eq(&name, id);
}

/*
 * A commit or a folder, which are read twice: here, and to be packed.  Here
 * the plain SHA-1 is compared, at a fifth of the cost; to be packed they are
 * read with the one that refuses what was made to collide.  Should other
 * bytes have come out here, there would be two contents of one name: a
 * collision, of which both sides carry the marks that are looked for there,
 * and what is packed (or was, in an earlier image) has none.  What is walked
 * and not packed is looked at strictly by add_walked().
 */
static enum err
read_plainly(struct git_bytes *out, struct git_image *im, const struct oid *id,
    enum git_kind kind)
{
	bool strict = git_repo_checks();
	size_t most = kind == GIT_TREE ? TREE_BYTES : LIMIT_COMMIT;
	struct git_bytes bytes = { 0 };
	enum err rc;

	git_repo_strict(false);
	rc = git_repo_read(&bytes, im->r, id, kind, most);
	git_repo_strict(true);
	if (rc == ERR_NONE && !is_named_plainly(id, kind, bytes.bytes)) {
		/* Another copy of it is found, or what is wrong is said. */
		git_repo_drop(&bytes);
		rc = git_repo_read(&bytes, im->r, id, kind, most);
	}
	git_repo_strict(strict);
	if (rc == ERR_NONE)
		*out = bytes;
	return rc;
}

static enum err
load(struct git_folder *out, struct git_image *im, const struct oid *id,
    uint32_t place)
{
	struct git_bytes bytes = { 0 };
	enum err rc = read_plainly(&bytes, im, id, GIT_TREE);

	if (rc == ERR_NONE)
		rc = git_folder_parse(out, bytes, id, &im->places[place].last);
	if (rc != ERR_NONE)
		git_repo_drop(&bytes);
	return rc;
}

/* For the next version of it; not of each of very many folders. */
static void
keep_last(struct git_image *im, uint32_t place, struct git_folder *f)
{
	struct place *p = &im->places[place];

	im->kept -= p->last.bytes.bytes.len;
	git_folder_release(&p->last);
	if (im->kept + f->bytes.bytes.len > KEPT_MOST) {
		git_folder_release(f);
		return;
	}
	im->kept += f->bytes.bytes.len;
	p->last = *f;
	*f = (struct git_folder){ 0 };
}

/* Whether something in it is shown, all of which was walked before. */
static bool
is_anything_shown(struct git_image *im, const struct git_folder *f)
{
	size_t before = im->path.len;
	bool shown = false;

	for (uint32_t i = 0; i < f->n && !shown; i++) {
		struct tree_entry e = git_folder_entry(f, i);

		enter(im, e.name);
		if (e.kind == TREE_FOLDER)
			shown =
			    *visit_of(im, &e.id, place_here(im)) == STATE_SHOWN;
		else if (e.kind != TREE_MODULE)
			shown =
			    im->want.shown(im->want.arg, buf_view(&im->path));
		leave(im, before);
	}
	return shown;
}

/*
 * All that is in it.  What stood in the folder that was walked here last was
 * walked with it, and nothing more is to be found out about it; but for a
 * release, whose files must be there.
 */
static enum err
add_entries(struct git_image *im, const struct git_folder *f, uint32_t place,
    int depth, bool *here)
{
	struct git_folder before = im->places[place].last;
	struct git_folder_diff d;
	enum err rc = ERR_NONE;

	git_folder_diff(&d, im->release ? NULL : &before, f);
	while (rc == ERR_NONE && git_folder_next(&d))
		if (d.n != NULL)
			rc = add_entry(im, d.n, depth, here);
	if (rc == ERR_NONE && !*here && !im->release && !im->want.keep_names)
		*here = is_anything_shown(im, f);
	return rc;
}

/* One that was walked, and goes in or does not. */
static enum err
add_walked(struct git_image *im, const struct oid *id,
    const struct git_folder *f, bool goes_in)
{
	if (goes_in)
		keep_tree(im, id);
	else if (*state_of(&im->objects, id) != STATE_LISTED &&
	    !git_fast_named(id, f->bytes.bytes, GIT_TREE))
		return fail(ERR_FORMAT,
		    "folder %s is damaged, or was made to look like another "
		    "one: %s",
		    oid_text(id).hex, git_repo_words());
	return ERR_NONE;
}

/* At im->path; *shown becomes true when something below is. */
static enum err
add_tree(struct git_image *im, const struct oid *id, int depth, bool *shown)
{
	uint32_t place = place_here(im);
	uint8_t *state = visit_of(im, id, place);
	struct git_folder f = { 0 };
	bool here = false, there = true;
	enum err rc = ERR_NONE;

	if (*state == STATE_SHOWN)
		*shown = true;
	if (*state != STATE_NEW)
		return ERR_NONE;
	if (depth > LIMIT_TREE_DEPTH || im->path.len > LIMIT_PATH)
		return fail(ERR_LIMIT,
		    "commit %s: folders inside folders, over %d",
		    oid_text(&im->budget.commit).hex, LIMIT_TREE_DEPTH);
	rc = load(&f, im, id, place);
	if (rc == ERR_ABSENT && !im->release) {
		err_clear();
		miss(im, id);
		there = false;
		rc = ERR_NONE;
	}
	if (rc == ERR_NONE && there)
		rc = spend(im, id, f.n);
	if (rc == ERR_NONE && there)
		rc = add_entries(im, &f, place, depth, &here);
	if (rc == ERR_NONE && there)
		rc = add_walked(im, id, &f,
		    here || im->want.keep_names || depth == 0);
	*visit_of(im, id, place) = here ? STATE_SHOWN : STATE_NOTHING;
	*shown = *shown || here;
	if (rc == ERR_NONE && there)
		keep_last(im, place, &f);
	git_folder_release(&f);
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

/* Strings of it lie in bytes. */
static enum err
read_commit(struct commit *out, struct git_bytes *bytes, struct arena *a,
    struct git_image *im, const struct oid *id)
{
	enum err rc = read_plainly(bytes, im, id, GIT_COMMIT);

	if (rc != ERR_NONE)
		return rc;
	rc = git_commit_parse(out, a, bytes->bytes);
	if (rc != ERR_NONE)
		return fail(rc, "commit %s is damaged: it names no tree",
		    oid_text(id).hex);
	return ERR_NONE;
}

static enum err
add_commit(struct git_image *im, const struct oid *id)
{
	struct git_bytes bytes = { 0 };
	struct arena a = { 0 };
	struct commit c;
	bool shown = false;
	enum err rc = read_commit(&c, &bytes, &a, im, id);

	git_budget_commit(&im->budget, id);
	if (rc == ERR_ABSENT && !im->release) {
		err_clear();
		miss(im, id);
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = add_tree(im, &c.tree, 0, &shown);
	/* Of a release that was there before the files are wanted, no more. */
	if (rc == ERR_NONE && !is_before(im, id)) {
		insert(im, id, GIT_COMMIT);
		im->facts.commits++;
		for (uint32_t i = 0; i < c.n_parents; i++)
			push(im, &c.parents[i]);
	}
	git_repo_drop(&bytes);
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
	oidset_release(&im->lost);
	oidset_release(&im->visits.ids);
	free(im->objects.state);
	free(im->visits.state);
	for (uint32_t i = 0; i < im->paths.len; i++)
		git_folder_release(&im->places[i].last);
	free(im->places);
	oidset_release(&im->paths);
	free(im->stack);
	git_image_pack_release(&im->plain);
	git_image_pack_release(&im->rest);
	buf_release(&im->path);
	free(im);
}
