#include <stdlib.h>
#include <string.h>

#include "core/history_index_format.h"
#include "core/history_index_inside.h"
#include "core/wire.h"

/* Everything in its order. */

struct order { /* old number to new, and back */
	uint32_t *to, *from;
};

struct writing {
	struct history_index_build *b;
	struct order commits, paths, contents;
	uint32_t *levels; /* by number of the graph */
	struct buf *out;
	size_t base; /* where the bytes begin in out */
};

static void
order_open(struct order *o, size_t n, size_t known,
    int (*compare_two)(const void *, const void *, void *), void *arg,
    const uint32_t *list)
{
	o->from = reallocarray(NULL, n + 1, sizeof *o->from);
	o->to = reallocarray(NULL, known + 1, sizeof *o->to);
	if (o->from == NULL || o->to == NULL)
		bug("no memory for %zu numbers", n);
	for (size_t i = 0; i < n; i++)
		o->from[i] = list == NULL ? (uint32_t)i : list[i];
	qsort_r(o->from, n, sizeof *o->from, compare_two, arg);
	for (size_t i = 0; i < n; i++)
		o->to[o->from[i]] = (uint32_t)i;
}

static int
by_commit(const void *x, const void *y, void *arg)
{
	const struct history_index_build *b = arg;

	return oid_cmp(&git_graph_node(b->graph, *(const uint32_t *)x)->id,
	    &git_graph_node(b->graph, *(const uint32_t *)y)->id);
}

static struct str
path_name(const struct history_index_build *b, uint32_t i)
{
	return (struct str){ b->names.at + b->path[i].at, b->path[i].len };
}

static int
by_name(const void *x, const void *y, void *arg)
{
	return str_cmp(path_name(arg, *(const uint32_t *)x),
	    path_name(arg, *(const uint32_t *)y));
}

static int
by_content(const void *x, const void *y, void *arg)
{
	const struct history_index_build *b = arg;

	return oid_cmp(&b->contents.at[*(const uint32_t *)x],
	    &b->contents.at[*(const uint32_t *)y]);
}

static int
by_row(const void *x, const void *y)
{
	const struct history_row *a = x, *b = y;

	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	if (a->commit != b->commit)
		return a->commit < b->commit ? -1 : 1;
	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	return (a->after > b->after) - (a->after < b->after);
}

static int
by_move(const void *x, const void *y)
{
	const struct history_move *a = x, *b = y;

	if (a->commit != b->commit)
		return a->commit < b->commit ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->from > b->from) - (a->from < b->from);
}

/* A hostile folder may hold a name twice: the first counts. */
static void
drop_doubles(struct history_index_build *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_rows; i++)
		if (n == 0 || b->rows[n - 1].path != b->rows[i].path ||
		    b->rows[n - 1].commit != b->rows[i].commit)
			b->rows[n++] = b->rows[i];
	b->n_rows = n;
	n = 0;
	for (size_t i = 0; i < b->n_moves; i++)
		if (n == 0 || b->moves[n - 1].commit != b->moves[i].commit ||
		    b->moves[n - 1].to != b->moves[i].to)
			b->moves[n++] = b->moves[i];
	b->n_moves = n;
}

struct stack {
	uint32_t *at;
	size_t n, room;
};

static void
stack_push(struct stack *s, uint32_t node)
{
	s->at = history_index_build_grown(s->at, &s->room, s->n, sizeof *s->at);
	s->at[s->n++] = node;
}

/* true: it has its level; false: parents have to be looked at first. */
static bool
level(struct writing *w, struct stack *s, uint32_t node)
{
	struct git_graph *g = w->b->graph;
	const struct graph_node *c = git_graph_node(g, node);
	uint32_t found = 1;
	bool ready = true;

	if (c->state != GRAPH_READ || w->levels[node] != 0)
		return true;
	for (uint32_t k = 0; k < c->n_parents; k++) {
		uint32_t parent = git_graph_parent(g, node, k);

		if (w->levels[parent] >= found)
			found = w->levels[parent] + 1;
		if (w->levels[parent] == 0 &&
		    git_graph_node(g, parent)->state == GRAPH_READ) {
			stack_push(s, parent);
			ready = false;
		}
	}
	if (ready)
		w->levels[node] = found;
	return ready;
}

