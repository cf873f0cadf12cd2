#include "policy/provision.h"

#include "core/git_blob.h"
#include "core/git_refs.h"
#include "core/git_rev.h"
#include "core/git_tree.h"
#include "core/hazard.h"
#include "core/io.h"
#include "core/limits.h"
#include "policy/provision_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
provision_tell(const struct provision_work *w, const char *what, uint64_t done,
    uint64_t of)
{
	if (w->line != NULL)
		parts_tell(w->line, done, of);
	else if (w->parts != NULL)
		parts_turn(w->parts, done);
	else if (w->p->progress != NULL)
		w->p->progress(w->p->arg, what, done, of);
}

static enum err
read_rules(struct provision_work *w)
{
	struct buf conf = { 0 };
	enum err rc = io_read(&conf, w->p->conf, LIMIT_CONF);

	if (rc == ERR_NONE)
		rc =
		    rules_read(&w->p->rules, w->a, w->p->conf, buf_view(&conf));
	w->conf = arena_copy(w->a, buf_view(&conf));
	buf_release(&conf);
	return rc;
}

/* The delivery that a release is of. */
static enum err
source_of(const struct provision_source **out, const struct provision_work *w,
    const struct rules_release *l)
{
	*out = provision_open_source(w, l->product);
	if (*out == NULL && w->n_sources == 1 && w->sources[0].product.len == 0)
		*out = &w->sources[0];
	if (*out != NULL)
		return ERR_NONE;
	if (l->product.len == 0)
		return fail(ERR_FORMAT,
		    "%s: release %.*s says no product, and there are "
		    "several deliveries",
		    w->p->conf, STR_ARG(l->name));
	return fail(ERR_ABSENT, "%s: nothing was delivered as product \"%.*s\"",
	    w->p->conf, STR_ARG(l->product));
}

/* What there is instead is said, as far as a line goes. */
static enum err
no_revision(const struct provision_work *w, const struct rules_release *l,
    const struct refs *refs)
{
	struct buf names = { 0 };
	char why[512];
	enum err rc;

	snprintf(why, sizeof why, "%s", err_text());
	err_clear();
	for (size_t i = 0; i < refs->len && names.len < 200; i++)
		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "",
		    STR_ARG(str_slice(refs->at[i].brief, 0, 60)));
	rc = fail(ERR_ABSENT, "%s: release %.*s: %s; there is %s", w->p->conf,
	    STR_ARG(l->name), why, names.len > 0 ? names.at : "none at all");
	buf_release(&names);
	return rc;
}

static enum err
find_releases(struct provision_work *w)
{
	const struct rules *r = &w->p->rules;
	const struct provision_source *source;
	struct refs refs;
	enum err rc = ERR_NONE;

	w->releases = arena_array(w->a, r->n_releases, struct release);
	w->trees = arena_array(w->a, r->n_releases, struct oid);
	w->p->scope = arena_array(w->a, r->n_releases, struct provision_scope);
	for (uint32_t i = 0; i < r->n_releases && rc == ERR_NONE; i++) {
		struct release *l = &w->releases[i];

		l->name = r->releases[i].name;
		l->status = r->releases[i].status;
		rc = source_of(&source, w, &r->releases[i]);
		if (rc == ERR_NONE)
			rc = git_refs_read(&refs, w->a, source->repo);
		if (rc == ERR_NONE)
			rc = git_rev_commit(&l->commit, source->repo, &refs,
			    r->releases[i].revision);
		if (rc == ERR_ABSENT)
			rc = no_revision(w, &r->releases[i], &refs);
		if (rc == ERR_NONE)
			rc = git_tree_of(&w->trees[i], w->repo, &l->commit);
		w->p->scope[i].name = l->name;
		w->p->scope[i].commit = l->commit;
	}
	return rc;
}

static struct manifest_entry *
new_entry(struct provision_work *w)
{
	struct manifest *m = &w->m;

	if (m->n_entries == w->room) {
		w->room = w->room == 0 ? 1024 : 2 * w->room;
		m->entries =
		    reallocarray(m->entries, w->room, sizeof *m->entries);
		if (m->entries == NULL)
			bug("no memory for %u files", w->room);
	}
	m->entries[m->n_entries] = (struct manifest_entry){ 0 };
	return &m->entries[m->n_entries++];
}

