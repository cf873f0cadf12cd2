#include <stdlib.h>

#include "tui/changes.h"
#include "tui/code.h"
#include "tui/diff_draw.h"
#include "tui/diff_moved.h"
#include "tui/diff_rows.h"
#include "tui/reading.h"
#include "tui/reading_code.h"
#include "tui/reading_tray.h"

/* Bytes of all sides together; a file beyond that is left out by name. */
enum { PATCH_MAX = 64 << 20 };

/* Rows of a file: its line of the list of changes, then what changed. */
struct patch_file {
	struct code old, new;
	struct file_diff diff;
	struct diff_row *rows;
	uint32_t *moved;    /* mate of each line, core/moved.h */
	const char *notice; /* one row instead of a diff */
	size_t first, len;
};

/*
 * A commit in one piece: every file it changed, one under the other.  Files
 * are read one in a slice of the idle loop, when all of them are known.
 */
struct patch_view {
	struct list list;
	struct changes_view changes;
	struct oid new, old; /* commits; old zero: everything is new */
	struct arena arena;
	struct patch_file *files; /* as many as changes.rows */
	size_t len, room;
	size_t rows, bytes;
	struct diff_options options;
	uint32_t left_out;
	bool done, stopped;
	/* Where to be once it is read: the path, and a line of its file. */
	struct str path;
	uint32_t line;
};

static struct patch_file *
file_at(const struct patch_view *v, uint64_t row, size_t *number)
{
	size_t low = 0, high = v->len;

	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (v->files[mid].first <= row)
			low = mid;
		else
			high = mid;
	}
	*number = low;
	return row < v->rows ? &v->files[low] : NULL;
}

/* NULL: the row is no row of the diff. */
static const struct diff_row *
row_at(const struct patch_file *f, uint64_t row)
{
	return row == f->first || f->notice != NULL ?
	    NULL :
	    &f->rows[row - f->first - 1];
}

static const struct diff_line *
line_of(const struct patch_file *f, const struct diff_row *r)
{
	uint32_t n = r->new != DIFF_ROWS_NONE ? r->new : r->old;

	return n == DIFF_ROWS_NONE ? NULL : &f->diff.lines[n];
}

static struct diff_moved
moved_of(struct pane *p, size_t i)
{
	struct patch_view *v = p->state;
	const struct change *c = changes_row(&v->changes, i);

	return (struct diff_moved){ p->room, &v->old, &v->new, c->old_path,
		c->new_path, &v->files[i].diff, v->files[i].moved };
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct patch_view *v = p->state;
	struct text_style style = shell_options(p->shell)->style;
	size_t i;
	const struct patch_file *f = file_at(v, r->row, &i);
	const struct diff_row *row = f == NULL ? NULL : row_at(f, r->row);
	struct list_row head = *r;
	struct diff_moved moved;

	if (f == NULL)
		return;
	moved = moved_of(p, i);
	if (r->row == f->first) {
		head.attr |= ATTR_FOCUS;
		changes_draw(&v->changes, i, &head, line);
	} else if (row == NULL) {
		canvas_put(line, 0, 2, r->attr | ROLE_WARNING, f->notice);
	} else if (row->hunk != DIFF_ROWS_NONE) {
		diff_draw_hunk(&f->diff.hunks[row->hunk], r, line);
	} else {
		style.encoding = f->new.style.encoding;
		diff_draw_line(&(struct diff_draw){ line_of(f, row),
				   row->mate == DIFF_ROWS_NONE ?
				       NULL :
				       &f->diff.lines[row->mate],
				   style,
				   diff_moved_is(&moved, line_of(f, row)) },
		    r, line);
	}
}

static struct str
row_text(void *arg, uint64_t n, struct buf *b)
{
	struct pane *p = arg;
	struct patch_view *v = p->state;
	size_t i;
	const struct patch_file *f = file_at(v, n, &i);
	const struct diff_row *row = f == NULL ? NULL : row_at(f, n);

	if (f == NULL)
		return STR("");
	if (n == f->first)
		return changes_text(&v->changes, i, b);
	if (row == NULL)
		return str_of(f->notice);
	return row->hunk != DIFF_ROWS_NONE ? f->diff.hunks[row->hunk].head :
					     line_of(f, row)->text;
}

static const struct list_source source = { draw_row, row_text, NULL };

/* --- reading it ----------------------------------------------------------- */

