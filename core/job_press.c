#include "core/job.h"

#include "core/feed.h"
#include "core/git_tree.h"
#include "core/press_files.h"

enum { PRESS_OBJECT_MAX = 64 * 1024 * 1024 };

static enum err
send_object(struct feed_out *f, struct git_repo *r, uint32_t index,
    const struct oid *id, enum git_kind kind)
{
	struct git_bytes b = { 0 };
	enum err rc = git_repo_read(&b, r, id, kind, PRESS_OBJECT_MAX);

	if (rc != ERR_NONE)
		return rc;
	rc = feed_blob(f, index, id, b.bytes);
	git_repo_drop(&b);
	return rc;
}

static enum err
send_file(struct feed_out *f, struct git_repo *r, uint32_t index,
    const struct press_file *file)
{
	struct str rest = file->path, part;
	struct tree_entry e = { .kind = TREE_FOLDER };
	enum err rc = send_object(f, r, index, &file->commit, GIT_COMMIT);

	if (rc == ERR_NONE)
		rc = git_tree_of(&e.id, r, &file->commit);
	while (rc == ERR_NONE && str_cut(&rest, '/', &part)) {
		struct oid tree = e.id;

		if (e.kind != TREE_FOLDER)
			return fail(ERR_ABSENT,
			    "a file in the place of a "
			    "folder");
		rc = send_object(f, r, index, &tree, GIT_TREE);
		if (rc == ERR_NONE)
			rc = git_tree_find(&e, r, &tree, part);
	}
	if (rc == ERR_NONE)
		rc = send_object(f, r, index, &e.id, GIT_BLOB);
	return rc;
}

static enum err
run_press(struct job_run *run, struct str args)
{
	struct arena a = { 0 };
	struct press_files j;
	struct feed_out f;
	enum err rc = press_files_read(&j, &a, args);

	if (rc == ERR_NONE && job_checker(run) < 0)
		rc = fail(ERR_ABSENT, "this worker has nobody to send to");
	if (rc == ERR_NONE) {
		feed_start(&f, job_checker(run), j.job);
		f.stop = job_stop;
		f.arg = run;
		for (uint32_t i = 0; i < j.n && rc == ERR_NONE; i++) {
			rc = send_file(&f, job_repo(run), i, &j.files[i]);
			job_progress(run, i + 1, j.n);
		}
		if (feed_end(&f, rc) != ERR_NONE && rc == ERR_NONE)
			rc = ERR_IO;
		feed_release(&f);
	}
	arena_release(&a);
	return rc;
}

const struct job job_press = {
	.name = "press",
	.help = "hand files to the checker for pages",
	.run = run_press,
};
