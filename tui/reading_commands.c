#include <stdlib.h>
#include <string.h>

#include "tui/reading_inside.h"
#include "tui/reading_symbols.h"
#include "tui/search_view.h"

/*
 * What the eye is not told: control bytes, a CR inside a line, C1 controls,
 * bidi controls, characters without ink, tags, and bytes that are no UTF-8.
 * A search by bytes, so that its certificate says what was looked at.
 */
const char reading_hazards[] =
    "-b -- [\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]|\\r(?!$)"
    "|\\xc2[\\x80-\\x9f\\xad]|\\xd8\\x9c|\\xe1\\x85[\\x9f\\xa0]"
    "|\\xe1\\xa0\\x8e|\\xe2\\x80[\\x8b-\\x8f\\xa8-\\xae]"
    "|\\xe2\\x81[\\xa0-\\xaf]|\\xe3\\x85\\xa4|\\xef\\xbe\\xa0"
    "|(?<=.)\\xef\\xbb\\xbf|\\xef\\xbf[\\xb9-\\xbb]"
    "|\\xf3\\xa0[\\x80\\x81][\\x80-\\xbf]|[\\xc0\\xc1\\xf5-\\xff]"
    "|(?<![\\x80-\\xff])[\\x80-\\xbf]|[\\xc2-\\xdf](?![\\x80-\\xbf])"
    "|[\\xe0-\\xef](?![\\x80-\\xbf]{2})"
    "|[\\xf0-\\xf4](?![\\x80-\\xbf]{3})";

/* Where the pane is, as the jump list would have it. */
static struct target
here(struct pane *p)
{
	struct target t = p->target;

	if (p->view->where != NULL) {
		t = (struct target){ 0 };
		p->view->where(p, &t);
	}
	return t;
}

static struct target
here_or_arg(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	if (c->args.len > 0)
		t.path = c->args;
	return t;
}

static void
run_start(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;

	(void)c;
	shell_make_room(s);
	shell_open(s, "start", &(struct target){ 0 });
}

static void
run_tree(struct pane *p, const struct call *c)
{
	struct target t = here_or_arg(p, c);

	t = (struct target){ .commit = t.commit, .path = t.path };
	shell_open(p->shell, "tree", &t);
}

static void
run_find(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	t = (struct target){ .commit = t.commit, .text = c->args };
	shell_open(p->shell, "find", &t);
}

static void
run_refs(struct pane *p, const struct call *c)
{
	struct target t = { .text = c->args };

	shell_open(p->shell, "refs", &t);
}

static void
run_log(struct pane *p, const struct call *c)
{
	struct target t = here_or_arg(p, c);

	t = (struct target){ .commit = t.commit, .path = t.path };
	shell_open(p->shell, "log", &t);
}

static void
run_history(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	(void)c;
	t = (struct target){ .commit = t.commit };
	shell_open(p->shell, "log", &t);
}

static void
pickaxe_done(struct pane *p, struct str line)
{
	struct target t = here(p);

	if (line.len == 0)
		return;
	t = (struct target){ .commit = t.commit, .text = line, .number = 1 };
	shell_open(p->shell, "log", &t);
}

static void
run_pickaxe(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "commits that add or remove this text: ",
		.history = "search",
		.done = pickaxe_done,
	};

	shell_argument(p, c, &ask);
}

static void
run_hazards(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	(void)c;
	shell_open(p->shell, "hazards", &(struct target){ .commit = t.commit });
}

/* As a search, with hits and a certificate. */
static void
run_hazard_bytes(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	(void)c;
	t = (struct target){ .commit = t.commit,
		.number = 3,
		.text = str_of(reading_hazards) };
	shell_open(p->shell, "search", &t);
}

static void
run_tray(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "tray", &(struct target){ 0 });
}

static void
run_jobs(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "jobs", &(struct target){ 0 });
}

static void
open_search(struct pane *p, struct str line)
{
	struct target t = here(p);

	if (line.len == 0)
		return;
	t = (struct target){ .commit = t.commit, .text = line };
	shell_open(p->shell, "search", &t);
}

static void
symbol_done(struct pane *p, struct str name)
{
	struct target t = here(p);
	struct buf line = { 0 };

	if (name.len == 0)
		return;
	if (reading_symbols(p->room)) {
		t = (struct target){ .commit = t.commit, .text = name };
		shell_open(p->shell, "symbol", &t);
		return;
	}
	buf_str(&line, STR("-F -w -- "));
	buf_str(&line, name);
	t = (struct target){ .commit = t.commit,
		.path = t.path,
		.text = buf_view(&line),
		.number = SEARCH_VIEW_DEFINES };
	shell_open(p->shell, "search", &t);
	buf_release(&line);
}

