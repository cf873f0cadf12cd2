/*
 * Checklists of the session: requirements that its sides hold the product
 * against.  They lie beside session.conf and are taken as they are, for the
 * notes room; they say nothing of the source and cost no words of it.
 */
#include "core/checklist.h"
#include "core/io.h"
#include "policy/provision_inside.h"

/* Two of one name could not be told apart by whoever chooses. */
static enum err
check_id(const struct provision_work *w, uint32_t i, struct str *ids,
    struct str id)
{
	const struct str *names = w->p->rules.checklists;

	for (uint32_t k = 0; k < i; k++)
		if (str_eq(ids[k], id))
			return fail(ERR_FORMAT,
			    "%s: its id, %.*s, is that of %s",
			    provision_beside(w, names[i]), STR_ARG(id),
			    provision_beside(w, names[k]));
	ids[i] = id;
	return ERR_NONE;
}

static enum err
read_one(struct provision_work *w, uint32_t i, struct str *ids)
{
	const char *path = provision_beside(w, w->p->rules.checklists[i]);
	struct buf bytes = { 0 };
	struct checklist c;
	enum err rc = io_read(&bytes, path, CHECKLIST_BYTES);

	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "%s: not there; checklists lie beside the rules that name "
		    "them",
		    path);
	}
	if (rc == ERR_NONE) {
		w->checklists[i] = arena_copy(w->a, buf_view(&bytes));
		rc = checklist_read(&c, w->a, path, w->checklists[i]);
	}
	if (rc == ERR_NONE)
		rc = check_id(w, i, ids, c.id);
	buf_release(&bytes);
	return rc;
}

enum err
provision_checklists_read(struct provision_work *w)
{
	uint32_t n = w->p->rules.n_checklists;
	struct str *ids = arena_array(w->a, n, struct str);
	enum err rc = ERR_NONE;

	w->checklists = arena_array(w->a, n, struct str);
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = read_one(w, i, ids);
	return rc;
}

enum err
provision_checklists_write(struct provision_work *w)
{
	const struct rules *r = &w->p->rules;
	enum err rc = r->n_checklists == 0 ?
	    ERR_NONE :
	    io_make_folder_at(w->dir, "text/checklists");

	for (uint32_t i = 0; i < r->n_checklists && rc == ERR_NONE; i++)
		rc = io_replace_at(w->dir,
		    arena_printf(w->a, "text/checklists/%s",
			r->checklists[i].at)
			.at,
		    w->checklists[i]);
	return rc;
}
