#include "core/sending.h"

static enum err
run_prints(struct job_run *run, struct str args)
{
	return sending_run(run, args, job_checker(run));
}

const struct job job_prints = {
	.name = "prints",
	.help = "hand files to the checker",
	.run = run_prints,
};
