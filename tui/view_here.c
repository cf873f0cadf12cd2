/*
 * view_here.c - several things are written about a line: which one?
 */
#include "tui/noting.h"

#include "tui/here.h"
#include "tui/list.h"

struct here_view {
	struct list list;
	struct here h;
	struct anchor at; /* path in the pane's arena */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct here_view *v = arg;
	const struct book_item *it = v->h.at[r->row];
	struct canvas_draw d = { .text = noting_title(it->now),
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };

	canvas_printf(line, 0, 0, r->attr, "%5llu %c",
	    (unsigned long long)it->number, book_glyph(it->type));
	if (it->now->at.first == 0)
		canvas_put(line, 0, 8, r->attr | ROLE_NUMBER, "file");
	else
		canvas_printf(line, 0, 8, r->attr | ROLE_NUMBER, "L%u-%u",
		    it->now->at.first, it->now->at.last);
	canvas_text(line, 0, 24, line->cols - 24, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct here_view *v = arg;

	buf_str(b, noting_title(v->h.at[row]->now));
	return buf_view(b);
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static enum err
here_open(struct pane *p, const struct target *t)
{
	struct here_view *v = p->state;

	(void)t;
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	v->at = noting_now_writing(p->room)->at;
	v->at.path = arena_copy(&p->arena, v->at.path);
	v->h = here_items(p->room, &v->at, &p->arena);
	list_init(&v->list, &source, v);
	list_count(&v->list, v->h.len, false);
	v->list.empty = "nothing is written about this file";
	return ERR_NONE;
}

static void
here_close(struct pane *p)
{
	list_release(&((struct here_view *)p->state)->list);
}

static void
here_title(struct pane *p, struct canvas *line)
{
	const struct here_view *v = p->state;
	struct buf b = { 0 };

	if (v->at.first == 0)
		buf_str(&b, STR("Written about "));
	else
		buf_printf(&b,
		    v->h.exact ? "Written about line %u of " :
				 "Nothing about line %u, but about others of ",
		    v->at.first);
	buf_str(&b, v->at.path);
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static struct list *
here_list(struct pane *p)
{
	return &((struct here_view *)p->state)->list;
}

static void
run_edit(struct pane *p, const struct call *c)
{
	const struct here_view *v = p->state;
	struct noting *n = p->room;
	const struct book_item *it;

	(void)c;
	if (v->h.len == 0)
		return;
	it = v->h.at[v->list.selected];
	shell_close(p);
	if (it->now == NULL)
		noting_back(n, STR("it was taken back meanwhile"));
	else
		here_write(n, it);
}

static const struct command commands[] = {
	{ "edit", "e Enter", "write a new version of it", run_edit, "edit",
	    NULL },
	{ 0 },
};

const struct view view_here = {
	.name = "here",
	.about = "What is written about a line of the source",
	.state_size = sizeof(struct here_view),
	.commands = commands,
	.open = here_open,
	.close = here_close,
	.title = here_title,
	.list = here_list,
};
