#include "policy/prints.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/io.h"
#include "policy/provision_inside.h"

/* What every content goes through, read once. */
struct reader {
	struct provision_work *w;
	struct provision_work all; /* w, or with the contents of all */
	struct git_repo *image;
	struct prints_builder *prints;
	bool adds; /* to the fingerprints of w->before */
};

/* A content, and what decides when it is read. */
struct one {
	const struct provision_content *content;
	uint64_t order;
};

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

static int
by_order(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/*
 * Those of the releases in the order of the store, then those of history
 * alone: versions of the same file lie side by side in its pack.  Without
 * what w->before has fingerprints of.
 */
static struct one *
list(size_t *n, const struct reader *r)
{
	const struct provision_work *w = &r->all;
	struct one *all = calloc(w->n_contents + 1, sizeof *all);
	uint8_t *listed = calloc(w->n_contents + 1, 1);
	const struct provision_content **first = provision_content_order(w, n);
	size_t releases = *n, m = 0;

	if (all == NULL || listed == NULL)
		bug("no memory for %zu files", w->n_contents);
	for (size_t i = 0; i < releases; i++) {
		listed[first[i] - w->contents] = 1;
		all[i] = (struct one){ .content = first[i] };
	}
	for (size_t i = 0; i < w->n_contents; i++)
		if (listed[i] == 0)
			all[(*n)++] = (struct one){ &w->contents[i],
				git_repo_order(r->image, &w->contents[i].id) };
	qsort(all + releases, *n - releases, sizeof *all, by_order);
	for (size_t i = 0; i < *n; i++)
		if (!r->adds || !provision_before_has(w, &all[i].content->id))
			all[m++] = all[i];
	*n = m;
	free(first);
	free(listed);
	return all;
}

/* From the image: every name was computed when they were packed. */
static enum err
read_all(struct reader *r)
{
	enum { TELL = 64 };
	size_t n;
	struct one *all = list(&n, r);
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
	free(all);
	return rc;
}

/* Behind the session's own: what vitrine-lab pack made, and nothing else. */
static enum err
add_pack(struct buf *file, const char *path)
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
		buf_str(file, buf_view(&pack));
	prints_close(prints);
	prints_close(more);
	buf_release(&pack);
	return rc;
}

static enum err
write_prints(struct reader *r)
{
	struct buf file = { 0 };
	enum err rc = ERR_NONE;

	prints_builder_write(r->prints, &file);
	if (r->w->p->pack != NULL)
		rc = add_pack(&file, r->w->p->pack);
	if (rc == ERR_NONE)
		rc = io_create_at(r->w->dir, "text/prints", buf_view(&file));
	buf_release(&file);
	return rc;
}

static void
start(struct reader *r)
{
	uint8_t key[PRINTS_KEY_BYTES];

	make_key(r->w, key);
	prints_builder_close(r->prints);
	r->prints = prints_builder_open(key);
}

/* Those of an earlier session, to add to; of an older program's it is all
 * read again. */
static enum err
take(struct reader *r)
{
	struct provision_work *w = r->w;
	struct io_map map;
	enum err rc;

	if (w->before == NULL)
		return ERR_NONE;
	rc = io_map(&map, arena_printf(w->a, "%s/prints", w->old->text.at).at,
	    SIZE_MAX / 2);
	if (rc != ERR_NONE)
		return rc;
	rc = prints_builder_take(r->prints, map.bytes);
	io_unmap(&map);
	r->adds = rc == ERR_NONE;
	if (rc != ERR_FORMAT)
		return rc;
	provision_note(w,
	    arena_printf(w->a, "%s: %s; the fingerprints are made anew",
		w->p->before, err_text()));
	err_clear();
	return provision_image_contents(&r->all);
}

/* The bitmaps of the earlier session are full: from the beginning, in larger
 * ones. */
static enum err
read_anew(struct reader *r)
{
	enum err rc;

	r->adds = false;
	start(r);
	rc = provision_image_contents(&r->all);
	return rc == ERR_NONE ? read_all(r) : rc;
}

static enum err
make(struct reader *r)
{
	enum err rc;

	start(r);
	rc = take(r);
	if (rc == ERR_NONE)
		rc = read_all(r);
	if (rc == ERR_NONE && r->adds && prints_builder_is_full(r->prints))
		rc = read_anew(r);
	if (rc == ERR_NONE)
		provision_patches_print(r->w, r->prints);
	return rc == ERR_NONE ? write_prints(r) : rc;
}

enum err
provision_prints_write(struct provision_work *w)
{
	struct reader r = { .w = w, .all = *w };
	enum err rc;

	if (provision_has(w, "text/prints"))
		return ERR_NONE;
	rc = provision_image_repo(&r.image, w);
	if (rc == ERR_NONE)
		rc = make(&r);
	prints_builder_close(r.prints);
	git_repo_close(r.image);
	git_repo_strict(true);
	if (r.all.image != w->image)
		provision_image_close(&r.all);
	return rc;
}
