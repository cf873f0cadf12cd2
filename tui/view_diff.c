#include <string.h>

#include "tui/diff_draw.h"
#include "tui/diff_view.h"
#include "tui/reading.h"
#include "tui/reading_code.h"

enum { DIFF_MAX = 64 << 20, DIFF_WIDE = 140 };

const struct diff_hunk *
diff_view_hunk_at(const struct diff_view *v, uint64_t row)
{
	return v->rows[row].hunk == DIFF_ROWS_NONE ?
	    NULL :
	    &v->diff.hunks[v->rows[row].hunk];
}

static const struct diff_line *
line_of(const struct diff_view *v, uint32_t n)
{
	return n == DIFF_ROWS_NONE ? NULL : &v->diff.lines[n];
}

/* Of a row with two lines the newer one. */
const struct diff_line *
diff_view_line_at(const struct diff_view *v, uint64_t row)
{
	const struct diff_line *l = line_of(v, v->rows[row].new);

	return l != NULL ? l : line_of(v, v->rows[row].old);
}

/* How text of this file is read. */
static struct text_style
style_of(struct pane *p)
{
	struct diff_view *v = p->state;
	struct text_style style = shell_options(p->shell)->style;

	style.encoding = v->new.code.style.encoding;
	return style;
}

struct diff_moved
diff_view_moved(struct pane *p)
{
	struct diff_view *v = p->state;

	return (struct diff_moved){ p->room, &v->old.commit, &v->new.commit,
		v->old.path, v->new.path, &v->diff, v->moved };
}

static void
draw_pair(struct pane *p, const struct list_row *r, const struct canvas *line)
{
	struct diff_view *v = p->state;
	const struct diff_line *old = line_of(v, v->rows[r->row].old);
	const struct diff_line *new = line_of(v, v->rows[r->row].new);
	struct text_style style = style_of(p);
	struct diff_moved moved = diff_view_moved(p);
	int half = (line->cols - 1) / 2;
	struct canvas left = canvas_part(line, 0, 0, 1, half);
	struct canvas right =
	    canvas_part(line, 0, half + 1, 1, line->cols - half - 1);

	canvas_char(line, 0, half, r->attr | ROLE_FAINT, '|');
	if (old != NULL) {
		diff_draw_number(&left, 0, r->attr, old->old_line);
		diff_draw_text(&(struct diff_draw){ old, new, style,
				   diff_moved_is(&moved, old) },
		    r, &left, DIFF_DRAW_NUMBER);
	}
	if (new != NULL) {
		diff_draw_number(&right, 0, r->attr, new->new_line);
		diff_draw_text(&(struct diff_draw){ new, old, style,
				   diff_moved_is(&moved, new) },
		    r, &right, DIFF_DRAW_NUMBER);
	}
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct diff_view *v = p->state;
	const struct diff_hunk *h = diff_view_hunk_at(v, r->row);
	struct diff_moved moved = diff_view_moved(p);

	if (h != NULL)
		diff_draw_hunk(h, r, line);
	else if (v->side_by_side)
		draw_pair(p, r, line);
	else
		diff_draw_line(&(struct diff_draw){ diff_view_line_at(v,
							r->row),
				   line_of(v, v->rows[r->row].mate),
				   style_of(p),
				   diff_moved_is(&moved,
				       diff_view_line_at(v, r->row)) },
		    r, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct diff_view *v = p->state;
	const struct diff_hunk *h = diff_view_hunk_at(v, row);

	(void)b;
	return h != NULL ? h->head : diff_view_line_at(v, row)->text;
}

static const struct list_source source = { draw_row, row_text, NULL };

static void
make_rows(struct diff_view *v)
{
	const struct file_diff *d = &v->diff;

	v->rows = arena_array(&v->arena, d->n_hunks + d->n_lines + 1,
	    struct diff_row);
	v->n_rows = diff_rows_make(v->rows, d, v->side_by_side);
}

/* The row that shows the same line as before, after rows were made anew. */
static uint64_t
row_of_line(const struct diff_view *v, uint32_t old, uint32_t new)
{
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct diff_line *l = diff_view_line_at(v, i);

		if (l != NULL &&
		    ((new != 0 && l->new_line >= new) ||
			(new == 0 && l->old_line >= old)))
			return i;
	}
	return 0;
}

/* The differences are known: rows, and the line that was selected. */
static void
show(struct pane *p)
{
	struct diff_view *v = p->state;

	v->moved = diff_draw_moved(&v->diff, &v->arena);
	make_rows(v);
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
	if (v->old_line != 0 || v->new_line != 0)
		list_select(&v->list, row_of_line(v, v->old_line, v->new_line));
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct pane *p = arg;
	struct diff_view *v = p->state;

	v->diff = v->job.diff;
	v->job.diff = (struct file_diff){ 0 };
	if (rc == ERR_NONE) {
		show(p);
	} else {
		v->notice = "it could not be compared, :messages";
		list_count(&v->list, 0, false);
		shell_say(p->shell, ROLE_ERROR, text);
	}
	shell_redraw(p->shell);
}

