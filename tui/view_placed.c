/*
 * view_placed.c - the text of a patch that lies in the session.
 */
#include "tui/reading.h"

#include "tui/code.h"
#include "tui/list.h"
#include "tui/reading_patches.h"

struct placed_view {
	struct list list;
	struct code code;
	struct str name;
};

static uint16_t
role_of(struct str line)
{
	char c = line.len == 0 ? ' ' : line.at[0];

	if (str_starts(line, STR("--- ")) || str_starts(line, STR("+++ ")))
		return ATTR_FOCUS;
	return c == '+' ? ROLE_ADDED :
	    c == '-'    ? ROLE_REMOVED :
	    c == '@'    ? ROLE_HUNK :
			  ROLE_TEXT;
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct placed_view *v = arg;
	struct canvas_draw d = { .attr = r->attr,
		.find = r->find,
		.skip = r->skip,
		.style = v->code.style };

	if (!code_line(&v->code, (uint32_t)r->row + 1, &d.text))
		return;
	d.attr |= role_of(d.text);
	canvas_text(line, 0, 0, line->cols, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct placed_view *v = arg;
	struct str text = STR("");

	(void)b;
	(void)code_line(&v->code, (uint32_t)row + 1, &text);
	return text;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static enum err
placed_open(struct pane *p, const struct target *t)
{
	struct placed_view *v = p->state;
	struct str name = t->path2.len > 0 ? t->path2 : t->text;
	const struct reading_patch *q = reading_patches_find(p->room, name);

	if (q == NULL)
		return fail(ERR_ABSENT,
		    "the session has no patch of that name: :patches lists "
		    "them");
	v->name = q->name;
	code_open_bytes(&v->code, q->bytes, q->name);
	code_finish(&v->code);
	list_init(&v->list, &source, v);
	list_count(&v->list, code_lines(&v->code), false);
	if (t->line > 0)
		list_select(&v->list, t->line - 1);
	return ERR_NONE;
}

static void
placed_close(struct pane *p)
{
	struct placed_view *v = p->state;

	code_close(&v->code);
	list_release(&v->list);
}

static void
placed_title(struct pane *p, struct canvas *line)
{
	const struct placed_view *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("A patch of the vendor, as it was given: "));
	buf_str(&b, v->name);
	canvas_str(line, 0, 0, line->cols - 4, ROLE_TITLE, buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static struct list *
placed_list(struct pane *p)
{
	return &((struct placed_view *)p->state)->list;
}

static void
placed_where(struct pane *p, struct target *t)
{
	const struct placed_view *v = p->state;

	*t = (struct target){ .path2 = v->name,
		.line = (uint32_t)v->list.selected + 1 };
}

static bool
placed_go(struct pane *p, const struct target *t)
{
	struct placed_view *v = p->state;

	if (!str_eq(t->path2, v->name))
		return false;
	list_select(&v->list, t->line > 0 ? t->line - 1 : 0);
	return true;
}

const struct view view_placed = {
	.name = "placed",
	.about = "the text of a patch that lies in the session",
	.args = "NAME",
	.state_size = sizeof(struct placed_view),
	.open = placed_open,
	.close = placed_close,
	.title = placed_title,
	.list = placed_list,
	.where = placed_where,
	.go = placed_go,
};
