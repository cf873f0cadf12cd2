#include <string.h>

#include "tui/list.h"
#include "tui/reading.h"
#include "tui/reading_symbols.h"

/*
 * Where a name is defined, from the session's index: first in the release
 * that is read, then what only other releases have.  target.text is the
 * name; target.number 1 peeks where 0 goes.
 */
struct symbol_view {
	struct list list;
	struct reading_symbol *at;
	size_t len, here;
	struct oid commit;
	bool peek;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct symbol_view *v = p->state;
	const struct reading_symbol *s = &v->at[r->row];
	struct canvas_draw d = {
		.attr = r->attr,
		.style = shell_options(p->shell)->style,
		.skip = r->skip,
		.find = r->find,
	};
	struct buf name = { 0 };
	int col = 38;

	canvas_path(line, 0, 0, 22, r->attr | ROLE_NAME, s->path);
	canvas_printf(line, 0, 22, r->attr | ROLE_NUMBER, ":%u", s->line);
	canvas_str(line, 0, 29, 8, r->attr | ROLE_HUNK, s->kind);
	if (!s->here) {
		reading_name(p->room, &s->commit, &name);
		col = canvas_str(line, 0, col, 12, r->attr | ROLE_WARNING,
		    buf_view(&name));
		col = canvas_put(line, 0, col, r->attr, " ");
	}
	if (s->scope.len > 0) {
		col = canvas_str(line, 0, col, 14, r->attr, s->scope);
		col = canvas_put(line, 0, col, r->attr, ": ");
	}
	d.text = reading_symbols_line(p->room, s);
	canvas_text(line, 0, col, line->cols - col, &d);
	buf_release(&name);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct symbol_view *v = p->state;
	const struct reading_symbol *s = &v->at[row];

	buf_str(b, s->path);
	buf_printf(b, ":%u ", s->line);
	buf_str(b, s->kind);
	buf_char(b, ' ');
	buf_str(b, s->scope);
	buf_char(b, ' ');
	buf_str(b, reading_symbols_line(p->room, s));
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static enum err
symbol_open(struct pane *p, const struct target *t)
{
	struct symbol_view *v = p->state;
	enum err rc;

	if (t->text.len == 0)
		return fail(ERR_ABSENT,
		    "which name?  :symbol NAME, or gd on a word");
	v->commit =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	v->peek = t->number == 1;
	rc = reading_symbols_find(&v->at, &v->len, &p->arena, p->room,
	    &v->commit, t->text);
	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < v->len; i++)
		v->here += v->at[i].here;
	list_init(&v->list, &source, p);
	v->list.empty =
	    "no parser found a definition of it in any release - gr lists "
	    "all uses";
	list_count(&v->list, v->len, false);
	return ERR_NONE;
}

static void
symbol_close(struct pane *p)
{
	struct symbol_view *v = p->state;

	list_release(&v->list);
}

static void
symbol_draw(struct pane *p, struct canvas *c)
{
	struct symbol_view *v = p->state;
	struct canvas rows = canvas_part(c, 0, 0, c->rows - 1, c->cols);
	struct buf b = { 0 };

	list_draw(&v->list, &rows);
	buf_str(&b, STR("by "));
	reading_symbols_method(p->room, &b);
	canvas_str(c, c->rows - 1, 0, c->cols,
	    str_find(buf_view(&b), STR("COULD NOT"), 0) == SIZE_MAX ?
		ROLE_ADDED :
		ROLE_WARNING,
	    buf_view(&b));
	buf_release(&b);
}

static void
symbol_title(struct pane *p, struct canvas *line)
{
	struct symbol_view *v = p->state;
	struct buf b = { 0 };
	int col = canvas_put(line, 0, 0, ROLE_TITLE, "DEFINITIONS of ");

	col = canvas_str(line, 0, col, line->cols - col - 24, ROLE_TITLE,
	    p->target.text);
	reading_title(p->room, &v->commit, &b);
	canvas_str(line, 0, col + 2, line->cols - col - 2, ROLE_TITLE,
	    buf_view(&b));
	buf_release(&b);
}

static void
symbol_status(struct pane *p, struct canvas *line)
{
	struct symbol_view *v = p->state;
	struct buf b = { 0 };

	list_position(&v->list, &b);
	buf_printf(&b, "  %zu in this release", v->here);
	if (v->len > v->here)
		buf_printf(&b, ", %zu in others only", v->len - v->here);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
symbol_list(struct pane *p)
{
	struct symbol_view *v = p->state;

	return &v->list;
}

static void
open_as(struct pane *p, const char *view)
{
	struct symbol_view *v = p->state;
	const struct reading_symbol *s = &v->at[v->list.selected];
	struct target t = { .commit = s->commit,
		.blob = s->blob,
		.path = s->path,
		.line = s->line };

	if (v->list.selected >= v->len)
		return;
	t.column = reading_symbols_column(p->room, s, p->target.text);
	/* Lines to a last one would be selected in a file. */
	if (strcmp(view, "peek") == 0)
		t.last = s->last;
	shell_open(p->shell, view, &t);
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct symbol_view *v = p->state;

	(void)c;
	open_as(p, v->peek ? "peek" : "file");
}

static void
run_peek(struct pane *p, const struct call *c)
{
	(void)c;
	open_as(p, "peek");
}

static void
search_word(struct pane *p, uint64_t number)
{
	struct symbol_view *v = p->state;
	struct target t = { .commit = v->commit,
		.number = number,
		.text = arena_printf(&p->arena, "-F -w -- %.*s",
		    STR_ARG(p->target.text)) };

	shell_open(p->shell, "search", &t);
}

static void
run_references(struct pane *p, const struct call *c)
{
	(void)c;
	search_word(p, 2);
}

static void
run_callers(struct pane *p, const struct call *c)
{
	(void)c;
	search_word(p, 4);
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file at this definition", run_enter, "open",
	    NULL },
	{ "peek", "gp", "look at it without leaving", run_peek, "peek", NULL },
	{ "references", "gr", "where the name is used, not in comments",
	    run_references, "refs", NULL },
	{ "callers", "gc", "where it is called, by function", run_callers, NULL,
	    NULL },
	{ 0 },
};

const struct view view_symbol = {
	.name = "symbol",
	.about = "where a name is defined, in every release",
	.args = "NAME",
	.state_size = sizeof(struct symbol_view),
	.commands = commands,
	.open = symbol_open,
	.close = symbol_close,
	.draw = symbol_draw,
	.title = symbol_title,
	.status = symbol_status,
	.list = symbol_list,
};
