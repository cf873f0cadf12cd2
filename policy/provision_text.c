#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/git_blob.h"
#include "core/git_rename.h"
#include "core/history_index.h"
#include "core/io.h"
#include "core/textstore.h"
#include "policy/ctags.h"
#include "policy/prints.h"
#include "policy/provision_inside.h"

enum { RENAME_PAIRS = 10 * 1000 }; /* compared in one commit at most */

/* What every content goes through, read once. */
struct reader {
	struct provision_work *w;
	struct prints_builder *prints;
	struct ctags *ctags; /* NULL: not installed */
	bool adds;           /* to the fingerprints of w->before */
	uint64_t read;
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

static void
look_at(struct reader *r, const struct provision_content *c, struct str bytes)
{
	if (++r->read % 64 == 0)
		provision_tell(r->w, "reading", r->read, r->w->n_contents);
	if (!r->adds || !provision_before_has(r->w, &c->id))
		prints_builder_add(r->prints, c->path, bytes);
}

static void
hash_content(struct provision_content *c, struct str bytes)
{
	c->hash = hash_of(bytes);
	hash_md5(bytes, c->md5);
	c->hashed = true;
}

/* The contents of the releases, in the order of the store. */
static enum err
fetch(void *arg, const struct oid *id, struct buf *out)
{
	struct reader *r = arg;
	struct provision_content *c = provision_content(r->w, id);
	struct git_bytes bytes = { 0 };
	enum err rc;

	if (c == NULL)
		return fail(ERR_ABSENT, "file %s: not in the image",
		    oid_text(id).hex);
	rc = git_blob_read(&bytes, r->w->repo, id);
	if (rc != ERR_NONE)
		return rc;
	look_at(r, c, bytes.bytes);
	hash_content(c, bytes.bytes);
	if (r->ctags != NULL)
		rc = ctags_put(r->ctags, id, c->path, bytes.bytes);
	if (rc == ERR_NONE) {
		buf_clear(out);
		buf_str(out, bytes.bytes);
	}
	git_repo_drop(&bytes);
	return rc;
}

/* A content that only history has, and where it lies in the image. */
struct rest {
	const struct provision_content *content;
	uint64_t order;
};

static int
by_order(const void *a, const void *b)
{
	const struct rest *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/*
 * Those of history alone, for the fingerprints: versions of the same file
 * lie side by side there.  Every name was computed when they were packed.
 */
static enum err
read_rest_of(struct reader *r, struct git_repo *image)
{
	struct provision_work *w = r->w;
	struct rest *rest = calloc(w->n_contents + 1, sizeof *rest);
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (rest == NULL)
		bug("no memory for %zu files", w->n_contents);
	for (size_t i = 0; i < w->n_contents; i++)
		if (!w->contents[i].hashed &&
		    !(r->adds && provision_before_has(w, &w->contents[i].id)))
			rest[n++] = (struct rest){ &w->contents[i],
				git_repo_order(image, &w->contents[i].id) };
	qsort(rest, n, sizeof *rest, by_order);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct git_bytes bytes = { 0 };

		rc = git_blob_read(&bytes, image, &rest[i].content->id);
		if (rc == ERR_NONE)
			look_at(r, rest[i].content, bytes.bytes);
		git_repo_drop(&bytes);
	}
	free(rest);
	return rc;
}

static enum err
read_rest(struct reader *r)
{
	struct provision_work *w = r->w;
	struct git_repo *image;
	enum err rc = git_repo_open(&image,
	    arena_printf(w->a, "%s/repo.git", w->out.at), false);

	if (rc == ERR_NONE) {
		rc = read_rest_of(r, image);
		git_repo_close(image);
	}
	git_repo_strict(true);
	w->p->files = w->n_contents;
	return rc;
}

static enum err
write_store(struct reader *r)
{
	struct provision_work *w = r->w;
	struct textstore_writer *writer;
	enum err rc = textstore_write_start(&writer, w->dir, "text/store");

	if (rc != ERR_NONE)
		return rc;
	for (uint32_t i = 0; i < w->p->rules.n_releases; i++)
		(void)textstore_write_release(writer,
		    &(struct search_release){ w->releases[i].name,
			w->releases[i].commit, w->trees[i] });
	for (uint32_t i = 0; i < w->m.n_entries && rc == ERR_NONE; i++) {
		const struct manifest_entry *e = &w->m.entries[i];

		if (e->shown || e->path.len > 0)
			rc = textstore_write_place(writer, e->release, e->path,
			    &e->blob, !e->shown, e->bytes);
	}
	if (rc == ERR_NONE)
		rc = textstore_write_content(writer, fetch, r);
	if (rc == ERR_NONE)
		return textstore_write_finish(writer);
	textstore_write_drop(writer);
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

static enum err
write_symbols(struct reader *r)
{
	struct provision *p = r->w->p;
	struct buf file = { 0 };
	struct symbols *s;
	enum err rc;

	if (r->ctags == NULL)
		return ERR_NONE;
	provision_tell(r->w, "symbols", 0, 0);
	rc = ctags_finish(r->ctags, &file);
	if (rc == ERR_NONE)
		rc = symbols_open_bytes(&s, buf_view(&file));
	if (rc == ERR_NONE) {
		p->symbols = symbols_definitions(s);
		p->symbols_failed = symbols_count(s, SYMBOLS_FAILED);
		p->symbols_method = arena_copy(r->w->a, symbols_method(s));
		symbols_close(s);
		rc = io_create_at(r->w->dir, "text/symbols", buf_view(&file));
	}
	buf_release(&file);
	return rc;
}

/* Without the program there is a session all the same; it says so. */
static enum err
start_symbols(struct reader *r)
{
	const struct ctags_options o = { .program = r->w->p->ctags,
		.old = r->w->old_symbols };
	enum err rc = ctags_open(&r->ctags, &o);

	if (rc != ERR_ABSENT)
		return rc;
	r->w->p->symbols_method = STR("");
	r->w->p->symbols_why = arena_copy(r->w->a, str_of(err_text()));
	err_clear();
	return ERR_NONE;
}

/* All was made by an earlier run: the hashes for the manifest are left. */
static enum err
hash_again(struct provision_work *w)
{
	struct git_bytes bytes = { 0 };
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < w->m.n_entries && rc == ERR_NONE; i++) {
		const struct manifest_entry *e = &w->m.entries[i];
		struct provision_content *c =
		    e->shown ? provision_content(w, &e->blob) : NULL;

		if (i % 64 == 0)
			provision_tell(w, "hashing", i, w->m.n_entries);
		if (c == NULL || c->hashed)
			continue;
		rc = git_blob_read(&bytes, w->repo, &c->id);
		if (rc == ERR_NONE)
			hash_content(c, bytes.bytes);
		git_repo_drop(&bytes);
	}
	w->p->files = w->n_contents;
	return rc;
}

/* Symbols are written last. */
static bool
is_made(const struct provision_work *w)
{
	return provision_has(w, "text/store") &&
	    provision_has(w, "text/prints") && provision_has(w, "text/symbols");
}

static enum err
drop_unfinished(const struct provision_work *w)
{
	enum err rc = ERR_NONE;

	if (w->p->resumed) {
		rc = io_remove_at(w->dir, "text/store");
		if (rc == ERR_NONE)
			rc = io_remove_at(w->dir, "text/prints");
		if (rc == ERR_NONE)
			rc = io_remove_at(w->dir, "text/symbols");
	}
	return rc;
}

static void
start_prints(struct reader *r)
{
	uint8_t key[PRINTS_KEY_BYTES];

	make_key(r->w, key);
	prints_builder_close(r->prints);
	r->prints = prints_builder_open(key);
}

/* Those of an earlier session, to add to; of an older program's it is all
 * read again. */
static enum err
take_prints(struct reader *r)
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
	return provision_contents(w);
}

