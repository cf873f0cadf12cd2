#include "tui/search_view.h"

#include <stdlib.h>

#include "tui/reading.h"
#include "tui/reading_symbols.h"

static const char *const kinds[] = {
	[SEARCH_VIEW_ALL] = "SEARCH",
	[SEARCH_VIEW_DEFINES] = "DEFINITIONS (text method)",
	[SEARCH_VIEW_USES] = "REFERENCES (in code, by lexer)",
	[SEARCH_VIEW_CALLERS] = "CALLERS (text method)",
	[SEARCH_VIEW_PEEK] = "DEFINITIONS (text method)",
	[SEARCH_VIEW_HAZARDS] = "HAZARDS: bytes that deceive the eye",
};

/* The path stands at the first hit of a file and where the screen begins. */
static void
draw_place(const struct search_view *v, const struct list_row *r,
    const struct search_hit *h, const struct canvas *line)
{
	const struct search_file *f = search_view_file(v, h);
	bool again = !v->grouped && r->row > v->list.top && !r->selected &&
	    search_view_hit(v, r->row - 1)->blob == h->blob;

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
	    search_view_hit(v, r->row - 1)->blob ==
		search_view_hit(v, r->row)->blob;

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
	const struct search_hit *h = search_view_hit(v, r->row);
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
	if (v->kind == SEARCH_VIEW_CALLERS)
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
	const struct search_hit *h = search_view_hit(v, row);

	buf_str(b, search_view_file(v, h)->path);
	buf_printf(b, ":%u ", h->line);
	buf_str(b, h->excerpt);
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

/* One definition is what was asked for: it takes the place of the list.
 * Not from inside an event: the search goes away with its view. */
static void
jump(void *arg)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	struct target t = search_view_target(v, 0);

	v->jump = 0;
	if (shell_top(p->shell) == p)
		shell_replace(p, v->kind == SEARCH_VIEW_PEEK ? "peek" : "file",
		    &t);
}

static void
on_event(void *arg, const struct search_event *e)
{
	struct pane *p = arg;
	struct search_view *v = p->state;
	struct search_drive *d = reading_search_drive(v->search);

	for (; d != NULL && v->looked < e->hits; v->looked++)
		if (!search_view_judges(v))
			search_view_take(v, v->looked);
	list_count(&v->list, v->n_rows,
	    !e->last || (search_view_judges(v) && v->judged < v->looked));
	if (search_view_judges(v))
		reading_slice(p->room, search_view_judge_on, p);
	if (e->last && e->rc != ERR_NONE && e->rc != ERR_STOPPED)
		shell_say(p->shell, ROLE_ERROR, e->text);
	shell_redraw(p->shell);
	if (e->last &&
	    (v->kind == SEARCH_VIEW_DEFINES || v->kind == SEARCH_VIEW_PEEK) &&
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
	    v->kind == SEARCH_VIEW_ALL || v->kind == SEARCH_VIEW_HAZARDS)
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
	v->kind = t->number >= SEARCH_VIEW_KINDS ?
	    SEARCH_VIEW_ALL :
	    (enum search_view_kind)t->number;
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
	const struct search_hit *h = search_view_hit(v, v->list.selected);
	const struct search_file *f = search_view_file(v, h);
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
	    v->looked > 0 && search_view_judges(v) ?
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

	if (v->kind != SEARCH_VIEW_HAZARDS) {
		query_line_write(&v->query, &b);
		col = canvas_str(line, 0, col + 1, line->cols - col - 24,
		    ROLE_TITLE, buf_view(&b));
	}
	buf_clear(&b);
	if (reading_search_releases(v->search) > 1)
		buf_printf(&b, "in %u releases",
		    reading_search_releases(v->search));
	else if (v->query.n_releases == 0) /* else it says where, with -r */
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
	if (v->kind == SEARCH_VIEW_CALLERS)
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

const struct view view_search = {
	.name = "search",
	.about = "lines of all files that match a pattern",
	.args = "PATTERN",
	.state_size = sizeof(struct search_view),
	.commands = search_view_commands,
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
