/*
 * view_lists.c - all worklists: what was looked for, how far it is.
 */
#include "tui/noting.h"

#include "tui/list.h"
#include "tui/worklists.h"

struct lists {
	struct list list;
	struct arena arena;
	const struct worklist **rows; /* newest first */
	size_t n_rows;
};

static void
add_progress(struct buf *b, const struct worklist *w)
{
	static const char *const words[VERDICTS] = { "todo", "safe", "n/a",
		"susp", "quest" };
	uint32_t done = w->l.n_hits - w->counts[VERDICT_TODO];

	if (!w->whole) {
		buf_str(b, STR("not recorded to its end"));
		return;
	}
	buf_printf(b, "%3u%%",
	    w->l.n_hits == 0 ? 100 :
			       (unsigned)((uint64_t)done * 100 / w->l.n_hits));
	for (int i = 0; i < VERDICTS; i++)
		if (w->counts[i] > 0)
			buf_printf(b, " %u %s", w->counts[i], words[i]);
	for (int i = HITLIST_CARRIED; i < HITLIST_STATES; i++)
		if (w->states[i] > 0)
			buf_printf(b, "%s%u %s",
			    i == HITLIST_CARRIED || b->len == 0 ? " | " : " ",
			    w->states[i],
			    hitlist_state_name((enum hitlist_state)i));
	if (w->l.from != 0)
		buf_printf(b, " %u gone, of list %llu", w->l.gone,
		    (unsigned long long)w->l.from);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct lists *v = arg;
	const struct worklist *w = v->rows[r->row];
	struct canvas_draw d = { .text = w->l.title,
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };
	struct buf b = { 0 };

	canvas_printf(line, 0, 0, r->attr, "%5llu",
	    (unsigned long long)w->l.number);
	canvas_printf(line, 0, 6, r->attr | ROLE_NUMBER, "%6u", w->l.n_hits);
	canvas_text(line, 0, 13, 28, &d);
	add_progress(&b, w);
	canvas_str(line, 0, 42, line->cols - 42, r->attr, buf_view(&b));
	buf_release(&b);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct lists *v = arg;

	(void)b;
	return v->rows[row]->l.title;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static void
load(struct pane *p)
{
	struct lists *v = p->state;
	const struct book *b = noting_book(p->room);
	size_t n = b == NULL ? 0 : book_lists(b);

	arena_clear(&v->arena);
	v->rows = arena_array(&v->arena, n, const struct worklist *);
	v->n_rows = 0;
	for (size_t i = n; i > 0; i--)
		if (!book_list_at(b, i - 1)->removed)
			v->rows[v->n_rows++] = book_list_at(b, i - 1);
	v->list.empty = b == NULL ?
	    "the vault is locked - gn opens it" :
	    "no worklists yet - T makes one of the hits of a search";
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
}

static enum err
lists_open(struct pane *p, const struct target *t)
{
	struct lists *v = p->state;

	(void)t;
	list_init(&v->list, &source, v);
	load(p);
	return ERR_NONE;
}

static void
lists_close(struct pane *p)
{
	struct lists *v = p->state;

	list_release(&v->list);
	arena_release(&v->arena);
}

static void
lists_title(struct pane *p, struct canvas *line)
{
	const struct lists *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE, "Worklists: %zu", v->n_rows);
}

static struct list *
lists_list(struct pane *p)
{
	return &((struct lists *)p->state)->list;
}

static const struct worklist *
selected(struct pane *p)
{
	struct lists *v = p->state;

	return v->n_rows == 0 ? NULL : v->rows[v->list.selected];
}

static void
run_open(struct pane *p, const struct call *c)
{
	const struct worklist *w = selected(p);

	(void)c;
	if (w != NULL && !w->whole)
		shell_message(p->shell,
		    "this one was not recorded to its end: make it again");
	else if (w != NULL)
		worklists_show(noting_worklists(p->room), w->l.number);
}

static void
run_certificate(struct pane *p, const struct call *c)
{
	const struct worklist *w = selected(p);
	struct target t = { 0 };

	(void)c;
	if (w == NULL)
		return;
	t.number = w->l.number;
	shell_open(p->shell, "said", &t);
}

static void
run_negative(struct pane *p, const struct call *c)
{
	const struct worklist *w = selected(p);
	struct noting_order o = { .type = ENTRY_NEGATIVE };

	(void)c;
	if (w == NULL)
		return;
	if (w->counts[VERDICT_TODO] > 0)
		shell_message(p->shell, "%u of its lines have no verdict yet",
		    w->counts[VERDICT_TODO]);
	o.list = w->l.number;
	noting_write(p->room, &o);
}

static void
removed(struct pane *p, uint32_t key)
{
	const struct worklist *w = selected(p);
	struct entry e = { .type = ENTRY_REMOVE };

	if (key != 'y' || w == NULL)
		return;
	e.of = w->l.number;
	if (noting_add(p->room, &e))
		shell_message(p->shell, "removed %llu  u undoes",
		    (unsigned long long)e.of);
	load(p);
}

static void
run_remove(struct pane *p, const struct call *c)
{
	(void)c;
	if (selected(p) != NULL)
		shell_choose(p,
		    "remove this worklist? Its verdicts stay in the record.",
		    "yn", removed);
}

static const struct command commands[] = {
	{ "open", "Enter", "its lines, with their text, in the source",
	    run_open, "open", NULL },
	{ "said", "s", "certificate, verdicts and reasons", run_certificate,
	    "said", NULL },
	{ "negative", "gN", "what it shows not to be there: a negative finding",
	    run_negative, "negative", NULL },
	{ "remove", "x", "take it off the list", run_remove, "remove", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_lists = {
	.name = "lists",
	.about = "Worklists: hits of searches, and what was said of them",
	.state_size = sizeof(struct lists),
	.commands = commands,
	.open = lists_open,
	.close = lists_close,
	.title = lists_title,
	.list = lists_list,
	.wake = load,
};