/* By the session's index, or by the look of lines where there is none. */
static void
run_symbol(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "where is it defined: ",
		.history = "symbol",
		.done = symbol_done,
	};

	shell_argument(p, c, &ask);
}

static void
run_grep(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "search: ",
		.hint = "-i any case -w words -F text -g *.c -l C "
			"-c comments; Up: earlier",
		.history = "search",
		.done = open_search,
	};

	shell_argument(p, c, &ask);
}

/* --- revisions --------------------------------------------------------- */

static bool
complete_revision(struct pane *p, struct str line, size_t i, struct buf *b)
{
	const struct refs *refs = reading_refs(p->room);

	for (size_t k = 0; k < refs->len; k++) {
		if (!str_starts(refs->at[k].brief, line) || i-- > 0)
			continue;
		buf_str(b, refs->at[k].brief);
		return true;
	}
	return false;
}

static void
choose_done(struct pane *p, struct str line)
{
	struct reading *r = p->room;
	enum err rc = reading_choose(r, line);

	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		shell_open(p->shell, "tree",
		    &(struct target){ .commit = reading_commit(r) });
}

static void
run_revision(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "read revision: ",
		.history = "revision",
		.done = choose_done,
		.complete = complete_revision,
	};

	shell_argument(p, c, &ask);
}

void
reading_compare(struct pane *p, const struct oid *newer, struct str path,
    struct str line)
{
	struct reading *r = p->room;
	struct target t = { .commit = *newer, .path = path };
	struct str rest = line, old, new = STR("");
	enum err rc;

	if (!str_cut(&rest, ' ', &old))
		return;
	if (rest.at != NULL)
		new = str_trim(rest);
	rc = reading_resolve(&t.commit2, r, old);
	if (rc == ERR_NONE && new.len > 0)
		rc = reading_resolve(&t.commit, r, new);
	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		shell_open(p->shell, "compare", &t);
}

static void
compare_done(struct pane *p, struct str line)
{
	struct target t = here(p);

	reading_compare(p, &t.commit, t.path, line);
}

static void
run_compare(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "compare with older revision: ",
		.history = "revision",
		.done = compare_done,
		.complete = complete_revision,
	};

	shell_argument(p, c, &ask);
}

/* --- the notes room ---------------------------------------------------- */

static void
run_notes(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "notes", &(struct target){ 0 });
}

static void
run_export(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "export", &(struct target){ 0 });
}

static void
run_approvals(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "approvals", &(struct target){ 0 });
}

static void
run_undo(struct pane *p, const struct call *c)
{
	(void)c;
	reading_undo(p->room, false);
}

static void
run_redo(struct pane *p, const struct call *c)
{
	(void)c;
	reading_undo(p->room, true);
}

/* --- hits -------------------------------------------------------------- */

static void
show_hit(struct pane *p, struct reading_search *s, size_t k)
{
	struct search_drive *d = reading_search_drive(s);
	const struct search_hit *h = search_drive_hit(d, k);
	uint32_t n;
	const struct search_file *f = reading_search_place(s, h, &n);
	struct target t = {
		.commit = reading_search_commit(s, f->release),
		.blob = f->blob,
		.path = f->path,
		.line = h->line,
		.column = h->column + 1,
	};

	if (p->view->go != NULL && strcmp(p->view->name, "file") == 0) {
		shell_jumped(p);
		if (!p->view->go(p, &t))
			shell_replace(p, "file", &t);
	} else {
		shell_open(p->shell, "file", &t);
	}
	shell_message(reading_shell(p->room), "hit %zu of %s%zu", k + 1,
	    reading_search_runs(s) ? ">" : "", search_drive_hits(d));
}

/* The hits of the worklist that was used last. */
static bool
step_list(struct pane *p, int by)
{
	const struct hitlist *l = reading_list_now(p->room);
	size_t *at, next;
	struct target t = { 0 };

	if (!reading_list_steps(p->room, &at) || l == NULL || l->n_hits == 0)
		return false;
	next = *at == SIZE_MAX ? (by > 0 ? 0 : l->n_hits - 1) :
				 *at + (size_t)(ptrdiff_t)by;
	if (next >= l->n_hits) {
		shell_message(p->shell,
		    by > 0 ? "that was the last line of the worklist" :
			     "that was the first line of the worklist");
		return true;
	}
	*at = next;
	t.path = l->files[l->hits[next].file].path;
	t.commit = l->files[l->hits[next].file].commit;
	t.blob = l->files[l->hits[next].file].blob;
	t.line = l->hits[next].line;
	if (strcmp(p->view->name, "file") != 0)
		shell_open(p->shell, "file", &t);
	else {
		shell_jumped(p);
		if (!p->view->go(p, &t))
			shell_replace(p, "file", &t);
	}
	shell_message(reading_shell(p->room), "line %zu of %u of the worklist",
	    next + 1, l->n_hits);
	return true;
}

