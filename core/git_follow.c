#include "core/git_follow.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_log.h"
#include "core/git_path.h"
#include "core/git_rename.h"

enum { FOLLOW_FILES = 200 * 1000 }; /* of a parent, looked at for a copy */

struct git_follow {
	struct git_graph *graph;
	struct git_log *log;
	struct arena arena;
	struct str path;
	struct git_path *at; /* of path */
	bool capped;
};

enum err
git_follow_open(struct git_follow **out, struct git_graph *g,
    const struct oid *from, struct str path)
{
	struct git_follow *f = calloc(1, sizeof *f);
	struct git_log_options o = { .from = *from };
	enum err rc;

	if (f == NULL)
		bug("no memory for a history");
	rc = git_log_open(&f->log, g, &o);
	if (rc != ERR_NONE) {
		git_follow_close(f);
		return rc;
	}
	f->graph = g;
	f->path = arena_copy(&f->arena, path);
	git_path_open(&f->at, g, f->path);
	*out = f;
	return ERR_NONE;
}

void
git_follow_close(struct git_follow *f)
{
	if (f == NULL)
		return;
	git_log_close(f->log);
	git_path_close(f->at);
	arena_release(&f->arena);
	free(f);
}

uint64_t
git_follow_seen(const struct git_follow *f)
{
	return git_log_seen(f->log);
}

/* All files of the parent in their order, and the one that was added. */
struct sources {
	struct arena *a;
	struct changes list;
	size_t room;
	struct str path;
	struct changes gone; /* deleted, in the same order */
	size_t gone_room, next;
};

static struct change *
add_source(struct changes *l, size_t *room)
{
	l->at = array_more(l->at, l->len, room, sizeof *l->at);
	l->at[l->len] = (struct change){ 0 };
	return &l->at[l->len++];
}

static enum err
take_changed(void *arg, const struct change *c)
{
	struct sources *s = arg;
	struct change *kept;

	if (c->kind == CHANGE_DELETED)
		kept = add_source(&s->gone, &s->gone_room);
	else if (c->kind == CHANGE_ADDED && str_eq(c->new_path, s->path))
		kept = add_source(&s->list, &s->room);
	else
		return ERR_NONE; /* comes with all the others below */
	*kept = *c;
	kept->old_path = kept->new_path = arena_copy(s->a, c->new_path);
	return ERR_NONE;
}

static enum err
take_beside(void *arg, struct str path, const struct tree_entry *e)
{
	struct sources *s = arg;
	struct change *c;

	if (s->list.len > FOLLOW_FILES)
		return fail(ERR_LIMIT, "over %d files", FOLLOW_FILES);
	c = add_source(&s->list, &s->room);
	c->kind = CHANGE_MODIFIED;
	if (s->next < s->gone.len &&
	    str_eq(path, s->gone.at[s->next].old_path)) {
		c->kind = CHANGE_DELETED;
		s->next++;
	}
	c->old_id = e->id;
	c->old_mode = c->new_mode = e->mode;
	c->old_path = c->new_path = arena_copy(s->a, path);
	return ERR_NONE;
}

/* The deleted ones are enough where there are too many others. */
static void
only_gone(struct sources *s)
{
	s->list.len = s->list.len > 0 ? 1 : 0;
	for (size_t i = 0; i < s->gone.len; i++)
		*add_source(&s->list, &s->room) = s->gone.at[i];
}

/* From the commit where it appears to the name it had before. */
static enum err
find_source(bool *found, struct git_follow *f, uint32_t node, uint32_t parent,
    bool (*stop)(void *), void *arg)
{
	struct git_repo *r = git_graph_repo(f->graph);
	struct oid new = git_graph_node(f->graph, node)->tree;
	struct oid old = git_graph_node(f->graph, parent)->tree;
	struct arena a = { 0 };
	struct sources s = { .a = &a, .path = f->path };
	uint32_t from = 0;
	enum err rc = git_diff_trees(r, &old, &new, take_changed, &s);

	if (rc == ERR_NONE)
		rc = git_tree_each(r, &old, take_beside, NULL, &s);
	if (rc == ERR_LIMIT) {
		err_clear();
		only_gone(&s);
		f->capped = true;
		rc = ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = git_rename_source(&from, found, &s.list, r, stop, arg);
	if (rc == ERR_NONE && *found) {
		f->path = arena_copy(&f->arena, s.list.at[from].old_path);
		git_path_close(f->at);
		git_path_open(&f->at, f->graph, f->path);
	}
	free(s.list.at);
	free(s.gone.at);
	arena_release(&a);
	return rc;
}

/* Did this commit change it, and was it there before? */
static enum err
look(bool *changed, bool *appeared, struct git_follow *f, uint32_t node,
    uint32_t parent)
{
	uint32_t mode = 0, before = 0;
	struct oid id;
	bool same = true;
	enum err rc = git_path_same(&same, f->at, node, parent);

	*changed = !same;
	*appeared = false;
	if (rc != ERR_NONE || same || parent == GRAPH_NONE)
		return rc;
	rc = git_path_at(&id, &mode, f->at, node);
	if (rc == ERR_NONE)
		rc = git_path_at(&id, &before, f->at, parent);
	*appeared = mode != 0 && before == 0;
	return rc;
}

/* The name in this commit lives on in the arena when another is followed. */
static enum err
examine(bool *changed, struct git_follow *f, uint32_t node,
    bool (*stop)(void *), void *arg)
{
	const struct graph_node *n = git_graph_node(f->graph, node);
	uint32_t parent = GRAPH_NONE;
	bool appeared, found;
	enum err rc = ERR_NONE;

	*changed = false;
	if (n->n_parents > 1)
		return ERR_NONE;
	if (n->n_parents == 1) {
		parent = git_graph_parent(f->graph, node, 0);
		rc = git_graph_load(f->graph, parent);
	}
	if (rc == ERR_NONE)
		rc = look(changed, &appeared, f, node, parent);
	if (rc == ERR_NONE && *changed && appeared)
		rc = find_source(&found, f, node, parent, stop, arg);
	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		err_clear();
		rc = ERR_NONE;
	}
	return rc;
}

bool
git_follow_capped(const struct git_follow *f)
{
	return f->capped;
}

enum err
git_follow_next(uint32_t *node, struct str *path, bool *got,
    struct git_follow *f, unsigned steps, bool (*stop)(void *), void *arg)
{
	enum err rc = ERR_NONE;

	*got = false;
	for (unsigned i = 0; rc == ERR_NONE && (steps == 0 || i < steps); i++) {
		uint32_t at;
		bool there, changed;

		*path = f->path;
		rc = git_log_next(&at, &there, f->log, 1);
		if (rc != ERR_NONE || !there)
			continue;
		rc = examine(&changed, f, at, stop, arg);
		if (rc == ERR_NONE && changed) {
			*node = at;
			*got = true;
			return ERR_NONE;
		}
	}
	return rc;
}
