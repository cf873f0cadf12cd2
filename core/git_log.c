#include "core/git_log.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_path.h"
#include "core/git_queue.h"

enum {
	LOG_SEEN = 1,     /* was or is in the queue */
	LOG_UNWANTED = 2, /* reached from options.without */
	LOG_SAME = 4,     /* the path is as in a parent: not shown */
	LOG_LISTED = 8,   /* of a topo log */
};

struct git_log {
	struct git_graph *graph;
	struct git_path *path; /* NULL: every commit */
	uint32_t from, without;
	bool first_parent, topo, begun, sorted;
	struct git_queue queue, unwanted;
	uint8_t *flags; /* by number of the graph */
	size_t n_flags;
	uint32_t *list; /* of a topo log: what is still to come */
	size_t n_list, list_room, next;
	uint32_t *children; /* by number: not yet listed */
	size_t n_children;
	uint64_t seen;
	uint32_t cut;
};

static uint8_t *
flags_of(struct git_log *l, uint32_t node)
{
	if (node >= l->n_flags) {
		size_t n = node + node / 2 + 256;

		l->flags = realloc(l->flags, n);
		if (l->flags == NULL)
			bug("no memory for %zu commits", n);
		memset(l->flags + l->n_flags, 0, n - l->n_flags);
		l->n_flags = n;
	}
	return &l->flags[node];
}

/* Missing history is counted and left out: the copy may be shallow. */
static enum err
load(struct git_log *l, uint32_t node, bool *there)
{
	enum err rc = git_graph_load(l->graph, node);

	*there = rc == ERR_NONE;
	if (rc != ERR_ABSENT && rc != ERR_FORMAT && rc != ERR_LIMIT)
		return rc;
	l->cut++;
	err_clear();
	return ERR_NONE;
}

static enum err
enqueue(struct git_log *l, struct git_queue *q, uint32_t node, uint8_t flag)
{
	uint8_t *flags = flags_of(l, node);
	bool there;
	enum err rc;

	if ((*flags & flag) != 0)
		return ERR_NONE;
	*flags |= flag;
	rc = load(l, node, &there);
	if (rc == ERR_NONE && there)
		git_queue_push(q, git_graph_node(l->graph, node)->time, node);
	return rc;
}

enum err
git_log_open(struct git_log **out, struct git_graph *g,
    const struct git_log_options *o)
{
	struct git_log *l = calloc(1, sizeof *l);
	enum err rc;

	if (l == NULL)
		bug("no memory for a log");
	l->graph = g;
	l->first_parent = o->first_parent;
	l->topo = o->topo;
	l->from = git_graph_name(g, &o->from);
	l->without = oid_is_zero(&o->without) ? GRAPH_NONE :
						git_graph_name(g, &o->without);
	rc = git_graph_load(g, l->from);
	if (rc == ERR_NONE && l->without != GRAPH_NONE)
		rc = git_graph_load(g, l->without);
	if (rc != ERR_NONE) {
		git_log_close(l);
		return rc;
	}
	if (o->path.len > 0)
		git_path_open(&l->path, g, o->path);
	*out = l;
	return ERR_NONE;
}

void
git_log_close(struct git_log *l)
{
	if (l == NULL)
		return;
	git_path_close(l->path);
	git_queue_release(&l->queue);
	git_queue_release(&l->unwanted);
	free(l->flags);
	free(l->list);
	free(l->children);
	free(l);
}

/* All that `without` reaches, before anything is shown: dates may lie. */
static enum err
mark_unwanted(struct git_log *l, unsigned *steps)
{
	while (l->unwanted.len > 0 && *steps > 0) {
		uint32_t node = git_queue_pop(&l->unwanted);
		uint32_t n = git_graph_node(l->graph, node)->n_parents;
		enum err rc = ERR_NONE;

		--*steps;
		for (uint32_t i = 0; rc == ERR_NONE && i < n; i++)
			rc = enqueue(l, &l->unwanted,
			    git_graph_parent(l->graph, node, i), LOG_UNWANTED);
		if (rc != ERR_NONE)
			return rc;
	}
	return ERR_NONE;
}

struct parents {
	uint32_t n;    /* looked at */
	uint32_t only; /* the one that is followed alone, or GRAPH_NONE */
	bool same;     /* the commit changed nothing here */
};

/* A parent that could not be read counts as different. */
static enum err
same_as(struct git_log *l, uint32_t node, uint32_t parent, bool *same)
{
	bool there;
	enum err rc = load(l, parent, &there);

	*same = false;
	if (rc != ERR_NONE || !there)
		return rc;
	rc = git_path_same(same, l->path, node, parent);
	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		err_clear();
		l->cut++;
		return ERR_NONE;
	}
	return rc;
}

/* Does this parent count?  The one commit that was named as the bottom
 * does, what lies below it does not: as in git. */
static bool
matters(struct git_log *l, uint32_t parent)
{
	return parent == l->without ||
	    (*flags_of(l, parent) & LOG_UNWANTED) == 0;
}

/* History simplification, default mode. */
static enum err
simplify(struct git_log *l, uint32_t node, struct parents *p)
{
	bool wanted_change = false, other_change = false, wanted = false;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; rc == ERR_NONE && i < p->n; i++) {
		uint32_t parent = git_graph_parent(l->graph, node, i);
		bool here = matters(l, parent), same;

		rc = same_as(l, node, parent, &same);
		wanted |= here;
		if (rc != ERR_NONE || (same && !here))
			continue;
		if (same) {
			p->only = parent;
			p->same = true;
			return ERR_NONE;
		}
		wanted_change |= here;
		other_change |= !here;
	}
	p->same = wanted ? !wanted_change : !other_change;
	if (rc == ERR_NONE && p->n == 0)
		rc = git_path_same(&p->same, l->path, node, GRAPH_NONE);
	return rc;
}

