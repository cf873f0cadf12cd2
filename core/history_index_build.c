#include "core/history_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_rename.h"
#include "core/hash.h"
#include "core/history_index_inside.h"
#include "core/limits.h"

enum { BUILD_ROWS = 200 * 1000 * 1000, BUILD_ROWS_ONE = LIMIT_TREE_ENTRIES };

void *
history_index_build_grown(void *at, size_t *room, size_t n, size_t size)
{
	if (n < *room)
		return at;
	*room = *room == 0 ? 256 : 2 * *room;
	at = reallocarray(at, *room, size);
	if (at == NULL)
		bug("no memory for an index of history");
	return at;
}

static uint8_t *
state_of(struct history_index_build *b, uint32_t node)
{
	if (node >= b->n_state) {
		size_t n = node + node / 2 + 256;

		b->state = realloc(b->state, n);
		if (b->state == NULL)
			bug("no memory for %zu commits", n);
		memset(b->state + b->n_state, 0, n - b->n_state);
		b->n_state = n;
	}
	return &b->state[node];
}

static void
push(struct history_index_build *b, uint32_t node)
{
	uint8_t *state = state_of(b, node);

	if (*state != STATE_NEW)
		return;
	*state = STATE_LISTED;
	b->list =
	    history_index_build_grown(b->list, &b->room, b->n, sizeof *b->list);
	b->list[b->n++] = node;
}

void
history_index_build_open(struct history_index_build **out, struct git_graph *g,
    const struct history_index_wish *wish)
{
	struct history_index_build *b = calloc(1, sizeof *b);

	if (b == NULL)
		bug("no memory for an index of history");
	b->graph = g;
	b->wish = *wish;
	for (size_t i = 0; i < wish->n; i++)
		push(b, git_graph_name(g, &wish->tips[i]));
	*out = b;
}

void
history_index_build_close(struct history_index_build *b)
{
	if (b == NULL)
		return;
	free(b->list);
	free(b->state);
	free(b->paths.slots);
	oidset_release(&b->contents);
	buf_release(&b->names);
	free(b->path);
	free(b->rows);
	free(b->moves);
	free(b->old_first);
	free(b->old_rows);
	free(b->old_change);
	arena_release(&b->scratch);
	free(b);
}

/* Paths and contents get numbers. */

static bool
is_path(const struct history_index_build *b, uint32_t i, uint64_t mark,
    struct str name)
{
	const struct history_path *p = &b->path[i];

	return p->mark == mark && p->len == name.len &&
	    memcmp(b->names.at + p->at, name.at, name.len) == 0;
}

/* Twice as many slots, filled anew by the marks of what is in the set. */
static void
widen(const struct history_index_build *b, struct history_set *s)
{
	size_t at;

	if (s->mask != 0 && (size_t)s->n * 2 < s->mask)
		return;
	s->mask = s->mask == 0 ? 1023 : s->mask * 2 + 1;
	free(s->slots);
	s->slots = calloc(s->mask + 1, sizeof *s->slots);
	if (s->slots == NULL)
		bug("no memory for %zu names", s->mask);
	for (uint32_t i = 0; i < s->n; i++) {
		for (at = b->path[i].mark & s->mask; s->slots[at] != 0;
		     at = (at + 1) & s->mask)
			;
		s->slots[at] = i + 1;
	}
}

/* Names are anybody's: a hash that nobody can steer. */
static uint32_t
number_path(struct history_index_build *b, struct str name)
{
	struct hash h = hash_of(name);
	struct history_set *s = &b->paths;
	uint64_t mark;
	size_t at;

	memcpy(&mark, h.at, sizeof mark);
	b->path = history_index_build_grown(b->path, &b->path_room, s->n,
	    sizeof *b->path);
	widen(b, s);
	for (at = mark & s->mask; s->slots[at] != 0; at = (at + 1) & s->mask)
		if (is_path(b, s->slots[at] - 1, mark, name))
			return s->slots[at] - 1;
	b->path[s->n] =
	    (struct history_path){ b->names.len, (uint32_t)name.len, mark };
	buf_str(&b->names, name);
	s->slots[at] = ++s->n;
	return s->n - 1;
}

static uint32_t
number_content(struct history_index_build *b, const struct oid *id)
{
	uint32_t number = HISTORY_INDEX_NONE;

	if (!oid_is_zero(id))
		(void)oidset_add(&b->contents, &number, id);
	return number;
}

static void
add_row(struct history_index_build *b, uint32_t node, struct str path,
    const struct oid *before, const struct oid *after)
{
	b->rows = history_index_build_grown(b->rows, &b->rows_room, b->n_rows,
	    sizeof *b->rows);
	b->rows[b->n_rows++] =
	    (struct history_row){ .path = number_path(b, path),
		    .commit = node,
		    .before = number_content(b, before),
		    .after = number_content(b, after) };
}

static void
add_move(struct history_index_build *b, struct history_move m)
{
	b->moves = history_index_build_grown(b->moves, &b->moves_room,
	    b->n_moves, sizeof *b->moves);
	b->moves[b->n_moves++] = m;
}

