#include "core/job_lines.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_tree.h"

void
job_lines_write_row(struct buf *b, const struct job_lines_row *row)
{
	wire_put_oid(b, &row->blob);
	wire_put_u32(b, row->lines);
}

bool
job_lines_read_row(struct job_lines_row *row, struct wire *w)
{
	if (w->bad || w->rest.len == 0)
		return false;
	row->blob = wire_oid(w);
	row->lines = wire_u32(w);
	return !w->bad;
}

struct counting {
	struct job_run *run;
	struct oid *at;
	size_t len, room;
};

static enum err
gather(void *arg, struct str path, const struct tree_entry *e)
{
	struct counting *c = arg;

	(void)path;
	if (job_cancelled(c->run))
		return ERR_STOPPED;
	if (e->kind != TREE_FILE && e->kind != TREE_EXEC)
		return ERR_NONE;
	c->at = array_more(c->at, c->len, &c->room, sizeof *c->at);
	c->at[c->len++] = e->id;
	return ERR_NONE;
}

static enum err
skip_folder(void *arg, struct str path, const struct oid *tree, enum err rc)
{
	(void)arg;
	(void)path;
	(void)tree;
	if (rc != ERR_STOPPED)
		err_clear();
	return rc == ERR_STOPPED ? rc : ERR_NONE;
}

static int
oid_order(const void *a, const void *b)
{
	return memcmp(a, b, OID_BYTES);
}

static uint32_t
count(struct str bytes)
{
	uint32_t n = 0;
	const char *at = bytes.at, *end = bytes.at + bytes.len;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		n++;
		at = lf == NULL ? end : lf + 1;
	}
	return n;
}

static enum err
count_all(struct counting *c)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < c->len && rc == ERR_NONE; i++) {
		struct git_bytes bytes = { 0 };
		struct job_lines_row row = { .blob = c->at[i] };

		job_progress(c->run, i, c->len);
		if (i > 0 && oid_eq(&c->at[i], &c->at[i - 1]))
			continue;
		if (job_cancelled(c->run))
			return ERR_STOPPED;
		if (git_blob_read(&bytes, job_repo(c->run), &c->at[i]) !=
		    ERR_NONE) {
			err_clear();
			continue;
		}
		row.lines = count(bytes.bytes);
		git_repo_drop(&bytes);
		job_lines_write_row(job_rows(c->run), &row);
		rc = job_row(c->run);
	}
	return rc;
}

static enum err
run_lines(struct job_run *run, struct str args)
{
	struct counting c = { .run = run };
	struct wire w = wire_of(args);
	struct oid of = wire_oid(&w), tree;
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		rc = git_tree_of(&tree, job_repo(run), &of);
	if (rc == ERR_NONE)
		rc = git_tree_each(job_repo(run), &tree, gather, skip_folder,
		    &c);
	if (rc == ERR_NONE && c.len > 0)
		qsort(c.at, c.len, sizeof *c.at, oid_order);
	if (rc == ERR_NONE)
		rc = count_all(&c);
	free(c.at);
	return rc;
}

const struct job job_lines = {
	.name = "lines",
	.help = "how many lines each file has, for the coverage",
	.run = run_lines,
};
