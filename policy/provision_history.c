#include "core/history_index.h"

#include <stdlib.h>

#include "core/io.h"
#include "policy/provision_inside.h"

enum { RENAME_PAIRS = 10 * 1000 }; /* compared in one commit at most */

static enum err
build_history(struct provision_work *w, struct git_repo *image, struct buf *out)
{
	uint32_t n = w->p->rules.n_releases;
	struct oid *tips = arena_array(w->a, n, struct oid);
	const struct history_index_wish wish = { .tips = tips,
		.n = n,
		.pairs = RENAME_PAIRS,
		.old = w->old_history };
	struct history_index_build *b;
	struct git_graph *g;
	uint64_t done, total;
	enum err rc;

	for (uint32_t i = 0; i < n; i++)
		tips[i] = w->releases[i].commit;
	git_graph_open(&g, image);
	history_index_build_open(&b, g, &wish);
	while (
	    (rc = history_index_build_step(&done, &total, b, 200)) == ERR_NONE)
		provision_tell(w, "history", done, total);
	if (rc == ERR_ABSENT) {
		history_index_build_write(b, out);
		rc = ERR_NONE;
	}
	history_index_build_close(b);
	git_graph_close(g);
	return rc;
}

/*
 * Of the image, not of what was delivered: it can say nothing that is not in
 * there.  Every object in it was checked when it was copied.
 */
enum err
provision_history_write(struct provision_work *w)
{
	struct git_repo *image;
	struct buf file = { 0 };
	enum err rc;

	if (provision_has(w, "text/history"))
		return ERR_NONE;
	rc = provision_image_repo(&image, w);
	if (rc == ERR_NONE) {
		rc = build_history(w, image, &file);
		git_repo_close(image);
	}
	git_repo_strict(true);
	if (rc == ERR_NONE)
		rc = io_create_at(w->dir, "text/history", buf_view(&file));
	buf_release(&file);
	return rc;
}
