#include "core/job_treediff.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/git_rename.h"
#include "core/limits.h"

void
job_treediff_args(struct buf *b, const struct treediff_args *t)
{
	wire_put_oid(b, &t->old);
	wire_put_oid(b, &t->new);
	wire_put_u8(b, t->renames);
	wire_put_u8(b, t->counts);
	wire_put_u64(b, t->pairs);
}

void
job_treediff_write_row(struct buf *b, const struct treediff_row *row)
{
	const struct change *c = &row->change;

	wire_put_u8(b, (uint8_t)row->kind);
	wire_put_u32(b, row->index);
	wire_put_u32(b, row->other);
	wire_put_u8(b, (uint8_t)row->rc);
	wire_put_u8(b, c->similarity);
	wire_put_u8(b, c->binary);
	wire_put_u32(b, c->added);
	wire_put_u32(b, c->deleted);
	if (row->kind != TREEDIFF_CHANGE)
		return;
	wire_put_u8(b, (uint8_t)c->kind);
	wire_put_str(b, c->new_path);
	wire_put_oid(b, &c->old_id);
	wire_put_oid(b, &c->new_id);
	wire_put_u32(b, c->old_mode);
	wire_put_u32(b, c->new_mode);
}

static bool
is_kind(unsigned kind)
{
	return kind == CHANGE_ADDED || kind == CHANGE_DELETED ||
	    kind == CHANGE_MODIFIED || kind == CHANGE_TYPE;
}

static void
read_change(struct change *c, struct wire *w)
{
	unsigned kind = wire_u8(w);

	if (!is_kind(kind))
		w->bad = true;
	c->kind = (enum change_kind)kind;
	c->old_path = c->new_path = wire_str(w, LIMIT_PATH);
	c->old_id = wire_oid(w);
	c->new_id = wire_oid(w);
	c->old_mode = wire_u32(w);
	c->new_mode = wire_u32(w);
}

bool
job_treediff_read_row(struct treediff_row *row, struct wire *w)
{
	unsigned kind, rc;

	*row = (struct treediff_row){ 0 };
	if (w->bad || w->rest.len == 0)
		return false;
	kind = wire_u8(w);
	row->index = wire_u32(w);
	row->other = wire_u32(w);
	rc = wire_u8(w);
	row->change.similarity = wire_u8(w);
	row->change.binary = wire_u8(w) != 0;
	row->change.added = wire_u32(w);
	row->change.deleted = wire_u32(w);
	row->change.counted = kind == TREEDIFF_COUNT;
	if (kind < TREEDIFF_CHANGE || kind > TREEDIFF_CUT || rc > ERR_STOPPED ||
	    row->change.similarity > 100)
		w->bad = true;
	else if (kind == TREEDIFF_CHANGE)
		read_change(&row->change, w);
	row->kind = (enum treediff_row_kind)kind;
	row->rc = (enum err)rc;
	return !w->bad;
}

struct treediff {
	struct job_run *run;
	struct treediff_args args;
	struct arena a;
	struct changes list;
	size_t room;
};

static enum err
row(struct treediff *t, const struct treediff_row *r)
{
	job_treediff_write_row(job_rows(t->run), r);
	return job_row(t->run);
}

static enum err
take(void *arg, const struct change *c)
{
	struct treediff *t = arg;
	struct changes *list = &t->list;
	struct change *kept;

	list->at = array_more(list->at, list->len, &t->room, sizeof *list->at);
	kept = &list->at[list->len++];
	*kept = *c;
	kept->old_path = kept->new_path = arena_copy(&t->a, c->new_path);
	return row(t,
	    &(struct treediff_row){ .kind = TREEDIFF_CHANGE,
		.index = (uint32_t)list->len - 1,
		.change = *kept });
}

static enum err
send_renames(struct treediff *t)
{
	struct renames found;
	enum err rc = git_rename_pairs(&found, &t->a, &t->list,
	    job_repo(t->run), t->args.pairs, job_stop, t->run);

	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; rc == ERR_NONE && i < found.len; i++) {
		struct rename *f = &found.at[i];
		struct change *from = &t->list.at[f->from];
		struct change *to = &t->list.at[f->to];

		to->old_id = from->old_id;
		to->old_mode = from->old_mode;
		from->kind = CHANGE_RENAMED; /* counted with the other */
		rc = row(t,
		    &(struct treediff_row){ .kind = TREEDIFF_RENAME,
			.index = f->from,
			.other = f->to,
			.change.similarity = f->similarity });
	}
	if (rc == ERR_NONE && found.capped)
		rc = row(t, &(struct treediff_row){ .kind = TREEDIFF_CAPPED });
	return rc;
}

static enum err
send_count(struct treediff *t, size_t i)
{
	struct treediff_row r = { .kind = TREEDIFF_COUNT,
		.index = (uint32_t)i,
		.change = t->list.at[i] };

	r.rc = git_diff_count(&r.change, job_repo(t->run));
	if (r.rc == ERR_STOPPED || r.rc == ERR_IO)
		return r.rc;
	if (r.rc != ERR_NONE)
		r.kind = TREEDIFF_TROUBLE;
	err_clear();
	return row(t, &r);
}

static enum err
send_counts(struct treediff *t)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; rc == ERR_NONE && i < t->list.len; i++) {
		job_progress(t->run, i, t->list.len);
		if (t->list.at[i].kind != CHANGE_RENAMED)
			rc = send_count(t, i);
	}
	return rc;
}

static enum err
trees_of(struct treediff *t, struct oid *old, struct oid *new)
{
	struct git_repo *r = job_repo(t->run);
	enum err rc = ERR_NONE;

	*old = *new = (struct oid){ 0 };
	if (!oid_is_zero(&t->args.old))
		rc = git_tree_of(old, r, &t->args.old);
	if (rc == ERR_NONE && !oid_is_zero(&t->args.new))
		rc = git_tree_of(new, r, &t->args.new);
	return rc;
}

static enum err
run_treediff(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct treediff t = { .run = run };
	struct oid old, new;
	uint32_t cut = 0;
	enum err rc;

	t.args.old = wire_oid(&w);
	t.args.new = wire_oid(&w);
	t.args.renames = wire_u8(&w) != 0;
	t.args.counts = wire_u8(&w) != 0;
	t.args.pairs = wire_u64(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = trees_of(&t, &old, &new);
	if (rc == ERR_NONE)
		rc = git_diff_known(job_repo(run), &old, &new, take, &t, &cut);
	if (rc == ERR_NONE && cut > 0)
		rc = row(&t,
		    &(struct treediff_row){ .kind = TREEDIFF_CUT,
			.index = cut });
	if (rc == ERR_NONE && t.args.renames)
		rc = send_renames(&t);
	if (rc == ERR_NONE && t.args.counts)
		rc = send_counts(&t);
	free(t.list.at);
	arena_release(&t.a);
	return rc;
}

const struct job job_treediff = {
	.name = "treediff",
	.help = "compare two revisions",
	.run = run_treediff,
};