/* A side that is there and can be read; else why not. */
static const char *
read_side(struct code *c, struct pane *p, const struct oid *id, uint32_t mode,
    struct str path)
{
	enum err rc;

	if (mode == 0)
		return NULL;
	if ((mode & 0170000) == 0160000)
		return "a submodule: its commit is another one";
	rc = reading_code(c, p->room, id, path);
	if (rc == ERR_NONE)
		code_finish(c);
	err_clear();
	return rc == ERR_NONE ? NULL :
	    rc == ERR_ABSENT  ? "a side of it was not delivered" :
				"a side of it cannot be read";
}

static void
leave_out(struct patch_view *v, struct patch_file *f, const char *why)
{
	code_close(&f->old);
	code_close(&f->new);
	f->notice = why;
	f->len = 2;
	v->left_out++;
}

static void
compare(struct patch_view *v, struct patch_file *f)
{
	size_t bytes = f->old.text.len + f->new.text.len;
	struct file_diff *d = &f->diff;

	if (f->old.binary || f->new.binary) {
		leave_out(v, f, "binary: not compared line by line");
	} else if (bytes > PATCH_MAX - v->bytes) {
		leave_out(v, f, "too much in one piece: Enter opens it alone");
	} else if (git_diff_bytes(d, &v->arena, f->old.text, f->new.text,
		       &v->options) != ERR_NONE) {
		err_clear();
		leave_out(v, f, "it cannot be compared line by line");
	} else {
		v->bytes += bytes;
		f->rows = arena_array(&v->arena, d->n_hunks + d->n_lines + 1,
		    struct diff_row);
		f->moved = diff_draw_moved(d, &v->arena);
		f->len = 1 + diff_rows_make(f->rows, d, false);
	}
}

static void
read_file(struct pane *p, struct patch_file *f, const struct change *c)
{
	struct patch_view *v = p->state;
	const char *why;

	f->first = v->rows;
	why = read_side(&f->old, p, &c->old_id, c->old_mode, c->old_path);
	if (why == NULL)
		why =
		    read_side(&f->new, p, &c->new_id, c->new_mode, c->new_path);
	if (why != NULL)
		leave_out(v, f, why);
	else
		compare(v, f);
	v->rows += f->len;
}

/* The row of a line of the newer file, or the head of the file. */
static uint64_t
row_of_line(const struct patch_file *f, uint32_t n)
{
	for (size_t i = 0; n > 0 && f->notice == NULL && i + 1 < f->len; i++) {
		const struct diff_line *l = line_of(f, &f->rows[i]);

		if (l != NULL && l->new_line >= n)
			return f->first + 1 + i;
	}
	return f->first;
}

/* The file just read may be the one that is wanted. */
static void
place(struct patch_view *v)
{
	const struct change *c = changes_row(&v->changes, v->len - 1);
	struct str path = c->new_path.len > 0 ? c->new_path : c->old_path;

	if (v->path.len == 0 || !str_eq(path, v->path))
		return;
	list_select(&v->list, row_of_line(&v->files[v->len - 1], v->line));
	list_place(&v->list, -1);
	v->path = STR("");
}

static bool
read_on(void *arg)
{
	struct pane *p = arg;
	struct patch_view *v = p->state;
	bool one = v->len < v->room;

	if (one) {
		read_file(p, &v->files[v->len],
		    changes_row(&v->changes, v->len));
		v->len++;
	}
	v->done = v->len == v->room;
	list_count(&v->list, v->rows, !v->done);
	if (one)
		place(v);
	shell_redraw(p->shell);
	return !v->done;
}

/* Renames come last, so that rows stand still only at the end. */
static void
news(struct pane *p)
{
	struct patch_view *v = p->state;

	shell_redraw(p->shell);
	if (!v->changes.settled || v->files != NULL || v->done)
		return;
	v->room = v->changes.rows;
	v->files = calloc(v->room + 1, sizeof *v->files);
	if (v->files == NULL)
		bug("no memory for %zu files", v->room);
	reading_slice(p->room, read_on, p);
}

static void
drop_files(struct patch_view *v)
{
	for (size_t i = 0; i < v->len; i++) {
		code_close(&v->files[i].old);
		code_close(&v->files[i].new);
		v->files[i] = (struct patch_file){ 0 };
	}
	arena_clear(&v->arena);
	v->len = v->rows = v->bytes = 0;
	v->left_out = 0;
}

