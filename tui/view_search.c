#include <stdlib.h>
#include <string.h>

#include "tui/around.h"
#include "tui/list.h"
#include "tui/looks.h"
#include "tui/query_line.h"
#include "tui/reading.h"
#include "tui/same.h"
#include "tui/reading_symbols.h"
#include "tui/uses.h"
#include "tui/reading_list.h"

/*
 * A search of a revision: hits in the order of paths as they come, and under
 * them the line that says what may be claimed of it.  target.number says
 * which hits are shown: all, what looks like a definition of the word, or
 * (the hazard sweep) all but those in binary files.
 */
enum kind {
	KIND_ALL,
	KIND_DEFINES,
	KIND_USES,
	KIND_HAZARDS,
	KIND_CALLERS,
	KIND_PEEK, /* as KIND_DEFINES, to be looked at without leaving */
	KINDS,
};

static const char *const kinds[] = {
	[KIND_ALL] = "SEARCH",
	[KIND_DEFINES] = "DEFINITIONS (text method)",
	[KIND_USES] = "REFERENCES (in code, by lexer)",
	[KIND_CALLERS] = "CALLERS (text method)",
	[KIND_PEEK] = "DEFINITIONS (text method)",
	[KIND_HAZARDS] = "HAZARDS: bytes that deceive the eye",
};

struct search_view {
	struct list list;
	struct reading_search *search;
	struct query query;
	struct oid commit;
	enum kind kind;
	uint32_t *rows; /* hits that are shown */
	size_t n_rows, room, looked;
	size_t files; /* where the rows stand, as a certificate counts */
	bool jumped;  /* a single definition was opened */
	unsigned jump;
	bool grouped; /* lines that say the same are one row, same.lines */
	struct same same;
	bool shows_around;
	struct around around;
	struct uses uses; /* of references and callers: ... */
	size_t judged;    /* hits looked at in their files */
	bool all;         /* those in comments and strings, too */
	size_t unread;    /* hits in files that cannot be read here */
	struct caller {   /* beside rows */
		struct str name;
		uint32_t line;
	} * callers;
};

static const struct search_file *
file_of(const struct search_view *v, const struct search_hit *h)
{
	uint32_t n;

	return reading_search_place(v->search, h, &n);
}

static const struct search_hit *
hit_of(const struct search_view *v, uint64_t row)
{
	return search_drive_hit(reading_search_drive(v->search), v->rows[row]);
}

/* The path stands at the first hit of a file and where the screen begins. */
static void
draw_place(const struct search_view *v, const struct list_row *r,
    const struct search_hit *h, const struct canvas *line)
{
	const struct search_file *f = file_of(v, h);
	bool again = !v->grouped && r->row > v->list.top && !r->selected &&
	    hit_of(v, r->row - 1)->blob == h->blob;

	if (!again)
		canvas_path(line, 0, 0, 20, r->attr | ROLE_NAME, f->path);
	canvas_printf(line, 0, 20, r->attr | ROLE_NUMBER, ":%u", h->line);
}

/* Which releases hold the line, when several are searched. */
static int
draw_releases(const struct search_view *v, const struct list_row *r,
    const struct search_hit *h, const struct canvas *line)
{
	uint32_t all = reading_search_releases(v->search), n;
	const struct search_file *f = reading_search_place(v->search, h, &n);
	int col;

	if (all < 2)
		return 27;
	if (n >= all)
		col = canvas_put(line, 0, 27, r->attr | ROLE_HUNK, "all");
	else
		col = canvas_str(line, 0, 27, 7, r->attr | ROLE_HUNK,
		    reading_search_name(v->search, f->release));
	if (n > 1 && n < all)
		canvas_put(line, 0, col, r->attr | ROLE_HUNK, "+");
	return 36;
}

