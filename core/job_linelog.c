#include "core/job_linelog.h"

#include "core/limits.h"

enum { LINELOG_STEPS = 32 }; /* commits looked at between two questions */

void
job_linelog_args(struct buf *b, const struct linelog_args *p)
{
	wire_put_oid(b, &p->from);
	wire_put_str(b, p->path);
	wire_put_u32(b, p->first);
	wire_put_u32(b, p->last);
}

void
job_linelog_write_row(struct buf *b, const struct linelog_row *row)
{
	wire_put_oid(b, &row->commit);
	wire_put_str(b, row->path);
	wire_put_u32(b, row->first);
	wire_put_u32(b, row->last);
}

bool
job_linelog_read_row(struct linelog_row *row, struct wire *w)
{
	if (w->bad || w->rest.len == 0)
		return false;
	row->commit = wire_oid(w);
	row->path = wire_str(w, LIMIT_PATH);
	row->first = wire_u32(w);
	row->last = wire_u32(w);
	if (row->first == 0 || row->last < row->first)
		w->bad = true;
	return !w->bad;
}

static enum err
send_rows(struct job_run *run, struct git_linelog *l)
{
	struct linelog_row row;
	bool got;
	enum err rc;

	while (
	    (rc = git_linelog_next(&row, &got, l, LINELOG_STEPS)) == ERR_NONE) {
		if (got)
			job_linelog_write_row(job_rows(run), &row);
		rc = job_row(run);
		if (rc != ERR_NONE)
			return rc;
		job_progress(run, git_linelog_seen(l), 0);
	}
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return ERR_NONE;
}

static enum err
run_linelog(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct linelog_args in;
	struct git_linelog *l;
	enum err rc;

	in.from = wire_oid(&w);
	in.path = wire_str(&w, LIMIT_PATH);
	in.first = wire_u32(&w);
	in.last = wire_u32(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = git_linelog_open(&l, job_graph(run), &in.from, in.path,
		    in.first, in.last);
	if (rc != ERR_NONE)
		return rc;
	rc = send_rows(run, l);
	git_linelog_close(l);
	return rc;
}

const struct job job_linelog = {
	.name = "linelog",
	.help = "the commits that changed some lines",
	.run = run_linelog,
};
