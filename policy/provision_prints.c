#include "policy/prints.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/io.h"
#include "policy/provision_inside.h"

/* Of one slice, or of all. */
struct reader {
	const struct provision_work *w; /* whose contents are read */
	struct git_repo *image;
	struct prints_builder *prints;
	int slice; /* -1: all */
	bool adds; /* what w->before has is in it */
};

/* A content, and what decides when it is read. */
struct one {
	const struct provision_content *content;
	uint64_t order;
};

static const char file[] = "text/prints";

/* Of the session, whatever releases it has, so that one can be added. */
static void
make_key(const struct provision_work *w, uint8_t key[PRINTS_KEY_BYTES])
{
	struct buf b = { 0 };
	struct hash h;

	buf_str(&b, STR("vitrine/prints/2"));
	buf_str(&b, w->p->rules.session);
	h = hash_of(buf_view(&b));
	memcpy(key, h.at, PRINTS_KEY_BYTES);
	buf_release(&b);
}

static struct prints_builder *
new_builder(const struct provision_work *w)
{
	uint8_t key[PRINTS_KEY_BYTES];

	make_key(w, key);
	return prints_builder_open(key);
}

static struct str
piece_name(const struct provision_work *w, unsigned slice)
{
	return arena_printf(w->a, "%s.%u", file, slice);
}

/* All versions of a file are in one: what they have in common is read once. */
static bool
is_wanted(const struct reader *r, const struct provision_content *c)
{
	if (r->slice >= 0 &&
	    hash_of(c->path).at[0] % PROVISION_SLICES != r->slice)
		return false;
	return !r->adds || !provision_before_has(r->w, &c->id);
}