static void
step_hit(struct pane *p, int by)
{
	size_t *at, n;
	struct reading_search *s = reading_search_current(p->room, &at);
	const struct search_drive *d =
	    s == NULL ? NULL : reading_search_drive(s);

	if (step_list(p, by))
		return;
	n = d == NULL ? 0 : search_drive_hits(d);
	if (n == 0) {
		shell_message(p->shell, "no list of hits: g/ searches");
		return;
	}
	if (*at == SIZE_MAX)
		*at = by > 0 ? 0 : n - 1;
	else if ((by > 0 && *at + 1 >= n) || (by < 0 && *at == 0)) {
		shell_message(p->shell,
		    by > 0 ? "that was the last hit" :
			     "that was the first hit");
		return;
	} else {
		*at = by > 0 ? *at + 1 : *at - 1;
	}
	show_hit(p, s, *at);
}

static void
run_coverage(struct pane *p, const struct call *c)
{
	struct target t = here(p);

	shell_open(p->shell, "coverage",
	    &(struct target){ .commit = t.commit, .path = c->args });
}

static void
run_today(struct pane *p, const struct call *c)
{
	(void)c;
	reading_open_notes(p->room, STR("today"), 0, NULL);
}

static void
run_eyes(struct pane *p, const struct call *c)
{
	(void)c;
	reading_open_notes(p->room, STR("eyes"), 0, NULL);
}

static void
run_lists(struct pane *p, const struct call *c)
{
	(void)c;
	reading_open_notes(p->room, STR("lists"), 0, NULL);
}

static void
run_patches(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "patches", &(struct target){ 0 });
}

static void
run_next_hit(struct pane *p, const struct call *c)
{
	(void)c;
	step_hit(p, 1);
}

static void
run_previous_hit(struct pane *p, const struct call *c)
{
	(void)c;
	step_hit(p, -1);
}

const struct command reading_commands[] = {
	{ "home", "gH", "the first screen", run_start, NULL, NULL },
	{ "folder", "t", "folders and files of this revision", run_tree, "tree",
	    "PATH" },
	{ "open", "f", "a file by a part of its name", run_find, "find",
	    "NAME" },
	{ "grep", "g/", "search all files of this revision", run_grep, "search",
	    "PATTERN" },
	{ "revisions", "@", "releases, tags and branches", run_refs, NULL,
	    "NAME" },
	{ "revision", NULL, "read another revision", run_revision, NULL,
	    "NAME" },
	{ "diff-with", "D", "compare with another revision", run_compare, NULL,
	    "OLD [NEW]" },
	{ "path-log", "gl", "history of this path", run_log, NULL, "PATH" },
	{ "history", "gL", "history of everything", run_history, NULL, NULL },
	{ "pickaxe", NULL, "commits that add or remove a text (log -S)",
	    run_pickaxe, NULL, "TEXT" },
	{ "symbol", NULL, "where a name is defined", run_symbol, NULL, "NAME" },
	{ "sweep", "gh", "hazards of this revision: what may deceive",
	    run_hazards, NULL, NULL },
	{ "sweep-bytes", NULL, "the same as a search for bytes",
	    run_hazard_bytes, NULL, NULL },
	{ "work", NULL, "what runs in the background", run_jobs, NULL, NULL },
	{ "citations", "gy", "citations taken with y and Y", run_tray, NULL,
	    NULL },
	{ "my-notes", "gn", "notes and findings", run_notes, NULL, NULL },
	{ "map", "gv", "what was seen and what is reviewed", run_coverage, NULL,
	    "PATH" },
	{ "eyes", NULL, "who reviewed what: me, others, both, nobody", run_eyes,
	    NULL, NULL },
	{ "my-day", "gt", "where I was, what is open, what changed", run_today,
	    NULL, NULL },
	{ "my-worklists", "gw gs", "lists of hits and what was said of them",
	    run_lists, NULL, NULL },
	{ "my-export", "gx", "let findings leave the room", run_export, NULL,
	    NULL },
	{ "my-approvals", NULL, "for approvers: what waits for your word",
	    run_approvals, NULL, NULL },
	{ "applied", "gP", "patches of the vendor: which release has them",
	    run_patches, NULL, NULL },
	{ "undo", "u", "undo the last entry of the record", run_undo, NULL,
	    NULL },
	{ "redo", "C-r", "redo it", run_redo, NULL, NULL },
	{ "next-hit", "]h", "next hit of the last search", run_next_hit, NULL,
	    NULL },
	{ "previous-hit", "[h", "previous hit", run_previous_hit, NULL, NULL },
	{ 0 },
};
