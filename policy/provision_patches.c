/*
 * Patches of the vendor that are shown beside the source.
 *
 * They lie beside session.conf and are taken as they are.  What they show of
 * files must be in scope, and is source as any other: it goes into the
 * fingerprints without its signs, as the code before and after.
 */
#include "core/io.h"
#include "core/patchfile.h"
#include "policy/prints.h"
#include "policy/provision_inside.h"

static enum err
check_scope(const struct provision_work *w, const char *path,
    const struct patchfile *p)
{
	for (uint32_t i = 0; i < p->n_files; i++) {
		const struct patchfile_file *f = &p->files[i];
		struct str sides[] = { f->old_path, f->new_path };

		for (size_t k = 0; k < 2; k++)
			if (sides[k].len > 0 &&
			    !rules_in_scope(&w->p->rules, sides[k]))
				return fail(ERR_FORMAT,
				    "%s: changes %.*s, which the scope does "
				    "not show: leave that file out of it "
				    "(paths begin at the top of the release)",
				    path, STR_ARG(sides[k]));
	}
	return ERR_NONE;
}

static enum err
read_one(struct provision_work *w, uint32_t i)
{
	const char *path = provision_beside(w, w->p->rules.patches[i]);
	struct buf bytes = { 0 };
	struct arena a = { 0 };
	struct patchfile p;
	enum err rc = io_read(&bytes, path, PATCHFILE_MAX);

	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "%s: not there; patches lie beside the rules that name "
		    "them",
		    path);
	}
	if (rc == ERR_NONE) {
		rc = patchfile_read(&p, &a, buf_view(&bytes));
		if (rc != ERR_NONE) {
			err_clear();
			rc = fail(ERR_FORMAT, "%s: there is no patch in it",
			    path);
		}
	}
	if (rc == ERR_NONE)
		rc = check_scope(w, path, &p);
	if (rc == ERR_NONE)
		w->patches[i] = arena_copy(w->a, buf_view(&bytes));
	buf_release(&bytes);
	arena_release(&a);
	return rc;
}

enum err
provision_patches_read(struct provision_work *w)
{
	enum err rc = ERR_NONE;

	w->patches = arena_array(w->a, w->p->rules.n_patches, struct str);
	for (uint32_t i = 0; i < w->p->rules.n_patches && rc == ERR_NONE; i++)
		rc = read_one(w, i);
	return rc;
}

/* A side of a file: the lines of all its hunks but those of that kind. */
static void
print_side(struct prints_builder *b, const struct patchfile *p,
    const struct patchfile_file *f, struct str path, char without)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < f->len; i++) {
		const struct patchfile_hunk *h = &p->hunks[f->first + i];

		for (uint32_t k = 0; k < h->len; k++) {
			const struct patchfile_line *l =
			    &p->lines[h->first + k];

			if (l->kind == without)
				continue;
			buf_str(&text, l->text);
			buf_char(&text, '\n');
		}
	}
	if (text.len > 0)
		prints_builder_add(b, path, buf_view(&text));
	buf_release(&text);
}

void
provision_patches_print(const struct provision_work *w,
    struct prints_builder *b)
{
	for (uint32_t i = 0; i < w->p->rules.n_patches; i++) {
		struct arena a = { 0 };
		struct patchfile p;

		if (patchfile_read(&p, &a, w->patches[i]) != ERR_NONE)
			bug("a patch that was read before");
		for (uint32_t k = 0; k < p.n_files; k++) {
			const struct patchfile_file *f = &p.files[k];

			print_side(b, &p, f, f->old_path, '+');
			print_side(b, &p, f, f->new_path, '-');
		}
		arena_release(&a);
	}
}

enum err
provision_patches_write(struct provision_work *w)
{
	enum err rc = w->p->rules.n_patches == 0 ?
	    ERR_NONE :
	    io_make_folder_at(w->dir, "text/patches");

	for (uint32_t i = 0; i < w->p->rules.n_patches && rc == ERR_NONE; i++)
		rc = io_replace_at(w->dir,
		    arena_printf(w->a, "text/patches/%s",
			w->p->rules.patches[i].at)
			.at,
		    w->patches[i]);
	return rc;
}