/* Git LFS leaves a small text where a large file was; what it points to is
 * somewhere else. */
static bool
is_pointer(struct provision_work *w, const struct oid *id, uint64_t size)
{
	struct git_bytes b = { 0 };
	bool is;

	if (size < 100 || size > 1024)
		return false;
	if (git_blob_read(&b, w->repo, id) != ERR_NONE) {
		err_clear();
		return false;
	}
	is = str_starts(b.bytes, STR("version https://git-lfs.github.com/"));
	git_repo_drop(&b);
	return is;
}

/* A name that no line shows as it is: most have letters only. */
static void
note_name(struct provision_work *w, struct provision_scope *scope,
    struct str path)
{
	struct hazards h = { 0 };
	bool plain = true;

	for (size_t i = 0; i < path.len && plain; i++)
		plain = path.at[i] >= ' ' && path.at[i] < 0x7f;
	if (plain)
		return;
	hazard_path(&h, path);
	if (h.at[HAZARD_NAME].count > 0 && scope->deceive++ == 0)
		scope->first = arena_copy(w->a, path);
}

static enum err
add_file(void *arg, struct str path, const struct tree_entry *e)
{
	struct provision_work *w = arg;
	struct provision_scope *scope = &w->p->scope[w->release];
	bool shown = rules_in_scope(&w->p->rules, path), told;
	struct manifest_entry *entry;
	uint64_t size = 0;
	enum err rc;

	if (e->kind == TREE_MODULE) {
		scope->modules++;
		return ERR_NONE;
	}
	rc = git_blob_size(&size, w->repo, &e->id);
	if (rc == ERR_ABSENT && !shown) {
		err_clear();
		rc = ERR_NONE;
	}
	if (rc == ERR_NONE && shown && size > LIMIT_BLOB)
		rc = fail(ERR_LIMIT,
		    "%.*s: %llu bytes, at most %d can be "
		    "shown: exclude it",
		    STR_ARG(path), (unsigned long long)size, LIMIT_BLOB);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "release %.*s: %.*s was not delivered (%s): ask the vendor "
		    "for all of the repository, or exclude it",
		    STR_ARG(w->releases[w->release].name), STR_ARG(path),
		    oid_text(&e->id).hex);
	}
	if (rc != ERR_NONE)
		return rc;
	scope->links += e->kind == TREE_LINK;
	if (shown && is_pointer(w, &e->id, size))
		scope->pointers++;
	if (shown)
		note_name(w, scope, path);
	*(shown ? &scope->shown : &scope->withheld) += 1;
	*(shown ? &scope->shown_bytes : &scope->withheld_bytes) += size;
	if (w->p->file != NULL)
		w->p->file(w->p->arg, &w->releases[w->release], path, shown,
		    size);
	if (!shown && w->p->rules.withheld == WITHHELD_INVISIBLE)
		return ERR_NONE;
	told = shown || w->p->rules.withheld == WITHHELD_NAMED;
	entry = new_entry(w);
	*entry = (struct manifest_entry){ .shown = shown,
		.blob = e->id,
		.bytes = size,
		.release = w->release,
		.path = told ? arena_copy(w->a, path) : STR("") };
	if (!told)
		entry->blob = (struct oid){ 0 };
	return ERR_NONE;
}

static enum err
walk_releases(struct provision_work *w)
{
	enum err rc = ERR_NONE;

	for (; w->release < w->p->rules.n_releases && rc == ERR_NONE;
	     w->release++) {
		provision_tell(w, "listing", w->release,
		    w->p->rules.n_releases);
		rc = git_tree_each(w->repo, &w->trees[w->release], add_file,
		    NULL, w);
	}
	for (uint32_t i = 0; i < w->p->rules.n_releases && rc == ERR_NONE; i++)
		if (w->p->scope[i].shown == 0)
			rc = fail(ERR_FORMAT,
			    "%s: the scope shows no file of "
			    "release %.*s",
			    w->p->conf, STR_ARG(w->releases[i].name));
	return rc;
}