/* The function a call stands in, once for its calls side by side. */
static int
draw_caller(const struct search_view *v, const struct list_row *r,
    const struct canvas *line, int col)
{
	const struct caller *c = &v->callers[r->row];
	bool again = r->row > v->list.top && !r->selected &&
	    c->line == c[-1].line &&
	    hit_of(v, r->row - 1)->blob == hit_of(v, r->row)->blob;

	if (c->line == 0)
		canvas_put(line, 0, col, r->attr | ROLE_NUMBER, "<file>");
	else if (!again)
		canvas_str(line, 0, col, 20, r->attr | ROLE_HUNK, c->name);
	return col + 21;
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	const struct search_hit *h = hit_of(v, r->row);
	struct canvas_span over[SEARCH_SPANS];
	struct canvas_draw d = {
		.attr = r->attr,
		.style = shell_options(p->shell)->style,
		.over = over,
		.n_over = h->n_spans,
		.skip = r->skip,
		.find = r->find,
	};
	int col;
	size_t blank = 0, first = h->n_spans > 0 ? h->spans[0].at : 0;

	if (v->grouped && v->same.lines[r->row].times > 1)
		canvas_printf(line, 0, 0, r->attr | ROLE_NUMBER, "%8u times",
		    v->same.lines[r->row].times);
	else
		draw_place(v, r, h, line);
	col = draw_releases(v, r, h, line);
	if (v->kind == KIND_CALLERS)
		col = draw_caller(v, r, line, col);
	/* Indentation says nothing here and costs columns. */
	while (blank < first && blank < h->excerpt.len &&
	    (h->excerpt.at[blank] == ' ' || h->excerpt.at[blank] == '\t'))
		blank++;
	d.text = str_slice(h->excerpt, blank, h->excerpt.len);
	for (size_t i = 0; i < h->n_spans; i++)
		over[i] = (struct canvas_span){
			h->spans[i].at - (uint32_t)blank,
			h->spans[i].at + h->spans[i].len - (uint32_t)blank,
			ATTR_HIT,
		};
	canvas_text(line, 0, col, line->cols - col, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	const struct search_hit *h = hit_of(v, row);

	buf_str(b, file_of(v, h)->path);
	buf_printf(b, ":%u ", h->line);
	buf_str(b, h->excerpt);
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

/* --- which hits are shown ------------------------------------------------ */

static bool
wanted(const struct search_view *v, const struct search_hit *h)
{
	switch (v->kind) {
	case KIND_DEFINES:
	case KIND_PEEK:
		return looks_definition(file_of(v, h)->path, h->excerpt,
		    h->cut > 0, v->query.pattern);
	case KIND_HAZARDS:
		return !looks_binary(h->excerpt);
	default:
		return true;
	}
}

static void
add_row(struct search_view *v, size_t hit)
{
	if (v->grouped &&
	    !same_add(&v->same,
		search_drive_hit(reading_search_drive(v->search), hit)
		    ->excerpt))
		return;
	if (v->n_rows == v->room) {
		v->room = v->room == 0 ? 256 : 2 * v->room;
		v->rows = realloc(v->rows, v->room * sizeof *v->rows);
		v->callers = realloc(v->callers, v->room * sizeof *v->callers);
		if (v->rows == NULL || v->callers == NULL)
			bug("no memory for %zu hits", v->room);
	}
	v->callers[v->n_rows] = (struct caller){ 0 };
	v->rows[v->n_rows++] = (uint32_t)hit;
	if (v->n_rows == 1 ||
	    hit_of(v, v->n_rows - 2)->blob != hit_of(v, v->n_rows - 1)->blob) {
		uint32_t n;

		(void)reading_search_place(v->search, hit_of(v, v->n_rows - 1),
		    &n);
		v->files += n;
	}
}

static struct target
target_of(const struct search_view *v, uint64_t row)
{
	const struct search_hit *h = hit_of(v, row);
	const struct search_file *f = file_of(v, h);

	return (struct target){
		.commit = reading_search_commit(v->search, f->release),
		.blob = f->blob,
		.path = f->path,
		.line = h->line,
		.column = h->column + 1,
	};
}

/* One definition is what was asked for: it takes the place of the list.
 * Not from inside an event: the search goes away with its view. */
static void
jump(void *arg)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	struct target t = target_of(v, 0);

	v->jump = 0;
	if (shell_top(p->shell) == p)
		shell_replace(p, v->kind == KIND_PEEK ? "peek" : "file", &t);
}

/* --- words where they stand ---------------------------------------------- */

static bool
is_judged(const struct search_view *v)
{
	return v->kind == KIND_USES || v->kind == KIND_CALLERS;
}

/* The function that calls: by the session's parser, else by the look. */
static void
name_caller(struct pane *p, const struct oid *blob, uint32_t line)
{
	struct search_view *v = p->state;
	struct caller *c = &v->callers[v->n_rows - 1];
	struct str name;

	if (reading_symbols(p->room)) {
		if (reading_symbols_around(&name, &c->line, p->room, blob,
			line))
			c->name = name;
		return;
	}
	c->line = uses_around(&v->uses, line, &name);
	if (c->line != 0)
		c->name = arena_copy(&p->arena, name);
}

static void
judge(struct pane *p, size_t hit)
{
	struct search_view *v = p->state;
	const struct search_hit *h =
	    search_drive_hit(reading_search_drive(v->search), hit);
	const struct search_file *f = file_of(v, h);
	enum uses_kind kind = uses_look(&v->uses, reading_repo(p->room),
	    &f->blob, f->path, h->line, v->query.pattern);

	v->unread += kind == USES_UNREAD;
	if (v->kind == KIND_CALLERS ?
		!v->all && kind != USES_CALL && kind != USES_UNREAD :
		!v->all && kind == USES_TEXT)
		return;
	add_row(v, hit);
	if (v->kind == KIND_CALLERS)
		name_caller(p, &f->blob, h->line);
}

static bool
judge_on(void *arg)
{
	enum { SLICE = 32 };
	struct pane *p = arg;
	struct search_view *v = p->state;
	bool runs = reading_search_runs(v->search);

	for (int i = 0; i < SLICE && v->judged < v->looked; i++)
		judge(p, v->judged++);
	list_count(&v->list, v->n_rows, runs || v->judged < v->looked);
	shell_redraw(p->shell);
	return v->judged < v->looked;
}

static void
on_event(void *arg, const struct search_event *e)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	struct search_drive *d = reading_search_drive(v->search);

	for (; d != NULL && v->looked < e->hits; v->looked++)
		if (!is_judged(v) && wanted(v, search_drive_hit(d, v->looked)))
			add_row(v, v->looked);
	list_count(&v->list, v->n_rows,
	    !e->last || (is_judged(v) && v->judged < v->looked));
	if (is_judged(v))
		reading_slice(p->room, judge_on, p);
	if (e->last && e->rc != ERR_NONE && e->rc != ERR_STOPPED)
		shell_say(p->shell, ROLE_ERROR, e->text);
	shell_redraw(p->shell);
	if (e->last && (v->kind == KIND_DEFINES || v->kind == KIND_PEEK) &&
	    v->n_rows == 1 && !v->jumped && shell_top(p->shell) == p) {
		v->jumped = true;
		v->jump = reading_after(p->room, 0, jump, p);
	}
}

