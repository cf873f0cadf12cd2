#include "core/git_linelog.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_match.h"
#include "core/git_named.h"
#include "core/git_queue.h"
#include "core/lines.h"

/* Lines from..to-1, from 0. */
struct range {
	uint32_t from, to;
};

struct ranges {
	struct range *at; /* ascending, apart */
	size_t len, room;
};

/* The lines that are followed, of a path in a commit. */
struct spot {
	uint32_t node, path;
	struct ranges ranges;
	uint32_t next; /* of the same commit, + 1 */
	bool waiting;
};

struct git_linelog {
	struct git_graph *graph;
	struct git_named *names;
	struct spot *spots;
	size_t n_spots, spot_room;
	uint32_t *by_node; /* first spot of a commit, + 1 */
	size_t n_by_node;
	struct git_queue queue;
	struct match match;
	uint64_t seen;
};

static void
add_range(struct ranges *r, uint32_t from, uint32_t to)
{
	if (from >= to)
		return;
	r->at = array_more(r->at, r->len, &r->room, sizeof *r->at);
	r->at[r->len++] = (struct range){ from, to };
}

static void
add_all(struct ranges *r, const struct ranges *more)
{
	for (size_t i = 0; i < more->len; i++)
		add_range(r, more->at[i].from, more->at[i].to);
}

static int
compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static void
settle(struct ranges *r)
{
	size_t n = 0;

	if (r->len > 0)
		qsort(r->at, r->len, sizeof *r->at, compare_ranges);
	for (size_t i = 0; i < r->len; i++) {
		if (n > 0 && r->at[n - 1].to >= r->at[i].from) {
			if (r->at[n - 1].to < r->at[i].to)
				r->at[n - 1].to = r->at[i].to;
		} else {
			r->at[n++] = r->at[i];
		}
	}
	r->len = n;
}

static uint32_t *
first_spot(struct git_linelog *l, uint32_t node)
{
	if (node >= l->n_by_node) {
		size_t n = node + node / 2 + 256;

		l->by_node = reallocarray(l->by_node, n, sizeof *l->by_node);
		if (l->by_node == NULL)
			bug("no memory for %zu commits", n);
		memset(l->by_node + l->n_by_node, 0,
		    (n - l->n_by_node) * sizeof *l->by_node);
		l->n_by_node = n;
	}
	return &l->by_node[node];
}

static uint32_t
spot_number(struct git_linelog *l, uint32_t node, uint32_t path)
{
	uint32_t *first = first_spot(l, node);

	for (uint32_t i = *first; i != 0; i = l->spots[i - 1].next)
		if (l->spots[i - 1].path == path)
			return i - 1;
	l->spots =
	    array_more(l->spots, l->n_spots, &l->spot_room, sizeof *l->spots);
	l->spots[l->n_spots] =
	    (struct spot){ .node = node, .path = path, .next = *first };
	*first = (uint32_t)++l->n_spots;
	return *first - 1;
}

/* The commit is loaded. */
static void
give(struct git_linelog *l, uint32_t node, uint32_t path,
    const struct ranges *r)
{
	uint32_t spot;

	if (r->len == 0)
		return;
	spot = spot_number(l, node, path);
	for (size_t i = 0; i < r->len; i++)
		add_range(&l->spots[spot].ranges, r->at[i].from, r->at[i].to);
	if (!l->spots[spot].waiting)
		git_queue_push(&l->queue, git_graph_node(l->graph, node)->time,
		    spot);
	l->spots[spot].waiting = true;
}

/* Lines old..old_to-1 became new..new_to-1. */
static void
map_change(struct ranges *out, const struct ranges *in, bool *touched,
    uint32_t old, uint32_t old_to, uint32_t new, uint32_t new_to)
{
	for (size_t i = 0; i < in->len; i++) {
		if (in->at[i].to <= new || new_to <= in->at[i].from)
			continue;
		*touched = true;
		add_range(out, old, old_to);
		return;
	}
}

