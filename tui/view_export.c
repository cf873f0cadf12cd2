/*
 * view_export.c - choose what shall leave.
 */
#include "tui/noting.h"

#include "tui/list.h"
#include "tui/outgoing.h"

enum choice { CHOICE_NO, CHOICE_YES, CHOICE_RED };

struct row {
	const struct book_item *item;         /* NULL: a request */
	const struct asking_request *request; /* it waits for approvals */
	enum choice choice;
};

struct export
{
	struct list list;
	struct row *rows; /* memory of the pane */
	size_t n, n_requests;
	struct buf ledger; /* what left so far, two lines */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	static const char *const boxes[] = { "[ ]", "[x]", "[r]" };
	const struct export *v = arg;
	const struct row *row = &v->rows[r->row];
	const struct entry *e = row->item == NULL ? NULL : row->item->now;
	struct canvas_draw d = { .attr = r->attr,
		.find = r->find,
		.skip = r->skip };

	if (row->item == NULL) {
		canvas_printf(line, 0, 0, r->attr, "waits: %.8s.. %.*s - Enter",
		    row->request->name.at, STR_ARG(row->request->state));
		return;
	}
	canvas_put(line, 0, 0, r->attr, boxes[row->choice]);
	if (e == NULL) {
		canvas_put(line, 0, 4, r->attr, "taken back");
		return;
	}
	canvas_printf(line, 0, 4, r->attr, "%5llu %-8s",
	    (unsigned long long)row->item->number,
	    e->type == ENTRY_FINDING ? entry_severity_name(e->severity) :
				       entry_type_name(e->type));
	d.text = noting_title(e);
	canvas_text(line, 0, 19, line->cols - 19, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct export *v = arg;
	const struct row *r = &v->rows[row];

	(void)b;
	if (r->item == NULL)
		return r->request->state;
	return r->item->now == NULL ? STR("") : noting_title(r->item->now);
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

/* Before anybody asks for more. */
static void
look_at_ledger(struct pane *p)
{
	struct export *v = p->state;
	struct outgoing *s = noting_outgoing(p->room);
	struct arena a = { 0 };
	struct ledger l;

	buf_clear(&v->ledger);
	if (outgoing_look(s, &a, &l) == ERR_NONE)
		outgoing_tell(s, &l, &v->ledger);
	else
		buf_printf(&v->ledger, "nothing can leave: %s", err_text());
	err_clear();
	arena_release(&a);
}

static enum err
export_open(struct pane *p, const struct target *t)
{
	struct export *v = p->state;
	const struct book *b = noting_book(p->room);
	struct asking_request *requests = NULL;
	size_t n = 0;
	enum err rc;

	(void)t;
	if (b == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = outgoing_requests(noting_outgoing(p->room), &p->arena, &requests,
	    &n);
	if (rc != ERR_NONE)
		return rc;
	v->rows = arena_array(&p->arena, n + book_len(b), struct row);
	for (size_t i = 0; i < n; i++)
		v->rows[v->n++].request = &requests[i];
	v->n_requests = n;
	for (size_t i = book_len(b); i > 0; i--)
		if (book_at(b, i - 1)->now != NULL)
			v->rows[v->n++].item = book_at(b, i - 1);
	list_init(&v->list, &source, v);
	v->list.empty = "nothing to let out: there are no notes yet";
	list_count(&v->list, v->n, false);
	look_at_ledger(p);
	return ERR_NONE;
}

static void
export_close(struct pane *p)
{
	struct export *v = p->state;

	list_release(&v->list);
	buf_release(&v->ledger);
}

static void
export_draw(struct pane *p, struct canvas *c)
{
	struct export *v = p->state;
	struct str rest = buf_view(&v->ledger), line;
	struct canvas part;
	int row = 0;

	while (c->rows > 4 && row < 2 && str_cut(&rest, '\n', &line))
		canvas_str(c, row++, 0, c->cols, ROLE_KEYWORD, line);
	part = canvas_part(c, row, 0, c->rows - row, c->cols);
	list_draw(&v->list, &part);
}

static size_t
chosen(const struct export *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += v->rows[i].choice != CHOICE_NO;
	return n;
}

static void
export_title(struct pane *p, struct canvas *line)
{
	const struct export *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE,
	    "What shall leave? %zu of %zu chosen", chosen(v),
	    v->n - v->n_requests);
}

static void
export_status(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_STATUS,
	    "x choose   r with its red part   "
	    "a all findings   Enter: see it and ask");
}

static struct list *
export_list(struct pane *p)
{
	return &((struct export *)p->state)->list;
}

static void
choose(struct pane *p, enum choice to)
{
	struct export *v = p->state;
	struct row *r = v->n == 0 ? NULL : &v->rows[v->list.selected];

	if (r == NULL || r->item == NULL)
		return;
	r->choice = r->choice == to ? CHOICE_NO : to;
	list_move(&v->list, 1);
}

static void
run_choose(struct pane *p, const struct call *c)
{
	(void)c;
	choose(p, CHOICE_YES);
}

static void
run_red(struct pane *p, const struct call *c)
{
	(void)c;
	choose(p, CHOICE_RED);
}

static void
run_all(struct pane *p, const struct call *c)
{
	struct export *v = p->state;

	(void)c;
	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].item != NULL &&
		    v->rows[i].item->type == ENTRY_FINDING)
			v->rows[i].choice = CHOICE_YES;
}

static void
run_ask(struct pane *p, const struct call *c)
{
	struct export *v = p->state;
	const struct row *at = v->n == 0 ? NULL : &v->rows[v->list.selected];
	struct outgoing *out = noting_outgoing(p->room);
	struct outgoing_item *items =
	    arena_array(&p->arena, v->n, struct outgoing_item);
	size_t n = 0;
	enum err rc;

	(void)c;
	for (size_t i = v->n; i > 0; i--) {
		const struct row *r = &v->rows[i - 1];

		if (r->choice != CHOICE_NO)
			items[n++] = (struct outgoing_item){ r->item->number,
				r->choice == CHOICE_RED };
	}
	rc = n == 0 && at != NULL && at->item == NULL ?
	    outgoing_resume(out, at->request->name) :
	    outgoing_begin(out, items, n);
	if (rc == ERR_NONE)
		shell_open(p->shell, "parcel", NULL);
	else
		shell_error(p->shell, rc);
}

static const struct command commands[] = {
	{ "choose", "x", "choose it, or not", run_choose, "choose", NULL },
	{ "red", "r", "choose it with its red part", run_red, "red", NULL },
	{ "all", "a", "all findings", run_all, "all", NULL },
	{ "ask", "Enter", "see the exact bytes and what the gate says", run_ask,
	    "ask", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_export = {
	.name = "export",
	.about = "Choose what shall leave the room",
	.state_size = sizeof(struct export),
	.commands = commands,
	.open = export_open,
	.close = export_close,
	.draw = export_draw,
	.title = export_title,
	.status = export_status,
	.list = export_list,
	.wake = look_at_ledger,
};