/* The commits to search, by -r or the one of the target.  In a session a
 * word is looked up in the release it stands in, a pattern in all. */
static enum err
choose_commits(struct pane *p, struct oid *commits, uint32_t *n)
{
	struct search_view *v = p->state;
	const struct refs *refs = reading_refs(p->room);
	struct str *name = arena_array(&p->arena, 1, struct str);
	enum err rc = ERR_NONE;

	*n = v->query.n_releases > 0 ? v->query.n_releases : 1;
	commits[0] = v->commit;
	for (uint32_t i = 0; i < v->query.n_releases && rc == ERR_NONE; i++)
		rc =
		    reading_resolve(&commits[i], p->room, v->query.releases[i]);
	if (!reading_start(p->room)->session || v->query.n_releases > 0 ||
	    v->kind == KIND_ALL || v->kind == KIND_HAZARDS)
		return rc;
	for (size_t i = 0; i < refs->len; i++) {
		const struct ref *ref = &refs->at[i];

		if (ref->kind != REF_RELEASE ||
		    !oid_eq(&ref->commit, &v->commit))
			continue;
		*name = ref->brief;
		v->query.releases = name;
		v->query.n_releases = 1;
	}
	return rc;
}

static enum err
search_open(struct pane *p, const struct target *t)
{
	struct search_view *v = p->state;
	struct oid commits[SEARCH_GLOBS];
	uint32_t n;
	enum err rc = query_line_read(&v->query, &p->arena, t->text);

	if (rc != ERR_NONE)
		return rc;
	v->commit =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	if (oid_is_zero(&v->commit))
		return fail(ERR_ABSENT, "there is no commit to search yet");
	v->kind = t->number >= KINDS ? KIND_ALL : (enum kind)t->number;
	rc = choose_commits(p, commits, &n);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	list_count(&v->list, 0, true);
	rc = reading_search_open(&v->search, p->room, &v->query, commits, n,
	    on_event, p);
	if (rc != ERR_NONE)
		list_release(&v->list);
	else if (!reading_search_runs(v->search))
		list_count(&v->list, 0, false);
	return rc;
}

