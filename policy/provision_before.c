#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "policy/provision_inside.h"

/*
 * What an older program wrote is no mistake of anybody's: it is made anew.
 * The session was verified, so it is not damage.
 */
static enum err
or_anew(struct provision_work *w, enum err rc, const char *what)
{
	if (rc != ERR_ABSENT && rc != ERR_FORMAT)
		return rc;
	if (rc == ERR_FORMAT)
		provision_note(w,
		    arena_printf(w->a, "%s: %s; the %s is made anew",
			w->p->before, err_text(), what));
	err_clear();
	return ERR_NONE;
}

static enum err
open_store(struct provision_work *w)
{
	struct textstore *t;
	enum err rc = textstore_open(&t,
	    arena_printf(w->a, "%s/store", w->old->text.at).at);

	if (rc != ERR_NONE)
		return rc;
	rc = textstore_check(t);
	if (rc == ERR_NONE)
		w->old_store = t;
	else
		textstore_close(t);
	return rc;
}

static int
by_blob(const void *a, const void *b)
{
	const struct manifest_entry *const *x = a, *const *y = b;

	return oid_cmp(&(*x)->blob, &(*y)->blob);
}

static void
list_entries(struct provision_work *w)
{
	const struct manifest *m = &w->old->manifest;

	w->old_entries = arena_array(w->a, (size_t)m->n_entries + 1,
	    const struct manifest_entry *);
	for (uint32_t i = 0; i < m->n_entries; i++)
		if (m->entries[i].shown)
			w->old_entries[w->n_old_entries++] = &m->entries[i];
	if (w->n_old_entries > 0)
		qsort(w->old_entries, w->n_old_entries, sizeof *w->old_entries,
		    by_blob);
}

const struct manifest_entry *
provision_before_entry(const struct provision_work *w, const struct oid *id)
{
	const struct manifest_entry key = { .blob = *id }, *k = &key;
	const struct manifest_entry *const *found = w->n_old_entries == 0 ?
	    NULL :
	    bsearch(&k, w->old_entries, w->n_old_entries,
		sizeof *w->old_entries, by_blob);

	return found == NULL ? NULL : *found;
}

enum err
provision_before(struct provision_work *w)
{
	struct session_trust trust = { .n = 1 };
	struct session *s;
	enum err rc;

	if (w->p->before == NULL)
		return ERR_NONE;
	s = arena_array(w->a, 1, struct session);
	trust.keys[0] = sign_public_of(w->p->signer);
	rc = session_verify(s, w->a, w->p->before, &trust, NULL, NULL);
	if (rc == ERR_NONE)
		w->old = s;
	if (rc == ERR_NONE)
		rc = or_anew(w,
		    symbols_open(&w->old_symbols,
			arena_printf(w->a, "%s/symbols", s->text.at).at),
		    "index of symbols");
	if (rc == ERR_NONE)
		rc = or_anew(w,
		    history_index_open(&w->old_history,
			arena_printf(w->a, "%s/history", s->text.at).at),
		    "index of history");
	if (rc == ERR_NONE)
		rc = or_anew(w, open_store(w), "text store");
	if (rc == ERR_NONE)
		list_entries(w);
	return rc;
}

void
provision_before_close(struct provision_work *w)
{
	symbols_close(w->old_symbols);
	history_index_close(w->old_history);
	textstore_close(w->old_store);
	git_repo_close(w->before);
}

static bool
same_patterns(const struct str *a, uint32_t n_a, const struct str *b,
    uint32_t n_b)
{
	for (uint32_t i = 0; i < n_a && i < n_b; i++)
		if (!str_eq(a[i], b[i]))
			return false;
	return n_a == n_b;
}

static bool
same_scope(const struct rules *a, const struct rules *b)
{
	return a->withheld == b->withheld &&
	    same_patterns(a->include, a->n_include, b->include, b->n_include) &&
	    same_patterns(a->exclude, a->n_exclude, b->exclude, b->n_exclude);
}

static bool
is_release(const struct provision_work *w, const struct oid *commit)
{
	for (uint32_t i = 0; i < w->p->rules.n_releases; i++)
		if (oid_eq(&w->releases[i].commit, commit))
			return true;
	return false;
}

/* Why a pack of the earlier session might hold what does not belong here;
 * NULL: it cannot. */
