/*
 * diff_view_commands.c - the keys of the view of one changed file.
 */
#include "tui/diff_view.h"

#include "tui/diff_draw.h"
#include "tui/reading.h"
#include "tui/reading_code.h"
#include "tui/reading_tray.h"

/* The last change of the file that is shown now. */
static void
to_last_hunk(struct pane *p)
{
	struct diff_view *v = p->state;
	uint64_t row = v->n_rows;

	while (row-- > 0)
		if (diff_view_hunk_at(v, row) != NULL) {
			list_select(&v->list, row);
			list_place(&v->list, -1);
			return;
		}
}

/* Out of changes here: on in the next file of the list below. */
static void
to_other_file(struct pane *p, bool back)
{
	struct shell *s = p->shell;
	const struct view *kind = p->view;
	struct pane *top;

	if (shell_below(p) == NULL || shell_below(p)->view->list == NULL) {
		shell_message(s, "no %s change in this file",
		    back ? "earlier" : "further");
		return;
	}
	shell_run(s, back ? STR("previous-item") : STR("next-item"));
	top = shell_top(s); /* p is gone if there was another file */
	if (back && top != NULL && top != p && top->view == kind)
		to_last_hunk(top);
}

static void
to_hunk(struct pane *p, bool back)
{
	struct diff_view *v = p->state;
	uint64_t row = v->list.selected;

	while (back ? row-- > 0 : ++row < v->n_rows)
		if (diff_view_hunk_at(v, row) != NULL) {
			list_select(&v->list, row);
			list_place(&v->list, -1);
			return;
		}
	to_other_file(p, back);
}

static void
next_hunk(struct pane *p, const struct call *c)
{
	(void)c;
	to_hunk(p, false);
}

static void
last_hunk(struct pane *p, const struct call *c)
{
	(void)c;
	to_hunk(p, true);
}

static void
to_mate(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;
	const struct diff_line *l = v->list.selected < v->n_rows ?
	    diff_view_line_at(v, v->list.selected) :
	    NULL;
	uint32_t mate = l == NULL ? MOVED_NONE : v->moved[l - v->diff.lines];
	struct diff_moved moved = diff_view_moved(p);
	struct moves_side other;

	(void)c;
	for (size_t i = 0; mate != MOVED_NONE && i < v->n_rows; i++)
		if (v->rows[i].old == mate || v->rows[i].new == mate) {
			shell_jumped(p);
			list_select(&v->list, i);
			return;
		}
	if (l != NULL && diff_moved_away(&moved, l, &other)) {
		struct target t = diff_moved_target(&moved, l, &other);

		shell_jumped(p);
		shell_replace(p, "diff", &t);
		return;
	}
	shell_message(p->shell, "this line did not move");
}

static void
next_file(struct pane *p, const struct call *c)
{
	(void)c;
	shell_run(p->shell, STR("next-item"));
}

static void
last_file(struct pane *p, const struct call *c)
{
	(void)c;
	shell_run(p->shell, STR("previous-item"));
}

static void
more(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;
	uint32_t by = c->count == 0 ? 3 : c->count;

	if (v->options.context < UINT32_MAX / 2 - by)
		v->options.context += by;
	diff_view_again(p);
}

static void
less(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;
	uint32_t by = c->count == 0 ? 3 : c->count;

	v->options.context -= by < v->options.context ? by : v->options.context;
	diff_view_again(p);
}

static void
space(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;

	(void)c;
	v->options.space = (v->options.space + 1) % (DIFF_SPACE_NONE + 1);
	diff_view_again(p);
	shell_message(p->shell, "%s", diff_draw_space(v->options.space));
}

static void
sides(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;

	(void)c;
	v->wanted = v->side_by_side ? 'u' : 's';
	shell_message(p->shell,
	    v->wanted == 's' ? "side by side" : "one under the other");
}

