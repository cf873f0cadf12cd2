#include <stdlib.h>
#include <string.h>

#include "core/git_hide.h"
#include "core/git_tree.h"
#include "core/io.h"
#include "policy/provision_inside.h"

static bool
is_shown(void *arg, struct str path)
{
	const struct provision_work *w = arg;

	return rules_in_scope(&w->p->rules, path);
}

static void
image_progress(void *arg, const char *what, uint64_t done, uint64_t of)
{
	provision_tell(arg, what, done, of);
}

/* Commits and folders without the names of what is withheld, instead of the
 * vendor's; those are named in the manifest. */
static enum err
hide_names(struct provision_work *w)
{
	uint32_t n = w->p->rules.n_releases;
	struct oid *made = arena_array(w->a, n, struct oid);
	struct oid *vendors = arena_array(w->a, n, struct oid);
	const struct git_hide_wish wish = { .commits = vendors,
		.n = n,
		.shown = is_shown,
		.progress = image_progress,
		.arg = w };
	enum err rc;

	if (w->p->rules.withheld != WITHHELD_INVISIBLE)
		return ERR_NONE;
	for (uint32_t i = 0; i < n; i++)
		vendors[i] = w->releases[i].commit;
	rc = git_hide(made, w->repo, &wish);
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++) {
		w->releases[i].commit = made[i];
		rc = git_tree_of(&w->trees[i], w->repo, &made[i]);
	}
	w->m.vendors = vendors;
	return rc;
}

static void
add_content(void *arg, const struct oid *id, struct str path)
{
	struct provision_work *w = arg;

	if (w->n_contents == w->contents_room) {
		w->contents_room =
		    w->contents_room == 0 ? 1024 : 2 * w->contents_room;
		w->contents = reallocarray(w->contents, w->contents_room,
		    sizeof *w->contents);
		if (w->contents == NULL)
			bug("no memory for %zu files", w->contents_room);
	}
	w->contents[w->n_contents++] = (struct provision_content){ .id = *id,
		.path = arena_copy(w->a, path) };
}

static int
compare_content(const void *a, const void *b)
{
	return oid_cmp(&((const struct provision_content *)a)->id,
	    &((const struct provision_content *)b)->id);
}

struct provision_content *
provision_content(const struct provision_work *w, const struct oid *id)
{
	struct provision_content key = { .id = *id };

	if (w->n_contents == 0)
		return NULL;
	return bsearch(&key, w->contents, w->n_contents, sizeof key,
	    compare_content);
}

static struct str
pack_folder(const struct provision_work *w)
{
	return arena_printf(w->a, "%s/repo.git/objects/pack", w->out.at);
}

enum err
provision_image_begin(struct provision_work *w)
{
	static const char *const folders[] = { "repo.git", "repo.git/refs",
		"repo.git/objects", "repo.git/objects/pack", "text" };
	enum err rc = hide_names(w);

	if (rc == ERR_NONE)
		rc = provision_before_open(w);
	for (size_t i = 0;
	     i < sizeof folders / sizeof *folders && rc == ERR_NONE; i++)
		rc = io_make_folder_at(w->dir, folders[i]);
	if (rc == ERR_NONE)
		rc = provision_before_packs(w);
	return rc;
}

static enum err
open_image(struct provision_work *w, const struct git_repo *before)
{
	uint32_t n = w->p->rules.n_releases;
	struct oid *commits = arena_array(w->a, n, struct oid);
	const struct git_image_want want = {
		.commits = commits,
		.n = n,
		.shown = is_shown,
		.blob = add_content,
		.keep_names = w->p->rules.withheld == WITHHELD_NAMED,
		.before = before,
		.progress = image_progress,
		.arg = w,
	};

	for (uint32_t i = 0; i < n; i++)
		commits[i] = w->releases[i].commit;
	return git_image_open(&w->image, w->repo, &want);
}

static int
by_place(const void *a, const void *b, void *entries)
{
	const struct manifest_entry *all = entries;
	const struct manifest_entry *x = &all[*(const uint32_t *)a];
	const struct manifest_entry *y = &all[*(const uint32_t *)b];
	int order = str_cmp(x->path, y->path);

	if (order != 0)
		return order;
	return (x->release > y->release) - (x->release < y->release);
}

