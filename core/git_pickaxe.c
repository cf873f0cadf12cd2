#include "core/git_pickaxe.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_log.h"
#include "core/git_path.h"
#include "core/git_rename.h"
#include "core/oidset.h"

struct git_pickaxe {
	struct git_graph *graph;
	struct git_log *log;
	struct arena arena;
	struct str text, path;
	struct git_path *at; /* of path; NULL: all of it */
	struct oidset contents;
	uint32_t *counts;     /* how often the text stands in each */
	size_t n_counts;      /* room for them */
	struct arena scratch; /* of the commit under way */
	struct changes list;
	size_t room;
	struct pickaxe_row *rows;
	size_t n_rows, row_room, next_row;
	uint32_t missing;
};

enum err
git_pickaxe_open(struct git_pickaxe **out, struct git_graph *g,
    const struct oid *from, struct str text, struct str path)
{
	struct git_pickaxe *p = calloc(1, sizeof *p);
	struct git_log_options o = { .from = *from };
	enum err rc;

	if (p == NULL)
		bug("no memory for a pickaxe");
	rc = text.len == 0 ? fail(ERR_FORMAT, "no text to look for") :
			     git_log_open(&p->log, g, &o);
	if (rc != ERR_NONE) {
		git_pickaxe_close(p);
		return rc;
	}
	p->graph = g;
	p->text = arena_copy(&p->arena, text);
	p->path = arena_copy(&p->arena, path);
	if (path.len > 0)
		git_path_open(&p->at, g, p->path);
	*out = p;
	return ERR_NONE;
}

void
git_pickaxe_close(struct git_pickaxe *p)
{
	if (p == NULL)
		return;
	git_log_close(p->log);
	git_path_close(p->at);
	arena_release(&p->arena);
	arena_release(&p->scratch);
	oidset_release(&p->contents);
	free(p->counts);
	free(p->list.at);
	free(p->rows);
	free(p);
}

uint64_t
git_pickaxe_seen(const struct git_pickaxe *p)
{
	return git_log_seen(p->log);
}

uint32_t
git_pickaxe_missing(const struct git_pickaxe *p)
{
	return p->missing;
}

static uint32_t
times(struct str bytes, struct str text)
{
	uint32_t n = 0;
	size_t at = 0;

	while ((at = str_find(bytes, text, at)) != SIZE_MAX) {
		n++;
		at += text.len;
	}
	return n;
}

/* Of a side that is not there, and of what cannot be read: 0. */
static uint32_t
count(struct git_pickaxe *p, const struct oid *id, uint32_t mode)
{
	struct git_bytes b = { 0 };
	uint32_t i, n = 0;

	if (mode == 0 || (mode & 0170000) == 0160000)
		return 0;
	if (!oidset_add(&p->contents, &i, id))
		return p->counts[i];
	if (git_blob_read(&b, git_graph_repo(p->graph), id) == ERR_NONE)
		n = times(b.bytes, p->text);
	else
		p->missing++;
	err_clear();
	git_repo_drop(&b);
	if (i == p->n_counts) {
		p->n_counts = i == 0 ? 4096 : 2 * p->n_counts;
		p->counts = reallocarray(p->counts, p->n_counts, sizeof n);
		if (p->counts == NULL)
			bug("no memory for %zu files", p->n_counts);
	}
	return p->counts[i] = n;
}

static bool
wanted(const struct git_pickaxe *p, struct str path)
{
	return p->path.len == 0 || str_eq(path, p->path) ||
	    (str_starts(path, p->path) && path.at[p->path.len] == '/');
}

static enum err
take(void *arg, const struct change *c)
{
	struct git_pickaxe *p = arg;
	struct change *kept;

	if (!wanted(p, c->new_path))
		return ERR_NONE;
	p->list.at =
	    array_more(p->list.at, p->list.len, &p->room, sizeof *p->list.at);
	kept = &p->list.at[p->list.len++];
	*kept = *c;
	kept->old_path = kept->new_path = arena_copy(&p->scratch, c->new_path);
	return ERR_NONE;
}