/* Lines that stand in both. */
static void
map_same(struct ranges *out, const struct ranges *in, uint32_t old,
    uint32_t new, uint32_t new_to)
{
	for (size_t i = 0; i < in->len; i++) {
		uint32_t from = in->at[i].from, to = in->at[i].to;

		from = from > new ? from : new;
		to = to < new_to ? to : new_to;
		if (from < to)
			add_range(out, old + (from - new), old + (to - new));
	}
}

static uint32_t
line_count(struct str bytes)
{
	struct lines l;
	uint32_t n;

	lines_init(&l, bytes);
	n = lines_count(&l);
	lines_release(&l);
	return n;
}

static void
map_all(struct ranges *out, bool *touched, const struct ranges *in,
    const struct match *m, uint32_t old_lines, uint32_t new_lines)
{
	uint32_t old = 0, new = 0;

	for (size_t i = 0; i < m->len; i++) {
		const struct match_run *r = &m->at[i];
		uint32_t len = r->len;

		if (len == MATCH_TO_END)
			len = new_lines - r->new;
		if (r->old > old || r->new > new)
			map_change(out, in, touched, old, r->old, new, r->new);
		map_same(out, in, r->old, r->new, r->new + len);
		old = r->old + len;
		new = r->new + len;
	}
	if (old < old_lines || new < new_lines)
		map_change(out, in, touched, old, old_lines, new, new_lines);
	settle(out);
}

static enum err
map_blobs(struct ranges *out, bool *touched, struct git_linelog *l,
    const struct ranges *in, const struct oid *old, const struct oid *new)
{
	struct git_repo *r = git_graph_repo(l->graph);
	struct git_bytes a = { 0 }, b = { 0 };
	enum err rc = git_blob_read(&a, r, old);

	if (rc == ERR_NONE)
		rc = git_blob_read(&b, r, new);
	if (rc == ERR_NONE)
		rc = git_match_lines(&l->match, r, a.bytes, b.bytes,
		    DIFF_SPACE_ALL);
	if (rc == ERR_NONE)
		map_all(out, touched, in, &l->match, line_count(a.bytes),
		    line_count(b.bytes));
	git_repo_drop(&a);
	git_repo_drop(&b);
	return rc;
}

/* What one parent has of the lines. */
struct share {
	struct ranges ranges;
	uint32_t node, path;
	bool touched;
};

static enum err
share_of(struct share *s, struct git_linelog *l, const struct spot *from,
    uint32_t parent)
{
	struct named_file new, old;
	enum err rc;

	*s = (struct share){ .node = parent, .path = from->path };
	rc = git_graph_load(l->graph, parent);
	if (rc == ERR_NONE &&
	    git_named_kept(l->names, from->path, from->node, parent)) {
		add_all(&s->ranges, &from->ranges);
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = git_named_find(&new, l->names, from->path, from->node);
	if (rc == ERR_NONE)
		rc = git_named_find(&old, l->names, from->path, parent);
	if (rc == ERR_NONE && old.name == GRAPH_NONE)
		rc = git_named_before(&old, l->names, from->path, from->node,
		    parent);
	if (rc != ERR_NONE)
		return rc;
	s->path = old.name;
	if (s->path == GRAPH_NONE)
		s->touched = true;
	else if (oid_eq(&old.id, &new.id))
		add_all(&s->ranges, &from->ranges);
	else
		return map_blobs(&s->ranges, &s->touched, l, &from->ranges,
		    &old.id, &new.id);
	return ERR_NONE;
}

/* Unreadable history: the lines are taken as new here. */
static enum err
all_shares(struct share *shares, uint32_t n, struct git_linelog *l,
    const struct spot *from, bool *touched)
{
	enum err rc = ERR_NONE;

	*touched = true;
	for (uint32_t i = 0; rc == ERR_NONE && i < n; i++) {
		uint32_t parent = git_graph_parent(l->graph, from->node, i);

		rc = share_of(&shares[i], l, from, parent);
		if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
			err_clear();
			shares[i].touched = true;
			shares[i].ranges.len = 0;
			rc = ERR_NONE;
		}
		if (rc == ERR_NONE && !shares[i].touched) {
			give(l, parent, shares[i].path, &shares[i].ranges);
			*touched = false;
			return ERR_NONE;
		}
	}
	for (uint32_t i = 0; rc == ERR_NONE && i < n; i++)
		give(l, shares[i].node, shares[i].path, &shares[i].ranges);
	return rc;
}

