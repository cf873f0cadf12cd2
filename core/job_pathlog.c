#include "core/job_pathlog.h"

#include "core/git_follow.h"
#include "core/limits.h"

enum { PATHLOG_STEPS = 64 }; /* commits looked at between two questions */

void
job_pathlog_args(struct buf *b, const struct pathlog_args *p)
{
	wire_put_oid(b, &p->from);
	wire_put_str(b, p->path);
	wire_put_u8(b, p->first_parent);
	wire_put_u8(b, p->follow);
}

void
job_pathlog_write_row(struct buf *b, const struct pathlog_row *row)
{
	wire_put_oid(b, &row->commit);
	wire_put_str(b, row->path);
}

bool
job_pathlog_read_row(struct pathlog_row *row, struct wire *w)
{
	if (w->bad || w->rest.len == 0)
		return false;
	row->commit = wire_oid(w);
	row->path = wire_str(w, LIMIT_PATH);
	return !w->bad;
}

static enum err
send_commit(struct job_run *run, uint32_t node, struct str path)
{
	struct pathlog_row row = { .path = path,
		.commit = git_graph_node(job_graph(run), node)->id };

	job_pathlog_write_row(job_rows(run), &row);
	return job_row(run);
}

static enum err
run_log(struct job_run *run, const struct git_log_options *o)
{
	struct git_log *l;
	uint32_t node;
	bool got;
	enum err rc = git_log_open(&l, job_graph(run), o);

	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_log_next(&node, &got, l, PATHLOG_STEPS)) == ERR_NONE) {
		rc = got ? send_commit(run, node, STR("")) : job_row(run);
		if (rc != ERR_NONE)
			break;
		job_progress(run, git_log_seen(l), 0);
	}
	git_log_close(l);
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return ERR_NONE;
}

/* A row without a commit: copies were not looked for everywhere. */
static enum err
send_capped(struct job_run *run, enum err ended)
{
	struct pathlog_row row = { 0 };
	enum err rc;

	job_pathlog_write_row(job_rows(run), &row);
	rc = job_row(run);
	return rc == ERR_NONE ? ended : rc;
}

/* Where a file came from may take long to find: what is known goes first. */
static bool
send_meanwhile(void *run)
{
	return job_row(run) != ERR_NONE;
}

static enum err
run_follow(struct job_run *run, const struct git_log_options *o)
{
	struct git_follow *f;
	struct str path;
	uint32_t node;
	bool got;
	enum err rc = git_follow_open(&f, job_graph(run), &o->from, o->path);

	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_follow_next(&node, &path, &got, f, PATHLOG_STEPS,
		    send_meanwhile, run)) == ERR_NONE) {
		rc = got ? send_commit(run, node, path) : job_row(run);
		if (rc != ERR_NONE)
			break;
		job_progress(run, git_follow_seen(f), 0);
	}
	if (git_follow_capped(f) && (rc == ERR_ABSENT || rc == ERR_NONE))
		rc = send_capped(run, rc);
	git_follow_close(f);
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return ERR_NONE;
}

static enum err
run_pathlog(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct git_log_options o = { 0 };
	bool follow;
	enum err rc;

	o.from = wire_oid(&w);
	o.path = wire_str(&w, LIMIT_PATH);
	o.first_parent = wire_u8(&w) != 0;
	follow = wire_u8(&w) != 0;
	rc = wire_done(&w);
	if (rc != ERR_NONE)
		return rc;
	return follow ? run_follow(run, &o) : run_log(run, &o);
}

const struct job job_pathlog = {
	.name = "pathlog",
	.help = "the commits that changed a path",
	.run = run_pathlog,
};
