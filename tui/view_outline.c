#include "core/outline.h"
#include "tui/code.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/reading_code.h"
#include "tui/reading_symbols.h"

enum { OUTLINE_SLICE = 4000, OUTLINE_KIND = 10 };

/*
 * Functions, types and sections of a file: as the session's index has them,
 * or else by the look of their lines.
 */
struct outline_view {
	struct list list;
	struct code code;
	struct oid commit, blob;
	uint32_t *lines;
	size_t len, room;
	uint32_t next;                    /* line to look at */
	struct reading_symbols_row *rows; /* of the index; NULL: by the look */
	bool missing; /* there is an index, and it does not have this file */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct outline_view *v = p->state;
	struct canvas_span spans[CODE_SPANS];
	struct canvas_draw d = {
		.attr = r->attr,
		.style = shell_options(p->shell)->style,
		.spans = spans,
		.find = r->find,
		.skip = r->skip,
	};
	uint32_t n = v->lines[r->row];
	int col = 9;

	(void)code_line(&v->code, n, &d.text);
	d.style.encoding = v->code.style.encoding;
	d.n_spans = code_spans(&v->code, n, spans);
	canvas_printf(line, 0, 0, r->attr | ROLE_NUMBER, "%7u", n);
	if (v->rows != NULL) {
		canvas_str(line, 0, 9, OUTLINE_KIND - 1, r->attr | ROLE_FAINT,
		    v->rows[r->row].kind);
		col += OUTLINE_KIND;
	}
	canvas_text(line, 0, col, line->cols - col, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct outline_view *v = p->state;
	struct str text = STR("");

	(void)code_line(&v->code, v->lines[row], &text);
	if (v->rows == NULL)
		return text;
	buf_str(b, v->rows[row].kind);
	buf_char(b, ' ');
	buf_str(b, text);
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static void
add(struct pane *p, uint32_t n)
{
	struct outline_view *v = p->state;

	v->lines =
	    arena_more(&p->arena, v->lines, v->len, &v->room, sizeof *v->lines);
	v->lines[v->len++] = n;
	/* The list opens where the file was. */
	if (n <= p->target.line)
		list_select(&v->list, v->len - 1);
}

static bool
look_on(void *arg)
{
	struct pane *p = arg;
	struct outline_view *v = p->state;
	struct str text, name;
	bool more = true;

	for (uint32_t i = 0; i < OUTLINE_SLICE && more; i++) {
		more = code_line(&v->code, v->next, &text);
		if (more && outline_line(v->code.language, text, &name)) {
			list_count(&v->list, v->len + 1, true);
			add(p, v->next);
		}
		v->next++;
	}
	list_count(&v->list, v->len, more);
	shell_redraw(p->shell);
	return more;
}

static bool
take_index(struct pane *p)
{
	struct outline_view *v = p->state;
	size_t n;

	if (!reading_symbols_of(&v->rows, &n, &p->arena, p->room, &v->blob)) {
		v->missing = reading_symbols(p->room);
		return false;
	}
	list_count(&v->list, n, false);
	for (size_t i = 0; i < n; i++)
		add(p, v->rows[i].line);
	list_count(&v->list, v->len, false);
	return true;
}

static enum err
outline_open(struct pane *p, const struct target *t)
{
	struct outline_view *v = p->state;
	enum err rc;

	v->commit = t->commit;
	v->blob = t->blob;
	if (oid_is_zero(&v->blob))
		return fail(ERR_ABSENT,
		    "the outline is of a file: open one, "
		    "then gO");
	rc = reading_code(&v->code, p->room, &v->blob, t->path);
	if (rc != ERR_NONE)
		return rc;
	v->next = 1;
	list_init(&v->list, &source, p);
	v->list.empty = "no line looks like a function, a type or a section";
	if (!take_index(p) && look_on(p))
		reading_slice(p->room, look_on, p);
	return ERR_NONE;
}

static void
outline_close(struct pane *p)
{
	struct outline_view *v = p->state;

	reading_slice_stop(p->room, p);
	code_close(&v->code);
	list_release(&v->list);
}

static void
outline_title(struct pane *p, struct canvas *line)
{
	const struct outline_view *v = p->state;
	struct buf b = { 0 };
	int col;

	buf_str(&b, STR("OUTLINE ("));
	if (v->rows != NULL)
		buf_str(&b, reading_symbols_program(p->room));
	else
		buf_str(&b,
		    v->missing ? STR("text method: not in the index") :
				 STR("text method"));
	buf_str(&b, STR(") of "));
	col = canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
	canvas_path(line, 0, col, line->cols - col, ROLE_TITLE, p->target.path);
}

static struct list *
outline_list(struct pane *p)
{
	struct outline_view *v = p->state;

	return &v->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct outline_view *v = p->state;
	struct target t = {
		.commit = v->commit,
		.blob = v->blob,
		.path = p->target.path,
	};

	(void)c;
	if (v->list.selected >= v->len)
		return;
	t.line = v->lines[v->list.selected];
	shell_replace(p, "file", &t);
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file at this line", run_enter, "open", NULL },
	{ 0 },
};

const struct view view_outline = {
	.name = "outline",
	.about = "functions, types and sections of a file",
	.state_size = sizeof(struct outline_view),
	.commands = commands,
	.open = outline_open,
	.close = outline_close,
	.title = outline_title,
	.list = outline_list,
};