/* Whoever looks at large files goes on typing meanwhile. */
static bool
compare_later(struct pane *p)
{
	struct diff_view *v = p->state;
	struct code *o = &v->old.code, *n = &v->new.code;
	struct oid none = { 0 };

	if (o->text.len + n->text.len < DIFF_JOB_LEAST ||
	    o->converted.utf8.len > 0 || n->converted.utf8.len > 0)
		return false;
	v->job.room = p->room;
	v->job.old = o;
	v->job.new = n;
	v->job.arena = &v->arena;
	v->job.done = on_done;
	v->job.arg = p;
	v->n_rows = 0;
	list_count(&v->list, 0, true);
	diff_job_start(&v->job, v->old.there ? &v->old.blob : &none,
	    v->new.there ? &v->new.blob : &none, &v->options);
	return true;
}

static enum err
compare(struct pane *p)
{
	struct diff_view *v = p->state;
	enum err rc;

	(void)diff_job_stop(&v->job);
	arena_clear(&v->arena);
	v->diff = (struct file_diff){ 0 };
	v->notice = NULL;
	if (v->old.code.text.len + v->new.code.text.len > DIFF_MAX) {
		v->notice = "too large to be compared line by line";
		v->n_rows = 0;
		list_count(&v->list, 0, false);
		return ERR_NONE;
	}
	if (compare_later(p))
		return ERR_NONE;
	rc = git_diff_bytes(&v->diff, &v->arena, v->old.code.text,
	    v->new.code.text, &v->options);
	if (rc == ERR_NONE)
		show(p);
	return rc;
}

static void
keep_line(struct diff_view *v)
{
	const struct diff_line *l = v->list.selected < v->n_rows ?
	    diff_view_line_at(v, v->list.selected) :
	    NULL;

	if (v->n_rows == 0)
		return; /* what was wanted still is */
	v->old_line = l == NULL ? 0 : l->old_line;
	v->new_line = l == NULL ? 0 : l->new_line;
}

void
diff_view_again(struct pane *p)
{
	struct diff_view *v = p->state;

	keep_line(v);
	shell_error(p->shell, compare(p));
}

static enum err
open_side(struct pane *p, struct diff_side *s, const struct oid *commit,
    struct str path)
{
	struct git_repo *repo = reading_repo(p->room);
	struct tree_entry e;
	struct oid tree;
	enum err rc;

	s->commit = *commit;
	s->path = path;
	if (oid_is_zero(commit) || path.len == 0)
		return ERR_NONE;
	rc = git_tree_of(&tree, repo, commit);
	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, path);
	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc != ERR_NONE)
		return rc;
	s->blob = e.id;
	if (e.kind == TREE_FOLDER || e.kind == TREE_MODULE)
		return fail(ERR_ABSENT, "a %s on one side, not a file",
		    e.kind == TREE_FOLDER ? "folder" : "submodule");
	s->there = true;
	rc = reading_code(&s->code, p->room, &e.id, path);
	if (rc == ERR_NONE)
		code_finish(&s->code);
	return rc;
}

static void
release(struct diff_view *v)
{
	(void)diff_job_stop(&v->job);
	list_release(&v->list);
	arena_release(&v->arena);
	code_close(&v->old.code);
	code_close(&v->new.code);
}

static enum err
diff_open(struct pane *p, const struct target *t)
{
	struct diff_view *v = p->state;
	struct oid commit =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	enum err rc;

	v->options.context = 3;
	v->new_line = t->line;
	v->old_line = t->line > 0 ? 0 : (uint32_t)t->number;
	list_init(&v->list, &source, p);
	rc = open_side(p, &v->new, &commit, t->path);
	if (rc == ERR_NONE)
		rc = open_side(p, &v->old, &t->commit2,
		    t->path2.len > 0 ? t->path2 : t->path);
	if (rc == ERR_NONE && !v->new.there && !v->old.there)
		rc = fail(ERR_ABSENT,
		    t->path.len == 0 ?
			"which file?  Enter on its row of a comparison (D)" :
			"neither side has this file");
	if (rc == ERR_NONE)
		rc = compare(p);
	if (rc == ERR_NONE)
		moves_want(p->room, &v->old.commit, &v->new.commit);
	if (rc != ERR_NONE)
		release(v);
	return rc;
}

static void
diff_close(struct pane *p)
{
	release(p->state);
}

/* Side by side where there is room for it, unless S said otherwise. */
static void
choose_way(struct pane *p, int cols)
{
	struct diff_view *v = p->state;
	bool side = v->wanted == 0 ? cols >= DIFF_WIDE : v->wanted == 's';

	if (side == v->side_by_side)
		return;
	v->side_by_side = side;
	if (v->n_rows == 0)
		return;
	keep_line(v);
	make_rows(v);
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
	if (v->old_line != 0 || v->new_line != 0)
		list_select(&v->list, row_of_line(v, v->old_line, v->new_line));
}

