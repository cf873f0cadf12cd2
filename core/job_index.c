#include "core/job_index.h"

#include "core/git_refs.h"
#include "core/history_keep.h"

void
job_index_args(struct buf *b, const struct oid *tips, uint32_t n)
{
	wire_put_u32(b, n);
	for (uint32_t i = 0; i < n; i++)
		wire_put_oid(b, &tips[i]);
}

static enum err
read_tips(struct oid *tips, size_t *n, struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	uint32_t given = wire_u32(&w);

	*n = 0;
	if (given > JOB_INDEX_TIPS)
		return fail(ERR_FORMAT, "%u tips of history", given);
	for (uint32_t i = 0; i < given && !w.bad; i++) {
		struct ref ref = { .target = wire_oid(&w) };

		git_refs_peel(&ref, job_repo(run));
		if (!oid_is_zero(&ref.commit))
			tips[(*n)++] = ref.commit;
	}
	err_clear();
	return wire_done(&w);
}

static void
tell(void *run, uint64_t done, uint64_t total)
{
	job_progress(run, done, total);
}

static enum err
run_index(struct job_run *run, struct str args)
{
	static struct oid tips[JOB_INDEX_TIPS];
	struct history_keep_turn turn = { .tips = tips,
		.stop = job_stop,
		.tell = tell,
		.arg = run };
	enum err rc = read_tips(tips, &turn.n, run, args);

	return rc == ERR_NONE ? history_keep_build(job_history(run), &turn) :
				rc;
}

const struct job job_index = {
	.name = "index",
	.help = "which commit changed which path",
	.run = run_index,
};
