#include <string.h>
#include <unistd.h>

#include "core/git_import.h"
#include "core/io.h"
#include "core/limits.h"

/* A folder of files, below one that was opened once: no link is followed. */
struct walk {
	git_import_fn *fn;
	git_import_at *at;
	void *arg;
	int dir;
	struct buf path;
	uint64_t seen;
};

static enum err walk_folder(struct walk *w, int depth);

static enum err
give_link(struct walk *w)
{
	struct git_import_file f = { .path = buf_view(&w->path),
		.mode = 0120000 };
	struct arena a = { 0 };
	enum err rc = io_read_link_at(&f.bytes, &a, w->dir, w->path.at);

	if (rc == ERR_NONE)
		rc = w->fn(w->arg, &f);
	arena_release(&a);
	return rc;
}

static enum err
give_file(struct walk *w, bool exec)
{
	struct git_import_file f = { .path = buf_view(&w->path),
		.mode = exec ? 0100755 : 0100644 };
	struct buf bytes = { 0 };
	enum err rc = io_read_at(&bytes, w->dir, w->path.at, LIMIT_BLOB);

	f.bytes = buf_view(&bytes);
	if (rc == ERR_NONE)
		rc = w->fn(w->arg, &f);
	buf_release(&bytes);
	return rc;
}

static enum err
walk_entry(struct walk *w, const struct io_entry *e, int depth)
{
	const struct git_import_file odd = { .path = buf_view(&w->path) };

	if (++w->seen % 256 == 0 && w->at != NULL)
		w->at(w->arg, w->seen, 0);
	if (w->path.len > LIMIT_PATH)
		return fail(ERR_LIMIT, "%s: a path over %d bytes", w->path.at,
		    LIMIT_PATH);
	if (str_eq(e->name, STR(".git")) ||
	    (!e->folder && !e->file && !e->link))
		return w->fn(w->arg, &odd);
	if (e->folder)
		return walk_folder(w, depth + 1);
	return e->link ? give_link(w) : give_file(w, e->exec);
}

static enum err
walk_folder(struct walk *w, int depth)
{
	struct arena a = { 0 };
	struct io_entries list;
	size_t before = w->path.len;
	enum err rc;

	if (depth > LIMIT_TREE_DEPTH)
		return fail(ERR_LIMIT, "%s: folders inside folders, over %d",
		    w->path.at, LIMIT_TREE_DEPTH);
	rc = io_list_at(&list, &a, w->dir, before == 0 ? "." : w->path.at,
	    LIMIT_TREE_ENTRIES);
	for (size_t i = 0; rc == ERR_NONE && i < list.len; i++) {
		if (before > 0)
			buf_char(&w->path, '/');
		buf_str(&w->path, list.at[i].name);
		rc = walk_entry(w, &list.at[i], depth);
		w->path.len = before;
		if (w->path.at != NULL)
			w->path.at[before] = '\0';
	}
	arena_release(&a);
	return rc;
}

enum err
git_import_tree(const char *path, git_import_fn *fn, git_import_at *at,
    void *arg)
{
	struct walk w = { .fn = fn, .at = at, .arg = arg };
	enum err rc = io_open_folder(&w.dir, path);

	if (rc != ERR_NONE)
		return rc;
	rc = walk_folder(&w, 0);
	close(w.dir);
	buf_release(&w.path);
	return rc;
}
