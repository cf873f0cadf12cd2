#include "core/textstore.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/io.h"
#include "policy/provision_inside.h"

struct reader {
	struct provision_work *w;
	struct git_repo *image;
	uint64_t read;
};

static void
add_sum(struct provision_work *w, const struct provision_content *c,
    struct str bytes)
{
	struct provision_sum *sum = &w->sums[c - w->contents];

	if (sum->known)
		return;
	sum->hash = hash_of(bytes);
	hash_md5(bytes, sum->md5);
	sum->known = true;
}

/* The contents of the releases, in the order of the store; from the image:
 * every name was computed when they were packed. */
static enum err
fetch(void *arg, const struct oid *id, struct buf *out)
{
	enum { TELL = 64 };
	struct reader *r = arg;
	const struct provision_content *c = provision_content(r->w, id);
	struct git_bytes bytes = { 0 };
	enum err rc;

	if (c == NULL)
		return fail(ERR_ABSENT, "file %s: not in the image",
		    oid_text(id).hex);
	if (r->read++ % TELL == 0)
		provision_tell(r->w, "reading", r->read, r->w->n_contents);
	rc = git_blob_read(&bytes, r->image, id);
	if (rc != ERR_NONE)
		return rc;
	add_sum(r->w, c, bytes.bytes);
	buf_clear(out);
	buf_str(out, bytes.bytes);
	git_repo_drop(&bytes);
	return ERR_NONE;
}

static bool
is_named(const struct oid *id, struct str bytes)
{
	uint8_t name[HASH_GIT_BYTES];
	struct hash_git run;

	hash_git_start(&run, "blob", bytes.len);
	hash_git_add(&run, bytes);
	hash_git_finish(&run, name);
	return memcmp(name, id->id, sizeof name) == 0;
}

/* Of an earlier session's manifest, which it was held against. */
static void
take_sum(struct provision_sum *sum, const struct manifest_entry *e)
{
	sum->hash = e->hash;
	memcpy(sum->md5, e->md5, HASH_MD5_BYTES);
	sum->known = true;
}

/* What the store of an earlier session has of a content must be what both its
 * names say: nobody but who signs this one could have made it otherwise, and
 * that is found before it is signed again. */
static enum err
take(void *arg, const struct oid *id, struct str bytes)
{
	enum { TELL = 64 };
	struct reader *r = arg;
	const struct provision_content *c = provision_content(r->w, id);
	const struct manifest_entry *e = provision_before_entry(r->w, id);
	struct hash hash = hash_of(bytes);

	if (c == NULL)
		return fail(ERR_ABSENT, "file %s: not in the image",
		    oid_text(id).hex);
	if (r->read++ % TELL == 0)
		provision_tell(r->w, "reading", r->read, r->w->n_contents);
	if (e == NULL || !is_named(id, bytes) || !hash_eq(&hash, &e->hash))
		return fail(ERR_FORMAT,
		    "%s: file %s is not in text/store as the manifest says: "
		    "make the session without -b",
		    r->w->p->before, oid_text(id).hex);
	take_sum(&r->w->sums[c - r->w->contents], e);
	return ERR_NONE;
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
	if (rc == ERR_NONE && w->old_store != NULL)
		rc = textstore_write_from(writer, w->old_store, take);
	if (rc == ERR_NONE)
		rc = textstore_write_content(writer, fetch, r);
	if (rc == ERR_NONE)
		return textstore_write_finish(writer);
	textstore_write_drop(writer);
	return rc;
}

/* It was made by an earlier run: the hashes for the manifest are left. */
static enum err
sum_again(struct reader *r)
{
	enum { TELL = 64 };
	struct provision_work *w = r->w;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < w->m.n_entries && rc == ERR_NONE; i++) {
		const struct manifest_entry *e = &w->m.entries[i];
		const struct provision_content *c =
		    e->shown ? provision_content(w, &e->blob) : NULL;
		const struct manifest_entry *was =
		    provision_before_entry(w, &e->blob);
		struct git_bytes bytes = { 0 };

		if (i % TELL == 0)
			provision_tell(w, "reading", i, w->m.n_entries);
		if (c == NULL || w->sums[c - w->contents].known)
			continue;
		if (was != NULL && w->old_store != NULL) {
			take_sum(&w->sums[c - w->contents], was);
			continue;
		}
		rc = git_blob_read(&bytes, r->image, &c->id);
		if (rc == ERR_NONE)
			add_sum(w, c, bytes.bytes);
		git_repo_drop(&bytes);
	}
	return rc;
}

enum err
provision_text_store(struct provision_work *w)
{
	struct reader r = { .w = w };
	enum err rc = provision_image_repo(&r.image, w);

	if (rc == ERR_NONE && provision_has(w, "text/store"))
		rc = sum_again(&r);
	else if (rc == ERR_NONE)
		rc = write_store(&r);
	git_repo_close(r.image);
	git_repo_strict(true);
	return rc;
}
