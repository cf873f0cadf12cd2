#include "core/job_refind.h"

#include <stdlib.h>
#include <string.h>

void
job_refind_write_row(struct buf *b, const struct job_refind_row *row)
{
	wire_put_u32(b, row->index);
	wire_put_u8(b, (uint8_t)row->found.state);
	anchor_write(&row->found.at, b);
}

bool
job_refind_read_row(struct job_refind_row *row, struct arena *a, struct wire *w)
{
	uint8_t state;

	if (w->bad || w->rest.len == 0)
		return false;
	row->index = wire_u32(w);
	state = wire_u8(w);
	row->found.at = anchor_read(w, a);
	if (state >= REFIND_STATES)
		w->bad = true;
	row->found.state = (enum refind_state)state;
	return !w->bad;
}

struct wanted {
	struct anchor at;
	uint32_t index;
};

static int
wanted_cmp(const void *p, const void *q)
{
	const struct wanted *a = p, *b = q;
	int c = memcmp(a->at.commit.id, b->at.commit.id, OID_BYTES);

	if (c == 0)
		c = str_cmp(a->at.path, b->at.path);
	if (c == 0)
		c = memcmp(a->at.blob.id, b->at.blob.id, OID_BYTES);
	return c != 0 ? c : (a->index < b->index ? -1 : 1);
}

static enum err
read_args(struct arena *a, struct str args, struct oid *to, struct wanted **out,
    uint32_t *n)
{
	/* The shortest anchor: two ids, an empty path, two lines, a hash. */
	const size_t least = 2 * OID_BYTES + 4 + 8 + HASH_BYTES;
	struct wire w = wire_of(args);

	*to = wire_oid(&w);
	*n = 0;
	*out = arena_array(a, args.len / least + 1, struct wanted);
	while (!w.bad && w.rest.len > 0) {
		(*out)[*n] = (struct wanted){ anchor_read(&w, a), *n };
		++*n;
	}
	return wire_done(&w);
}

static enum err
send(struct job_run *run, uint32_t index, const struct refind *found)
{
	const struct job_refind_row row = { index, *found };

	job_refind_write_row(job_rows(run), &row);
	return job_row(run);
}

/* All of one commit; one that is not here leaves them unknown. */
static enum err
find_group(struct job_run *run, const struct wanted *at, uint32_t n,
    const struct oid *to)
{
	struct git_refind *f = NULL;
	enum err rc = git_refind_open(&f, job_repo(run), &at->at.commit, to);

	if (rc == ERR_ABSENT)
		err_clear();
	else if (rc != ERR_NONE)
		return rc;
	rc = ERR_NONE;
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct refind found = { .at = at[i].at };
		struct arena a = { 0 };

		if (job_cancelled(run))
			rc = ERR_STOPPED;
		else if (f != NULL)
			rc = git_refind_at(&found, &a, f, &at[i].at, job_stop,
			    run);
		if (rc == ERR_NONE)
			rc = send(run, at[i].index, &found);
		arena_release(&a);
	}
	git_refind_close(f);
	return rc;
}

static enum err
run_refind(struct job_run *run, struct str args)
{
	struct arena a = { 0 };
	struct wanted *all;
	struct oid to;
	uint32_t n, from = 0;
	enum err rc = read_args(&a, args, &to, &all, &n);

	if (rc == ERR_NONE)
		qsort(all, n, sizeof *all, wanted_cmp);
	while (rc == ERR_NONE && from < n) {
		uint32_t last = from + 1;

		while (last < n &&
		    oid_eq(&all[last].at.commit, &all[from].at.commit))
			last++;
		rc = find_group(run, &all[from], last - from, &to);
		from = last;
		job_progress(run, from, n);
	}
	arena_release(&a);
	return rc;
}

const struct job job_refind = {
	.name = "refind",
	.help = "where notes and findings stand in another revision",
	.run = run_refind,
};
