#include "tui/search_view.h"

#include <stdlib.h>

#include "tui/looks.h"
#include "tui/reading_symbols.h"

const struct search_file *
search_view_file(const struct search_view *v, const struct search_hit *h)
{
	uint32_t n;

	return reading_search_place(v->search, h, &n);
}

const struct search_hit *
search_view_hit(const struct search_view *v, uint64_t row)
{
	return search_drive_hit(reading_search_drive(v->search), v->rows[row]);
}

static bool
wanted(const struct search_view *v, const struct search_hit *h)
{
	switch (v->kind) {
	case SEARCH_VIEW_DEFINES:
	case SEARCH_VIEW_PEEK:
		return looks_definition(search_view_file(v, h)->path,
		    h->excerpt, h->cut > 0, v->query.pattern);
	case SEARCH_VIEW_HAZARDS:
		return !looks_binary(h->excerpt);
	default:
		return true;
	}
}

static void
add_row(struct search_view *v, size_t hit)
{
	if (v->grouped &&
	    !same_add(&v->same,
		search_drive_hit(reading_search_drive(v->search), hit)
		    ->excerpt))
		return;
	if (v->n_rows == v->room) {
		v->room = v->room == 0 ? 256 : 2 * v->room;
		v->rows = realloc(v->rows, v->room * sizeof *v->rows);
		v->callers = realloc(v->callers, v->room * sizeof *v->callers);
		if (v->rows == NULL || v->callers == NULL)
			bug("no memory for %zu hits", v->room);
	}
	v->callers[v->n_rows] = (struct caller){ 0 };
	v->rows[v->n_rows++] = (uint32_t)hit;
	if (v->n_rows == 1 ||
	    search_view_hit(v, v->n_rows - 2)->blob !=
		search_view_hit(v, v->n_rows - 1)->blob) {
		uint32_t n;

		(void)reading_search_place(v->search,
		    search_view_hit(v, v->n_rows - 1), &n);
		v->files += n;
	}
}

void
search_view_take(struct search_view *v, size_t hit)
{
	if (wanted(v, search_drive_hit(reading_search_drive(v->search), hit)))
		add_row(v, hit);
}

struct target
search_view_target(const struct search_view *v, uint64_t row)
{
	const struct search_hit *h = search_view_hit(v, row);
	const struct search_file *f = search_view_file(v, h);

	return (struct target){
		.commit = reading_search_commit(v->search, f->release),
		.blob = f->blob,
		.path = f->path,
		.line = h->line,
		.column = h->column + 1,
	};
}

/* --- words where they stand ---------------------------------------------- */

bool
search_view_judges(const struct search_view *v)
{
	return v->kind == SEARCH_VIEW_USES || v->kind == SEARCH_VIEW_CALLERS;
}

/* The function that calls: by the session's parser, else by the look. */
static void
name_caller(struct pane *p, const struct oid *blob, uint32_t line)
{
	struct search_view *v = p->state;
	struct caller *c = &v->callers[v->n_rows - 1];
	struct str name;

	if (reading_symbols(p->room)) {
		if (reading_symbols_around(&name, &c->line, p->room, blob,
			line))
			c->name = name;
		return;
	}
	c->line = uses_around(&v->uses, line, &name);
	if (c->line != 0)
		c->name = arena_copy(&p->arena, name);
}

static void
judge(struct pane *p, size_t hit)
{
	struct search_view *v = p->state;
	const struct search_hit *h =
	    search_drive_hit(reading_search_drive(v->search), hit);
	const struct search_file *f = search_view_file(v, h);
	enum uses_kind kind = uses_look(&v->uses, reading_repo(p->room),
	    &f->blob, f->path, h->line, v->query.pattern);

	v->unread += kind == USES_UNREAD;
	if (v->kind == SEARCH_VIEW_CALLERS ?
		!v->all && kind != USES_CALL && kind != USES_UNREAD :
		!v->all && kind == USES_TEXT)
		return;
	add_row(v, hit);
	if (v->kind == SEARCH_VIEW_CALLERS)
		name_caller(p, &f->blob, h->line);
}

bool
search_view_judge_on(void *arg)
{
	enum { SLICE = 32 };
	struct pane *p = arg;
	struct search_view *v = p->state;
	bool runs = reading_search_runs(v->search);

	for (int i = 0; i < SLICE && v->judged < v->looked; i++)
		judge(p, v->judged++);
	list_count(&v->list, v->n_rows, runs || v->judged < v->looked);
	shell_redraw(p->shell);
	return v->judged < v->looked;
}