bool
provision_has(const struct provision_work *w, const char *name)
{
	return w->p->resumed &&
	    io_is_file(arena_printf(w->a, "%s/%s", w->out.at, name).at);
}

void
provision_note(struct provision_work *w, struct str line)
{
	w->p->notice = arena_printf(w->a, "%.*s%s%.*s", STR_ARG(w->p->notice),
	    w->p->notice.len > 0 ? "\n" : "", STR_ARG(line));
}

const char *
provision_beside(const struct provision_work *w, struct str name)
{
	const char *slash = strrchr(w->p->conf, '/');

	if (slash == NULL)
		return name.at;
	return arena_printf(w->a, "%.*s/%.*s", (int)(slash - w->p->conf),
	    w->p->conf, STR_ARG(name))
	    .at;
}

/* What a run is of: the rules, what the releases are, and how it is made. */
static void
write_begun(struct provision_work *w, struct buf *b)
{
	struct hash h = hash_of(w->conf);

	buf_str(b, STR("vitrine-begun 1 "));
	buf_hex(b, h.at, HASH_BYTES);
	for (uint32_t i = 0; i < w->p->rules.n_releases; i++)
		buf_printf(b, "\n%s", oid_text(&w->releases[i].commit).hex);
	if (w->p->pack != NULL)
		buf_printf(b, "\n%s", w->p->pack);
	if (w->old != NULL)
		buf_printf(b, "\nafter %s", w->old->manifest_hash);
	for (uint32_t i = 0; i < w->p->rules.n_patches; i++) {
		h = hash_of(w->patches[i]);
		buf_char(b, '\n');
		buf_hex(b, h.at, HASH_BYTES);
	}
	for (uint32_t i = 0; i < w->p->rules.n_checklists; i++) {
		h = hash_of(w->checklists[i]);
		buf_char(b, '\n');
		buf_hex(b, h.at, HASH_BYTES);
	}
	buf_char(b, '\n');
}

/* What io_write_start() puts beside a file until it is whole. */
static bool
is_piece(struct str name)
{
	return str_starts(name, STR(".")) && str_ends(name, STR(".new"));
}

/* Nothing but what an earlier run of the same finished may lie there. */
static enum err
take_up(struct provision_work *w, const struct io_names *names)
{
	struct buf begun = { 0 }, there = { 0 };
	bool same;

	write_begun(w, &begun);
	same = io_read(&there, arena_printf(w->a, "%s/begun", w->p->out).at,
		   LIMIT_CONF) == ERR_NONE &&
	    str_eq(buf_view(&there), buf_view(&begun));
	err_clear();
	buf_release(&begun);
	buf_release(&there);
	w->p->resumed = same;
	if (same || names->len == 0 ||
	    (names->len == 1 && str_eq(names->at[0], STR(".begun.new"))))
		return ERR_NONE;
	return fail(ERR_DENIED,
	    "%s: not empty; a session is made in a folder of its own",
	    w->p->out);
}

/* An index gets its name after its pack: one without the other is a piece. */
static bool
is_whole_pack(struct str name, const struct io_names *names)
{
	static const char *const ends[] = { ".idx", ".pack" };

	for (size_t e = 0; e < 2; e++) {
		size_t len = name.len - strlen(ends[e]);

		if (!str_starts(name, STR("pack-")) ||
		    !str_ends(name, str_of(ends[e])))
			continue;
		for (size_t i = 0; i < names->len; i++)
			if (str_starts(names->at[i], str_slice(name, 0, len)) &&
			    str_eq(str_slice(names->at[i], len, SIZE_MAX),
				str_of(ends[1 - e])))
				return true;
	}
	return false;
}

static bool
is_whole_text(struct str name, const struct io_names *names)
{
	static const char *const whole[] = { "store", "prints", "symbols",
		"history", "patches", "checklists" };

	(void)names;
	for (size_t k = 0; k < sizeof whole / sizeof *whole; k++)
		if (str_eq(name, str_of(whole[k])))
			return true;
	/* A piece of fingerprints that is whole itself. */
	return str_starts(name, STR("prints."));
}

