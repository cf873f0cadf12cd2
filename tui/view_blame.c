#include <string.h>

#include "core/git_commit.h"
#include "core/job_blame.h"
#include "tui/code.h"
#include "tui/gutter.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/reading_code.h"
#include "tui/show.h"

enum { BLAME_KEPT = 256, BLAME_HEAD = 15 };

/*
 * Which commit each line of a file comes from.  The file is there at once;
 * lines get their commit as a worker finds it, "?" until then.
 */
struct blame_line {
	uint32_t part; /* into parts, + 1; 0: not known yet */
};

struct blame_part_kept {
	struct oid commit;
	struct str path; /* in the arena of the pane */
	uint32_t first, old_first;
	bool boundary;
};

struct blame_who {
	bool known;
	struct oid id;
	char initials[3];
	int64_t time;
	struct buf line; /* id, name, date, subject: for the status row */
};

struct blame_view {
	struct list list;
	struct code code;
	struct gutter gutter;
	struct oid commit, blob;
	struct str path;
	int64_t now; /* of the commit that is blamed: ages count from it */
	struct blame_line *lines;
	uint32_t n_lines, known;
	struct blame_part_kept *parts;
	size_t n_parts, room;
	struct blame_who who[BLAME_KEPT];
	struct blame_options options;
	uint32_t job;
	bool stopped, damaged;
};

static const struct blame_part_kept *
part_of(const struct blame_view *v, uint64_t row)
{
	uint32_t k = row < v->n_lines ? v->lines[row].part : 0;

	return k == 0 ? NULL : &v->parts[k - 1];
}

static const struct blame_who *
who_of(struct pane *p, const struct oid *id)
{
	struct blame_view *v = p->state;
	struct blame_who *w = &v->who[id->id[0] % BLAME_KEPT];
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct commit c;

	if (w->known && oid_eq(&w->id, id))
		return w;
	buf_clear(&w->line);
	memset(w->initials, 0, sizeof w->initials);
	w->known = true;
	w->id = *id;
	w->time = v->now;
	show_id(id, 10, &w->line);
	if (git_commit_read(&c, &a, reading_repo(p->room), id) == ERR_NONE) {
		show_initials(c.author.name, &b);
		memcpy(w->initials, b.at == NULL ? "" : b.at, b.len);
		w->time = c.author.time;
		buf_char(&w->line, ' ');
		buf_str(&w->line, c.author.name);
		buf_char(&w->line, ' ');
		show_date(&c.author, &w->line);
		buf_char(&w->line, ' ');
		buf_str(&w->line, c.subject);
	}
	err_clear();
	buf_release(&b);
	arena_release(&a);
	return w;
}

