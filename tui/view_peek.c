#include "tui/code.h"
#include "tui/list.h"
#include "tui/reading.h"

enum { PEEK_LINES = 60 }; /* where the end is not known */

/*
 * A definition from its first line to its last, and nothing else of the
 * file: to be looked at and left again.  target: blob, path, line, and last
 * when an index knows it; without, up to the next line that closes it.
 */
struct peek_view {
	struct list list;
	struct code code;
	struct oid commit, blob;
	uint32_t first, last;
	bool guessed;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct peek_view *v = p->state;
	uint32_t n = v->first + (uint32_t)r->row;
	struct canvas_span spans[CODE_SPANS];
	struct canvas_draw d = {
		.attr = r->attr,
		.style = shell_options(p->shell)->style,
		.spans = spans,
		.find = r->find,
		.skip = r->skip,
	};

	(void)code_line(&v->code, n, &d.text);
	d.style.encoding = v->code.style.encoding;
	d.n_spans = code_spans(&v->code, n, spans);
	canvas_printf(line, 0, 0, r->attr | ROLE_NUMBER, "%7u", n);
	canvas_put(line, 0, 7, r->attr, "|");
	canvas_text(line, 0, 8, line->cols - 8, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct peek_view *v = p->state;
	struct str text = STR("");

	(void)b;
	(void)code_line(&v->code, v->first + (uint32_t)row, &text);
	return text;
}

static const struct list_source source = { draw_row, row_text, NULL };

/* The end by the look of the lines: a macro goes on behind a backslash, a
 * body ends with a line that closes it in the first column. */
static uint32_t
guess_end(struct peek_view *v)
{
	struct str text;
	uint32_t n = v->first;

	if (!code_line(&v->code, n, &text))
		return n;
	if (str_starts(str_trim(text), STR("#"))) {
		while (str_ends(text, STR("\\")) && n - v->first < PEEK_LINES &&
		    code_line(&v->code, n + 1, &text))
			n++;
		return n;
	}
	while (n - v->first < PEEK_LINES && code_line(&v->code, n, &text)) {
		if (str_starts(text, STR("}")) || str_ends(text, STR(";")))
			if (text.at[0] != ' ' && text.at[0] != '\t')
				return n;
		n++;
	}
	return n - 1 < v->first ? v->first : n - 1;
}

static enum err
peek_open(struct pane *p, const struct target *t)
{
	struct peek_view *v = p->state;
	enum err rc;

	if (oid_is_zero(&t->blob) || t->line == 0)
		return fail(ERR_ABSENT, "gp on a word peeks at what it is");
	v->commit = t->commit;
	v->blob = t->blob;
	rc = code_open(&v->code, reading_repo(p->room), &t->blob, t->path);
	if (rc != ERR_NONE)
		return rc;
	while (
	    code_lines(&v->code) < t->line + PEEK_LINES && code_step(&v->code))
		;
	v->first = t->line;
	v->guessed = t->last <= t->line;
	v->last = v->guessed ? guess_end(v) : t->last;
	list_init(&v->list, &source, p);
	v->list.empty = "the file ends before this line";
	list_count(&v->list, v->last - v->first + 1, false);
	return ERR_NONE;
}

static void
peek_close(struct pane *p)
{
	struct peek_view *v = p->state;

	code_close(&v->code);
	list_release(&v->list);
}

static void
peek_title(struct pane *p, struct canvas *line)
{
	struct peek_view *v = p->state;
	struct buf b = { 0 };
	int col = canvas_put(line, 0, 0, ROLE_TITLE, "PEEK ");

	reading_title(p->room, &v->commit, &b);
	buf_char(&b, ' ');
	col =
	    canvas_str(line, 0, col, line->cols / 2, ROLE_TITLE, buf_view(&b));
	canvas_path(line, 0, col, line->cols - col, ROLE_TITLE, p->target.path);
	buf_release(&b);
}

static void
peek_status(struct pane *p, struct canvas *line)
{
	struct peek_view *v = p->state;

	canvas_printf(line, 0, 0, ROLE_STATUS, "lines %u to %u%s", v->first,
	    v->last, v->guessed ? " (the end by the look of the lines)" : "");
}

static struct list *
peek_list(struct pane *p)
{
	struct peek_view *v = p->state;

	return &v->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct peek_view *v = p->state;
	struct target t = {
		.commit = v->commit,
		.blob = v->blob,
		.path = p->target.path,
		.line = v->first + (uint32_t)v->list.selected,
	};

	(void)c;
	shell_replace(p, "file", &t);
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file at this line", run_enter, "open", NULL },
	{ 0 },
};

const struct view view_peek = {
	.name = "peek",
	.about = "a definition, looked at without leaving",
	.state_size = sizeof(struct peek_view),
	.commands = commands,
	.open = peek_open,
	.close = peek_close,
	.title = peek_title,
	.status = peek_status,
	.list = peek_list,
};
