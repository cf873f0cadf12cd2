/*
 * view_coverage.c - what was seen and what is reviewed: by folder, by file,
 * and inside a file by function.
 */
#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/lexer.h"
#include "core/outline.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/reading_cover.h"
#include "tui/reading_others.h"
#include "tui/reading_reason.h"
#include "tui/seen.h"

enum { BAR = 20, ROWS_MAX = 100 * 1000, EYES = 11 };

struct row {
	struct str name;
	struct oid blob; /* of a file */
	bool folder;
	bool gone; /* was reviewed, and is no file of this revision */
	uint32_t first, last; /* of a function */
	struct reading_cover_sum sum;
};

struct coverage {
	struct list list;
	struct pane *pane;
	struct arena arena; /* rows */
	struct row *rows;
	size_t n_rows, n_gone;
	struct buf reason; /* of reason_row - 1; 0: not asked yet */
	size_t reason_row;
	struct oid commit, blob; /* blob: of the file that is shown */
	struct str path;         /* folder or file; in the pane's arena */
	struct reading_cover_sum all;
	uint32_t version; /* what the rows were made of */
	size_t counted;
	bool complete, done; /* all files known, and all counted */
};

static unsigned
percent(uint64_t part, uint64_t of)
{
	return of == 0 ? 0 : (unsigned)(part * 100 / of);
}

static bool
with_others(const struct coverage *v)
{
	return reading_others_people(v->pane->room) > 0;
}

static void
draw_bar(const struct canvas *line, int col, uint16_t attr,
    const struct reading_cover_sum *s, int wide)
{
	int reviewed =
	    s->lines == 0 ? 0 : (int)(s->reviewed * (uint64_t)wide / s->lines);
	int seen =
	    s->lines == 0 ? 0 : (int)(s->seen * (uint64_t)wide / s->lines);

	for (int i = 0; i < wide; i++)
		canvas_char(line, 0, col + i,
		    attr | (i < reviewed ? ROLE_ADDED : ROLE_FAINT),
		    i < reviewed ? '#' :
			i < seen ? '.' :
				   '-');
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct coverage *v = arg;
	const struct row *row = &v->rows[r->row];
	const struct reading_cover_sum *s = &row->sum;
	struct canvas_draw d = { .text = row->name,
		.attr = r->attr | (row->folder ? ROLE_NAME : ROLE_TEXT),
		.find = r->find,
		.skip = r->skip };
	int left = line->cols - BAR - 24;

	canvas_text(line, 0, 0, left - 1, &d);
	if (row->gone) {
		canvas_put(line, 0, left - 1, r->attr | ROLE_WARNING, "-");
		canvas_put(line, 0, left + 5, r->attr | ROLE_FAINT, "gone");
		return;
	}
	if (s->stale > 0)
		canvas_put(line, 0, left - 1, r->attr | ROLE_WARNING, "~");
	canvas_printf(line, 0, left, r->attr | ROLE_NUMBER, "%9llu",
	    (unsigned long long)s->lines);
	canvas_printf(line, 0, left + 10, r->attr, "%3u%%",
	    percent(s->seen, s->lines));
	canvas_printf(line, 0, left + 15, r->attr, "%3u%%",
	    percent(s->reviewed, s->lines));
	if (with_others(v)) {
		canvas_printf(line, 0, left + 21, r->attr, "%3u%% %3u%%",
		    percent(s->others, s->lines), percent(s->twice, s->lines));
		draw_bar(line, left + 21 + EYES, r->attr, s, BAR - EYES);
	} else {
		draw_bar(line, left + 21, r->attr, s, BAR);
	}
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct coverage *v = arg;

	(void)b;
	return v->rows[row].name;
}

static const struct list_source source = { draw_row, row_text, NULL };

static void
add_sum(struct reading_cover_sum *to, const struct reading_cover_sum *s)
{
	to->lines += s->lines;
	to->seen += s->seen;
	to->reviewed += s->reviewed;
	to->others += s->others;
	to->only += s->only;
	to->twice += s->twice;
	to->files += s->files;
	to->whole += s->whole;
	to->stale += s->stale;
}

static bool
is_file(const struct reading_files *f, struct str path)
{
	size_t i = reading_files_place(f, path);

	return i < f->len && str_eq(f->at[i].path, path);
}

static bool
has_folder(const struct coverage *v, struct str name)
{
	for (size_t i = 0; i < v->n_rows - v->n_gone; i++)
		if (v->rows[i].folder && str_eq(v->rows[i].name, name))
			return true;
	return false;
}