static enum err
examine(struct linelog_row *row, bool *touched, struct git_linelog *l,
    uint32_t number)
{
	struct spot from = l->spots[number];
	uint32_t n = git_graph_node(l->graph, from.node)->n_parents;
	struct share *shares = calloc((size_t)n + 1, sizeof *shares);
	enum err rc;

	if (shares == NULL)
		bug("no memory for %u parents", n);
	l->spots[number].waiting = false;
	l->spots[number].ranges = (struct ranges){ 0 };
	l->seen++;
	settle(&from.ranges);
	rc = all_shares(shares, n, l, &from, touched);
	row->commit = git_graph_node(l->graph, from.node)->id;
	row->path = git_named_path(l->names, from.path);
	row->first = from.ranges.at[0].from + 1;
	row->last = from.ranges.at[from.ranges.len - 1].to;
	for (uint32_t i = 0; i < n; i++)
		free(shares[i].ranges.at);
	free(shares);
	free(from.ranges.at);
	return rc;
}

static enum err
begin(struct git_linelog *l, const struct oid *from, struct str path,
    uint32_t first, uint32_t last)
{
	uint32_t node = git_graph_name(l->graph, from), n;
	uint32_t number = git_named_number(l->names, path);
	struct git_bytes b = { 0 };
	struct ranges all = { 0 };
	struct named_file f;
	enum err rc = git_graph_load(l->graph, node);

	if (rc == ERR_NONE)
		rc = git_named_find(&f, l->names, number, node);
	if (rc == ERR_NONE && f.name == GRAPH_NONE)
		rc = fail(ERR_ABSENT, "%.*s: no such file in this revision",
		    path.len > 200 ? 200 : (int)path.len, path.at);
	if (rc == ERR_NONE)
		rc = git_blob_read(&b, git_graph_repo(l->graph), &f.id);
	if (rc != ERR_NONE)
		return rc;
	n = line_count(b.bytes);
	git_repo_drop(&b);
	if (first == 0 || first > last || first > n)
		return fail(ERR_ABSENT, "no lines %u to %u: the file has %u",
		    first, last, n);
	add_range(&all, first - 1, last < n ? last : n);
	give(l, node, number, &all);
	free(all.at);
	return ERR_NONE;
}

enum err
git_linelog_open(struct git_linelog **out, struct git_graph *g,
    const struct oid *from, struct str path, uint32_t first, uint32_t last)
{
	struct git_linelog *l = calloc(1, sizeof *l);
	enum err rc;

	if (l == NULL)
		bug("no memory for a line log");
	l->graph = g;
	git_named_open(&l->names, g);
	rc = begin(l, from, path, first, last);
	if (rc == ERR_NONE)
		*out = l;
	else
		git_linelog_close(l);
	return rc;
}

void
git_linelog_close(struct git_linelog *l)
{
	if (l == NULL)
		return;
	git_named_close(l->names);
	for (size_t i = 0; i < l->n_spots; i++)
		free(l->spots[i].ranges.at);
	git_match_release(&l->match);
	git_queue_release(&l->queue);
	free(l->spots);
	free(l->by_node);
	free(l);
}

enum err
git_linelog_next(struct linelog_row *row, bool *got, struct git_linelog *l,
    unsigned steps)
{
	*got = false;
	for (unsigned i = 0; steps == 0 || i < steps; i++) {
		bool touched = false;
		enum err rc;

		if (l->queue.len == 0)
			return ERR_ABSENT;
		rc = examine(row, &touched, l, git_queue_pop(&l->queue));
		if (rc != ERR_NONE || touched) {
			*got = rc == ERR_NONE;
			return rc;
		}
	}
	return ERR_NONE;
}

uint64_t
git_linelog_seen(const struct git_linelog *l)
{
	return l->seen;
}