static void
diff_draw(struct pane *p, struct canvas *c)
{
	struct diff_view *v = p->state;

	choose_way(p, c->cols);

	v->list.empty = v->notice != NULL ? v->notice :
	    v->job.id != 0                ? "comparing ..." :
	    oid_eq(&v->old.blob, &v->new.blob) ?
			     "the two are the same" :
	    v->options.space == DIFF_SPACE_ALL ?
			     "the characters are the same" :
			     "only blanks differ - W shows them";
	list_draw(&v->list, c);
}

static void
diff_title(struct pane *p, struct canvas *line)
{
	struct diff_view *v = p->state;
	struct buf b = { 0 };
	int col;

	reading_title(p->room, &v->new.commit, &b);
	buf_str(&b, STR(" "));
	if (oid_is_zero(&v->old.commit)) {
		buf_str(&b, STR("against nothing"));
	} else {
		buf_str(&b, STR("against "));
		reading_name(p->room, &v->old.commit, &b);
	}
	col = canvas_str(line, 0, 0, 50, ROLE_TITLE, buf_view(&b));
	canvas_path(line, 0, col + 1, line->cols - col - 5, ROLE_TITLE,
	    v->new.path.len > 0 ? v->new.path : v->old.path);
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
diff_status(struct pane *p, struct canvas *line)
{
	struct diff_view *v = p->state;
	struct diff_moved moved = diff_view_moved(p);
	struct buf b = { 0 };

	if (v->job.id != 0) {
		canvas_put(line, 0, 0, ROLE_STATUS,
		    "large files: comparing, Esc stops");
		return;
	}
	list_position(&v->list, &b);
	buf_printf(&b, "  %zu hunk%s, +%u -%u", v->diff.n_hunks,
	    v->diff.n_hunks == 1 ? "" : "s", v->diff.added, v->diff.deleted);
	diff_moved_say(&moved,
	    v->list.selected < v->n_rows ?
		diff_view_line_at(v, v->list.selected) :
		NULL,
	    &b);
	diff_draw_options(&v->options, &b);
	if (*moves_state(p->room, &v->old.commit, &v->new.commit) != '\0')
		buf_printf(&b, "  %s",
		    moves_state(p->room, &v->old.commit, &v->new.commit));
	if (v->old.there && v->new.there && !str_eq(v->old.path, v->new.path)) {
		buf_str(&b, STR("  was "));
		buf_str(&b, v->old.path);
	}
	if (!v->new.there)
		buf_str(&b, STR("  deleted"));
	if (!v->old.there)
		buf_str(&b, STR("  new file"));
	if (v->old.there && v->new.there &&
	    v->old.code.encoding != v->new.code.encoding)
		buf_printf(&b, "  %s, was %s",
		    encoding_name(v->new.code.encoding),
		    encoding_name(v->old.code.encoding));
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static bool
diff_stop(struct pane *p)
{
	struct diff_view *v = p->state;

	if (!diff_job_stop(&v->job))
		return moves_stop(p->room);
	v->notice = "stopped: W or + compares again";
	list_count(&v->list, 0, false);
	return true;
}

static struct list *
diff_list(struct pane *p)
{
	struct diff_view *v = p->state;

	return &v->list;
}

static void
diff_where(struct pane *p, struct target *t)
{
	struct diff_view *v = p->state;
	const struct diff_line *l = v->list.selected < v->n_rows ?
	    diff_view_line_at(v, v->list.selected) :
	    NULL;

	t->commit = v->new.commit;
	t->commit2 = v->old.commit;
	t->path = v->new.path;
	t->path2 = v->old.path;
	t->line = l == NULL ? 0 : l->new_line;
	t->number = l == NULL || l->new_line > 0 ? 0 : l->old_line;
}

static bool
diff_go(struct pane *p, const struct target *t)
{
	struct diff_view *v = p->state;

	if (!oid_eq(&t->commit, &v->new.commit) ||
	    !oid_eq(&t->commit2, &v->old.commit) ||
	    !str_eq(t->path, v->new.path))
		return false;
	if (t->line > 0 || t->number > 0)
		list_select(&v->list,
		    row_of_line(v, (uint32_t)t->number, t->line));
	return true;
}

const struct view view_diff = {
	.name = "diff",
	.about = "what changed in a file",
	.state_size = sizeof(struct diff_view),
	.commands = diff_view_commands,
	.open = diff_open,
	.close = diff_close,
	.draw = diff_draw,
	.title = diff_title,
	.status = diff_status,
	.list = diff_list,
	.stop = diff_stop,
	.where = diff_where,
	.go = diff_go,
};
