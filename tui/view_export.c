/*
 * view_export.c - choose what shall leave.
 */
#include "tui/noting.h"

#include "tui/along.h"
#include "tui/list.h"
#include "tui/outgoing.h"
#include "tui/refound.h"

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
	unsigned parts;    /* enum along_part: what goes along */
	struct buf along;  /* three lines about them */
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
	canvas_printf(line, 0, 4, r->attr, "%5llu %-10s",
	    (unsigned long long)row->item->number,
	    e->type == ENTRY_FINDING ? entry_severity_name(e->severity) :
				       entry_type_name(e->type));
	d.text = noting_title(e);
	canvas_text(line, 0, 21, line->cols - 21, &d);
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

static void
put_part(const struct export *v, enum along_part part, const char *key,
    struct buf *b)
{
	buf_printf(b, "%s [%c] ", key, v->parts & part ? 'x' : ' ');
}

static void
put_size(const struct findings_method *m, struct buf *b)
{
	size_t n = along_bytes(m);

	if (n > 0)
		buf_printf(b, ", %zu bytes", n);
	else
		buf_str(b, STR(": none yet"));
}

/* The releases of the session where the items were looked for, of all. */
static void
put_places(struct pane *p, struct buf *b)
{
	const struct start *s = noting_start(p->room);
	const struct refound *f = noting_refound(p->room);
	size_t known = 0;

	for (size_t i = 0; i < refound_revisions(f); i++) {
		struct oid commit;
		bool listed = s->n_releases == 0;

		(void)refound_revision(f, i, &commit);
		for (uint32_t k = 0; k < s->n_releases; k++)
			listed |= oid_eq(&s->releases[k].commit, &commit);
		known += listed;
	}
	if (s->n_releases > 0)
		buf_printf(b, "fate of lines in %zu of %u releases", known,
		    s->n_releases);
	else
		buf_printf(b, "fate of lines in %zu revision%s", known,
		    known == 1 ? "" : "s");
}

/* Which lines, where the rules let them out. */
static void
put_lines(struct pane *p, struct buf *b)
{
	const struct export *v = p->state;
	struct along *k = noting_along(p->room);
	struct findings_method m;
	struct arena a = { 0 };

	if ((along_allowed(k) & ALONG_LINES) == 0)
		return;
	buf_str(b, STR("   "));
	put_part(v, ALONG_LINES, "e", b);
	along_method(k, &a, ALONG_LINES, &m);
	buf_printf(b, "lines of %u file%s", m.n_lines,
	    m.n_lines == 1 ? "" : "s");
	put_size(&m, b);
	arena_release(&a);
}

/* What goes along, and its bytes. */
static void
look_along(struct pane *p)
{
	struct export *v = p->state;
	struct along *k = noting_along(p->room);
	struct findings_method m;
	struct arena a = { 0 };
	struct buf *b = &v->along;

	buf_clear(b);
	buf_str(b, STR("along:  "));
	put_part(v, ALONG_COVERAGE, "c", b);
	along_method(k, &a, ALONG_COVERAGE, &m);
	buf_str(b, STR("coverage"));
	put_size(&m, b);
	put_lines(p, b);
	buf_str(b, STR("\n        "));
	put_part(v, ALONG_SEARCHES, "t", b);
	along_method(k, &a, ALONG_SEARCHES, &m);
	buf_printf(b, "%u search%s", m.n_certificates,
	    m.n_certificates == 1 ? "" : "es");
	put_size(&m, b);
	buf_str(b, STR("   "));
	put_part(v, ALONG_PROOF, "w", b);
	along_method(k, &a, ALONG_PROOF, &m);
	buf_str(b, STR("proof"));
	put_size(&m, b);
	buf_str(b, STR("\n        "));
	put_part(v, ALONG_PLACES, "f", b);
	put_places(p, b);
	arena_release(&a);
}

static void
export_wake(struct pane *p)
{
	look_at_ledger(p);
	look_along(p);
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
	v->parts = along_allowed(noting_along(p->room));
	export_wake(p);
	noting_ports(p->room)->survey(noting_ports(p->room)->arg);
	return ERR_NONE;
}

static void
export_close(struct pane *p)
{
	struct export *v = p->state;

	list_release(&v->list);
	buf_release(&v->ledger);
	buf_release(&v->along);
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
	rest = buf_view(&v->along);
	while (c->rows > 8 && row < 5 && str_cut(&rest, '\n', &line))
		canvas_str(c, row++, 0, c->cols, ROLE_TEXT, line);
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
	    outgoing_begin(out, items, n, v->parts);
	if (rc == ERR_NONE)
		shell_open(p->shell, "parcel", NULL);
	else
		shell_error(p->shell, rc);
}

static void
swap_part(struct pane *p, enum along_part part)
{
	struct export *v = p->state;

	v->parts ^= part;
	look_along(p);
}

static void
run_coverage(struct pane *p, const struct call *c)
{
	(void)c;
	swap_part(p, ALONG_COVERAGE);
}

static void
run_lines(struct pane *p, const struct call *c)
{
	(void)c;
	if ((along_allowed(noting_along(p->room)) & ALONG_LINES) != 0)
		swap_part(p, ALONG_LINES);
	else
		shell_message(p->shell,
		    "the rules let counts out, and not which lines");
}

static void
run_searches(struct pane *p, const struct call *c)
{
	(void)c;
	swap_part(p, ALONG_SEARCHES);
}

static void
run_walls(struct pane *p, const struct call *c)
{
	(void)c;
	swap_part(p, ALONG_PROOF);
}

static void
run_places(struct pane *p, const struct call *c)
{
	(void)c;
	swap_part(p, ALONG_PLACES);
}

static const struct command commands[] = {
	{ "choose", "x", "choose it, or not", run_choose, "choose", NULL },
	{ "red", "r", "choose it with its red part", run_red, "red", NULL },
	{ "all", "a", "all findings", run_all, "all", NULL },
	{ "with-coverage", "c", "lines read, by folder, go along, or not",
	    run_coverage, NULL, NULL },
	{ "with-lines", "e", "which lines were read goes along, or not",
	    run_lines, NULL, NULL },
	{ "with-searches", "t", "certificates of searches go along, or not",
	    run_searches, NULL, NULL },
	{ "with-walls", "w", "the proof of the walls goes along, or not",
	    run_walls, NULL, NULL },
	{ "with-places", "f", "where the lines are in other releases, too",
	    run_places, NULL, NULL },
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
	.wake = export_wake,
};
