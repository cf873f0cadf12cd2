#include "core/job_blame.h"

#include "core/limits.h"

enum { BLAME_STEPS = 64 }; /* commits looked at between two questions */

void
job_blame_args(struct buf *b, const struct blame_args *p)
{
	wire_put_oid(b, &p->from);
	wire_put_str(b, p->path);
	wire_put_u8(b, p->options.ignore_space);
	wire_put_u8(b, p->options.moves);
}

void
job_blame_write_row(struct buf *b, const struct blame_row *row)
{
	wire_put_u32(b, row->part.first);
	wire_put_u32(b, row->part.len);
	wire_put_u32(b, row->part.old_first);
	wire_put_oid(b, &row->part.commit);
	wire_put_str(b, row->part.old_path);
	wire_put_u8(b, row->part.boundary);
}

bool
job_blame_read_row(struct blame_row *row, struct wire *w)
{
	if (w->bad || w->rest.len == 0)
		return false;
	row->part.first = wire_u32(w);
	row->part.len = wire_u32(w);
	row->part.old_first = wire_u32(w);
	row->part.commit = wire_oid(w);
	row->part.old_path = wire_str(w, LIMIT_PATH);
	row->part.boundary = wire_u8(w) != 0;
	if (row->part.first == 0 || row->part.old_first == 0 ||
	    row->part.len > UINT32_MAX - row->part.first ||
	    row->part.len > UINT32_MAX - row->part.old_first)
		w->bad = true;
	return !w->bad;
}

static enum err
send_parts(struct job_run *run, struct git_blame *b)
{
	struct blame_row row;
	uint64_t done = 0;
	bool got;
	enum err rc;

	while ((rc = git_blame_next(&row.part, &got, b, BLAME_STEPS)) ==
	    ERR_NONE) {
		if (got) {
			job_blame_write_row(job_rows(run), &row);
			done += row.part.len;
		}
		rc = job_row(run);
		if (rc != ERR_NONE)
			return rc;
		job_progress(run, done, git_blame_lines(b));
	}
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return ERR_NONE;
}

static enum err
run_blame(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct blame_args in;
	struct git_blame *b;
	enum err rc;

	in.from = wire_oid(&w);
	in.path = wire_str(&w, LIMIT_PATH);
	in.options.ignore_space = wire_u8(&w) != 0;
	in.options.moves = wire_u8(&w) != 0;
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = git_blame_open(&b, job_graph(run), &in.from, in.path,
		    &in.options);
	if (rc != ERR_NONE)
		return rc;
	rc = send_parts(run, b);
	git_blame_close(b);
	return rc;
}

const struct job job_blame = {
	.name = "blame",
	.help = "which commit each line comes from",
	.run = run_blame,
};