/* With other options, at the same place. */
static void
again(struct pane *p)
{
	struct patch_view *v = p->state;
	struct target t = { 0 };

	if (v->files == NULL)
		return;
	p->view->where(p, &t);
	v->path = t.path;
	v->line = t.line;
	drop_files(v);
	v->done = v->stopped = false;
	list_count(&v->list, 0, true);
	list_changed(&v->list);
	reading_slice(p->room, read_on, p);
}

static enum err
patch_open(struct pane *p, const struct target *t)
{
	struct patch_view *v = p->state;

	if (oid_is_zero(&t->commit))
		return fail(ERR_ABSENT, "p in a commit shows its patch");
	v->new = t->commit;
	v->old = t->commit2;
	v->path = t->path;
	v->line = t->line;
	v->options.context = 3;
	list_init(&v->list, &source, p);
	list_count(&v->list, 0, true);
	changes_start(&v->changes, p, &v->old, &v->new, news);
	moves_want(p->room, &v->old, &v->new);
	return ERR_NONE;
}

static void
patch_close(struct pane *p)
{
	struct patch_view *v = p->state;

	reading_slice_stop(p->room, p);
	drop_files(v);
	free(v->files);
	changes_release(&v->changes);
	arena_release(&v->arena);
	list_release(&v->list);
}

static bool
patch_stop(struct pane *p)
{
	struct patch_view *v = p->state;

	if (v->done)
		return moves_stop(p->room);
	v->done = v->stopped = true;
	reading_slice_stop(p->room, p);
	(void)changes_stop(&v->changes);
	list_count(&v->list, v->rows, false);
	return true;
}

/* --- showing it ----------------------------------------------------------- */

static void
patch_draw(struct pane *p, struct canvas *c)
{
	struct patch_view *v = p->state;

	v->list.empty = v->done ? "no file changed" : "comparing ...";
	list_draw(&v->list, c);
}