/* The bitmaps of the earlier session are full: from the beginning, in larger
 * ones. */
static enum err
print_anew(struct reader *r)
{
	enum err rc;

	r->adds = false;
	r->read = 0;
	start_prints(r);
	rc = provision_contents(r->w);
	if (rc == ERR_NONE)
		rc = read_rest(r);
	return rc == ERR_NONE ? hash_again(r->w) : rc;
}

static enum err
make_prints(struct reader *r)
{
	enum err rc = read_rest(r);

	if (rc == ERR_NONE && r->adds && prints_builder_is_full(r->prints))
		rc = print_anew(r);
	if (rc == ERR_NONE)
		provision_patches_print(r->w, r->prints);
	return rc == ERR_NONE ? write_prints(r) : rc;
}

enum err
provision_text(struct provision_work *w)
{
	struct reader r = { .w = w };
	enum err rc;

	if (is_made(w))
		return hash_again(w);
	rc = drop_unfinished(w);
	if (rc != ERR_NONE)
		return rc;
	start_prints(&r);
	rc = take_prints(&r);
	if (rc == ERR_NONE)
		rc = start_symbols(&r);
	if (rc == ERR_NONE)
		rc = write_store(&r);
	if (rc == ERR_NONE)
		rc = make_prints(&r);
	if (rc == ERR_NONE)
		rc = write_symbols(&r);
	prints_builder_close(r.prints);
	ctags_close(r.ctags);
	return rc;
}

static enum err
build_history(struct provision_work *w, struct git_repo *image, struct buf *out)
{
	uint32_t n = w->p->rules.n_releases;
	struct oid *tips = arena_array(w->a, n, struct oid);
	const struct history_index_wish wish = { .tips = tips,
		.n = n,
		.pairs = RENAME_PAIRS,
		.old = w->old_history };
	struct history_index_build *b;
	struct git_graph *g;
	uint64_t done, total;
	enum err rc;

	for (uint32_t i = 0; i < n; i++)
		tips[i] = w->releases[i].commit;
	git_graph_open(&g, image);
	history_index_build_open(&b, g, &wish);
	while (
	    (rc = history_index_build_step(&done, &total, b, 200)) == ERR_NONE)
		provision_tell(w, "history", done, total);
	if (rc == ERR_ABSENT) {
		history_index_build_write(b, out);
		rc = ERR_NONE;
	}
	history_index_build_close(b);
	git_graph_close(g);
	return rc;
}

/*
 * Of the image, not of what was delivered: it can say nothing that is not in
 * there.  Every object in it was checked when it was copied.
 */
enum err
provision_text_history(struct provision_work *w)
{
	struct git_repo *image;
	struct buf file = { 0 };
	enum err rc;

	if (provision_has(w, "text/history"))
		return ERR_NONE;
	rc = git_repo_open(&image, arena_printf(w->a, "%s/repo.git", w->out.at),
	    false);

	if (rc == ERR_NONE) {
		rc = build_history(w, image, &file);
		git_repo_close(image);
	}
	git_repo_strict(true);
	if (rc == ERR_NONE)
		rc = io_create_at(w->dir, "text/history", buf_view(&file));
	buf_release(&file);
	return rc;
}