static void
search_close(struct pane *p)
{
	struct search_view *v = p->state;

	reading_after_cancel(p->room, v->jump);
	reading_slice_stop(p->room, p);
	reading_search_close(v->search);
	list_release(&v->list);
	uses_release(&v->uses);
	same_release(&v->same);
	around_release(&v->around);
	free(v->rows);
	free(v->callers);
}

static bool
search_stop(struct pane *p)
{
	struct search_view *v = p->state;

	if (!reading_search_runs(v->search))
		return false;
	reading_search_stop(v->search);
	return true;
}

static void
draw_around(struct pane *p, const struct canvas *c, int rows)
{
	struct search_view *v = p->state;
	const struct search_hit *h = hit_of(v, v->list.selected);
	const struct search_file *f = file_of(v, h);
	struct canvas part =
	    canvas_part(c, c->rows - 1 - rows, 0, rows, c->cols);

	around_draw(&v->around, reading_repo(p->room),
	    &(struct around_place){ f->path, f->blob,
		(enum encoding)h->encoding, h->line },
	    &part, shell_options(p->shell)->style);
}

static void
search_draw(struct pane *p, struct canvas *c)
{
	struct search_view *v = p->state;
	int below = v->shows_around && v->n_rows > 0 ? around_rows(c->rows) : 0;
	struct canvas rows = canvas_part(c, 0, 0, c->rows - 1 - below, c->cols);
	struct buf b = { 0 };
	bool runs = reading_search_runs(v->search);

	reading_search_line(v->search, &b);
	v->list.empty = runs ?
	    "searching ..." :
	    v->looked > 0 && is_judged(v) ?
	    "in comments and strings only, or never called - a shows "
	    "them" :
	    v->looked > 0 ? "no hit looks like a definition - gr lists "
			    "all uses" :
			    "no hits";
	list_draw(&v->list, &rows);
	if (below > 0)
		draw_around(p, c, below);
	canvas_str(c, c->rows - 1, 0, c->cols,
	    runs                                          ? ROLE_NUMBER :
		str_starts(buf_view(&b), STR("COMPLETE")) ? ROLE_ADDED :
							    ROLE_WARNING,
	    buf_view(&b));
	buf_release(&b);
}

static void
search_title(struct pane *p, struct canvas *line)
{
	struct search_view *v = p->state;
	struct buf b = { 0 };
	int col = canvas_put(line, 0, 0, ROLE_TITLE, kinds[v->kind]);

	if (v->kind != KIND_HAZARDS) {
		query_line_write(&v->query, &b);
		col = canvas_str(line, 0, col + 1, line->cols - col - 24,
		    ROLE_TITLE, buf_view(&b));
	}
	buf_clear(&b);
	if (reading_search_releases(v->search) > 1)
		buf_printf(&b, "in %u releases",
		    reading_search_releases(v->search));
	else
		reading_title(p->room, &v->commit, &b);
	canvas_str(line, 0, col + 1, line->cols - col - 1, ROLE_TITLE,
	    buf_view(&b));
	buf_release(&b);
}