/* One commit against its first parent. */

struct gathering {
	struct history_index_build *b;
	struct change *at;
	size_t len, room;
	size_t added, deleted;
};

static enum err
gather(void *arg, const struct change *c)
{
	struct gathering *g = arg;
	struct change *kept;

	if (g->len >= BUILD_ROWS_ONE)
		return fail(ERR_LIMIT, "over %d changes", BUILD_ROWS_ONE);
	g->at =
	    history_index_build_grown(g->at, &g->room, g->len, sizeof *g->at);
	kept = &g->at[g->len++];
	*kept = *c;
	kept->old_path = kept->new_path =
	    arena_copy(&g->b->scratch, c->new_path);
	g->added += c->kind == CHANGE_ADDED;
	g->deleted += c->kind == CHANGE_DELETED;
	if (g->b->wish.stop != NULL && g->len % 1024 == 0 &&
	    g->b->wish.stop(g->b->wish.arg))
		return fail(ERR_STOPPED, "stopped");
	return ERR_NONE;
}

/* Content that is not there cannot be compared: then there is no rename. */
static enum err
find_moves(struct history_index_build *b, uint32_t node,
    const struct gathering *g)
{
	const struct changes list = { .at = g->at, .len = g->len };
	struct renames found = { 0 };
	enum err rc = ERR_NONE;

	if (g->added > 0 && g->deleted > 0)
		rc = git_rename_pairs(&found, &b->scratch, &list,
		    git_graph_repo(b->graph), b->wish.pairs, b->wish.stop,
		    b->wish.arg);
	if (rc == ERR_ABSENT || rc == ERR_LIMIT || rc == ERR_FORMAT) {
		err_clear();
		return ERR_NONE;
	}
	for (size_t i = 0; i < found.len && rc == ERR_NONE; i++)
		add_move(b,
		    (struct history_move){ .commit = node,
			.from =
			    number_path(b, g->at[found.at[i].from].old_path),
			.to = number_path(b, g->at[found.at[i].to].new_path),
			.similarity = found.at[i].similarity });
	return rc;
}

static size_t
gathered(const struct history_index_build *b)
{
	return b->rows_room * sizeof *b->rows +
	    b->moves_room * sizeof *b->moves + b->names.room +
	    b->path_room * sizeof *b->path +
	    2 * b->contents.len * sizeof *b->contents.at +
	    (b->paths.mask + b->contents.n_slots) * sizeof(uint32_t);
}

static enum err
within_bounds(const struct history_index_build *b)
{
	if (b->n_rows > BUILD_ROWS)
		return fail(ERR_LIMIT, "a history of over %d changes",
		    BUILD_ROWS);
	if (b->wish.most > 0 && gathered(b) > b->wish.most)
		return fail(ERR_LIMIT,
		    "an index of this history would be over %zu MB",
		    b->wish.most >> 20);
	return ERR_NONE;
}

static enum err
compare(struct history_index_build *b, uint32_t node)
{
	const struct graph_node *c = git_graph_node(b->graph, node);
	struct oid tree = c->tree, before = { 0 };
	struct gathering g = { .b = b };
	uint32_t parent, cut = 0;
	enum err rc;

	if (c->n_parents > 0) {
		parent = git_graph_parent(b->graph, node, 0);
		if (git_graph_node(b->graph, parent)->state != GRAPH_READ) {
			*state_of(b, node) = STATE_UNKNOWN;
			return ERR_NONE;
		}
		before = git_graph_node(b->graph, parent)->tree;
	}
	rc = git_diff_known(git_graph_repo(b->graph), &before, &tree, gather,
	    &g, &cut);
	if (rc == ERR_NONE && cut > 0)
		rc = fail(ERR_ABSENT, "%u folders are not there", cut);
	if (rc == ERR_NONE)
		rc = find_moves(b, node, &g);
	for (size_t i = 0; i < g.len && rc == ERR_NONE; i++)
		add_row(b, node, g.at[i].new_path, &g.at[i].old_id,
		    &g.at[i].new_id);
	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		err_clear();
		*state_of(b, node) = STATE_UNKNOWN;
		rc = ERR_NONE;
	}
	free(g.at);
	arena_clear(&b->scratch);
	return rc == ERR_NONE ? within_bounds(b) : rc;
}

/* From an older index. */

