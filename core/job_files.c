#include "core/job_files.h"

#include "core/limits.h"

void
job_files_args(struct buf *b, const struct files_args *f)
{
	wire_put_oid(b, &f->of);
	wire_put_u8(b, f->sizes);
}

void
job_files_write_row(struct buf *b, const struct files_row *row)
{
	wire_put_str(b, row->path);
	wire_put_oid(b, &row->entry.id);
	wire_put_u32(b, row->entry.mode);
	wire_put_u8(b, (uint8_t)row->entry.kind);
	wire_put_u64(b, (uint64_t)row->entry.size);
	wire_put_u8(b, (uint8_t)row->trouble);
}

static struct str
last_part(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/')
			return str_slice(path, i, path.len);
	return path;
}

bool
job_files_read_row(struct files_row *row, struct wire *w)
{
	unsigned kind, trouble;

	if (w->bad || w->rest.len == 0)
		return false;
	row->path = wire_str(w, LIMIT_PATH);
	row->entry.name = last_part(row->path);
	row->entry.id = wire_oid(w);
	row->entry.mode = wire_u32(w);
	kind = wire_u8(w);
	row->entry.size = (int64_t)wire_u64(w);
	trouble = wire_u8(w);
	if (kind > TREE_MODULE || trouble > ERR_STOPPED ||
	    row->entry.size < TREE_SIZE_MISSING)
		w->bad = true;
	row->entry.kind = (enum tree_kind)kind;
	row->trouble = (enum err)trouble;
	return !w->bad;
}

struct files {
	struct job_run *run;
	bool sizes;
	uint64_t n;
};

static enum err
send_file(void *arg, struct str path, const struct tree_entry *e)
{
	struct files *f = arg;
	struct files_row row = { .path = path, .entry = *e };

	if (f->sizes)
		git_tree_size(&row.entry, job_repo(f->run));
	job_files_write_row(job_rows(f->run), &row);
	job_progress(f->run, ++f->n, 0);
	return job_row(f->run);
}

static enum err
send_trouble(void *arg, struct str path, const struct oid *tree, enum err rc)
{
	struct files *f = arg;
	struct files_row row = { .path = path, .trouble = rc };

	if (rc == ERR_STOPPED || rc == ERR_IO)
		return rc;
	row.path.len = path.len < LIMIT_PATH ? path.len : LIMIT_PATH;
	row.entry.id = *tree;
	row.entry.kind = TREE_FOLDER;
	row.entry.size = TREE_SIZE_UNKNOWN;
	job_files_write_row(job_rows(f->run), &row);
	return job_row(f->run);
}

static enum err
run_files(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct files f = { .run = run };
	struct oid of = wire_oid(&w), tree;
	enum err rc;

	f.sizes = wire_u8(&w) != 0;
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = git_tree_of(&tree, job_repo(run), &of);
	if (rc == ERR_NONE)
		rc = git_tree_each(job_repo(run), &tree, send_file,
		    send_trouble, &f);
	return rc;
}

const struct job job_files = {
	.name = "files",
	.help = "list the files of a revision",
	.run = run_files,
};