/* Above every parent's; without recursion, since history is long.  Each
 * commit makes its parents wait at most once. */
static void
find_levels(struct writing *w)
{
	struct history_index_build *b = w->b;
	struct stack s = { 0 };

	w->levels = calloc(git_graph_len(b->graph) + 1, sizeof *w->levels);
	if (w->levels == NULL)
		bug("no memory for %zu commits", b->n);
	for (size_t i = 0; i < b->n; i++) {
		stack_push(&s, b->list[i]);
		while (s.n > 0) {
			size_t top = s.n - 1;

			/* What was pushed stands above it. */
			if (level(w, &s, s.at[top]))
				s.n = top;
		}
	}
	free(s.at);
}

static void
pad(struct writing *w)
{
	while ((w->out->len - w->base) % 8 != 0)
		buf_char(w->out, '\0');
}

static uint32_t
put_commits(struct writing *w)
{
	struct history_index_build *b = w->b;
	uint32_t parents = 0;

	for (size_t i = 0; i < b->n; i++) {
		uint32_t node = w->commits.from[i];
		const struct graph_node *c = git_graph_node(b->graph, node);
		bool missing = c->state != GRAPH_READ;

		wire_put_oid(w->out, &c->id);
		wire_put_oid(w->out, &c->tree);
		wire_put_u64(w->out, (uint64_t)c->time);
		wire_put_u32(w->out, parents);
		wire_put_u32(w->out, missing ? 0 : c->n_parents);
		wire_put_u32(w->out, w->levels[node]);
		wire_put_u32(w->out,
		    missing ? HISTORY_INDEX_MISSING :
			b->state[node] == STATE_UNKNOWN ?
			      HISTORY_INDEX_UNKNOWN :
			      0);
		parents += missing ? 0 : c->n_parents;
	}
	for (size_t i = 0; i < b->n; i++) {
		uint32_t node = w->commits.from[i];
		const struct graph_node *c = git_graph_node(b->graph, node);

		for (uint32_t k = 0; c->state == GRAPH_READ && k < c->n_parents;
		     k++)
			wire_put_u32(w->out,
			    w->commits.to[git_graph_parent(b->graph, node, k)]);
	}
	pad(w);
	return parents;
}

static void
put_contents(struct writing *w)
{
	for (uint32_t i = 0; i < w->b->contents.len; i++)
		wire_put_oid(w->out, &w->b->contents.at[w->contents.from[i]]);
	pad(w);
}

/* The rows are in order: those of a path stand side by side. */
static void
put_paths(struct writing *w)
{
	struct history_index_build *b = w->b;
	uint32_t name = 0;
	size_t row = 0;

	for (uint32_t i = 0; i < b->paths.n; i++) {
		size_t first = row;

		while (row < b->n_rows && b->rows[row].path == i)
			row++;
		wire_put_u32(w->out, name);
		wire_put_u32(w->out, b->path[w->paths.from[i]].len);
		wire_put_u32(w->out, (uint32_t)first);
		wire_put_u32(w->out, (uint32_t)(row - first));
		name += b->path[w->paths.from[i]].len;
	}
}

static void
put_changes(struct writing *w)
{
	struct history_index_build *b = w->b;

	for (size_t i = 0; i < b->n_rows; i++) {
		wire_put_u32(w->out, b->rows[i].commit);
		wire_put_u32(w->out, b->rows[i].before);
		wire_put_u32(w->out, b->rows[i].after);
	}
	pad(w);
	for (size_t i = 0; i < b->n_moves; i++) {
		wire_put_u32(w->out, b->moves[i].commit);
		wire_put_u32(w->out, b->moves[i].from);
		wire_put_u32(w->out, b->moves[i].to);
		wire_put_u32(w->out, b->moves[i].similarity);
	}
	for (uint32_t i = 0; i < b->paths.n; i++)
		buf_str(w->out, path_name(b, w->paths.from[i]));
	pad(w);
}