/* Puts the parents to follow into the queue. */
static enum err
follow(struct git_log *l, uint32_t node, struct parents *p)
{
	enum err rc = ERR_NONE;

	p->n = git_graph_node(l->graph, node)->n_parents;
	p->only = GRAPH_NONE;
	p->same = false;
	if (l->first_parent && p->n > 1)
		p->n = 1;
	if (l->path != NULL)
		rc = simplify(l, node, p);
	if (rc == ERR_NONE && p->only != GRAPH_NONE)
		return enqueue(l, &l->queue, p->only, LOG_SEEN);
	for (uint32_t i = 0; rc == ERR_NONE && i < p->n; i++)
		rc = enqueue(l, &l->queue, git_graph_parent(l->graph, node, i),
		    LOG_SEEN);
	return rc;
}

static enum err
next_by_date(uint32_t *node, bool *got, struct git_log *l, unsigned *steps)
{
	*got = false;
	while (*steps > 0 && l->queue.len > 0) {
		uint32_t at = git_queue_pop(&l->queue);
		struct parents p;
		enum err rc;

		--*steps;
		if ((*flags_of(l, at) & LOG_UNWANTED) != 0)
			continue;
		l->seen++;
		rc = follow(l, at, &p);
		if (rc != ERR_NONE)
			return rc;
		if (p.same)
			*flags_of(l, at) |= LOG_SAME;
		if (!p.same || l->topo) {
			*node = at;
			*got = true;
			return ERR_NONE;
		}
	}
	return l->queue.len == 0 ? ERR_ABSENT : ERR_NONE;
}

static void
list_commit(struct git_log *l, uint32_t node)
{
	l->list =
	    array_more(l->list, l->n_list, &l->list_room, sizeof *l->list);
	l->list[l->n_list++] = node;
	*flags_of(l, node) |= LOG_LISTED;
}

static uint32_t
parents_of(const struct git_log *l, uint32_t node)
{
	uint32_t n = git_graph_node(l->graph, node)->n_parents;

	return l->first_parent && n > 1 ? 1 : n;
}

/* How many children each commit has among those that are listed. */
static void
count_children(struct git_log *l)
{
	l->n_children = git_graph_len(l->graph);
	l->children = calloc(l->n_children, sizeof *l->children);
	if (l->children == NULL)
		bug("no memory for %zu commits", l->n_children);
	for (size_t i = 0; i < l->n_list; i++)
		for (uint32_t k = 0; k < parents_of(l, l->list[i]); k++)
			l->children[git_graph_parent(l->graph, l->list[i],
			    k)]++;
}

/*
 * Children before parents, and one line of work not torn apart: whoever has
 * no children left is taken, the last one found first; the commits to begin
 * with by date.
 */
static void
sort_by_children(struct git_log *l)
{
	uint32_t *stack, *sorted;
	size_t n = 0, len = 0;

	count_children(l);
	stack = calloc(l->n_list + 1, sizeof *stack);
	sorted = calloc(l->n_list + 1, sizeof *sorted);
	if (stack == NULL || sorted == NULL)
		bug("no memory for %zu commits", l->n_list);
	for (size_t i = l->n_list; i > 0; i--) {
		if (l->children[l->list[i - 1]] == 0)
			stack[n++] = l->list[i - 1];
	}
	while (n > 0) {
		uint32_t node = stack[--n];

		sorted[len++] = node;
		for (uint32_t k = 0; k < parents_of(l, node); k++) {
			uint32_t parent = git_graph_parent(l->graph, node, k);

			if (--l->children[parent] == 0 &&
			    (*flags_of(l, parent) & LOG_LISTED) != 0)
				stack[n++] = parent;
		}
	}
	free(stack);
	free(l->list);
	l->list = sorted;
	l->n_list = len;
}

static enum err
next_by_children(uint32_t *node, bool *got, struct git_log *l, unsigned *steps)
{
	while (!l->sorted) {
		uint32_t at;
		bool found;
		enum err rc = next_by_date(&at, &found, l, steps);

		if (rc != ERR_NONE && rc != ERR_ABSENT)
			return rc;
		if (found) {
			list_commit(l, at);
		} else if (rc == ERR_ABSENT) {
			sort_by_children(l);
			l->sorted = true;
		} else {
			*got = false;
			return ERR_NONE;
		}
	}
	while (l->next < l->n_list &&
	    (*flags_of(l, l->list[l->next]) & LOG_SAME) != 0)
		l->next++;
	*got = l->next < l->n_list;
	if (!*got)
		return ERR_ABSENT;
	*node = l->list[l->next++];
	return ERR_NONE;
}

enum err
git_log_next(uint32_t *node, bool *got, struct git_log *l, unsigned steps)
{
	enum err rc = ERR_NONE;

	*got = false;
	if (steps == 0)
		steps = UINT32_MAX;
	if (!l->begun) {
		l->begun = true;
		rc = enqueue(l, &l->queue, l->from, LOG_SEEN);
		if (rc == ERR_NONE && l->without != GRAPH_NONE)
			rc = enqueue(l, &l->unwanted, l->without, LOG_UNWANTED);
	}
	if (rc == ERR_NONE)
		rc = mark_unwanted(l, &steps);
	if (rc != ERR_NONE || l->unwanted.len > 0)
		return rc;
	if (l->topo)
		return next_by_children(node, got, l, &steps);
	return next_by_date(node, got, l, &steps);
}

uint64_t
git_log_seen(const struct git_log *l)
{
	return l->seen;
}

uint32_t
git_log_cut(const struct git_log *l)
{
	return l->cut;
}
