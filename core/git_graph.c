#include "core/git_graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_commit.h"
#include "core/limits.h"
#include "core/oidset.h"

#ifdef TINY
enum { GRAPH_FIRST = 2 };
#else
enum { GRAPH_FIRST = 1024 };
#endif

struct git_graph {
	struct git_repo *repo;
	struct graph_node *at;
	uint32_t len, room;
	uint32_t *parents;
	size_t n_parents, parent_room;
	struct oidset names; /* as long as at */
	struct arena scratch;
};

void
git_graph_open(struct git_graph **out, struct git_repo *r)
{
	struct git_graph *g = calloc(1, sizeof *g);

	if (g == NULL)
		bug("no memory for history");
	g->repo = r;
	*out = g;
}

void
git_graph_close(struct git_graph *g)
{
	if (g == NULL)
		return;
	free(g->at);
	free(g->parents);
	oidset_release(&g->names);
	arena_release(&g->scratch);
	free(g);
}

struct git_repo *
git_graph_repo(const struct git_graph *g)
{
	return g->repo;
}

static void
grow(struct git_graph *g)
{
	if (g->len == g->room) {
		g->room = g->room == 0 ? GRAPH_FIRST : g->room * 2;
		g->at = reallocarray(g->at, g->room, sizeof *g->at);
		if (g->at == NULL)
			bug("no memory for %u commits", g->room);
	}
}

uint32_t
git_graph_name(struct git_graph *g, const struct oid *id)
{
	uint32_t number;

	if (!oidset_add(&g->names, &number, id))
		return number;
	if (g->len == GRAPH_NONE - 1)
		bug("history of %u commits", g->len);
	grow(g);
	g->at[g->len++] = (struct graph_node){ .id = *id };
	return number;
}

static void
add_parents(struct git_graph *g, uint32_t node, const struct commit *c)
{
	if (g->n_parents + c->n_parents > UINT32_MAX)
		bug("history of too many parents");
	while (g->n_parents + c->n_parents > g->parent_room) {
		g->parent_room =
		    g->parent_room == 0 ? GRAPH_FIRST : g->parent_room * 2;
		g->parents = reallocarray(g->parents, g->parent_room,
		    sizeof *g->parents);
		if (g->parents == NULL)
			bug("no memory for %zu parents", g->parent_room);
	}
	for (uint32_t i = 0; i < c->n_parents; i++) {
		uint32_t parent = git_graph_name(g, &c->parents[i]);

		g->parents[g->n_parents + i] = parent;
	}
	g->at[node].parents = (uint32_t)g->n_parents;
	g->at[node].n_parents = c->n_parents;
	g->n_parents += c->n_parents;
}

enum err
git_graph_load(struct git_graph *g, uint32_t node)
{
	struct git_bytes raw = { 0 };
	struct commit c;
	struct oid id = g->at[node].id;
	enum err rc;

	if (g->at[node].state == GRAPH_READ)
		return ERR_NONE;
	rc = git_repo_read(&raw, g->repo, &id, GIT_COMMIT, LIMIT_COMMIT);
	if (rc == ERR_NONE)
		rc = git_commit_parse(&c, &g->scratch, raw.bytes);
	if (rc == ERR_NONE) {
		g->at[node].tree = c.tree;
		g->at[node].time = c.committer.time;
		add_parents(g, node, &c);
	}
	g->at[node].state = rc == ERR_NONE ? GRAPH_READ : GRAPH_MISSING;
	arena_clear(&g->scratch);
	git_repo_drop(&raw);
	return rc;
}

const struct graph_node *
git_graph_node(const struct git_graph *g, uint32_t node)
{
	return &g->at[node];
}

uint32_t
git_graph_parent(const struct git_graph *g, uint32_t node, uint32_t which)
{
	return g->parents[g->at[node].parents + which];
}

uint32_t
git_graph_len(const struct git_graph *g)
{
	return g->len;
}
