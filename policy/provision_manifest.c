#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "policy/provision_inside.h"

static int
compare_file(const void *a, const void *b)
{
	return str_cmp(((const struct manifest_file *)a)->path,
	    ((const struct manifest_file *)b)->path);
}

static enum err
sum_file(struct provision_file *f, const struct provision_work *w,
    struct str path)
{
	const struct manifest_file *copied = provision_before_copied(w, path);
	struct io_map map;
	enum err rc;

	if (copied != NULL) {
		f->bytes = copied->bytes;
		f->sum.hash = copied->hash;
		memcpy(f->sum.md5, copied->md5, HASH_MD5_BYTES);
		f->sum.known = true;
		return ERR_NONE;
	}
	rc = io_map(&map, arena_printf(w->a, "%s/%s", w->out.at, path.at).at,
	    SIZE_MAX / 2);
	if (rc != ERR_NONE)
		return rc;
	f->bytes = map.bytes.len;
	f->sum.hash = hash_of(map.bytes);
	hash_md5(map.bytes, f->sum.md5);
	f->sum.known = true;
	io_unmap(&map);
	return ERR_NONE;
}

static enum err
sum_slot(struct provision_work *w, size_t slot, struct str path)
{
	struct provision_file f = { 0 };
	enum err rc;

	/* What does not fit is left for the end. */
	if (slot >= w->n_files || path.len >= sizeof f.path)
		return ERR_NONE;
	rc = sum_file(&f, w, path);
	memcpy(f.path, path.at, path.len);
	if (rc == ERR_NONE)
		w->files[slot] = f;
	return rc;
}

enum err
provision_manifest_sum_text(struct provision_work *w, const char *name,
    size_t slot)
{
	struct str path = arena_printf(w->a, "text/%s", name);

	/* Without a parser there are no symbols. */
	if (!io_is_file(arena_printf(w->a, "%s/%s", w->out.at, path.at).at))
		return ERR_NONE;
	return sum_slot(w, slot, path);
}

enum err
provision_manifest_sum_packs(struct provision_work *w, size_t slot)
{
	struct io_names packs;
	enum err rc = io_list(&packs, w->a,
	    arena_printf(w->a, "%s/repo.git/objects/pack", w->out.at).at);

	for (size_t i = 0; rc == ERR_NONE && i < packs.len; i++) {
		provision_tell(w, "hashing", i, packs.len);
		rc = sum_slot(w, slot + i,
		    arena_printf(w->a, "repo.git/objects/pack/%s",
			packs.at[i].at));
	}
	return rc;
}

/* Known from a part, or read now. */
static enum err
add_hashed(struct provision_work *w, struct str path)
{
	struct provision_file f = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < w->n_files && !f.sum.known; i++)
		if (w->files[i].sum.known &&
		    str_eq(str_of(w->files[i].path), path))
			f = w->files[i];
	if (!f.sum.known)
		rc = sum_file(&f, w, path);
	if (rc != ERR_NONE)
		return rc;
	w->m.files[w->m.n_files] = (struct manifest_file){ .path = path,
		.bytes = f.bytes,
		.hash = f.sum.hash };
	memcpy(w->m.files[w->m.n_files].md5, f.sum.md5, HASH_MD5_BYTES);
	w->m.n_files++;
	return ERR_NONE;
}

static enum err
list_files(struct provision_work *w)
{
	static const char *const fixed[] = { "session.conf", "repo.git/HEAD",
		"repo.git/packed-refs" };
	size_t n = sizeof fixed / sizeof *fixed;
	struct io_names packs, texts;
	enum err rc = io_list(&packs, w->a,
	    arena_printf(w->a, "%s/repo.git/objects/pack", w->out.at).at);

	if (rc == ERR_NONE)
		rc = io_list(&texts, w->a,
		    arena_printf(w->a, "%s/text", w->out.at).at);
	if (rc != ERR_NONE)
		return rc;
	w->m.files = arena_array(w->a,
	    n + packs.len + texts.len + w->p->rules.n_patches +
		w->p->rules.n_checklists,
	    struct manifest_file);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = add_hashed(w, str_of(fixed[i]));
	for (size_t i = 0; i < packs.len && rc == ERR_NONE; i++)
		rc = add_hashed(w,
		    arena_printf(w->a, "repo.git/objects/pack/%s",
			packs.at[i].at));
	for (size_t i = 0; i < texts.len && rc == ERR_NONE; i++)
		if (!str_eq(texts.at[i], STR("patches")) &&
		    !str_eq(texts.at[i], STR("checklists")))
			rc = add_hashed(w,
			    arena_printf(w->a, "text/%s", texts.at[i].at));
	for (size_t i = 0; i < w->p->rules.n_patches && rc == ERR_NONE; i++)
		rc = add_hashed(w,
		    arena_printf(w->a, "text/patches/%s",
			w->p->rules.patches[i].at));
	for (size_t i = 0; i < w->p->rules.n_checklists && rc == ERR_NONE; i++)
		rc = add_hashed(w,
		    arena_printf(w->a, "text/checklists/%s",
			w->p->rules.checklists[i].at));
	qsort(w->m.files, w->m.n_files, sizeof *w->m.files, compare_file);
	return rc;
}

static enum err
hash_entries(struct provision_work *w)
{
	for (uint32_t i = 0; i < w->m.n_entries; i++) {
		struct manifest_entry *e = &w->m.entries[i];
		const struct provision_content *c;
		const struct provision_sum *sum;

		if (!e->shown)
			continue;
		c = provision_content(w, &e->blob);
		sum = c == NULL ? NULL : &w->sums[c - w->contents];
		if (sum == NULL || !sum->known)
			return fail(ERR_ABSENT, "%.*s: not in the image",
			    STR_ARG(e->path));
		e->hash = sum->hash;
		memcpy(e->md5, sum->md5, HASH_MD5_BYTES);
	}
	return ERR_NONE;
}

static int
compare_entry(const void *a, const void *b)
{
	const struct manifest_entry *x = a, *y = b;
	int order;

	if (x->shown != y->shown)
		return x->shown ? -1 : 1;
	if (x->release != y->release)
		return x->release < y->release ? -1 : 1;
	order = str_cmp(x->path, y->path);
	if (order != 0)
		return order;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return oid_cmp(&x->blob, &y->blob);
}

enum err
provision_manifest_write(struct provision_work *w)
{
	const struct rules *r = &w->p->rules;
	struct buf text = { 0 }, signature = { 0 };
	enum err rc = list_files(w);

	if (rc == ERR_NONE)
		rc = hash_entries(w);
	if (rc != ERR_NONE)
		return rc;
	qsort(w->m.entries, w->m.n_entries, sizeof *w->m.entries,
	    compare_entry);
	w->m.session = r->session;
	w->m.releases = w->releases;
	w->m.n_releases = r->n_releases;
	w->m.binaries = arena_array(w->a, r->n_releases, struct str);
	for (uint32_t i = 0; i < r->n_releases; i++)
		w->m.binaries[i] = r->releases[i].binary;
	manifest_write(&w->m, &text);
	w->p->manifest = hash_of(buf_view(&text));
	rc = sign_bytes(&signature, w->p->signer, buf_view(&text),
	    arena_printf(w->a, "vitrine session %.*s", STR_ARG(r->session)));
	if (rc == ERR_NONE)
		rc = io_replace_at(w->dir, "manifest.minisig",
		    buf_view(&signature));
	if (rc == ERR_NONE)
		rc = io_replace_at(w->dir, "manifest", buf_view(&text));
	buf_release(&text);
	buf_release(&signature);
	return rc;
}