/* Its changes by commit, since they stand there by path. */
static void
turn_old(struct history_index_build *b)
{
	const struct history_index *x = b->wish.old;
	uint32_t commits = history_index_commits(x);
	uint32_t paths = history_index_paths(x), n, total = 0;

	b->old_first = calloc((size_t)commits + 2, sizeof *b->old_first);
	if (b->old_first == NULL)
		bug("no memory for %u commits", commits);
	for (uint32_t p = 0; p < paths; p++) {
		const struct history_index_change *c =
		    history_index_changes(x, p, &n);

		for (uint32_t i = 0; i < n; i++)
			b->old_first[c[i].commit + 2]++;
		total += n;
	}
	b->old_rows = reallocarray(NULL, (size_t)total + 1, sizeof(uint32_t));
	b->old_change =
	    reallocarray(NULL, (size_t)total + 1, sizeof *b->old_change);
	if (b->old_rows == NULL || b->old_change == NULL)
		bug("no memory for %u changes", total);
	for (uint32_t i = 2; i < commits + 2; i++)
		b->old_first[i] += b->old_first[i - 1];
	for (uint32_t p = 0; p < paths; p++) {
		const struct history_index_change *c =
		    history_index_changes(x, p, &n);

		for (uint32_t i = 0; i < n; i++) {
			uint32_t at = b->old_first[c[i].commit + 1]++;

			b->old_rows[at] = p;
			b->old_change[at] = &c[i];
		}
	}
}

static struct oid
old_content(const struct history_index *x, uint32_t i)
{
	return i == HISTORY_INDEX_NONE ? (struct oid){ 0 } :
					 history_index_content(x, i);
}

/* false: it is not known there, and has to be compared. */
static bool
copy_old(struct history_index_build *b, uint32_t node)
{
	const struct history_index *x = b->wish.old;
	const struct graph_node *g = git_graph_node(b->graph, node);
	const struct history_index_rename *r;
	struct history_index_commit c;
	uint32_t number, n;

	if (x == NULL || !history_index_find(&number, x, &g->id))
		return false;
	c = history_index_commit(x, number);
	if (c.missing || c.unknown || !oid_eq(&c.tree, &g->tree) ||
	    history_index_has_renames(x) != (b->wish.pairs > 0))
		return false;
	if (b->old_first == NULL)
		turn_old(b);
	for (uint32_t i = b->old_first[number]; i < b->old_first[number + 1];
	     i++) {
		struct oid before = old_content(x, b->old_change[i]->before);
		struct oid after = old_content(x, b->old_change[i]->after);

		add_row(b, node, history_index_path(x, b->old_rows[i]), &before,
		    &after);
	}
	r = history_index_renames(x, number, &n);
	for (uint32_t i = 0; i < n; i++)
		add_move(b,
		    (struct history_move){ .commit = node,
			.from =
			    number_path(b, history_index_path(x, r[i].from)),
			.to = number_path(b, history_index_path(x, r[i].to)),
			.similarity = r[i].similarity });
	return true;
}

/* Loads one more commit and lists its parents. */
static enum err
load(struct history_index_build *b)
{
	uint32_t node = b->list[b->next++];
	enum err rc = git_graph_load(b->graph, node);

	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		err_clear();
		return ERR_NONE; /* the graph says that it is missing */
	}
	for (uint32_t i = 0;
	     rc == ERR_NONE && i < git_graph_node(b->graph, node)->n_parents;
	     i++)
		push(b, git_graph_parent(b->graph, node, i));
	return rc;
}

struct placed {
	uint64_t order; /* where its folder lies */
	uint32_t nth;   /* as it was found */
	uint32_t node;
};

static int
by_place(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return (a->nth > b->nth) - (a->nth < b->nth);
}

/*
 * As the folders lie in their packs, where what is alike stands together:
 * what one is a delta to was unpacked not long ago.  What comes out is put in
 * order anyway.
 */
static void
put_in_order(struct history_index_build *b)
{
	struct placed *at = reallocarray(NULL, b->n + 1, sizeof *at);

	if (at == NULL)
		bug("no memory for %zu commits", b->n);
	for (size_t i = 0; i < b->n; i++) {
		uint32_t node = b->list[i];
		const struct graph_node *c = git_graph_node(b->graph, node);

		at[i] = (struct placed){ UINT64_MAX, (uint32_t)i, node };
		if (c->state == GRAPH_READ)
			at[i].order =
			    git_repo_order(git_graph_repo(b->graph), &c->tree);
	}
	qsort(at, b->n, sizeof *at, by_place);
	for (size_t i = 0; i < b->n; i++)
		b->list[i] = at[i].node;
	free(at);
}

enum err
history_index_build_step(uint64_t *done, uint64_t *total,
    struct history_index_build *b, unsigned steps)
{
	enum err rc = ERR_NONE;

	for (; !b->listed && steps > 0 && rc == ERR_NONE; steps--) {
		rc = b->next < b->n ? load(b) : ERR_NONE;
		if (b->next == b->n && rc == ERR_NONE) {
			put_in_order(b);
			b->listed = true;
			b->next = 0;
		}
	}
	for (; b->listed && steps > 0 && b->next < b->n && rc == ERR_NONE;
	     steps--) {
		uint32_t node = b->list[b->next];

		if (git_graph_node(b->graph, node)->state == GRAPH_READ &&
		    !copy_old(b, node))
			rc = compare(b, node);
		b->next += rc == ERR_NONE;
	}
	*done = b->listed ? b->next : 0;
	*total = b->n;
	if (rc == ERR_NONE && b->listed && b->next == b->n)
		return ERR_ABSENT;
	return rc;
}
