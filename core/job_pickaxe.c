#include "core/job_pickaxe.h"

#include "core/git_log.h"
#include "core/limits.h"

enum { PICKAXE_STEPS = 32 }; /* commits looked at between two questions */

void
job_pickaxe_args(struct buf *b, const struct pickaxe_args *p)
{
	wire_put_oid(b, &p->from);
	wire_put_str(b, p->text);
	wire_put_str(b, p->path);
}

void
job_pickaxe_write_row(struct buf *b, const struct pickaxe_hit *row)
{
	wire_put_u8(b, (uint8_t)row->kind);
	wire_put_oid(b, &row->commit);
	wire_put_str(b, row->path);
	wire_put_u32(b, row->old);
	wire_put_u32(b, row->new);
}

bool
job_pickaxe_read_row(struct pickaxe_hit *row, struct wire *w)
{
	unsigned kind;

	if (w->bad || w->rest.len == 0)
		return false;
	kind = wire_u8(w);
	row->commit = wire_oid(w);
	row->path = wire_str(w, LIMIT_PATH);
	row->old = wire_u32(w);
	row->new = wire_u32(w);
	if (kind != PICKAXE_HIT && kind != PICKAXE_MISSING)
		w->bad = true;
	row->kind = (enum pickaxe_row_kind)kind;
	return !w->bad;
}

/* So that progress has a real end; and where history ends too early. */
static enum err
count_commits(uint64_t *total, uint32_t *cut, struct job_run *run,
    const struct oid *from)
{
	struct git_log_options o = { .from = *from };
	struct git_log *l;
	uint32_t node;
	bool got;
	enum err rc = git_log_open(&l, job_graph(run), &o);

	if (rc != ERR_NONE)
		return rc;
	while (rc == ERR_NONE) {
		rc = git_log_next(&node, &got, l, PICKAXE_STEPS);
		if (rc == ERR_NONE && job_cancelled(run))
			rc = fail(ERR_STOPPED, "stopped");
	}
	*total = git_log_seen(l);
	*cut = git_log_cut(l);
	git_log_close(l);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	return rc;
}

static enum err
send(struct job_run *run, const struct pickaxe_hit *row)
{
	job_pickaxe_write_row(job_rows(run), row);
	return job_row(run);
}

static enum err
send_hits(struct job_run *run, struct git_pickaxe *p, uint64_t total,
    uint32_t cut)
{
	struct pickaxe_row hit;
	bool got;
	enum err rc;

	while ((rc = git_pickaxe_next(&hit, &got, p, PICKAXE_STEPS, job_stop,
		    run)) == ERR_NONE) {
		job_progress(run, git_pickaxe_seen(p), total);
		rc = !got ?
		    job_row(run) :
		    send(run,
			&(struct pickaxe_hit){ .kind = PICKAXE_HIT,
			    .path = hit.path,
			    .old = hit.old,
			    .new = hit.new,
			    .commit =
				git_graph_node(job_graph(run), hit.node)->id });
		if (rc != ERR_NONE)
			return rc;
	}
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return send(run,
	    &(struct pickaxe_hit){ .kind = PICKAXE_MISSING,
		.path = STR(""),
		.old = git_pickaxe_missing(p),
		.new = cut });
}

static enum err
run_pickaxe(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct pickaxe_args in;
	struct git_pickaxe *p;
	uint64_t total = 0;
	uint32_t cut = 0;
	enum err rc;

	in.from = wire_oid(&w);
	in.text = wire_str(&w, LIMIT_PATTERN);
	in.path = wire_str(&w, LIMIT_PATH);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = count_commits(&total, &cut, run, &in.from);
	if (rc == ERR_NONE)
		rc = git_pickaxe_open(&p, job_graph(run), &in.from, in.text,
		    in.path);
	if (rc != ERR_NONE)
		return rc;
	rc = send_hits(run, p, total, cut);
	git_pickaxe_close(p);
	return rc;
}

const struct job job_pickaxe = {
	.name = "pickaxe",
	.help = "commits that made a text appear or disappear",
	.run = run_pickaxe,
};