static void
patch_title(struct pane *p, struct canvas *line)
{
	struct patch_view *v = p->state;
	struct buf b = { 0 };

	reading_title(p->room, &v->new, &b);
	buf_str(&b, STR("  all changes against "));
	if (oid_is_zero(&v->old))
		buf_str(&b, STR("nothing"));
	else
		reading_name(p->room, &v->old, &b);
	canvas_str(line, 0, 0, line->cols - 3, ROLE_TITLE, buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
patch_status(struct pane *p, struct canvas *line)
{
	struct patch_view *v = p->state;
	struct buf b = { 0 };
	size_t i;

	list_position(&v->list, &b);
	if (file_at(v, v->list.selected, &i) != NULL)
		buf_printf(&b, "  file %zu of %zu", i + 1, v->room);
	buf_str(&b, STR("  "));
	changes_sum(&v->changes, &b);
	diff_draw_options(&v->options, &b);
	if (!v->done)
		buf_str(&b, STR("  reading, Esc stops"));
	if (v->stopped)
		buf_str(&b, STR("  PARTIAL: stopped"));
	if (v->left_out > 0)
		buf_printf(&b, "  %u without lines", v->left_out);
	if (*moves_state(p->room, &v->old, &v->new) != '\0')
		buf_printf(&b, "  %s", moves_state(p->room, &v->old, &v->new));
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
patch_list(struct pane *p)
{
	struct patch_view *v = p->state;

	return &v->list;
}

/* --- keys ----------------------------------------------------------------- */

/* What the selected row is about: a side of a file, and a line of it. */
struct patch_spot {
	struct patch_file *file;
	const struct change *change;
	struct code *code;
	struct target at; /* of that side */
};

static bool
spot_of(struct patch_view *v, struct patch_spot *s)
{
	size_t i;
	uint64_t row = v->list.selected;
	const struct diff_row *r;
	const struct diff_line *l = NULL;
	bool old;

	if (file_at(v, row, &i) == NULL)
		return false;
	*s = (struct patch_spot){ .file = &v->files[i],
		.change = changes_row(&v->changes, i) };
	r = row_at(s->file, row);
	if (r != NULL && r->hunk != DIFF_ROWS_NONE)
		r++; /* a head is never the last row */
	if (r != NULL)
		l = line_of(s->file, r);
	old = l != NULL ? l->kind == '-' : s->change->new_mode == 0;
	s->code = old ? &s->file->old : &s->file->new;
	s->at.commit = old ? v->old : v->new;
	s->at.blob = old ? s->change->old_id : s->change->new_id;
	s->at.path = old ? s->change->old_path : s->change->new_path;
	s->at.line = l == NULL ? 0 : old ? l->old_line : l->new_line;
	return true;
}

/* The diff of the file alone, at the line. */
static void
run_enter(struct pane *p, const struct call *c)
{
	struct patch_view *v = p->state;
	struct patch_spot s;
	struct target t = { .commit = v->new, .commit2 = v->old };

	(void)c;
	if (!spot_of(v, &s))
		return;
	t.line = s.code == &s.file->new ? s.at.line : 0;
	t.path = s.change->new_path;
	t.path2 = s.change->old_path;
	shell_open(p->shell, "diff", &t);
}

static void
open_spot(struct pane *p, const char *view)
{
	struct patch_spot s;

	if (spot_of(p->state, &s))
		shell_open(p->shell, view, &s.at);
}

static void
run_blame(struct pane *p, const struct call *c)
{
	(void)c;
	open_spot(p, "blame");
}

static void
run_file(struct pane *p, const struct call *c)
{
	(void)c;
	open_spot(p, "file");
}

static bool
anchor_here(struct pane *p, struct anchor *an, struct patch_spot *s)
{
	if (!spot_of(p->state, s))
		return false;
	if (s->file->notice != NULL) {
		shell_message(p->shell, "%s", s->file->notice);
		return false;
	}
	*an = code_anchor(s->code, &s->at.commit, &s->at.blob, s->at.path,
	    s->at.line, s->at.line);
	return true;
}

static void
run_note(struct pane *p, const struct call *c)
{
	struct patch_spot s;
	struct anchor an;

	(void)c;
	if (anchor_here(p, &an, &s))
		reading_compose(p->room, HATCH_NOTE, &an);
}

static void
run_finding(struct pane *p, const struct call *c)
{
	struct patch_spot s;
	struct anchor an;

	(void)c;
	if (anchor_here(p, &an, &s))
		reading_compose(p->room, HATCH_FINDING, &an);
}

static void
run_cite(struct pane *p, const struct call *c)
{
	struct patch_spot s;
	struct anchor an;

	(void)c;
	if (anchor_here(p, &an, &s))
		reading_tray_add(p->room, &an, s.code, 0, 0);
}

static void
run_quote(struct pane *p, const struct call *c)
{
	struct patch_spot s;
	struct anchor an;

	(void)c;
	if (anchor_here(p, &an, &s))
		reading_tray_add(p->room, &an, s.code, s.at.line, s.at.line);
}

/* The row of a line of the older file; SIZE_MAX: none. */
static uint64_t
row_of_old(const struct patch_file *f, uint32_t n)
{
	for (size_t i = 0; f->notice == NULL && i + 1 < f->len; i++) {
		const struct diff_line *l = line_of(f, &f->rows[i]);

		if (l != NULL && l->kind == '-' && l->old_line == n)
			return f->first + 1 + i;
	}
	return f->first;
}

static bool
to_other_file(struct pane *p, size_t i, const struct diff_line *l)
{
	struct patch_view *v = p->state;
	struct diff_moved moved = moved_of(p, i);
	struct moves_side other;
	size_t to;

	if (!diff_moved_away(&moved, l, &other))
		return false;
	to = changes_find(&v->changes,
	    other.new_path.len > 0 ? other.new_path : other.old_path);
	if (to >= v->len) {
		shell_message(p->shell, "its file is not read yet");
		return true;
	}
	shell_jumped(p);
	list_select(&v->list,
	    l->kind == '-' ? row_of_line(&v->files[to], other.line) :
			     row_of_old(&v->files[to], other.line));
	return true;
}

static void
run_mate(struct pane *p, const struct call *c)
{
	struct patch_view *v = p->state;
	size_t i;
	const struct patch_file *f = file_at(v, v->list.selected, &i);
	const struct diff_row *r =
	    f == NULL ? NULL : row_at(f, v->list.selected);
	const struct diff_line *l = r == NULL ? NULL : line_of(f, r), *mate;
	uint32_t to = l == NULL ? MOVED_NONE : f->moved[l - f->diff.lines];

	(void)c;
	if (to != MOVED_NONE) {
		mate = &f->diff.lines[to];
		shell_jumped(p);
		list_select(&v->list,
		    mate->kind == '+' ? row_of_line(f, mate->new_line) :
					row_of_old(f, mate->old_line));
	} else if (l == NULL || !to_other_file(p, i, l)) {
		shell_message(p->shell, "this line did not move");
	}
}

static void
run_more(struct pane *p, const struct call *c)
{
	struct patch_view *v = p->state;
	uint32_t by = c->count == 0 ? 3 : c->count;

	if (v->options.context < UINT32_MAX / 2 - by)
		v->options.context += by;
	again(p);
}

static void
run_less(struct pane *p, const struct call *c)
{
	struct patch_view *v = p->state;
	uint32_t by = c->count == 0 ? 3 : c->count;

	v->options.context -= by < v->options.context ? by : v->options.context;
	again(p);
}

static void
run_space(struct pane *p, const struct call *c)
{
	struct patch_view *v = p->state;

	(void)c;
	v->options.space = (v->options.space + 1) % (DIFF_SPACE_NONE + 1);
	again(p);
	shell_message(p->shell, "%s", diff_draw_space(v->options.space));
}

static bool
is_head(const struct patch_view *v, uint64_t row, bool of_file)
{
	size_t i;
	const struct patch_file *f = file_at(v, row, &i);
	const struct diff_row *r;

	if (of_file || row == f->first)
		return of_file && row == f->first;
	r = row_at(f, row);
	return r != NULL && r->hunk != DIFF_ROWS_NONE;
}

static void
to_head(struct pane *p, bool of_file, bool back)
{
	struct patch_view *v = p->state;
	uint64_t row = v->list.selected;

	while (back ? row-- > 0 : ++row < v->rows)
		if (is_head(v, row, of_file)) {
			list_select(&v->list, row);
			list_place(&v->list, -1);
			return;
		}
	shell_message(p->shell, "no %s %s", back ? "earlier" : "further",
	    of_file ? "file" : "change");
}

static void
next_hunk(struct pane *p, const struct call *c)
{
	(void)c;
	to_head(p, false, false);
}

static void
last_hunk(struct pane *p, const struct call *c)
{
	(void)c;
	to_head(p, false, true);
}

static void
next_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_head(p, true, false);
}

static void
last_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_head(p, true, true);
}

static void
patch_where(struct pane *p, struct target *t)
{
	struct patch_view *v = p->state;
	struct patch_spot s;

	t->commit = v->new;
	t->commit2 = v->old;
	if (!spot_of(v, &s))
		return;
	t->path = s.change->new_path.len > 0 ? s.change->new_path :
					       s.change->old_path;
	t->line = s.code == &s.file->new ? s.at.line : 0;
}

static bool
patch_go(struct pane *p, const struct target *t)
{
	struct patch_view *v = p->state;
	size_t i;

	if (!oid_eq(&t->commit, &v->new) || !oid_eq(&t->commit2, &v->old))
		return false;
	i = changes_find(&v->changes, t->path);
	if (i < v->len)
		list_select(&v->list, row_of_line(&v->files[i], t->line));
	return true;
}

static const struct command commands[] = {
	{ "show", "Enter", "the diff of this file alone, at this line",
	    run_enter, "diff", NULL },
	{ "next-hunk", "]c", "next change", next_hunk, "next", NULL },
	{ "last-hunk", "[c", "change before", last_hunk, NULL, NULL },
	{ "next-file", "]f", "next file", next_file, "file", NULL },
	{ "last-file", "[f", "file before", last_file, NULL, NULL },
	{ "mate", "gm", "where a moved line (M) went, or came from", run_mate,
	    NULL, NULL },
	{ "more", "+", "more lines around a change", run_more, "context",
	    NULL },
	{ "less", "-", "fewer lines around a change", run_less, NULL, NULL },
	{ "space", "W", "which blanks count", run_space, "blanks", NULL },
	{ "read", "gf", "the file at this line, on its side", run_file, NULL,
	    NULL },
	{ "blame", "b", "which commit the line comes from", run_blame, "blame",
	    NULL },
	{ "note", "c", "a note on the line", run_note, "note", NULL },
	{ "finding", "F", "a finding on the line", run_finding, NULL, NULL },
	{ "cite", "y", "citation of the line", run_cite, NULL, NULL },
	{ "quote", "Y", "citation with the text; gy shows all", run_quote, NULL,
	    NULL },
	{ 0 },
};

const struct view view_patch = {
	.name = "patch",
	.about = "all that a commit changed, in one piece",
	.state_size = sizeof(struct patch_view),
	.commands = commands,
	.open = patch_open,
	.close = patch_close,
	.draw = patch_draw,
	.title = patch_title,
	.status = patch_status,
	.list = patch_list,
	.stop = patch_stop,
	.where = patch_where,
	.go = patch_go,
};
