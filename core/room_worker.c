/*
 * The worker room: runs jobs for the reading room, one at a time.  It reads
 * objects, feeds the searcher and the checker beside it, and keeps nothing.
 */
#include "core/encoding.h"
#include "core/git_repo.h"
#include "core/job.h"
#include "core/text.h"
#include "policy/enter.h"

static enum err
work(const struct start *s, struct arena *a)
{
	struct job_fds fds = {
		.reading = WORKER_FD_READING,
		.searcher = WORKER_FD_SEARCH,
		.checker = s->index == 0 ? WORKER_FD_CHECK : -1,
		.history = s->session && s->text.len > 0 ?
		    arena_printf(a, "%.*s/history", STR_ARG(s->text)).at :
		    NULL,
	};
	struct git_repo *r;
	enum err rc = git_repo_open(&r, s->git, false);

	if (rc != ERR_NONE)
		return rc;
	rc = job_serve(r, &fds);
	git_repo_close(r);
	return rc;
}

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	enum err rc = git_repo_prepare();

	(void)arg;
	*paths = (struct sandbox_paths){ .read = { s->git, s->text },
		.write = s->data };
	if (rc == ERR_NONE)
		rc = text_start(); /* for the width of a character */
	if (rc == ERR_NONE)
		rc = encoding_open();
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_WORKER, argc, argv);
	rc = enter_room(&s, &a, ROOM_WORKER, prepare, NULL);
	if (rc == ERR_NONE)
		rc = work(&s, &a);
	return room_end(rc);
}
