#include "core/git_named.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/git_path.h"
#include "core/git_rename.h"

enum { NAMED_PAIRS = 50 * 1000 }; /* deleted files compared for a rename */

struct name {
	struct str path;
	struct git_path *at;
};

struct git_named {
	struct git_graph *graph;
	struct arena arena;
	struct name *at;
	size_t len, room;
};

void
git_named_open(struct git_named **out, struct git_graph *g)
{
	struct git_named *n = calloc(1, sizeof *n);

	if (n == NULL)
		bug("no memory for names");
	n->graph = g;
	*out = n;
}

void
git_named_close(struct git_named *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->len; i++)
		git_path_close(n->at[i].at);
	free(n->at);
	arena_release(&n->arena);
	free(n);
}

uint32_t
git_named_number(struct git_named *n, struct str path)
{
	struct name *new;

	for (size_t i = 0; i < n->len; i++)
		if (str_eq(n->at[i].path, path))
			return (uint32_t)i;
	n->at = array_more(n->at, n->len, &n->room, sizeof *n->at);
	new = &n->at[n->len++];
	new->path = arena_copy(&n->arena, path);
	git_path_open(&new->at, n->graph, new->path);
	return (uint32_t)(n->len - 1);
}

struct str
git_named_path(const struct git_named *n, uint32_t name)
{
	return n->at[name].path;
}

enum err
git_named_find(struct named_file *out, struct git_named *n, uint32_t name,
    uint32_t node)
{
	struct named_file f = { .name = name };
	enum err rc = git_path_at(&f.id, &f.mode, n->at[name].at, node);
	uint32_t kind = f.mode & 0170000;

	if (kind != 0100000 && kind != 0120000)
		f.name = GRAPH_NONE;
	if (rc == ERR_NONE)
		*out = f;
	return rc;
}

bool
git_named_kept(struct git_named *n, uint32_t name, uint32_t node,
    uint32_t parent)
{
	return git_path_known_same(n->at[name].at, node, parent);
}

/* What was deleted, and the one file that was added. */
struct renaming {
	struct changes list;
	size_t room;
	struct arena a;
	struct str path;
};

static enum err
take(void *arg, const struct change *c)
{
	struct renaming *s = arg;
	struct changes *l = &s->list;
	struct change *kept;

	if (c->kind != CHANGE_DELETED &&
	    !(c->kind == CHANGE_ADDED && str_eq(c->new_path, s->path)))
		return ERR_NONE;
	l->at = array_more(l->at, l->len, &s->room, sizeof *l->at);
	kept = &l->at[l->len++];
	*kept = *c;
	kept->old_path = kept->new_path = arena_copy(&s->a, c->new_path);
	return ERR_NONE;
}

enum err
git_named_before(struct named_file *out, struct git_named *n, uint32_t name,
    uint32_t node, uint32_t parent)
{
	struct git_repo *r = git_graph_repo(n->graph);
	struct oid old = git_graph_node(n->graph, parent)->tree;
	struct oid new = git_graph_node(n->graph, node)->tree;
	struct renaming s = { .path = n->at[name].path };
	struct renames pairs = { 0 };
	enum err rc = git_diff_trees(r, &old, &new, take, &s);

	if (rc == ERR_NONE)
		rc = git_rename_pairs(&pairs, &s.a, &s.list, r, NAMED_PAIRS,
		    NULL, NULL);
	if (rc == ERR_NONE) {
		*out = (struct named_file){ .name = GRAPH_NONE };
		if (pairs.len > 0) {
			const struct change *c = &s.list.at[pairs.at[0].from];

			out->name = git_named_number(n, c->old_path);
			out->id = c->old_id;
			out->mode = c->old_mode;
		}
	}
	free(s.list.at);
	arena_release(&s.a);
	return rc;
}