static int
by_order(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/*
 * Those of the releases in the order of the store, then those of history
 * alone: versions of the same file lie side by side in its pack.
 */
static struct one *
list(size_t *n, const struct reader *r)
{
	const struct provision_work *w = r->w;
	struct one *all = calloc(w->n_contents + 1, sizeof *all);
	uint8_t *listed = calloc(w->n_contents + 1, 1);
	size_t releases;

	if (all == NULL || listed == NULL)
		bug("no memory for %zu files", w->n_contents);
	*n = 0;
	for (size_t i = 0; i < w->n_order; i++) {
		listed[w->order[i] - w->contents] = 1;
		if (is_wanted(r, w->order[i]))
			all[(*n)++] = (struct one){ .content = w->order[i] };
	}
	releases = *n;
	for (size_t i = 0; i < w->n_contents; i++)
		if (listed[i] == 0 && is_wanted(r, &w->contents[i]))
			all[(*n)++] = (struct one){ &w->contents[i],
				git_repo_order(r->image, &w->contents[i].id) };
	qsort(all + releases, *n - releases, sizeof *all, by_order);
	free(listed);
	return all;
}

/* From the image: every name was computed when they were packed. */
static enum err
read_list(struct reader *r, const struct one *all, size_t n)
{
	enum { TELL = 64 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct git_bytes bytes = { 0 };

		if (i % TELL == 0)
			provision_tell(r->w, "fingerprints", i, n);
		rc = git_blob_read(&bytes, r->image, &all[i].content->id);
		if (rc == ERR_NONE)
			prints_builder_add(r->prints, all[i].content->path,
			    bytes.bytes);
		git_repo_drop(&bytes);
	}
	return rc;
}

static enum err
read_all(struct reader *r)
{
	size_t n;
	struct one *all;
	enum err rc = provision_image_repo(&r->image, r->w);

	if (rc != ERR_NONE)
		return rc;
	all = list(&n, r);
	rc = read_list(r, all, n);
	free(all);
	git_repo_close(r->image);
	git_repo_strict(true);
	return rc;
}

/* Those of an earlier session, to add to. */
static enum err
take_old(struct prints_builder *b, const struct provision_work *w)
{
	struct io_map map;
	enum err rc = io_map(&map,
	    arena_printf(w->a, "%s/prints", w->old->text.at).at, SIZE_MAX / 2);

	if (rc != ERR_NONE)
		return rc;
	rc = prints_builder_take(b, map.bytes);
	io_unmap(&map);
	return rc;
}

enum err
provision_prints_begin(struct provision_work *w)
{
	struct prints_builder *b;
	enum err rc;

	w->fingerprinted = w;
	if (w->before == NULL)
		return ERR_NONE;
	b = new_builder(w);
	rc = take_old(b, w);
	prints_builder_close(b);
	w->adds = rc == ERR_NONE;
	if (rc != ERR_FORMAT)
		return rc;
	/* Of an older program's it is all read again. */
	provision_note(w,
	    arena_printf(w->a, "%s: %s; the fingerprints are made anew",
		w->p->before, err_text()));
	err_clear();
	w->fingerprinted = arena_array(w->a, 1, struct provision_work);
	return provision_image_contents(w->fingerprinted, w);
}

static enum err
save(struct prints_builder *b, const struct provision_work *w, const char *name)
{
	struct io_file *f;
	enum err rc = io_write_start(&f, w->dir, name);

	if (rc != ERR_NONE)
		return rc;
	rc = prints_builder_save(b, f);
	if (rc == ERR_NONE)
		return io_write_finish(f);
	io_write_drop(f);
	return rc;
}

enum err
provision_prints_slice(struct provision_work *w, unsigned slice)
{
	struct reader r = { .w = w->fingerprinted,
		.slice = (int)slice,
		.adds = w->adds };
	const char *name = piece_name(w, slice).at;
	enum err rc;

	if (provision_has(w, file) || provision_has(w, name))
		return ERR_NONE;
	if (w->fingerprinted != w)
		w->fingerprinted->line = w->line;
	r.prints = new_builder(w);
	rc = read_all(&r);
	if (rc == ERR_NONE)
		rc = save(r.prints, w, name);
	prints_builder_close(r.prints);
	return rc;
}

/* Behind the session's own: what vitrine-lab pack made, and nothing else. */
static enum err
add_pack(struct io_file *f, const char *path)
{
	enum { PACK_MAX = 1 << 30 };
	struct prints *prints = NULL, *more = NULL;
	struct buf pack = { 0 };
	enum err rc = io_read(&pack, path, PACK_MAX);

	if (rc == ERR_NONE)
		rc = prints_open_both(&prints, &more, buf_view(&pack));
	if (rc == ERR_NONE && more != NULL)
		rc = fail(ERR_FORMAT,
		    "%s: these are the fingerprints of a session, not a pack",
		    path);
	if (rc == ERR_NONE)
		rc = io_write(f, buf_view(&pack));
	prints_close(prints);
	prints_close(more);
	buf_release(&pack);
	return rc;
}

static enum err
write_file(struct prints_builder *b, const struct provision_work *w)
{
	struct io_file *f;
	enum err rc = io_write_start(&f, w->dir, file);

	if (rc != ERR_NONE)
		return rc;
	rc = prints_builder_finish(b, f);
	if (rc == ERR_NONE && w->p->pack != NULL)
		rc = add_pack(f, w->p->pack);
	if (rc == ERR_NONE)
		return io_write_finish(f);
	io_write_drop(f);
	return rc;
}

/* The bitmaps of the earlier session are full: from the beginning, in larger
 * ones, and without pieces, which lack what that session had. */
static enum err
read_anew(struct prints_builder **out, struct provision_work *w)
{
	struct provision_work all;
	struct reader r = { .w = &all, .slice = -1 };
	enum err rc = provision_image_contents(&all, w);

	if (rc != ERR_NONE)
		return rc;
	r.prints = new_builder(w);
	rc = read_all(&r);
	provision_image_close(&all);
	if (rc == ERR_NONE)
		*out = r.prints;
	else
		prints_builder_close(r.prints);
	return rc;
}

static enum err
join(struct provision_work *w, struct io_map *pieces)
{
	struct prints_builder *b = new_builder(w), *anew = NULL;
	enum err rc = w->adds ? take_old(b, w) : ERR_NONE;

	for (unsigned i = 0; i < PROVISION_SLICES && rc == ERR_NONE; i++)
		rc = prints_builder_join(b, pieces[i].bytes);
	if (rc == ERR_NONE && w->adds && prints_builder_is_full(b))
		rc = read_anew(&anew, w);
	if (anew != NULL) {
		prints_builder_close(b);
		b = anew;
	}
	if (rc == ERR_NONE) {
		provision_patches_print(w, b);
		rc = write_file(b, w);
	}
	prints_builder_close(b);
	return rc;
}

static enum err
join_pieces(struct provision_work *w)
{
	struct io_map pieces[PROVISION_SLICES];
	unsigned n = 0;
	enum err rc = ERR_NONE;

	while (n < PROVISION_SLICES && rc == ERR_NONE) {
		rc = io_map(&pieces[n],
		    arena_printf(w->a, "%s/%s", w->out.at, piece_name(w, n).at)
			.at,
		    SIZE_MAX / 2);
		n += rc == ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = join(w, pieces);
	while (n > 0)
		io_unmap(&pieces[--n]);
	return rc;
}

enum err
provision_prints_join(struct provision_work *w)
{
	enum err rc = provision_has(w, file) ? ERR_NONE : join_pieces(w);

	for (unsigned i = 0; i < PROVISION_SLICES && rc == ERR_NONE; i++)
		rc = io_remove_at(w->dir, piece_name(w, i).at);
	return rc;
}