static bool
is_no_piece(struct str name, const struct io_names *names)
{
	(void)names;
	return !is_piece(name);
}

/* Pieces of files that were being written when the earlier run ended. */
static enum err
drop_pieces(struct provision_work *w)
{
	static const struct {
		const char *folder;
		bool (*whole)(struct str name, const struct io_names *names);
	} at[] = { { ".", is_no_piece }, { "repo.git", is_no_piece },
		{ "repo.git/objects/pack", is_whole_pack },
		{ "text", is_whole_text }, { "text/patches", is_no_piece },
		{ "text/checklists", is_no_piece } };
	struct io_names names;
	enum err rc = ERR_NONE;

	for (size_t f = 0; f < sizeof at / sizeof *at && rc == ERR_NONE; f++) {
		const char *path =
		    arena_printf(w->a, "%s/%s", w->out.at, at[f].folder).at;

		if (!io_is_folder(path))
			continue;
		rc = io_list(&names, w->a, path);
		for (size_t i = 0; i < names.len && rc == ERR_NONE; i++)
			if (!at[f].whole(names.at[i], &names))
				rc = io_remove_at(w->dir,
				    f == 0 ? names.at[i].at :
					     arena_printf(w->a, "%s/%s",
						 at[f].folder, names.at[i].at)
						 .at);
	}
	return rc;
}

/* Made late, so that what is wrong with the rules leaves no trace. */
static enum err
make_out(struct provision_work *w)
{
	struct io_names names = { 0 };
	struct buf begun = { 0 };
	enum err rc = io_make_folder(&w->dir, w->p->out);

	/* Also parts of a run that was killed may not have ended yet. */
	if (rc == ERR_NONE)
		rc = io_lock(w->dir, w->p->out);
	if (rc == ERR_NONE)
		rc = io_list(&names, w->a, w->p->out);
	if (rc == ERR_NONE)
		rc = take_up(w, &names);
	if (rc == ERR_NONE)
		rc = io_real_path(&w->out, w->a, w->p->out);
	if (rc == ERR_NONE && w->p->resumed) {
		rc = drop_pieces(w);
	} else if (rc == ERR_NONE) {
		write_begun(w, &begun);
		rc = io_create_at(w->dir, "begun", buf_view(&begun));
	}
	buf_release(&begun);
	return rc;
}

static enum err
make_image(struct provision_work *w)
{
	enum err rc = make_out(w);

	if (rc == ERR_NONE)
		rc = io_replace_at(w->dir, "session.conf", w->conf);
	if (rc == ERR_NONE)
		rc = provision_image_begin(w);
	if (rc == ERR_NONE)
		rc = provision_patches_write(w);
	if (rc == ERR_NONE)
		rc = provision_checklists_write(w);
	if (rc == ERR_NONE)
		rc = provision_parts(w);
	if (rc == ERR_NONE)
		rc = provision_manifest_write(w);
	return rc;
}

enum err
provision_run(struct provision *p, struct arena *a)
{
	struct provision_work w = { .p = p, .a = a, .dir = -1 };
	enum err rc = read_rules(&w);

	if (rc == ERR_NONE)
		rc = provision_patches_read(&w);
	if (rc == ERR_NONE)
		rc = provision_checklists_read(&w);
	if (rc == ERR_NONE)
		rc = provision_open(&w);
	if (rc == ERR_NONE)
		rc = find_releases(&w);
	if (rc == ERR_NONE)
		rc = walk_releases(&w);
	if (rc == ERR_NONE && p->out != NULL)
		rc = provision_before(&w);
	if (rc == ERR_NONE && p->out != NULL)
		rc = make_image(&w);
	provision_parts_close(&w);
	provision_image_close(&w);
	provision_before_close(&w);
	provision_open_close(&w);
	if (rc == ERR_NONE)
		rc = provision_open_clean(&w);
	/* As long as it is there, the run is taken up. */
	if (rc == ERR_NONE && p->out != NULL)
		rc = io_remove_at(w.dir, "begun");
	if (w.dir >= 0)
		close(w.dir);
	free(w.m.entries);
	return rc;
}
