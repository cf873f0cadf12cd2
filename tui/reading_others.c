#include "tui/reading_others.h"

#include <stdlib.h>

#include "core/git_tree.h"
#include "tui/hatch_lines.h"
#include "tui/reading_inside.h"

enum { AT_ONCE = 64 }; /* places looked up in one slice */

struct reading_others {
	struct reading *r;
	struct buf pieces;
	struct arena arena;
	struct hatch_others said;
	struct oid *blobs;       /* beside said.at; zero: not here */
	size_t next;             /* looked up so far */
	struct oid commit, tree; /* the last one */
};

static struct reading_others *
others_of(struct reading *r)
{
	if (r->others == NULL)
		r->others = calloc(1, sizeof *r->others);
	if (r->others == NULL)
		bug("no memory for the lines of others");
	r->others->r = r;
	return r->others;
}

void
reading_others_release(struct reading *r)
{
	struct reading_others *k = r->others;

	if (k == NULL)
		return;
	reading_slice_stop(r, k);
	buf_release(&k->pieces);
	arena_release(&k->arena);
	free(k);
	r->others = NULL;
}

static struct oid
blob_of(struct reading *r, struct reading_others *k,
    const struct hatch_other *o)
{
	struct tree_entry e = { 0 };
	enum err rc = ERR_NONE;

	if (!oid_eq(&k->commit, &o->commit)) {
		k->tree = (struct oid){ { 0 } };
		k->commit = o->commit;
		rc = git_tree_of(&k->tree, r->repo, &o->commit);
	}
	if (rc == ERR_NONE && !oid_is_zero(&k->tree))
		rc = git_tree_find(&e, r->repo, &k->tree, o->path);
	err_clear();
	if (rc != ERR_NONE || (e.kind != TREE_FILE && e.kind != TREE_EXEC))
		return (struct oid){ { 0 } };
	return e.id;
}

static bool
same_place(const struct hatch_other *a, const struct hatch_other *b)
{
	return oid_eq(&a->commit, &b->commit) && str_eq(a->path, b->path);
}

/* Both layers of a file stand behind each other. */
static bool
look_on(void *arg)
{
	struct reading_others *k = arg;
	struct reading *r = k->r;

	for (int i = 0; i < AT_ONCE && k->next < k->said.len; i++, k->next++) {
		const struct hatch_other *o = &k->said.at[k->next];

		k->blobs[k->next] = k->next > 0 && same_place(o, o - 1) ?
		    k->blobs[k->next - 1] :
		    blob_of(r, k, o);
	}
	if (k->next < k->said.len)
		return true;
	r->marks_version++;
	shell_redraw(r->shell);
	return false;
}

enum err
reading_others_piece(void *arg, struct str body)
{
	struct reading *r = arg;
	struct reading_others *k = others_of(r);
	struct hatch_others got;
	struct arena a = { 0 };
	bool whole;
	enum err rc = hatch_take(&k->pieces, &whole, body);

	if (rc != ERR_NONE || !whole)
		return rc;
	rc = hatch_read_others(&got, &a, buf_view(&k->pieces));
	buf_release(&k->pieces);
	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	arena_release(&k->arena);
	k->arena = a;
	k->said = got;
	k->blobs = arena_array(&k->arena, got.len, struct oid);
	k->next = 0;
	k->commit = (struct oid){ { 0 } };
	reading_slice(r, look_on, k);
	return ERR_NONE;
}

typedef void others_fn(void *arg, const struct mark *m, uint8_t who);

static void
each_run(const struct reading_others *k, size_t i, others_fn *fn, void *arg)
{
	const struct hatch_other *o = &k->said.at[i];

	for (uint32_t n = 0; n < o->n; n++)
		fn(arg,
		    &(struct mark){ o->reviewed ? '=' : ':', k->blobs[i],
			o->path, o->spans[2 * n], o->spans[2 * n + 1] },
		    o->who);
}

static bool
is_known(const struct reading_others *k)
{
	return k != NULL && k->next == k->said.len;
}

void
reading_others_marks(const struct reading *r, const struct oid *blob,
    struct str path, others_fn *fn, void *arg)
{
	const struct reading_others *k = r->others;

	for (size_t i = 0; is_known(k) && i < k->said.len; i++)
		if (!oid_is_zero(&k->blobs[i]) &&
		    (oid_eq(&k->blobs[i], blob) ||
			str_eq(k->said.at[i].path, path)))
			each_run(k, i, fn, arg);
}

void
reading_others_all(const struct reading *r, others_fn *fn, void *arg)
{
	const struct reading_others *k = r->others;

	for (size_t i = 0; is_known(k) && i < k->said.len; i++)
		if (!oid_is_zero(&k->blobs[i]))
			each_run(k, i, fn, arg);
}

uint8_t
reading_others_people(const struct reading *r)
{
	return r->others == NULL ? 0 : r->others->said.n_names;
}

struct str
reading_others_name(const struct reading *r, uint8_t who)
{
	if (who == 0 || who > reading_others_people(r))
		return STR("me");
	return r->others->said.names[who - 1];
}

void
reading_others_names(const struct reading *r, uint32_t set, struct buf *out)
{
	for (uint8_t who = 0; set != 0; who++, set >>= 1) {
		unsigned after = sweep_people(set >> 1);

		if ((set & 1) == 0)
			continue;
		buf_str(out, reading_others_name(r, who));
		if (after > 0)
			buf_str(out, after > 1 ? STR(", ") : STR(" and "));
	}
}