static void
search_status(struct pane *p, struct canvas *line)
{
	struct search_view *v = p->state;
	bool runs = reading_search_runs(v->search);
	struct buf b = { 0 };

	list_position(&v->list, &b);
	buf_printf(&b, "  %s%zu hit%s in %zu file%s", runs ? ">" : "",
	    v->n_rows, v->n_rows == 1 ? "" : "s", v->files,
	    v->files == 1 ? "" : "s");
	if (v->grouped) {
		buf_clear(&b);
		list_position(&v->list, &b);
		buf_printf(&b, "  %zu different of %s%zu lines that match",
		    v->n_rows, runs ? ">" : "", v->looked);
	} else if (v->n_rows < v->looked)
		buf_printf(&b, ", of %s%zu lines that match", runs ? ">" : "",
		    v->looked);
	if (v->unread > 0)
		buf_printf(&b, "; %zu in files that cannot be read", v->unread);
	if (v->kind == KIND_CALLERS)
		buf_str(&b,
		    reading_symbols(p->room) ? STR("; functions by ctags") :
					       STR("; functions by look"));
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
search_list(struct pane *p)
{
	struct search_view *v = p->state;

	return &v->list;
}

static void
open_hit(struct pane *p, uint64_t row)
{
	struct search_view *v = p->state;
	struct target t = target_of(v, row);
	size_t *at;

	if (reading_search_current(p->room, &at) == v->search)
		*at = v->rows[row];
	reading_list_step(p->room, false, 0);
	shell_open(p->shell, "file", &t);
}

/* All rows anew; the selection stays at its hit, or before it. */
static void
group(struct pane *p, bool grouped)
{
	struct search_view *v = p->state;
	size_t looked = v->looked, hit = 0;

	if (v->list.selected < v->n_rows)
		hit = v->rows[v->list.selected];
	v->grouped = grouped;
	v->n_rows = v->files = 0;
	same_clear(&v->same);
	for (v->looked = 0; v->looked < looked; v->looked++)
		if (wanted(v,
			search_drive_hit(reading_search_drive(v->search),
			    v->looked)))
			add_row(v, v->looked);
	list_count(&v->list, v->n_rows, reading_search_runs(v->search));
	list_changed(&v->list);
	for (size_t i = 0; i < v->n_rows && v->rows[i] <= hit; i++)
		list_select(&v->list, i);
	shell_redraw(p->shell);
}

static void
toggle_groups(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;

	(void)c;
	if (v->kind == KIND_ALL || v->kind == KIND_HAZARDS)
		group(p, !v->grouped);
	else
		shell_message(p->shell, "only a search by pattern has groups");
}

static void
toggle_around(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;

	(void)c;
	v->shows_around = !v->shows_around;
	shell_redraw(p->shell);
}

/* A row of many lines opens into them. */
static void
open_group(struct pane *p)
{
	struct search_view *v = p->state;
	struct str line =
	    arena_copy(&p->arena, v->same.lines[v->list.selected].text);

	group(p, false);
	list_filter(&v->list, line);
	shell_message(p->shell, "lines that hold it; & and Enter shows all");
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;

	(void)c;
	if (v->list.selected >= v->n_rows)
		return;
	if (v->grouped && v->same.lines[v->list.selected].times > 1)
		open_group(p);
	else
		open_hit(p, v->list.selected);
}

/* Comments and strings, too, or again without them. */
static void
run_all(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;

	(void)c;
	if (!is_judged(v)) {
		shell_message(p->shell, "every hit is shown");
		return;
	}
	v->all = !v->all;
	v->n_rows = v->files = v->judged = v->unread = 0;
	list_count(&v->list, 0, true);
	list_changed(&v->list);
	reading_slice(p->room, judge_on, p);
}

static void
to_file(struct pane *p, bool back)
{
	struct search_view *v = p->state;
	uint64_t row = v->list.selected;

	if (row >= v->n_rows)
		return;
	while (back ? row > 0 : row + 1 < v->n_rows) {
		row = back ? row - 1 : row + 1;
		if (hit_of(v, row)->blob != hit_of(v, v->list.selected)->blob) {
			list_select(&v->list, row);
			return;
		}
	}
	shell_message(p->shell, "no %s file with hits",
	    back ? "earlier" : "further");
}

static void
next_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, false);
}

