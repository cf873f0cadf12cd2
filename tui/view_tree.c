#include <string.h>

#include "core/git_blob.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/show.h"

enum { TREE_NAME = 14, TREE_LINK_MAX = 200 };

/*
 * One folder of one revision: marks, size or number of files, name.  Going
 * into a folder and out of it stays in this pane.
 */
struct tree_view {
	struct list list;
	struct oid commit;
	struct buf path; /* of the folder, "" the top */
	struct arena arena;
	struct tree_list entries;
};

static struct tree_entry *
entry_at(struct tree_view *v, uint64_t row)
{
	return &v->entries.at[row];
}

static void
entry_path(struct tree_view *v, const struct tree_entry *e, struct buf *b)
{
	buf_str(b, buf_view(&v->path));
	if (v->path.len > 0)
		buf_char(b, '/');
	buf_str(b, e->name);
}

/* Files below a folder, when the list of the revision is there. */
static void
draw_count(struct pane *p, struct str path, const struct list_row *r,
    const struct canvas *line)
{
	struct tree_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct buf b = { 0 };
	size_t from, to;

	if (!f->done)
		return;
	buf_str(&b, path);
	buf_char(&b, '/');
	from = reading_files_place(f, buf_view(&b));
	b.at[b.len - 1] = '/' + 1;
	to = reading_files_place(f, buf_view(&b));
	canvas_printf(line, 0, 3, r->attr, "%7zu f", to - from);
	buf_release(&b);
}

struct glyphs {
	uint8_t note, coverage;
	struct oid blob;
	bool stale;
};

static void
take_mark(void *arg, const struct mark *m)
{
	struct glyphs *g = arg;

	if (strchr("NF?!", m->glyph) != NULL) {
		if (g->note != 'F')
			g->note = m->glyph;
	} else if (g->coverage == 0 || m->glyph != '.') {
		g->coverage = m->glyph;
	}
}

static void
draw_name(struct pane *p, const struct tree_entry *e, const struct list_row *r,
    const struct canvas *line)
{
	struct reading *room = p->room;
	struct canvas_draw d = {
		.text = e->name,
		.attr = r->attr | (e->kind == TREE_FOLDER ? ROLE_NAME : 0),
		.find = r->find,
		.skip = r->skip,
	};
	int col = canvas_text(line, 0, TREE_NAME, line->cols - TREE_NAME, &d);
	struct git_bytes link;

	if (e->kind == TREE_FOLDER) {
		canvas_put(line, 0, col, r->attr | ROLE_NAME, "/");
	} else if (e->kind == TREE_EXEC) {
		canvas_put(line, 0, col, r->attr, "*");
	} else if (e->kind == TREE_MODULE) {
		canvas_printf(line, 0, col, r->attr,
		    "@%.10s  another "
		    "repository, not here",
		    oid_text(&e->id).hex);
	} else if (e->kind == TREE_LINK) {
		col = canvas_put(line, 0, col, r->attr, " -> ");
		if (git_repo_read(&link, reading_repo(room), &e->id, GIT_BLOB,
			LIMIT_PATH) == ERR_NONE) {
			canvas_str(line, 0, col, line->cols - col, r->attr,
			    str_slice(link.bytes, 0, TREE_LINK_MAX));
			git_repo_drop(&link);
		}
		err_clear();
	}
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct tree_view *v = p->state;
	struct tree_entry *e = entry_at(v, r->row);
	struct glyphs g = { 0 };
	struct buf b = { 0 };

	entry_path(v, e, &b);
	reading_marks(p->room, &e->id, buf_view(&b), take_mark, &g);
	if (g.coverage != 0)
		canvas_char(line, 0, 0, r->attr, g.coverage);
	if (g.note != 0)
		canvas_char(line, 0, 1, r->attr | ROLE_WARNING, g.note);
	if (e->kind == TREE_FOLDER) {
		draw_count(p, buf_view(&b), r, line);
	} else if (e->kind != TREE_MODULE) {
		git_tree_size(e, reading_repo(p->room));
		err_clear();
		buf_clear(&b);
		if (e->size >= 0)
			show_size((uint64_t)e->size, &b);
		else
			buf_str(&b,
			    reading_start(p->room)->session ? STR("withheld") :
							      STR("absent"));
		canvas_printf(line, 0, 3, r->attr | ROLE_NUMBER, "%9.*s",
		    STR_ARG(buf_view(&b)));
	}
	draw_name(p, e, r, line);
	buf_release(&b);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;

	(void)b;
	return entry_at(p->state, row)->name;
}