static void
swap(struct pane *p, const struct call *c)
{
	struct diff_view *v = p->state;
	struct target t = {
		.commit = v->old.commit,
		.commit2 = v->new.commit,
		.path = v->old.path,
		.path2 = v->new.path,
	};

	(void)c;
	if (oid_is_zero(&t.commit))
		shell_message(p->shell, "there is no other side");
	else
		shell_replace(p, "diff", &t);
}

/* The side and line of the selected row; a hunk head is its first line. */
static struct diff_side *
side_at(struct diff_view *v, uint32_t *n)
{
	const struct diff_line *l;
	uint64_t row = v->list.selected;

	if (row < v->n_rows && diff_view_hunk_at(v, row) != NULL)
		row++;
	l = row < v->n_rows ? diff_view_line_at(v, row) : NULL;
	*n = 0;
	if (l != NULL)
		*n = l->kind == '-' ? l->old_line : l->new_line;
	if (l != NULL && l->kind == '-')
		return &v->old;
	return v->new.there ? &v->new : &v->old;
}

static void
open_side_view(struct pane *p, const char *view)
{
	struct diff_view *v = p->state;
	struct target t = { 0 };
	struct diff_side *s = side_at(v, &t.line);

	t.commit = s->commit;
	t.commit2 = s == &v->new ? v->old.commit : v->new.commit;
	t.blob = s->blob;
	t.path = s->path;
	t.path2 = s == &v->new ? v->old.path : v->new.path;
	shell_open(p->shell, view, &t);
}

static void
open_file(struct pane *p, const struct call *c)
{
	(void)c;
	open_side_view(p, "file");
}

static void
blame(struct pane *p, const struct call *c)
{
	(void)c;
	open_side_view(p, "blame");
}

static struct anchor
anchor_at(struct diff_view *v, struct diff_side **s, uint32_t *n)
{
	*s = side_at(v, n);
	return code_anchor(&(*s)->code, &(*s)->commit, &(*s)->blob, (*s)->path,
	    *n, *n);
}

static void
compose(struct pane *p, enum hatch_what what)
{
	struct diff_side *s;
	uint32_t n;
	struct anchor an = anchor_at(p->state, &s, &n);

	reading_compose(p->room, what, &an);
}

static void
note(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_NOTE);
}

static void
finding(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_FINDING);
}

/* With Y also the text of the line. */
static void
cite(struct pane *p, const struct call *c)
{
	struct diff_side *s;
	uint32_t n;
	struct anchor an = anchor_at(p->state, &s, &n);

	if (c->key == 'y')
		n = 0;
	reading_tray_add(p->room, &an, &s->code, n, n);
}

const struct command diff_view_commands[] = {
	{ "enter", "Enter", "the file at this line, on its side", open_file,
	    "file", NULL },
	{ "next-hunk", "]c", "next change, on into the next file", next_hunk,
	    "next", NULL },
	{ "last-hunk", "[c", "change before, back into the file before",
	    last_hunk, NULL, NULL },
	{ "next-file", "]f", "next file of the comparison", next_file, NULL,
	    NULL },
	{ "last-file", "[f", "file before", last_file, NULL, NULL },
	{ "mate", "gm", "where a moved line (M) went, or came from", to_mate,
	    NULL, NULL },
	{ "more", "+", "more lines around a change", more, "context", NULL },
	{ "less", "-", "fewer lines around a change", less, NULL, NULL },
	{ "space", "W", "which blanks count", space, "blanks", NULL },
	{ "sides", "S", "side by side, or one under the other", sides, NULL,
	    NULL },
	{ "swap", "P", "the other way round", swap, NULL, NULL },
	{ "blame", "b", "which commit the line comes from", blame, "blame",
	    NULL },
	{ "note", "c", "a note on the line", note, "note", NULL },
	{ "finding", "F", "a finding on the line", finding, NULL, NULL },
	{ "cite", "y", "citation of the line", cite, NULL, NULL },
	{ "quote", "Y", "citation with the text; gy shows all", cite, NULL,
	    NULL },
	{ 0 },
};
