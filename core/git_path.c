#include "core/git_path.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_inside.h"
#include "core/history_index.h"
#include "core/limits.h"
#include "core/oidset.h"

enum { PATH_TREE = 256 * 1024 * 1024 };

/* A folder and what the next part of the path names in it. */
struct step {
	struct oid id;
	uint32_t mode; /* 0: it names nothing */
};

/* All steps of one depth that were ever taken: trees that differ are few
 * compared with commits. */
struct depth {
	struct str part;
	struct oidset trees;
	struct step *at; /* as long as trees */
	size_t room;
};

struct git_path {
	struct git_graph *graph;
	struct arena arena;
	struct str path;
	uint8_t *changed; /* a bit for each commit of the index, or NULL */
	struct depth *depths;
	size_t n;
};

void
git_path_open(struct git_path **out, struct git_graph *g, struct str path)
{
	struct git_path *p = calloc(1, sizeof *p);
	struct str rest, part;
	size_t n = 1;

	if (p == NULL)
		bug("no memory for a path");
	p->graph = g;
	rest = p->path = arena_copy(&p->arena, path);
	for (size_t i = 0; i < path.len; i++)
		n += path.at[i] == '/';
	p->depths = arena_array(&p->arena, n, struct depth);
	while (str_cut(&rest, '/', &part))
		p->depths[p->n++].part = part;
	*out = p;
}

void
git_path_close(struct git_path *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++) {
		free(p->depths[i].at);
		oidset_release(&p->depths[i].trees);
	}
	arena_release(&p->arena);
	free(p->changed);
	free(p);
}

/*
 * Looks for " NAME\0" in the bytes of a tree, which is several times faster
 * than reading entry by entry.  An id may look like that too, so that a hit
 * only says that the entries have to be read.
 */
static bool
may_hold(struct str raw, struct str part)
{
	size_t at = 0;

	while ((at = str_find(raw, part, at)) != SIZE_MAX) {
		const char *name = raw.at + at;

		if (at > 0 && name[-1] == ' ' && at + part.len < raw.len &&
		    name[part.len] == '\0')
			return true;
		at++;
	}
	return false;
}

static enum err
look(struct step *s, struct git_repo *r, const struct oid *tree,
    struct str part)
{
	struct git_bytes b = { 0 };
	struct tree_entry e;
	struct str raw;
	bool bad = false;
	enum err rc = git_repo_read(&b, r, tree, GIT_TREE, PATH_TREE);

	if (rc != ERR_NONE)
		return rc;
	raw = b.bytes;
	if (may_hold(raw, part))
		while (git_tree_next(&e, &raw, &bad))
			if (str_eq(e.name, part)) {
				s->id = e.id;
				s->mode = e.mode;
				break;
			}
	git_repo_drop(&b);
	return ERR_NONE;
}

static enum err
take_step(struct oid *id, uint32_t *mode, struct git_path *p, struct depth *d,
    const struct oid *tree)
{
	struct step s = { 0 };
	uint32_t i = oidset_find(&d->trees, tree);
	enum err rc;

	if (i == OIDSET_NONE) {
		rc = look(&s, git_graph_repo(p->graph), tree, d->part);
		if (rc != ERR_NONE)
			return rc;
		(void)oidset_add(&d->trees, &i, tree);
		d->at = array_more(d->at, i, &d->room, sizeof *d->at);
		d->at[i] = s;
	}
	*id = d->at[i].id;
	*mode = d->at[i].mode;
	return ERR_NONE;
}

enum err
git_path_at(struct oid *id, uint32_t *mode, struct git_path *p, uint32_t node)
{
	struct oid at = git_graph_node(p->graph, node)->tree;
	uint32_t kind = 040000;
	enum err rc = ERR_NONE;

	for (size_t i = 0; rc == ERR_NONE && i < p->n; i++) {
		if ((kind & 0170000) != 040000) {
			at = (struct oid){ 0 };
			kind = 0;
			break;
		}
		rc = take_step(&at, &kind, p, &p->depths[i], &at);
	}
	if (rc == ERR_NONE) {
		*id = at;
		*mode = kind;
	}
	return rc;
}

/* Both ways down at once, until they meet. */
static enum err
compare(bool *same, struct git_path *p, struct oid x, struct oid y)
{
	uint32_t xm = 040000, ym = 040000;
	enum err rc = ERR_NONE;

	for (size_t i = 0; rc == ERR_NONE && i < p->n; i++) {
		if (xm == ym && oid_eq(&x, &y))
			break;
		if ((xm & 0170000) != 040000)
			x = (struct oid){ 0 }, xm = 0;
		else
			rc = take_step(&x, &xm, p, &p->depths[i], &x);
		if (rc != ERR_NONE)
			return rc;
		if ((ym & 0170000) != 040000)
			y = (struct oid){ 0 }, ym = 0;
		else
			rc = take_step(&y, &ym, p, &p->depths[i], &y);
	}
	if (rc == ERR_NONE)
		*same = xm == ym && oid_eq(&x, &y);
	return rc;
}

static void
mark(struct git_path *p, const struct history_index *x, uint32_t path)
{
	uint32_t n;
	const struct history_index_change *c =
	    history_index_changes(x, path, &n);

	for (uint32_t i = 0; i < n; i++)
		p->changed[c[i].commit / 8] |= (uint8_t)(1 << c[i].commit % 8);
}

/* All commits that changed it or something below it. */
static void
mark_all(struct git_path *p, const struct history_index *x)
{
	uint32_t first, n;

	p->changed = calloc((size_t)history_index_commits(x) / 8 + 1, 1);
	if (p->changed == NULL)
		bug("no memory for %u commits", history_index_commits(x));
	if (p->path.len > 0 && history_index_find_path(&first, x, p->path))
		mark(p, x, first);
	history_index_below(&first, &n, x, p->path);
	for (uint32_t i = 0; i < n; i++)
		mark(p, x, first + i);
}

/* false: the index does not say. */
static bool
look_up(bool *same, struct git_path *p, uint32_t a, uint32_t b)
{
	const struct history_index *x = git_graph_index(p->graph);
	uint32_t place, parents;

	if (x == NULL || a == GRAPH_NONE ||
	    !git_graph_listed(&place, p->graph, a))
		return false;
	parents = git_graph_node(p->graph, a)->n_parents;
	if (parents == 0 ? b != GRAPH_NONE :
			   git_graph_parent(p->graph, a, 0) != b)
		return false;
	if (p->changed == NULL)
		mark_all(p, x);
	*same = (p->changed[place / 8] >> place % 8 & 1) == 0;
	return true;
}

bool
git_path_known_same(struct git_path *p, uint32_t a, uint32_t b)
{
	bool same;

	return look_up(&same, p, a, b) && same;
}

enum err
git_path_same(bool *same, struct git_path *p, uint32_t a, uint32_t b)
{
	uint32_t mode;
	struct oid id;
	enum err rc;

	if (look_up(same, p, a, b))
		return ERR_NONE;
	if (a != GRAPH_NONE && b != GRAPH_NONE)
		return compare(same, p, git_graph_node(p->graph, a)->tree,
		    git_graph_node(p->graph, b)->tree);
	if (a == b) {
		*same = true;
		return ERR_NONE;
	}
	rc = git_path_at(&id, &mode, p, a == GRAPH_NONE ? b : a);
	if (rc == ERR_NONE)
		*same = mode == 0;
	return rc;
}