static const struct list_source source = { draw_row, row_text, NULL };

/* Shows another folder; on failure all stays as it was. */
static enum err
show_folder(struct pane *p, struct str path)
{
	struct tree_view *v = p->state;
	struct git_repo *repo = reading_repo(p->room);
	struct arena a = { 0 };
	struct tree_list got;
	struct tree_entry e;
	struct buf copy = { 0 };
	struct oid tree;
	enum err rc = git_tree_of(&tree, repo, &v->commit);

	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, path);
	if (rc == ERR_NONE && e.kind != TREE_FOLDER)
		rc = fail(ERR_ABSENT, "no folder in this revision");
	if (rc == ERR_NONE)
		rc = git_tree_list(&got, &a, repo, &e.id);
	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	arena_release(&v->arena);
	v->arena = a;
	v->entries = got;
	buf_str(&copy, path); /* path may be a piece of v->path */
	buf_release(&v->path);
	v->path = copy;
	list_count(&v->list, got.len, false);
	list_changed(&v->list);
	list_select(&v->list, 0);
	return ERR_NONE;
}

static struct str
parent_of(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/')
			return str_slice(path, 0, i - 1);
	return STR("");
}

static bool
select_name(struct tree_view *v, struct str path)
{
	struct str dir = parent_of(path);
	struct str name =
	    str_slice(path, dir.len > 0 ? dir.len + 1 : 0, path.len);

	for (size_t i = 0; i < v->entries.len; i++)
		if (str_eq(v->entries.at[i].name, name)) {
			list_select(&v->list, i);
			return true;
		}
	return false;
}

