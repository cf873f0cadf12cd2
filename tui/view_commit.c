#include <string.h>

#include "core/git_commit.h"
#include "tui/changes.h"
#include "tui/reading.h"
#include "tui/show.h"

/*
 * A commit: what it says of itself, then which files it changed against its
 * first parent.  Rows are the lines of the first part, then the files.
 */
struct commit_view {
	struct list list;
	struct commit commit;
	struct git_bytes raw;
	struct head_line {
		struct str text;
		uint16_t attr;
	} * lines;
	size_t n_lines, room;
	struct changes_view changes;
	uint32_t parent; /* against which one, from 0 */
	bool placed;     /* the file of the target is selected */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct commit_view *v = p->state;
	struct canvas_draw d = { .skip = r->skip, .find = r->find };

	if (r->row >= v->n_lines) {
		changes_draw(&v->changes, r->row - v->n_lines, r, line);
		return;
	}
	d.text = v->lines[r->row].text;
	d.attr = r->attr | v->lines[r->row].attr;
	canvas_text(line, 0, 0, line->cols, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct commit_view *v = p->state;

	if (row >= v->n_lines)
		return changes_text(&v->changes, row - v->n_lines, b);
	return v->lines[row].text;
}

static const struct list_source source = { draw_row, row_text, NULL };

static void
news(struct pane *p)
{
	struct commit_view *v = p->state;
	size_t row;

	list_count(&v->list, v->n_lines + v->changes.rows, !v->changes.done);
	if (!v->placed && p->target.path.len > 0) {
		row = changes_find(&v->changes, p->target.path);
		if (row != SIZE_MAX) {
			list_select(&v->list, v->n_lines + row);
			v->placed = true;
		}
	}
	shell_redraw(p->shell);
}

static void
add_line(struct pane *p, uint16_t attr, struct str text)
{
	struct commit_view *v = p->state;

	v->lines = arena_more(&p->arena, v->lines, v->n_lines, &v->room,
	    sizeof *v->lines);
	v->lines[v->n_lines++] = (struct head_line){ text, attr };
}

static void
add_person(struct pane *p, const char *label, const struct person *who)
{
	struct buf b = { 0 };

	buf_printf(&b, "%-10s", label);
	buf_str(&b, who->name);
	buf_str(&b, STR(" <"));
	buf_str(&b, who->mail);
	buf_str(&b, STR(">  "));
	show_time(who, &b);
	if (who->bad)
		buf_str(&b, STR("  (this line is damaged)"));
	add_line(p, ROLE_NAME, arena_copy(&p->arena, buf_view(&b)));
	buf_release(&b);
}

static void
add_ids(struct pane *p)
{
	struct commit_view *v = p->state;
	const struct commit *c = &v->commit;
	struct buf b = { 0 };

	buf_printf(&b, "commit    %s  ", oid_text(&c->id).hex);
	reading_refs_of(p->room, &c->id, &b);
	add_line(p, ROLE_NUMBER, arena_copy(&p->arena, buf_view(&b)));
	add_line(p, ROLE_NUMBER,
	    arena_printf(&p->arena, "tree      %s", oid_text(&c->tree).hex));
	for (uint32_t i = 0; i < c->n_parents && i < 16; i++)
		add_line(p, ROLE_NUMBER,
		    arena_printf(&p->arena, "parent %-2u %s%s", i + 1,
			oid_text(&c->parents[i]).hex,
			c->n_parents > 1 && i == v->parent ?
			    "  compared with this one" :
			    ""));
	if (c->n_parents > 16)
		add_line(p, ROLE_NUMBER,
		    arena_printf(&p->arena, "          ... and %u more parents",
			c->n_parents - 16));
	buf_release(&b);
}

static void
add_head(struct pane *p)
{
	struct commit_view *v = p->state;
	const struct commit *c = &v->commit;
	struct str rest = c->message, line;

	add_ids(p);
	add_person(p, "author", &c->author);
	add_person(p, "committer", &c->committer);
	if (c->encoding.len > 0)
		add_line(p, ROLE_TEXT,
		    arena_printf(&p->arena, "encoding  %.*s",
			STR_ARG(str_slice(c->encoding, 0, 60))));
	if (c->is_signed)
		add_line(p, ROLE_TEXT,
		    STR("signed    a signature is there; it is not checked"));
	if (c->bad)
		add_line(p, ROLE_WARNING,
		    STR("! headers of this commit are missing or out of "
			"order"));
	add_line(p, ROLE_TEXT, STR(""));
	while (str_cut(&rest, '\n', &line)) {
		struct buf b = { 0 };

		buf_str(&b, STR("    "));
		buf_str(&b, line);
		add_line(p, ROLE_TEXT, arena_copy(&p->arena, buf_view(&b)));
		buf_release(&b);
	}
	add_line(p, ROLE_TEXT, STR(""));
}

static struct oid
older_side(const struct commit_view *v)
{
	struct oid none = { 0 };

	return v->parent < v->commit.n_parents ? v->commit.parents[v->parent] :
						 none;
}

static enum err
commit_open(struct pane *p, const struct target *t)
{
	struct commit_view *v = p->state;
	struct oid id =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	struct oid old;
	enum err rc = ERR_NONE;

	if (t->text.len > 0)
		rc = reading_resolve(&id, p->room, t->text);
	if (rc == ERR_NONE)
		rc = git_commit_read(&v->commit, &p->arena,
		    reading_repo(p->room), &id);
	if (rc != ERR_NONE)
		return rc;
	v->parent = (uint32_t)t->number;
	list_init(&v->list, &source, p);
	add_head(p);
	list_count(&v->list, v->n_lines, true);
	old = older_side(v);
	changes_start(&v->changes, p, &old, &v->commit.id, news);
	return ERR_NONE;
}

static void
commit_close(struct pane *p)
{
	struct commit_view *v = p->state;

	changes_release(&v->changes);
	list_release(&v->list);
}

static bool
commit_stop(struct pane *p)
{
	struct commit_view *v = p->state;

	return changes_stop(&v->changes);
}

static void
commit_title(struct pane *p, struct canvas *line)
{
	struct commit_view *v = p->state;
	struct buf b = { 0 };

	reading_title(p->room, &v->commit.id, &b);
	buf_str(&b, STR("  "));
	buf_str(&b, v->commit.subject);
	canvas_str(line, 0, 0, line->cols - 3, ROLE_TITLE, buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
commit_status(struct pane *p, struct canvas *line)
{
	struct commit_view *v = p->state;
	struct buf b = { 0 };

	list_position(&v->list, &b);
	buf_str(&b, STR("  "));
	changes_sum(&v->changes, &b);
	if (v->commit.n_parents > 1)
		buf_printf(&b, "  merge, against parent %u of %u",
		    v->parent + 1, v->commit.n_parents);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
commit_list(struct pane *p)
{
	struct commit_view *v = p->state;

	return &v->list;
}

/* A parent opens as a commit, a file as its diff. */
static void
run_enter(struct pane *p, const struct call *c)
{
	struct commit_view *v = p->state;
	struct target t = { .commit = v->commit.id };
	const struct change *change;
	uint64_t row = v->list.selected;

	(void)c;
	if (row >= 2 && row < 2 + (uint64_t)v->commit.n_parents && row < 18) {
		t.commit = v->commit.parents[row - 2];
		shell_open(p->shell, "commit", &t);
	} else if (row >= v->n_lines && row - v->n_lines < v->changes.rows) {
		change = changes_row(&v->changes, row - v->n_lines);
		t.commit2 = older_side(v);
		t.path = change->new_path;
		t.path2 = change->old_path;
		shell_open(p->shell, "diff", &t);
	}
}

static void
run_tree(struct pane *p, const struct call *c)
{
	struct commit_view *v = p->state;
	struct target t = { .commit = v->commit.id };

	(void)c;
	shell_open(p->shell, "tree", &t);
}

static void
run_patch(struct pane *p, const struct call *c)
{
	struct commit_view *v = p->state;
	struct target t = { .commit = v->commit.id, .commit2 = older_side(v) };

	(void)c;
	if (v->list.selected >= v->n_lines &&
	    v->list.selected - v->n_lines < v->changes.rows)
		t.path = changes_row(&v->changes, v->list.selected - v->n_lines)
			     ->new_path;
	shell_open(p->shell, "patch", &t);
}

/* Against the next parent of a merge. */
static void
run_parent(struct pane *p, const struct call *c)
{
	struct commit_view *v = p->state;
	struct target t = { .commit = v->commit.id };

	(void)c;
	if (v->commit.n_parents < 2) {
		shell_message(p->shell, "this commit has %u parent%s",
		    v->commit.n_parents, v->commit.n_parents == 1 ? "" : "s");
		return;
	}
	t.number = (v->parent + 1) % v->commit.n_parents;
	shell_replace(p, "commit", &t);
}

static void
to_file(struct pane *p, int by)
{
	struct commit_view *v = p->state;

	if (v->list.selected < v->n_lines)
		list_select(&v->list, v->n_lines);
	else
		list_move(&v->list, by);
}

static void
run_next_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, 1);
}

static void
run_last_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, -1);
}