/* Files that were reviewed and are not there stand at the end of the last
 * folder of their path that is. */
static void
load_gone(struct coverage *v, const struct reading_files *f, size_t n)
{
	size_t skip = v->path.len == 0 ? 0 : v->path.len + 1;
	struct str path, last = STR(""), rest, name;

	for (size_t i = 0;
	     i < n && reading_cover_reviewed(&path, v->pane->room, i); i++) {
		if (str_eq(path, last) || path.len <= skip ||
		    (skip > 0 &&
			(!str_starts(path, v->path) ||
			    path.at[skip - 1] != '/')) ||
		    is_file(f, path))
			continue;
		last = path;
		rest = name = str_slice(path, skip, path.len);
		if (str_cut(&rest, '/', &name) && name.len + skip < path.len &&
		    has_folder(v, name))
			continue;
		v->rows[v->n_rows++] = (struct row){ .gone = true,
			.name = arena_copy(&v->arena,
			    str_slice(path, skip, path.len)) };
		v->n_gone++;
	}
}

/* What stands below the folder, its parts one row each. */
static void
load_folder(struct coverage *v)
{
	struct reading *r = v->pane->room;
	const struct reading_files *f = reading_files_of(r, &v->commit);
	size_t skip = v->path.len == 0 ? 0 : v->path.len + 1, reviewed = 0;
	struct str path;

	v->complete = f->done;
	while (f->done && reading_cover_reviewed(&path, r, reviewed))
		reviewed++;
	v->rows = arena_array(&v->arena, f->len + reviewed, struct row);
	for (size_t i = 0; i < f->len; i++) {
		const struct reading_file *one = &f->at[i];
		struct reading_cover_sum sum = { 0 };
		struct str rest, name;
		struct row *row =
		    v->n_rows == 0 ? NULL : &v->rows[v->n_rows - 1];

		if (one->kind != TREE_FILE && one->kind != TREE_EXEC)
			continue;
		if (skip > 0 &&
		    (!str_starts(one->path, v->path) || one->path.len <= skip ||
			one->path.at[skip - 1] != '/'))
			continue;
		rest = name = str_slice(one->path, skip, one->path.len);
		(void)str_cut(&rest, '/', &name);
		reading_cover_add(r, &one->blob, one->path, &sum);
		add_sum(&v->all, &sum);
		if (row == NULL || !str_eq(row->name, name)) {
			row = &v->rows[v->n_rows++];
			row->name = name;
			row->blob = one->blob;
			row->folder = name.len + skip < one->path.len;
		}
		add_sum(&row->sum, &sum);
	}
	load_gone(v, f, reviewed);
}

/* A function ends where the next one begins. */
static void
load_functions(struct coverage *v)
{
	struct reading *r = v->pane->room;
	const struct language *l = lexer_find(v->path, STR(""));
	struct git_bytes bytes = { 0 };
	struct str rest, line, name;
	uint32_t n = 0;

	if (git_blob_read(&bytes, reading_repo(r), &v->blob) != ERR_NONE)
		err_clear();
	v->rows = arena_array(&v->arena, ROWS_MAX, struct row);
	v->rows[v->n_rows++] =
	    (struct row){ .name = STR("(before the first)"), .first = 1 };
	rest = bytes.bytes;
	while (str_cut(&rest, '\n', &line) && v->n_rows < ROWS_MAX) {
		n++;
		if (!outline_line(l, line, &name))
			continue;
		v->rows[v->n_rows - 1].last = n - 1;
		v->rows[v->n_rows++] =
		    (struct row){ .name = arena_copy(&v->arena, name),
			    .first = n };
	}
	v->rows[v->n_rows - 1].last = n;
	git_repo_drop(&bytes);
	for (size_t i = 0; i < v->n_rows; i++) {
		reading_cover_lines(r, &v->blob, v->rows[i].first,
		    v->rows[i].last, &v->rows[i].sum);
		add_sum(&v->all, &v->rows[i].sum);
	}
	v->complete = true;
}

static void
load(struct coverage *v)
{
	struct reading *r = v->pane->room;
	bool done;
	size_t counted = reading_cover_counted(r, &done);

	if (v->version == reading_marks_version(r) + 1 &&
	    v->counted == counted && v->done == done && v->complete)
		return;
	arena_clear(&v->arena);
	v->n_rows = v->n_gone = v->reason_row = 0;
	v->all = (struct reading_cover_sum){ 0 };
	if (oid_is_zero(&v->blob))
		load_folder(v);
	else
		load_functions(v);
	v->version = reading_marks_version(r) + 1;
	v->counted = counted;
	v->done = done;
	list_count(&v->list, v->n_rows, !v->complete || !done);
	list_changed(&v->list);
}

