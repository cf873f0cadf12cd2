#include "core/git_graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_commit.h"
#include "core/history_index.h"
#include "core/limits.h"
#include "core/oidset.h"

struct git_graph {
	struct git_repo *repo;
	struct graph_node *at;
	uint32_t len;
	size_t room;
	uint32_t *parents;
	size_t n_parents, parent_room;
	struct oidset names;               /* as long as at */
	const struct history_index *index; /* NULL: none */
	uint32_t *by_place; /* number + 1 of a commit of the index */
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
	free(g->by_place);
	arena_release(&g->scratch);
	free(g);
}

struct git_repo *
git_graph_repo(const struct git_graph *g)
{
	return g->repo;
}

uint32_t
git_graph_name(struct git_graph *g, const struct oid *id)
{
	uint32_t number;

	if (!oidset_add(&g->names, &number, id))
		return number;
	if (g->len == GRAPH_NONE - 1)
		bug("history of %u commits", g->len);
	g->at = array_more(g->at, g->len, &g->room, sizeof *g->at);
	g->at[g->len++] = (struct graph_node){ .id = *id, .place = GRAPH_NONE };
	return number;
}

/* Room for the parents of one more commit. */
static uint32_t *
take_parents(struct git_graph *g, uint32_t node, uint32_t n)
{
	if (g->n_parents + n > UINT32_MAX)
		bug("history of too many parents");
	while (g->n_parents + n > g->parent_room)
		g->parents =
		    array_grow(g->parents, &g->parent_room, sizeof *g->parents);
	g->at[node].parents = (uint32_t)g->n_parents;
	g->at[node].n_parents = n;
	g->n_parents += n;
	return g->parents + g->at[node].parents;
}

static enum err
read_commit(struct git_graph *g, uint32_t node)
{
	struct git_bytes raw = { 0 };
	struct commit c;
	struct oid id = g->at[node].id;
	enum err rc =
	    git_repo_read(&raw, g->repo, &id, GIT_COMMIT, LIMIT_COMMIT);

	if (rc == ERR_NONE)
		rc = git_commit_parse(&c, &g->scratch, raw.bytes);
	if (rc == ERR_NONE) {
		uint32_t *parents = take_parents(g, node, c.n_parents);

		g->at[node].tree = c.tree;
		g->at[node].time = c.committer.time;
		for (uint32_t i = 0; i < c.n_parents; i++)
			parents[i] = git_graph_name(g, &c.parents[i]);
	}
	arena_clear(&g->scratch);
	git_repo_drop(&raw);
	return rc;
}

/* The number of a commit that is known by its place in the index. */
static uint32_t
name_place(struct git_graph *g, uint32_t place)
{
	struct oid id;
	uint32_t node;

	if (g->by_place[place] != 0)
		return g->by_place[place] - 1;
	id = history_index_commit(g->index, place).id;
	node = git_graph_name(g, &id);
	g->at[node].place = place;
	g->by_place[place] = node + 1;
	return node;
}

/* false: not there, or only as the name of a parent. */
static bool
take_commit(struct git_graph *g, uint32_t node)
{
	struct history_index_commit c;
	uint32_t place = g->at[node].place, *parents;

	if (g->index == NULL ||
	    (place == GRAPH_NONE &&
		!history_index_find(&place, g->index, &g->at[node].id)))
		return false;
	c = history_index_commit(g->index, place);
	if (c.missing)
		return false;
	g->at[node].place = place;
	g->at[node].tree = c.tree;
	g->at[node].time = c.time;
	g->by_place[place] = node + 1;
	parents = take_parents(g, node, c.n_parents);
	for (uint32_t i = 0; i < c.n_parents; i++)
		parents[i] = name_place(g, c.parents[i]);
	return true;
}

enum err
git_graph_load(struct git_graph *g, uint32_t node)
{
	enum err rc = ERR_NONE;

	if (g->at[node].state == GRAPH_READ)
		return ERR_NONE;
	if (!take_commit(g, node))
		rc = read_commit(g, node);
	g->at[node].state = rc == ERR_NONE ? GRAPH_READ : GRAPH_MISSING;
	return rc;
}

/* A commit that was read stands in the index as it is. */
static bool
agrees(const struct git_graph *g, uint32_t node, const struct history_index *x,
    uint32_t place)
{
	struct history_index_commit c = history_index_commit(x, place);
	const struct graph_node *n = &g->at[node];

	if (n->state != GRAPH_READ || c.missing)
		return true;
	if (!oid_eq(&c.tree, &n->tree) || c.time != n->time ||
	    c.n_parents != n->n_parents)
		return false;
	for (uint32_t i = 0; i < c.n_parents; i++) {
		struct oid id = history_index_commit(x, c.parents[i]).id;

		if (!oid_eq(&id, &g->at[g->parents[n->parents + i]].id))
			return false;
	}
	return true;
}

enum err
git_graph_use(struct git_graph *g, const struct history_index *x)
{
	uint32_t *by_place, place;

	if (g->index != NULL)
		bug("a second index of history");
	by_place =
	    calloc((size_t)history_index_commits(x) + 1, sizeof *by_place);
	if (by_place == NULL)
		bug("no memory for %u commits", history_index_commits(x));
	for (uint32_t i = 0; i < g->len; i++) {
		if (!history_index_find(&place, x, &g->at[i].id))
			continue;
		if (!agrees(g, i, x, place)) {
			free(by_place);
			return fail(ERR_FORMAT,
			    "the index of history has another commit %s",
			    oid_text(&g->at[i].id).hex);
		}
		by_place[place] = i + 1;
	}
	for (uint32_t i = 0; i < history_index_commits(x); i++)
		if (by_place[i] != 0)
			g->at[by_place[i] - 1].place = i;
	g->by_place = by_place;
	g->index = x;
	return ERR_NONE;
}

const struct history_index *
git_graph_index(const struct git_graph *g)
{
	return g->index;
}

bool
git_graph_listed(uint32_t *place, const struct git_graph *g, uint32_t node)
{
	struct history_index_commit c;
	uint32_t at = g->at[node].place;

	if (at == GRAPH_NONE)
		return false;
	c = history_index_commit(g->index, at);
	*place = at;
	return !c.missing && !c.unknown;
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