static void
run_note(struct pane *p, const struct call *c)
{
	struct commit_view *v = p->state;
	struct anchor an = { .commit = v->commit.id };

	(void)c;
	reading_compose(p->room, HATCH_NOTE, &an);
}

static void
commit_where(struct pane *p, struct target *t)
{
	struct commit_view *v = p->state;

	t->commit = v->commit.id;
	t->number = v->parent;
	if (v->list.selected >= v->n_lines &&
	    v->list.selected - v->n_lines < v->changes.rows)
		t->path =
		    changes_row(&v->changes, v->list.selected - v->n_lines)
			->new_path;
}

static bool
commit_go(struct pane *p, const struct target *t)
{
	struct commit_view *v = p->state;
	size_t row;

	if (!oid_eq(&t->commit, &v->commit.id) || t->number != v->parent)
		return false;
	row = t->path.len > 0 ? changes_find(&v->changes, t->path) : SIZE_MAX;
	list_select(&v->list, row == SIZE_MAX ? 0 : v->n_lines + row);
	return true;
}

static const struct command commands[] = {
	{ "show", "Enter", "what changed in the file; the parent", run_enter,
	    "diff", NULL },
	{ "folder", "t", "folders and files of this commit", run_tree, "tree",
	    NULL },
	{ "whole", "p", "all changes in one piece", run_patch, "patch", NULL },
	{ "parent", "P", "against the next parent of a merge", run_parent, NULL,
	    NULL },
	{ "next-file", "]f", "next file", run_next_file, NULL, NULL },
	{ "last-file", "[f", "file before", run_last_file, NULL, NULL },
	{ "note", "c C", "a note on this commit", run_note, "note", NULL },
	{ 0 },
};

const struct view view_commit = {
	.name = "commit",
	.about = "what a commit says and which files it changed",
	.args = "REVISION",
	.state_size = sizeof(struct commit_view),
	.commands = commands,
	.open = commit_open,
	.close = commit_close,
	.title = commit_title,
	.status = commit_status,
	.list = commit_list,
	.stop = commit_stop,
	.where = commit_where,
	.go = commit_go,
};
