#include "tui/changes.h"
#include "tui/reading.h"

/* Which files differ between two revisions. */
struct compare_view {
	struct list list;
	struct changes_view changes;
	struct oid new, old;
	struct str want; /* the file or folder one came from; "" once shown */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct compare_view *v = p->state;

	changes_draw(&v->changes, r->row, r, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct compare_view *v = p->state;

	return changes_text(&v->changes, row, b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static bool
lies_in(struct str path, struct str folder)
{
	return str_starts(path, folder) && path.len > folder.len &&
	    path.at[folder.len] == '/';
}

/* The row of the file that one came from, or the first of the folder. */
static size_t
wanted_row(const struct compare_view *v)
{
	size_t row = changes_find(&v->changes, v->want);

	for (size_t i = 0; row == SIZE_MAX && i < v->changes.rows; i++)
		if (lies_in(changes_row(&v->changes, i)->new_path, v->want))
			row = i;
	return row;
}

static void
show_wanted(struct pane *p)
{
	struct compare_view *v = p->state;
	size_t row = wanted_row(v);
	struct buf b = { 0 };

	if (row != SIZE_MAX && v->list.selected == 0) {
		list_select(&v->list, row);
	} else if (row == SIZE_MAX) {
		buf_str(&b, v->want);
		buf_str(&b, STR(": the same in both"));
		shell_say(p->shell, ROLE_TEXT, buf_view(&b));
		buf_release(&b);
	}
	v->want = STR("");
}

static void
news(struct pane *p)
{
	struct compare_view *v = p->state;

	list_count(&v->list, v->changes.rows, !v->changes.done);
	v->list.empty =
	    v->changes.done ? "the two are the same" : "comparing ...";
	if (v->changes.settled && v->want.len > 0)
		show_wanted(p);
	shell_redraw(p->shell);
}

/* ":compare OLD [NEW]" comes as text. */
static enum err
take_names(struct pane *p, struct str text)
{
	struct compare_view *v = p->state;
	struct str rest = text, old;
	enum err rc;

	if (!str_cut(&rest, ' ', &old))
		return ERR_NONE;
	rc = reading_resolve(&v->old, p->room, old);
	if (rc == ERR_NONE && rest.at != NULL)
		rc = reading_resolve(&v->new, p->room, str_trim(rest));
	return rc;
}

static enum err
compare_open(struct pane *p, const struct target *t)
{
	struct compare_view *v = p->state;
	enum err rc;

	v->new = oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	v->old = t->commit2;
	v->want = t->path;
	if (t->text.len > 0) {
		rc = take_names(p, t->text);
		if (rc != ERR_NONE)
			return rc;
	}
	if (oid_is_zero(&v->new))
		return fail(ERR_ABSENT, "there is no commit to read yet");
	if (oid_is_zero(&v->old))
		return fail(ERR_ABSENT,
		    "compare with what? D asks for a "
		    "revision");
	list_init(&v->list, &source, p);
	v->list.empty = "comparing ...";
	list_count(&v->list, 0, true);
	changes_start(&v->changes, p, &v->old, &v->new, news);
	return ERR_NONE;
}

static void
compare_close(struct pane *p)
{
	struct compare_view *v = p->state;

	changes_release(&v->changes);
	list_release(&v->list);
}

static bool
compare_stop(struct pane *p)
{
	struct compare_view *v = p->state;

	return changes_stop(&v->changes);
}

static void
compare_title(struct pane *p, struct canvas *line)
{
	struct compare_view *v = p->state;
	struct buf b = { 0 };

	reading_title(p->room, &v->old, &b);
	buf_str(&b, STR(" .. "));
	reading_name(p->room, &v->new, &b);
	buf_str(&b, STR("  what changed"));
	canvas_str(line, 0, 0, line->cols - 3, ROLE_TITLE, buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
compare_status(struct pane *p, struct canvas *line)
{
	struct compare_view *v = p->state;
	struct buf b = { 0 };

	list_position(&v->list, &b);
	buf_str(&b, STR("  "));
	changes_sum(&v->changes, &b);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
compare_list(struct pane *p)
{
	struct compare_view *v = p->state;

	return &v->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct compare_view *v = p->state;
	struct target t = { .commit = v->new, .commit2 = v->old };
	const struct change *change;

	(void)c;
	if (v->list.selected >= v->changes.rows)
		return;
	change = changes_row(&v->changes, v->list.selected);
	t.path = change->new_path;
	t.path2 = change->old_path;
	shell_open(p->shell, "diff", &t);
}

/* Every change one under the other. */
static void
run_patch(struct pane *p, const struct call *c)
{
	struct compare_view *v = p->state;
	struct target t = { .commit = v->new, .commit2 = v->old };

	(void)c;
	if (v->list.selected < v->changes.rows)
		t.path = changes_row(&v->changes, v->list.selected)->new_path;
	shell_open(p->shell, "patch", &t);
}

static void
run_swap(struct pane *p, const struct call *c)
{
	struct compare_view *v = p->state;
	struct target t = { .commit = v->old, .commit2 = v->new };

	(void)c;
	shell_replace(p, "compare", &t);
}

static void
compare_where(struct pane *p, struct target *t)
{
	struct compare_view *v = p->state;

	t->commit = v->new;
	t->commit2 = v->old;
	if (v->list.selected < v->changes.rows)
		t->path = changes_row(&v->changes, v->list.selected)->new_path;
}

static bool
compare_go(struct pane *p, const struct target *t)
{
	struct compare_view *v = p->state;
	size_t row;

	if (!oid_eq(&t->commit, &v->new) || !oid_eq(&t->commit2, &v->old))
		return false;
	row = changes_find(&v->changes, t->path);
	if (row != SIZE_MAX)
		list_select(&v->list, row);
	return true;
}

static const struct command commands[] = {
	{ "show", "Enter", "what changed in the file", run_enter, "diff",
	    NULL },
	{ "whole", "p", "all changes in one piece", run_patch, "patch", NULL },
	{ "swap", "P", "the other way round", run_swap, "swap", NULL },
	{ 0 },
};

const struct view view_compare = {
	.name = "compare",
	.about = "which files differ between two revisions",
	.args = "OLD [NEW]",
	.state_size = sizeof(struct compare_view),
	.commands = commands,
	.open = compare_open,
	.close = compare_close,
	.title = compare_title,
	.status = compare_status,
	.list = compare_list,
	.stop = compare_stop,
	.where = compare_where,
	.go = compare_go,
};