static void
draw_who(struct pane *p, const struct list_row *r, const struct canvas *line)
{
	struct blame_view *v = p->state;
	const struct blame_part_kept *part = part_of(v, r->row);
	const struct blame_part_kept *above = r->row == v->list.top ? NULL :
	    r->row > 0 ? part_of(v, r->row - 1) :
			 NULL;
	const struct blame_who *w;
	struct buf b = { 0 };

	if (part == NULL) {
		canvas_put(line, 0, 0, r->attr, "?");
		return;
	}
	if (above != NULL && !r->selected &&
	    oid_eq(&above->commit, &part->commit)) {
		canvas_put(line, 0, 3, r->attr | ROLE_FAINT, "\"");
		return;
	}
	w = who_of(p, &part->commit);
	show_age(w->time, v->now, &b);
	canvas_printf(line, 0, 0, r->attr | ROLE_NUMBER, "%s%.*s",
	    part->boundary ? "^" : "", part->boundary ? 6 : 7,
	    oid_text(&part->commit).hex);
	canvas_printf(line, 0, 8, r->attr | ROLE_NAME, "%-2s", w->initials);
	canvas_printf(line, 0, 11, r->attr, "%3.*s", STR_ARG(buf_view(&b)));
	buf_release(&b);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct blame_view *v = p->state;
	struct canvas rest =
	    canvas_part(line, 0, BLAME_HEAD, 1, line->cols - BLAME_HEAD);
	const struct shell_options *o = shell_options(p->shell);
	struct canvas_span spans[CODE_SPANS];
	struct canvas_draw d = {
		.attr = r->attr,
		.style = o->style,
		.spans = spans,
		.find = r->find,
		.skip = r->skip,
	};
	int col = gutter_width(v->n_lines, o);

	if (!code_line(&v->code, (uint32_t)r->row + 1, &d.text))
		return;
	draw_who(p, r, line);
	gutter_draw(&v->gutter, &rest, r->attr, (uint32_t)r->row + 1,
	    v->n_lines, code_hazard(&v->code, d.text), o);
	d.style.encoding = v->code.style.encoding;
	d.n_spans = code_spans(&v->code, (uint32_t)r->row + 1, spans);
	canvas_text(&rest, 0, col, rest.cols - col, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct blame_view *v = p->state;
	struct str text = STR("");

	(void)b;
	(void)code_line(&v->code, (uint32_t)row + 1, &text);
	return text;
}

static const struct list_source source = { draw_row, row_text, NULL };

/* --- the job -------------------------------------------------------------- */

static void
add_part(struct pane *p, const struct blame_part *part)
{
	struct blame_view *v = p->state;
	struct str path = v->path;

	if (part->first == 0 || part->first > v->n_lines ||
	    part->len > v->n_lines - part->first + 1) {
		v->damaged = true;
		return;
	}
	v->parts = arena_more(&p->arena, v->parts, v->n_parts, &v->room,
	    sizeof *v->parts);
	if (!str_eq(part->old_path, path))
		path = arena_copy(&p->arena, part->old_path);
	v->parts[v->n_parts++] = (struct blame_part_kept){ part->commit, path,
		part->first, part->old_first, part->boundary };
	for (uint32_t i = 0; i < part->len; i++) {
		struct blame_line *l = &v->lines[part->first - 1 + i];

		v->known += l->part == 0;
		l->part = (uint32_t)v->n_parts;
	}
}

static void
on_data(void *arg, struct str body)
{
	struct pane *p = arg;
	struct blame_view *v = p->state;
	struct wire w = wire_of(body);
	struct blame_row row;

	while (job_blame_read_row(&row, &w))
		add_part(p, &row.part);
	v->damaged |= w.bad;
	shell_redraw(p->shell);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct pane *p = arg;
	struct blame_view *v = p->state;

	v->job = 0;
	if (rc != ERR_NONE) {
		v->stopped = true;
		shell_say(p->shell, ROLE_ERROR, text);
	} else if (v->damaged) {
		shell_say(p->shell, ROLE_ERROR,
		    STR("a worker sent damaged rows: lines with ? are not "
			"known"));
	}
	shell_redraw(p->shell);
}

static void
start_job(struct pane *p)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.done = on_done,
	};
	struct blame_view *v = p->state;
	struct blame_args args = {
		.from = v->commit,
		.path = v->path,
		.options = v->options,
	};
	struct buf b = { 0 };

	v->known = 0;
	v->n_parts = 0;
	v->stopped = false;
	memset(v->lines, 0, v->n_lines * sizeof *v->lines);
	job_blame_args(&b, &args);
	v->job = reading_job_start(p->room, "blame", buf_view(&b), &sink, p);
	buf_release(&b);
}

static enum err
find_file(struct pane *p)
{
	struct blame_view *v = p->state;
	struct git_repo *repo = reading_repo(p->room);
	struct tree_entry e;
	struct commit c;
	struct oid tree;
	enum err rc = git_commit_read(&c, &p->arena, repo, &v->commit);

	if (rc != ERR_NONE)
		return rc;
	v->now = c.committer.time;
	rc = git_tree_of(&tree, repo, &v->commit);
	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, v->path);
	if (rc == ERR_NONE && (e.kind == TREE_FOLDER || e.kind == TREE_MODULE))
		rc = fail(ERR_ABSENT, "blame is for files");
	if (rc != ERR_NONE)
		return rc;
	v->blob = e.id;
	return reading_code(&v->code, p->room, &e.id, v->path);
}