/* Those that have a name: numbers of w->m.entries, in the store's order. */
static uint32_t *
list_places(const struct provision_work *w, uint32_t *n)
{
	uint32_t *places = calloc(w->m.n_entries + 1, sizeof *places);

	if (places == NULL)
		bug("no memory for %u files", w->m.n_entries);
	*n = 0;
	for (uint32_t i = 0; i < w->m.n_entries; i++)
		if (w->m.entries[i].shown || w->m.entries[i].path.len > 0)
			places[(*n)++] = i;
	qsort_r(places, *n, sizeof *places, by_place, w->m.entries);
	return places;
}

/* Which of w->contents the releases show. */
static uint8_t *
find_shown(const struct provision_work *w)
{
	uint8_t *shown = calloc(w->n_contents + 1, 1);

	if (shown == NULL)
		bug("no memory for %zu files", w->n_contents);
	for (uint32_t i = 0; i < w->m.n_entries; i++) {
		const struct manifest_entry *e = &w->m.entries[i];
		const struct provision_content *c =
		    e->shown ? provision_content(w, &e->blob) : NULL;

		if (c != NULL)
			shown[c - w->contents] = 1;
	}
	return shown;
}

static void
put_in_order(struct provision_work *w)
{
	const struct provision_content **out =
	    calloc(w->n_contents + 1, sizeof *out);
	uint8_t *shown = find_shown(w);
	uint32_t n_places, *places = list_places(w, &n_places);

	if (out == NULL)
		bug("no memory for %zu files", w->n_contents);
	w->n_order = 0;
	for (uint32_t i = 0; i < n_places; i++) {
		const struct provision_content *c =
		    provision_content(w, &w->m.entries[places[i]].blob);

		/* Once, at its first place. */
		if (c == NULL || shown[c - w->contents] == 0)
			continue;
		shown[c - w->contents] = 0;
		out[w->n_order++] = c;
	}
	free(places);
	free(shown);
	w->order = out;
}

static void
sort_contents(struct provision_work *w)
{
	if (w->n_contents > 0)
		qsort(w->contents, w->n_contents, sizeof *w->contents,
		    compare_content);
	put_in_order(w);
}

enum err
provision_image_open(struct provision_work *w)
{
	return open_image(w, w->before);
}

enum err
provision_image_count(struct provision_work *w)
{
	enum err rc = git_image_count(w->image);

	if (rc == ERR_NONE) {
		git_image_facts(&w->p->image, w->image);
		sort_contents(w);
		w->p->files = w->n_contents;
		w->sums =
		    arena_array(w->a, w->n_contents, struct provision_sum);
	}
	return rc;
}

void
provision_image_close(struct provision_work *w)
{
	git_image_close(w->image);
	w->image = NULL;
	free(w->contents);
	free(w->order);
	w->contents = NULL;
	w->order = NULL;
}

enum err
provision_image_contents(struct provision_work *out,
    const struct provision_work *w)
{
	enum err rc;

	*out = *w;
	out->image = NULL;
	out->contents = NULL;
	out->order = NULL;
	out->n_contents = out->contents_room = out->n_order = 0;
	rc = open_image(out, NULL);
	if (rc == ERR_NONE)
		rc = git_image_count(out->image);
	if (rc == ERR_NONE)
		sort_contents(out);
	else
		provision_image_close(out);
	return rc;
}

enum err
provision_image_files(struct provision_work *w)
{
	return git_image_write_files(w->image, pack_folder(w));
}

enum err
provision_image_history(struct provision_work *w)
{
	return git_image_write_history(w->image, pack_folder(w));
}

enum err
provision_image_repo(struct git_repo **out, const struct provision_work *w)
{
	return git_repo_open(out, arena_printf(w->a, "%s/repo.git", w->out.at),
	    false);
}

/* For git's own tools, which want them; Vitrine reads neither. */
enum err
provision_image_refs(struct provision_work *w)
{
	struct buf b = { 0 };
	enum err rc = io_replace_at(w->dir, "repo.git/HEAD",
	    STR("ref: refs/heads/none\n"));

	buf_str(&b, STR("# pack-refs with: sorted\n"));
	for (uint32_t i = 0; i < w->p->rules.n_releases; i++)
		buf_printf(&b, "%s refs/tags/%.*s\n",
		    oid_text(&w->releases[i].commit).hex,
		    STR_ARG(w->releases[i].name));
	if (rc == ERR_NONE)
		rc =
		    io_replace_at(w->dir, "repo.git/packed-refs", buf_view(&b));
	buf_release(&b);
	return rc;
}
