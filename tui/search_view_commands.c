/*
 * search_view_commands.c - the keys of the view of a search.
 */
#include "tui/search_view.h"

#include "tui/reading_list.h"

static void
open_hit(struct pane *p, uint64_t row)
{
	struct search_view *v = p->state;
	struct target t = search_view_target(v, row);
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
		search_view_take(v, v->looked);
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
	if (v->kind == SEARCH_VIEW_ALL || v->kind == SEARCH_VIEW_HAZARDS)
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
	if (!search_view_judges(v)) {
		shell_message(p->shell, "every hit is shown");
		return;
	}
	v->all = !v->all;
	v->n_rows = v->files = v->judged = v->unread = 0;
	list_count(&v->list, 0, true);
	list_changed(&v->list);
	reading_slice(p->room, search_view_judge_on, p);
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
		if (search_view_hit(v, row)->blob !=
		    search_view_hit(v, v->list.selected)->blob) {
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
		if (v->kind == SEARCH_VIEW_HAZARDS)
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

const struct command search_view_commands[] = {
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
