#include "tui/patched.h"

#include "core/git_tree.h"
#include "tui/reading_code.h"

struct str
patched_path(struct reading *r, const struct oid *commit, struct str path)
{
	const struct reading_files *f = reading_files_of(r, commit);
	struct str found = STR("");
	size_t n = 0;

	for (size_t i = 0; path.len > 0 && i < f->len; i++) {
		struct str at = f->at[i].path;

		if (str_eq(at, path))
			return at;
		if (str_ends(at, path) && at.at[at.len - path.len - 1] == '/') {
			found = at;
			n++;
		}
	}
	return n == 1 ? found : STR("");
}

enum err
patched_open(struct code *c, struct reading *r, const struct oid *commit,
    struct str path)
{
	struct git_repo *repo = reading_repo(r);
	struct tree_entry e;
	struct oid tree;
	enum err rc = git_tree_of(&tree, repo, commit);

	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, path);
	if (rc == ERR_NONE)
		rc = reading_code(c, r, &e.id, path);
	if (rc == ERR_NONE)
		code_finish(c);
	return rc;
}

void
patched_judge(const struct patchfile *p, const struct patchfile_file *f,
    struct str text, struct patchfile_verdict *out)
{
	struct arena a = { 0 };
	struct patchfile_text t = patchfile_cut(&a, text);

	for (uint32_t i = 0; i < f->len; i++)
		out[f->first + i] =
		    patchfile_judge(p, &p->hunks[f->first + i], &t);
	arena_release(&a);
}