static void
say_absent(struct pane *p, struct str path)
{
	struct buf b = { 0 };

	buf_str(&b, path);
	buf_str(&b, STR(": no such path in this revision"));
	shell_say(p->shell, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

/* A folder, or the folder of a file with that file selected. */
static enum err
show_path(struct pane *p, struct str path)
{
	struct tree_view *v = p->state;
	enum err rc = show_folder(p, path);

	if (rc != ERR_ABSENT || path.len == 0)
		return rc;
	err_clear();
	rc = show_folder(p, parent_of(path));
	if (rc == ERR_ABSENT)
		return fail(ERR_ABSENT,
		    "%.*s: no such path in this "
		    "revision",
		    STR_ARG(path));
	if (rc == ERR_NONE && !select_name(v, path))
		say_absent(p, path);
	return rc;
}

static void
release(struct tree_view *v)
{
	list_release(&v->list);
	arena_release(&v->arena);
	buf_release(&v->path);
}

static enum err
tree_open(struct pane *p, const struct target *t)
{
	struct tree_view *v = p->state;
	enum err rc;

	rc = reading_commit_of(&v->commit, p->room, t);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	v->list.empty = "an empty folder";
	/* ":tree PATH" comes as text. */
	rc = show_path(p, t->path.len > 0 ? t->path : t->text);
	if (rc != ERR_NONE)
		release(v);
	else
		(void)reading_files_of(p->room, &v->commit);
	return rc;
}

static void
tree_close(struct pane *p)
{
	release(p->state);
}

static void
tree_title(struct pane *p, struct canvas *line)
{
	struct tree_view *v = p->state;
	struct buf b = { 0 };
	int col;

	reading_title(p->room, &v->commit, &b);
	col = canvas_str(line, 0, 0, 40, ROLE_TITLE, buf_view(&b));
	buf_clear(&b);
	if (v->list.selected < v->entries.len)
		entry_path(v, entry_at(v, v->list.selected), &b);
	else
		buf_str(&b, buf_view(&v->path));
	canvas_path(line, 0, col + 1, line->cols - col - 5, ROLE_TITLE,
	    buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
tree_status(struct pane *p, struct canvas *line)
{
	struct tree_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct buf b = { 0 };
	int col;

	list_position(&v->list, &b);
	buf_str(&b, v->path.len > 0 ? STR(" in ") : STR(" at the top"));
	col = canvas_str(line, 0, 0, 24, ROLE_STATUS, buf_view(&b));
	col = canvas_path(line, 0, col, line->cols - col - 34, ROLE_STATUS,
	    buf_view(&v->path));
	if (v->entries.unsorted)
		col = canvas_put(line, 0, col, ROLE_STATUS,
		    " | names out of order");
	buf_clear(&b);
	if (!f->done)
		buf_printf(&b, " | >%zu files, listing", f->len);
	else
		buf_printf(&b, " | %zu files in this revision", f->len);
	if (f->troubles > 0)
		buf_printf(&b, ", %u folders cannot be read", f->troubles);
	canvas_str(line, 0, col, line->cols - col, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
tree_list(struct pane *p)
{
	struct tree_view *v = p->state;

	return &v->list;
}

static void
tree_where(struct pane *p, struct target *t)
{
	struct tree_view *v = p->state;
	struct buf b = { 0 };

	*t = (struct target){ .commit = v->commit };
	if (v->list.selected < v->entries.len)
		entry_path(v, entry_at(v, v->list.selected), &b);
	else
		buf_str(&b, buf_view(&v->path));
	t->path = arena_copy(&p->arena, buf_view(&b));
	buf_release(&b);
}

/* where() names the selected entry: its folder is what is shown. */
static bool
tree_go(struct pane *p, const struct target *t)
{
	struct tree_view *v = p->state;
	enum err rc;

	if (!oid_eq(&v->commit, &t->commit))
		return false;
	rc = show_folder(p, parent_of(t->path));
	if (rc == ERR_NONE)
		select_name(v, t->path);
	else
		shell_error(p->shell, rc);
	return true;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct tree_view *v = p->state;
	struct target t = { .commit = v->commit };
	struct tree_entry *e;
	struct buf b = { 0 };
	enum err rc;

	(void)c;
	if (v->list.selected >= v->entries.len)
		return;
	e = entry_at(v, v->list.selected);
	entry_path(v, e, &b);
	if (e->kind == TREE_FOLDER) {
		shell_jumped(p);
		rc = show_folder(p, buf_view(&b));
		shell_error(p->shell, rc);
	} else if (e->kind == TREE_MODULE) {
		shell_message(p->shell,
		    "a submodule: commit %.10s of "
		    "another repository",
		    oid_text(&e->id).hex);
	} else {
		t.path = buf_view(&b);
		t.blob = e->id;
		shell_open(p->shell, "file", &t);
	}
	buf_release(&b);
}

static void
run_up(struct pane *p, const struct call *c)
{
	struct tree_view *v = p->state;
	struct buf from = { 0 };
	enum err rc;

	(void)c;
	if (v->path.len == 0) {
		shell_message(p->shell, "this is the top folder");
		return;
	}
	buf_str(&from, buf_view(&v->path));
	rc = show_folder(p, parent_of(buf_view(&from)));
	if (rc == ERR_NONE)
		select_name(v, buf_view(&from));
	else
		shell_error(p->shell, rc);
	buf_release(&from);
}

static void
note_on(struct pane *p, enum hatch_what what)
{
	struct tree_view *v = p->state;
	struct anchor an = { .commit = v->commit };
	struct tree_entry *e;
	struct buf b = { 0 };

	if (v->list.selected >= v->entries.len)
		return;
	e = entry_at(v, v->list.selected);
	entry_path(v, e, &b);
	an.path = buf_view(&b);
	if (e->kind != TREE_FOLDER && e->kind != TREE_MODULE)
		an.blob = e->id;
	reading_compose(p->room, what, &an);
	buf_release(&b);
}

static void
run_note(struct pane *p, const struct call *c)
{
	(void)c;
	note_on(p, HATCH_NOTE);
}

static void
run_finding(struct pane *p, const struct call *c)
{
	(void)c;
	note_on(p, HATCH_FINDING);
}

static const struct command commands[] = {
	{ "enter", "Enter", "into the folder, or open the file", run_enter,
	    "open", NULL },
	{ "parent", "-", "out of the folder", run_up, "up", NULL },
	{ "note", "c C", "a note on this file or folder", run_note, "note",
	    NULL },
	{ "finding", "F", "a finding on this file or folder", run_finding, NULL,
	    NULL },
	{ 0 },
};

const struct view view_tree = {
	.name = "tree",
	.about = "folders and files of a revision",
	.args = "PATH",
	.state_size = sizeof(struct tree_view),
	.commands = commands,
	.open = tree_open,
	.close = tree_close,
	.title = tree_title,
	.status = tree_status,
	.list = tree_list,
	.where = tree_where,
	.go = tree_go,
};