static enum err
coverage_open(struct pane *p, const struct target *t)
{
	struct coverage *v = p->state;
	enum err rc;

	v->pane = p;
	rc = reading_commit_of(&v->commit, p->room, t);
	if (rc != ERR_NONE)
		return rc;
	/* ":coverage PATH" comes as text. */
	v->path = t->path.len > 0 ? t->path : t->text;
	while (str_ends(v->path, STR("/")))
		v->path.len--;
	v->blob = t->number == 1 ? t->blob : (struct oid){ 0 };
	list_init(&v->list, &source, v);
	v->list.empty = v->path.len == 0 ? "no files here" :
					   "no such path in this revision";
	reading_cover_start(p->room, &v->commit);
	load(v);
	return ERR_NONE;
}

static void
coverage_close(struct pane *p)
{
	struct coverage *v = p->state;

	list_release(&v->list);
	arena_release(&v->arena);
	buf_release(&v->reason);
}

static struct str below(struct arena *a, struct str path, struct str name);

/* Of the file that is selected, or shown by its functions. */
static struct str
reason_of(struct coverage *v)
{
	const struct row *row;
	struct arena a = { 0 };

	if (v->n_rows == 0 || v->reason_row == v->list.selected + 1)
		return buf_view(&v->reason);
	row = &v->rows[v->list.selected];
	v->reason_row = v->list.selected + 1;
	buf_clear(&v->reason);
	if (!oid_is_zero(&v->blob))
		reading_reason_file(&v->reason, v->pane->room, &v->commit,
		    v->path, &v->blob);
	else if (!row->folder)
		reading_reason_file(&v->reason, v->pane->room, &v->commit,
		    below(&a, v->path, row->name), &row->blob);
	arena_release(&a);
	return buf_view(&v->reason);
}

static void
coverage_draw(struct pane *p, struct canvas *c)
{
	struct coverage *v = p->state;
	struct canvas rows = canvas_part(c, 1, 0, c->rows - 1, c->cols);
	struct seen_rule rule = seen_rule_of(reading_start(p->room));
	int left = c->cols - BAR - 24;
	struct buf how = { 0 };

	load(v);
	buf_str(&how, STR("seen: "));
	seen_rule_text(&rule, &how);
	canvas_str(c, 0, 0, left, ROLE_FAINT, buf_view(&how));
	buf_release(&how);
	canvas_printf(c, 0, left, ROLE_FAINT, "    lines seen  rev.");
	if (with_others(v))
		canvas_put(c, 0, left + 21, ROLE_FAINT, "oth. four  # . mine");
	else
		canvas_put(c, 0, left + 21, ROLE_FAINT, "# reviewed  . seen");
	list_draw(&v->list, &rows);
}