static enum err
blame_open(struct pane *p, const struct target *t)
{
	struct blame_view *v = p->state;
	enum err rc;

	v->commit =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	v->path = t->path.len > 0 ? t->path : t->text;
	v->options.ignore_space = t->number & 1;
	if (v->path.len == 0)
		return fail(ERR_ABSENT,
		    "which file?  :blame PATH, or b in a file");
	rc = find_file(p);
	if (rc != ERR_NONE)
		return rc;
	code_finish(&v->code);
	v->n_lines = code_lines(&v->code);
	v->lines =
	    arena_array(&p->arena, (size_t)v->n_lines + 1, struct blame_line);
	list_init(&v->list, &source, p);
	v->list.empty = "an empty file";
	gutter_init(&v->gutter, &v->blob, v->path);
	list_count(&v->list, v->n_lines, false);
	if (t->line > 0) {
		list_select(&v->list, t->line - 1);
		list_place(&v->list, 0);
	}
	start_job(p);
	return ERR_NONE;
}

static void
blame_close(struct pane *p)
{
	struct blame_view *v = p->state;

	reading_job_cancel(p->room, v->job);
	for (size_t i = 0; i < BLAME_KEPT; i++)
		buf_release(&v->who[i].line);
	gutter_release(&v->gutter);
	code_close(&v->code);
	list_release(&v->list);
}

static bool
blame_stop(struct pane *p)
{
	struct blame_view *v = p->state;

	if (v->job == 0)
		return false;
	reading_job_cancel(p->room, v->job);
	v->job = 0;
	v->stopped = true;
	return true;
}

static void
blame_draw(struct pane *p, struct canvas *c)
{
	struct blame_view *v = p->state;

	gutter_update(&v->gutter, p->room, v->n_lines);
	list_draw(&v->list, c);
}