static void
last_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, true);
}

static void
show_certificate(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;

	(void)c;
	if (reading_search_runs(v->search))
		shell_message(p->shell, "the search still runs: Esc stops it");
	else
		shell_open(p->shell, "certificate", &(struct target){ 0 });
}

/* Every hit that is shown wants a verdict. */
static void
run_worklist(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;
	struct buf b = { 0 };

	(void)c;
	if (reading_search_runs(v->search) ||
	    reading_search_drive(v->search) == NULL ||
	    search_drive_certificate(reading_search_drive(v->search)) == NULL)
		shell_message(p->shell,
		    "the search still runs: Esc stops it, what was found "
		    "stays");
	else {
		if (v->kind == KIND_HAZARDS)
			buf_str(&b, STR(READING_LIST_HAZARDS));
		else
			query_line_write(&v->query, &b);
		reading_list_make(p->room, v->search, v->rows, v->n_rows,
		    buf_view(&b), 0);
	}
	buf_release(&b);
}

static void
on_line(struct pane *p, struct str line)
{
	struct search_view *v = p->state;
	struct target t = { .commit = v->commit, .text = line };

	if (line.len > 0)
		shell_replace(p, "search", &t);
}

/* The same search, to be changed. */
static void
edit(struct pane *p, const struct call *c)
{
	struct search_view *v = p->state;
	struct shell_ask ask = {
		.label = "search: ",
		.hint = "-i any case -w words -F text -g *.c -l C "
			"-c comments; Up: earlier",
		.history = "search",
		.done = on_line,
	};
	struct buf b = { 0 };

	(void)c;
	query_line_write(&v->query, &b);
	ask.initial = arena_copy(&p->arena, buf_view(&b));
	buf_release(&b);
	shell_prompt(p, &ask);
}

static void
search_where(struct pane *p, struct target *t)
{
	struct search_view *v = p->state;

	t->commit = v->commit;
	t->text = p->target.text;
	t->number = p->target.number;
	t->line = (uint32_t)v->list.selected + 1;
}

static bool
search_go(struct pane *p, const struct target *t)
{
	struct search_view *v = p->state;

	if (!oid_eq(&t->commit, &v->commit) ||
	    !str_eq(t->text, p->target.text) || t->number != p->target.number)
		return false;
	if (t->line > 0)
		list_select(&v->list, t->line - 1);
	return true;
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file at this hit", run_enter, "open", NULL },
	{ "next-file", "]f", "next file with hits", next_file, NULL, NULL },
	{ "last-file", "[f", "file with hits before", last_file, NULL, NULL },
	{ "certificate", "x", "what was searched, and what was not",
	    show_certificate, "certificate", NULL },
	{ "worklist", "T", "a worklist: a verdict for each of these lines",
	    run_worklist, "triage", NULL },
	{ "all", "a", "of references and callers: every line with the word",
	    run_all, NULL, NULL },
	{ "around", ".", "the text around the selected hit", toggle_around,
	    "around", NULL },
	{ "same", "%", "lines that say the same as one row", toggle_groups,
	    "same", NULL },
	{ "edit", "e", "search again with another pattern", edit, "edit",
	    NULL },
	{ 0 },
};

const struct view view_search = {
	.name = "search",
	.about = "lines of all files that match a pattern",
	.state_size = sizeof(struct search_view),
	.commands = commands,
	.open = search_open,
	.close = search_close,
	.draw = search_draw,
	.title = search_title,
	.status = search_status,
	.list = search_list,
	.stop = search_stop,
	.where = search_where,
	.go = search_go,
};