static const char *
why_not(const struct provision_work *w)
{
	const struct manifest *m = &w->old->manifest;

	if (!str_eq(w->old->rules.session, w->p->rules.session))
		return "it is another session";
	if (!same_scope(&w->old->rules, &w->p->rules))
		return "its scope is another one";
	for (uint32_t i = 0; i < m->n_releases; i++)
		if (!is_release(w, &m->releases[i].commit))
			return "a release of it is not named any more";
	if (w->old->rules.n_patches > 0)
		return "it has patches of its own";
	return NULL;
}

enum err
provision_before_open(struct provision_work *w)
{
	struct git_repo_facts facts;
	const char *why;
	enum err rc;

	if (w->old == NULL)
		return ERR_NONE;
	why = why_not(w);
	if (why == NULL) {
		rc = git_repo_open(&w->before, w->old->git, true);
		if (rc == ERR_NONE) {
			git_repo_facts(&facts, w->before);
			w->p->taken = facts.packed;
		}
		return rc;
	}
	provision_note(w,
	    arena_printf(w->a, "%s: %s; its packs are not taken over",
		w->p->before, why));
	return ERR_NONE;
}

bool
provision_before_has(const struct provision_work *w, const struct oid *id)
{
	return w->before != NULL && git_repo_order(w->before, id) != UINT64_MAX;
}

/* As the manifest of the earlier session has it; NULL: it does not. */
static const struct manifest_file *
old_file(const struct provision_work *w, struct str path)
{
	const struct manifest *m = &w->old->manifest;

	for (uint32_t i = 0; i < m->n_files; i++)
		if (str_eq(m->files[i].path, path))
			return &m->files[i];
	return NULL;
}

const struct manifest_file *
provision_before_copied(const struct provision_work *w, struct str path)
{
	for (size_t i = 0; i < w->n_copied; i++)
		if (str_eq(w->copied[i]->path, path))
			return w->copied[i];
	return NULL;
}

/* Hashed on the way: what is here then is what was signed there, and needs
 * not be read for the manifest. */
static enum err
write_copy(struct io_file *to, struct str bytes,
    const struct manifest_file *as_signed)
{
	enum { PIECE = 1 << 20 };
	struct hash_run run;
	struct hash hash;
	enum err rc = ERR_NONE;

	hash_start(&run);
	for (size_t at = 0; at < bytes.len && rc == ERR_NONE; at += PIECE) {
		struct str piece = str_slice(bytes, at, PIECE);

		hash_add(&run, piece);
		rc = io_write(to, piece);
	}
	hash = hash_finish(&run);
	if (rc == ERR_NONE &&
	    (as_signed == NULL || !hash_eq(&hash, &as_signed->hash)))
		rc = fail(ERR_DENIED, "a pack was changed while it was copied");
	return rc;
}

static enum err
copy(struct provision_work *w, struct str name)
{
	struct str path =
	    arena_printf(w->a, "repo.git/objects/pack/%s", name.at);
	const struct manifest_file *as_signed = old_file(w, path);
	struct io_file *to;
	struct io_map map;
	enum err rc = io_map(&map,
	    arena_printf(w->a, "%s/objects/pack/%s", w->old->git.at, name.at)
		.at,
	    SIZE_MAX / 2);

	if (rc != ERR_NONE)
		return rc;
	rc = io_write_start(&to, w->dir, path.at);
	if (rc == ERR_NONE) {
		rc = write_copy(to, map.bytes, as_signed);
		if (rc == ERR_NONE)
			rc = io_write_finish(to);
		else
			io_write_drop(to);
	}
	if (rc == ERR_NONE)
		w->copied[w->n_copied++] = as_signed;
	io_unmap(&map);
	return rc;
}

/* Copied, not linked: one session may be destroyed before the other.  An
 * index comes before its pack, as their names do. */
enum err
provision_before_packs(struct provision_work *w)
{
	struct io_names names = { 0 };
	enum err rc = ERR_NONE;

	if (w->before == NULL)
		return ERR_NONE;
	rc = io_list(&names, w->a,
	    arena_printf(w->a, "%s/objects/pack", w->old->git.at).at);
	w->copied =
	    arena_array(w->a, names.len + 1, const struct manifest_file *);
	for (size_t i = 0; i < names.len && rc == ERR_NONE; i++) {
		provision_tell(w, "taking over", i, names.len);
		rc = copy(w, names.at[i]);
	}
	return rc;
}
