#include "core/job_filediff.h"

#include "core/git_blob.h"

void
job_filediff_args(struct buf *b, const struct filediff_args *f)
{
	wire_put_oid(b, &f->old);
	wire_put_oid(b, &f->new);
	wire_put_u32(b, f->options.context);
	wire_put_u8(b, (uint8_t)f->options.space);
	wire_put_u8(b, f->options.patience);
}

void
job_filediff_write_row(struct buf *b, const struct filediff_row *row)
{
	wire_put_u8(b, (uint8_t)row->kind);
	if (row->kind != '@') {
		wire_put_u32(b, row->len);
		return;
	}
	wire_put_u32(b, row->old_first);
	wire_put_u32(b, row->old_len);
	wire_put_u32(b, row->new_first);
	wire_put_u32(b, row->new_len);
	wire_put_str(b, str_slice(row->head, 0, FILEDIFF_HEAD));
}

bool
job_filediff_read_row(struct filediff_row *row, struct wire *w)
{
	*row = (struct filediff_row){ 0 };
	if (w->bad || w->rest.len == 0)
		return false;
	row->kind = (char)wire_u8(w);
	switch (row->kind) {
	case ' ':
	case '-':
	case '+':
		row->len = wire_u32(w);
		break;
	case '@':
		row->old_first = wire_u32(w);
		row->old_len = wire_u32(w);
		row->new_first = wire_u32(w);
		row->new_len = wire_u32(w);
		row->head = wire_str(w, FILEDIFF_HEAD);
		break;
	default:
		w->bad = true;
		break;
	}
	return !w->bad;
}

static enum err
send(struct job_run *run, const struct filediff_row *row)
{
	job_filediff_write_row(job_rows(run), row);
	return job_row(run);
}

static enum err
send_hunk(struct job_run *run, const struct file_diff *d,
    const struct diff_hunk *h)
{
	struct filediff_row row = { '@', h->old_first, h->old_len, h->new_first,
		h->new_len, h->head, 0 };
	enum err rc = send(run, &row);

	for (uint32_t i = 0; rc == ERR_NONE && i < h->len;) {
		const struct diff_line *l = &d->lines[h->first + i];

		row = (struct filediff_row){ .kind = l->kind };
		for (; i < h->len && d->lines[h->first + i].kind == l->kind;
		     i++)
			row.len++;
		rc = send(run, &row);
	}
	return rc;
}

static enum err
read_side(struct git_bytes *out, struct job_run *run, const struct oid *id)
{
	if (oid_is_zero(id)) {
		out->bytes = STR("");
		return ERR_NONE;
	}
	return git_blob_read(out, job_repo(run), id);
}

static enum err
run_filediff(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct git_bytes old = { 0 }, new = { 0 };
	struct filediff_args f = { 0 };
	struct arena a = { 0 };
	struct file_diff d;
	unsigned space;
	enum err rc;

	f.old = wire_oid(&w);
	f.new = wire_oid(&w);
	f.options.context = wire_u32(&w);
	space = wire_u8(&w);
	f.options.patience = wire_u8(&w) != 0;
	f.options.space = (enum diff_space)space;
	rc = wire_done(&w);
	if (rc == ERR_NONE && space > DIFF_SPACE_NONE)
		rc = fail(ERR_FORMAT, "blanks of kind %u", space);
	if (rc == ERR_NONE)
		rc = read_side(&old, run, &f.old);
	if (rc == ERR_NONE)
		rc = read_side(&new, run, &f.new);
	if (rc == ERR_NONE)
		rc = git_diff_bytes(&d, &a, old.bytes, new.bytes, &f.options);
	for (size_t i = 0; rc == ERR_NONE && i < d.n_hunks; i++)
		rc = send_hunk(run, &d, &d.hunks[i]);
	git_repo_drop(&old);
	git_repo_drop(&new);
	arena_release(&a);
	return rc;
}

const struct job job_filediff = {
	.name = "filediff",
	.help = "compare two versions of a large file",
	.run = run_filediff,
};