static void
coverage_title(struct pane *p, struct canvas *line)
{
	struct coverage *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("COVERAGE "));
	reading_title(p->room, &v->commit, &b);
	buf_char(&b, ' ');
	buf_str(&b, v->path.len == 0 ? STR("(everything)") : v->path);
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static void
coverage_status(struct pane *p, struct canvas *line)
{
	struct coverage *v = p->state;
	struct buf b = { 0 };
	bool done;
	size_t counted = reading_cover_counted(p->room, &done);
	struct str why = reason_of(v);

	list_position(&v->list, &b);
	if (why.len > 0) {
		buf_str(&b, STR("  "));
		buf_str(&b, why);
		buf_printf(&b, "  here reviewed %u%%",
		    percent(v->all.reviewed, v->all.lines));
		canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
		buf_release(&b);
		return;
	}
	buf_printf(&b, "  %llu lines: seen %u%% reviewed %u%%",
	    (unsigned long long)v->all.lines,
	    percent(v->all.seen, v->all.lines),
	    percent(v->all.reviewed, v->all.lines));
	if (with_others(v))
		buf_printf(&b, " others %u%% four eyes %u%%",
		    percent(v->all.others, v->all.lines),
		    percent(v->all.twice, v->all.lines));
	else if (v->all.files > 0)
		buf_printf(&b, "  %u/%u files whole", v->all.whole,
		    v->all.files);
	if (v->all.stale > 0)
		buf_printf(&b, "  ~ %u changed", v->all.stale);
	if (v->n_gone > 0)
		buf_printf(&b, "  - %zu gone", v->n_gone);
	if (!done)
		buf_printf(&b, "  counting, %zu files so far", counted);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
coverage_list(struct pane *p)
{
	return &((struct coverage *)p->state)->list;
}

static struct str
below(struct arena *a, struct str path, struct str name)
{
	struct buf b = { 0 };
	struct str s;

	buf_str(&b, path);
	if (path.len > 0)
		buf_char(&b, '/');
	buf_str(&b, name);
	s = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return s;
}

static void
say_gone(struct pane *p)
{
	shell_message(p->shell,
	    "no file of this revision: gR chooses one that "
	    "has it");
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct coverage *v = p->state;
	const struct row *row;
	struct target t = { .commit = v->commit };

	(void)c;
	if (v->n_rows == 0)
		return;
	row = &v->rows[v->list.selected];
	if (row->gone) {
		say_gone(p);
		return;
	}
	if (!oid_is_zero(&v->blob)) {
		t.path = v->path;
		t.blob = v->blob;
		t.line = row->first;
		shell_open(p->shell, "file", &t);
		return;
	}
	t.path = below(&p->arena, v->path, row->name);
	t.blob = row->blob;
	t.number = row->folder ? 0 : 1;
	shell_open(p->shell, "coverage", &t);
}

static void
run_file(struct pane *p, const struct call *c)
{
	struct coverage *v = p->state;
	const struct row *row;
	struct target t = { .commit = v->commit };

	(void)c;
	if (v->n_rows == 0)
		return;
	row = &v->rows[v->list.selected];
	if (row->gone) {
		say_gone(p);
		return;
	}
	t.path = oid_is_zero(&v->blob) ? below(&p->arena, v->path, row->name) :
					 v->path;
	t.blob = oid_is_zero(&v->blob) ? row->blob : v->blob;
	t.line = row->first;
	shell_open(p->shell, row->folder ? "tree" : "file", &t);
}

static bool
is_unreviewed(void *arg, uint64_t row)
{
	const struct coverage *v = arg;
	const struct reading_cover_sum *s = &v->rows[row].sum;

	return s->reviewed < s->lines;
}

/* Lines of it were reviewed by one person, and by no other. */
static bool
is_single(void *arg, uint64_t row)
{
	const struct coverage *v = arg;
	const struct reading_cover_sum *s = &v->rows[row].sum;

	return s->reviewed + s->only > s->twice;
}

static void
step(struct pane *p, bool back)
{
	struct coverage *v = p->state;

	if (!list_seek(&v->list, back, is_unreviewed, v))
		shell_message(p->shell, "every line here is reviewed");
}

static void
step_single(struct pane *p, bool back)
{
	struct coverage *v = p->state;

	if (!list_seek(&v->list, back, is_single, v))
		shell_message(p->shell,
		    "no line here was reviewed by one person alone");
}

static void
run_next(struct pane *p, const struct call *c)
{
	(void)c;
	step(p, false);
}

static void
run_last(struct pane *p, const struct call *c)
{
	(void)c;
	step(p, true);
}

static void
run_next_single(struct pane *p, const struct call *c)
{
	(void)c;
	step_single(p, false);
}

static void
run_last_single(struct pane *p, const struct call *c)
{
	(void)c;
	step_single(p, true);
}

static void
run_pace(struct pane *p, const struct call *c)
{
	struct coverage *v = p->state;

	(void)c;
	reading_open_notes(p->room, STR("page"), v->all.lines - v->all.reviewed,
	    NULL);
}

static const struct command commands[] = {
	{ "enter", "Enter", "into the folder, the functions of the file",
	    run_enter, "open", NULL },
	{ "read", "gf", "the file itself, or the folder", run_file, "read",
	    NULL },
	{ "next-unreviewed", "]u", "next row that is not reviewed", run_next,
	    "unreviewed", NULL },
	{ "my-pace", "P", "how much on which day, and what is left", run_pace,
	    "pace", NULL },
	{ "last-unreviewed", "[u", "row before that is not reviewed", run_last,
	    NULL, NULL },
	{ "next-one-pair", "]e", "next row with lines of one person alone",
	    run_next_single, NULL, NULL },
	{ "last-one-pair", "[e", "row before with lines of one person alone",
	    run_last_single, NULL, NULL },
	{ 0 },
};

const struct view view_coverage = {
	.name = "coverage",
	.about = "what was seen and what is reviewed",
	.args = "PATH",
	.state_size = sizeof(struct coverage),
	.commands = commands,
	.open = coverage_open,
	.close = coverage_close,
	.draw = coverage_draw,
	.title = coverage_title,
	.status = coverage_status,
	.list = coverage_list,
};