static void
blame_title(struct pane *p, struct canvas *line)
{
	struct blame_view *v = p->state;
	struct buf b = { 0 };
	unsigned part = v->n_lines == 0 ?
	    100 :
	    (unsigned)((uint64_t)v->known * 100 / v->n_lines);
	int col, tail;

	reading_title(p->room, &v->commit, &b);
	col = canvas_str(line, 0, 0, 36, ROLE_TITLE, buf_view(&b));
	buf_clear(&b);
	buf_printf(&b, "BLAME%s  attributed %u/%u %u%%%s  RO",
	    v->options.ignore_space ? " -w" : "", v->known, v->n_lines, part,
	    v->stopped && v->known < v->n_lines ? " PARTIAL" : "");
	tail = (int)b.len;
	canvas_path(line, 0, col + 1, line->cols - col - tail - 3, ROLE_TITLE,
	    v->path);
	canvas_str(line, 0, line->cols - tail, tail, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static void
blame_status(struct pane *p, struct canvas *line)
{
	struct blame_view *v = p->state;
	const struct blame_part_kept *part = part_of(v, v->list.selected);
	struct buf b = { 0 };

	if (part == NULL) {
		list_position(&v->list, &b);
		buf_str(&b,
		    v->job != 0 ? STR("  not known yet, Esc stops") :
				  STR("  not known"));
	} else {
		buf_str(&b, buf_view(&who_of(p, &part->commit)->line));
		if (!str_eq(part->path, v->path)) {
			buf_str(&b, STR("  as "));
			buf_str(&b, part->path);
		}
	}
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
blame_list(struct pane *p)
{
	struct blame_view *v = p->state;

	return &v->list;
}

/* --- keys ----------------------------------------------------------------- */

/* The part of the selected line and its number in the commit's own file. */
static const struct blame_part_kept *
selected(struct pane *p, uint32_t *old_line)
{
	struct blame_view *v = p->state;
	uint64_t row = v->list.selected;
	const struct blame_part_kept *part = part_of(v, row);

	if (part == NULL)
		shell_message(p->shell, "this line's commit is not known yet");
	else
		*old_line = part->old_first + ((uint32_t)row + 1 - part->first);
	return part;
}

/* The first parent that has the file under this path; NULL. */
static const struct oid *
parent_with(struct pane *p, const struct commit *c, struct str path)
{
	struct git_repo *repo = reading_repo(p->room);

	for (size_t i = 0; i < c->n_parents; i++) {
		struct tree_entry e;
		struct oid tree;

		if (git_tree_of(&tree, repo, &c->parents[i]) == ERR_NONE &&
		    git_tree_find(&e, repo, &tree, path) == ERR_NONE)
			return &c->parents[i];
		err_clear();
	}
	return NULL;
}

/*
 * Blame of the parent, at the place this line came from.  The parent may call
 * the file otherwise, or not have it.
 */
static void
run_older(struct pane *p, const struct call *c)
{
	uint32_t line;
	const struct blame_part_kept *part = selected(p, &line);
	const struct oid *parent;
	struct arena a = { 0 };
	struct commit commit;
	struct target t = { 0 };
	enum err rc;

	(void)c;
	if (part == NULL)
		return;
	rc = git_commit_read(&commit, &a, reading_repo(p->room), &part->commit);
	parent = rc == ERR_NONE ? parent_with(p, &commit, part->path) : NULL;
	if (rc != ERR_NONE) {
		shell_error(p->shell, rc);
	} else if (commit.n_parents == 0) {
		shell_message(p->shell,
		    "this commit has no parent: the line "
		    "begins here");
	} else if (parent == NULL) {
		shell_message(p->shell,
		    "the path begins with this commit: "
		    "gl knows older names of the file");
	} else {
		t.commit = *parent;
		t.path = part->path;
		t.line = line;
		t.number = p->target.number;
		shell_open(p->shell, "blame", &t);
	}
	arena_release(&a);
}

static void
run_commit(struct pane *p, const struct call *c)
{
	uint32_t line;
	const struct blame_part_kept *part = selected(p, &line);
	struct target t = { 0 };

	(void)c;
	if (part == NULL)
		return;
	t.commit = part->commit;
	t.path = part->path;
	shell_open(p->shell, "commit", &t);
}

static void
run_file(struct pane *p, const struct call *c)
{
	uint32_t line;
	const struct blame_part_kept *part = selected(p, &line);
	struct target t = { 0 };

	(void)c;
	if (part == NULL)
		return;
	t.commit = part->commit;
	t.path = part->path;
	t.line = line;
	shell_open(p->shell, "file", &t);
}

static void
run_space(struct pane *p, const struct call *c)
{
	struct blame_view *v = p->state;
	struct target t = {
		.commit = v->commit,
		.path = v->path,
		.line = (uint32_t)v->list.selected + 1,
		.number = p->target.number ^ 1,
	};

	(void)c;
	shell_replace(p, "blame", &t);
}

static void
compose(struct pane *p, enum hatch_what what)
{
	struct blame_view *v = p->state;
	uint32_t n = (uint32_t)v->list.selected + 1;
	struct anchor an;

	if (v->n_lines == 0)
		return;
	an = code_anchor(&v->code, &v->commit, &v->blob, v->path, n, n);
	reading_compose(p->room, what, &an);
}

static void
run_note(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_NOTE);
}

static void
run_finding(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_FINDING);
}

static void
blame_where(struct pane *p, struct target *t)
{
	struct blame_view *v = p->state;

	*t = (struct target){ .commit = v->commit,
		.path = v->path,
		.line = (uint32_t)v->list.selected + 1,
		.number = p->target.number };
}

static bool
blame_go(struct pane *p, const struct target *t)
{
	struct blame_view *v = p->state;

	if (!oid_eq(&t->commit, &v->commit) || !str_eq(t->path, v->path) ||
	    t->number != p->target.number)
		return false;
	if (t->line > 0)
		list_select(&v->list, t->line - 1);
	return true;
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file as that commit has it", run_file, "file",
	    NULL },
	{ "older", ",", "blame the parent of that commit here", run_older,
	    "older", NULL },
	{ "show", "d", "show the commit of the line", run_commit, "commit",
	    NULL },
	{ "space", "W", "ignore blanks, or not", run_space, "blanks", NULL },
	{ "note", "c", "a note on the line", run_note, "note", NULL },
	{ "finding", "F", "a finding on the line", run_finding, NULL, NULL },
	{ 0 },
};

const struct view view_blame = {
	.name = "blame",
	.about = "which commit each line of a file comes from",
	.args = "PATH",
	.state_size = sizeof(struct blame_view),
	.commands = commands,
	.open = blame_open,
	.close = blame_close,
	.draw = blame_draw,
	.title = blame_title,
	.status = blame_status,
	.list = blame_list,
	.stop = blame_stop,
	.where = blame_where,
	.go = blame_go,
};