static uint32_t
new_content(const struct writing *w, uint32_t i)
{
	return i == HISTORY_INDEX_NONE ? i : w->contents.to[i];
}

/* Rows and moves with the numbers that are written, in their order. */
static void
renumber(struct writing *w)
{
	struct history_index_build *b = w->b;

	for (size_t i = 0; i < b->n_rows; i++) {
		b->rows[i].path = w->paths.to[b->rows[i].path];
		b->rows[i].commit = w->commits.to[b->rows[i].commit];
		b->rows[i].before = new_content(w, b->rows[i].before);
		b->rows[i].after = new_content(w, b->rows[i].after);
	}
	for (size_t i = 0; i < b->n_moves; i++) {
		b->moves[i].commit = w->commits.to[b->moves[i].commit];
		b->moves[i].from = w->paths.to[b->moves[i].from];
		b->moves[i].to = w->paths.to[b->moves[i].to];
	}
	if (b->n_rows > 0)
		qsort(b->rows, b->n_rows, sizeof *b->rows, by_row);
	if (b->n_moves > 0)
		qsort(b->moves, b->n_moves, sizeof *b->moves, by_move);
	drop_doubles(b);
}

static void
put_u32_at(struct writing *w, size_t at, uint32_t v)
{
	memcpy(w->out->at + w->base + at, &v, sizeof v);
}

static void
put_u64_at(struct writing *w, size_t at, uint64_t v)
{
	memcpy(w->out->at + w->base + at, &v, sizeof v);
}

static void
put_header(struct writing *w, uint32_t parents)
{
	const struct history_index_build *b = w->b;

	put_u32_at(w, HISTORY_INDEX_AT_VERSION, HISTORY_INDEX_VERSION);
	put_u32_at(w, HISTORY_INDEX_AT_COMMITS, (uint32_t)b->n);
	put_u32_at(w, HISTORY_INDEX_AT_PARENTS, parents);
	put_u32_at(w, HISTORY_INDEX_AT_CONTENTS, b->contents.len);
	put_u32_at(w, HISTORY_INDEX_AT_PATHS, b->paths.n);
	put_u32_at(w, HISTORY_INDEX_AT_CHANGES, (uint32_t)b->n_rows);
	put_u32_at(w, HISTORY_INDEX_AT_RENAMES, (uint32_t)b->n_moves);
	put_u32_at(w, HISTORY_INDEX_AT_FLAGS,
	    b->wish.pairs > 0 ? HISTORY_INDEX_SIMILAR : 0);
	put_u64_at(w, HISTORY_INDEX_AT_NAMES, b->names.len);
	put_u64_at(w, HISTORY_INDEX_AT_SIZE, w->out->len - w->base);
	put_u64_at(w, HISTORY_INDEX_AT_SUM,
	    history_index_sum(
		str_slice(buf_view(w->out), w->base, w->out->len)));
}

void
history_index_build_write(struct history_index_build *b, struct buf *out)
{
	struct writing w = { .b = b, .out = out, .base = out->len };
	uint32_t parents;

	order_open(&w.commits, b->n, git_graph_len(b->graph), by_commit, b,
	    b->list);
	order_open(&w.paths, b->paths.n, b->paths.n, by_name, b, NULL);
	order_open(&w.contents, b->contents.len, b->contents.len, by_content, b,
	    NULL);
	find_levels(&w);
	renumber(&w);
	buf_add(out, HISTORY_INDEX_MAGIC, 8);
	while (out->len - w.base < HISTORY_INDEX_HEADER)
		wire_put_u32(out, 0);
	parents = put_commits(&w);
	put_contents(&w);
	put_paths(&w);
	put_changes(&w);
	put_header(&w, parents);
	free(w.commits.from);
	free(w.commits.to);
	free(w.paths.from);
	free(w.paths.to);
	free(w.contents.from);
	free(w.contents.to);
	free(w.levels);
}