static void
add_row(struct git_pickaxe *p, uint32_t node, const struct change *c)
{
	uint32_t old = count(p, &c->old_id, c->old_mode);
	uint32_t new = count(p, &c->new_id, c->new_mode);

	if (old == new)
		return;
	p->rows = array_more(p->rows, p->n_rows, &p->row_room, sizeof *p->rows);
	p->rows[p->n_rows++] = (struct pickaxe_row){ .node = node,
		.path = c->new_path,
		.old = old,
		.new = new };
}

/* Does a file with the text come or go?  Then it may have moved. */
static bool
may_have_moved(struct git_pickaxe *p)
{
	bool came = false, went = false;

	for (size_t i = 0; i < p->list.len; i++) {
		const struct change *c = &p->list.at[i];

		if (c->kind == CHANGE_ADDED)
			came |= count(p, &c->new_id, c->new_mode) > 0;
		else if (c->kind == CHANGE_DELETED)
			went |= count(p, &c->old_id, c->old_mode) > 0;
	}
	return came || went;
}

/* What the commit did to the files that count, unless that is nothing. */
static enum err
compare(struct git_pickaxe *p, uint32_t node, uint32_t parent)
{
	struct git_repo *r = git_graph_repo(p->graph);
	struct oid new, old = { 0 };
	bool same = false;
	enum err rc = ERR_NONE;

	if (parent != GRAPH_NONE)
		rc = git_graph_load(p->graph, parent);
	if (rc == ERR_NONE && p->at != NULL)
		rc = git_path_same(&same, p->at, node, parent);
	if (rc != ERR_NONE || same)
		return rc;
	new = git_graph_node(p->graph, node)->tree;
	if (parent != GRAPH_NONE)
		old = git_graph_node(p->graph, parent)->tree;
	return git_diff_trees(r, &old, &new, take, p);
}

static enum err
examine(struct git_pickaxe *p, uint32_t node)
{
	uint32_t n = git_graph_node(p->graph, node)->n_parents;
	struct git_repo *r = git_graph_repo(p->graph);
	enum err rc;

	p->n_rows = p->next_row = p->list.len = 0;
	arena_clear(&p->scratch);
	if (n > 1)
		return ERR_NONE;
	rc = compare(p, node,
	    n == 0 ? GRAPH_NONE : git_graph_parent(p->graph, node, 0));
	if (rc == ERR_NONE && may_have_moved(p))
		rc = git_rename_find(&p->list, r, DIFF_RENAME_PAIRS);
	for (size_t i = 0; rc == ERR_NONE && i < p->list.len; i++)
		add_row(p, node, &p->list.at[i]);
	return rc;
}

/* Commits that cannot be compared are counted and passed over. */
static enum err
one_more(struct git_pickaxe *p)
{
	uint32_t node;
	bool there;
	enum err rc = git_log_next(&node, &there, p->log, 1);

	if (rc != ERR_NONE || !there)
		return rc;
	rc = examine(p, node);
	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		p->missing++;
		p->n_rows = 0;
		err_clear();
		rc = ERR_NONE;
	}
	return rc;
}

enum err
git_pickaxe_next(struct pickaxe_row *row, bool *got, struct git_pickaxe *p,
    unsigned steps, bool (*stop)(void *), void *arg)
{
	enum err rc = ERR_NONE;

	*got = false;
	for (unsigned i = 0; rc == ERR_NONE && p->next_row == p->n_rows; i++) {
		if (stop != NULL && stop(arg))
			return fail(ERR_STOPPED, "stopped");
		if (steps != 0 && i == steps)
			return ERR_NONE;
		rc = one_more(p);
	}
	if (rc == ERR_NONE) {
		*row = p->rows[p->next_row++];
		*got = true;
	}
	return rc;
}
