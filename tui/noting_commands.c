/* Commands of every view of the notes room. */
#include "tui/noting.h"

#include <string.h>

static void
run_back(struct pane *p, const struct call *c)
{
	struct noting *n = p->room;

	(void)c;
	if (shell_below(p) == NULL || noting_asked(n, p))
		noting_back(n, STR(""));
	if (shell_below(p) != NULL)
		shell_close(p);
}

static void
run_source(struct pane *p, const struct call *c)
{
	(void)c;
	noting_back(p->room, STR(""));
}

static void
run_notes(struct pane *p, const struct call *c)
{
	(void)c;
	if (strcmp(p->view->name, "notes") != 0)
		shell_open(p->shell, "notes", NULL);
}

static void
run_undo(struct pane *p, const struct call *c)
{
	(void)c;
	noting_undo(p->room, false);
}

static void
run_redo(struct pane *p, const struct call *c)
{
	(void)c;
	noting_undo(p->room, true);
}

static void
run_lists(struct pane *p, const struct call *c)
{
	(void)c;
	if (strcmp(p->view->name, "lists") != 0)
		shell_open(p->shell, "lists", NULL);
}

static void
run_today(struct pane *p, const struct call *c)
{
	(void)c;
	if (strcmp(p->view->name, "today") != 0)
		shell_open(p->shell, "today", NULL);
}

static void
run_export(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "export", NULL);
}

static void
run_pages(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "pages", NULL);
}

static void
run_journal(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "journal", NULL);
}

static void
run_passphrase(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "passphrase", NULL);
}

const struct command noting_commands[] = {
	{ "quit", "q", "close this view, from the last back to the source",
	    run_back, "back", NULL },
	{ "source", "gs", "back to the source", run_source, NULL, NULL },
	{ "notes", "gn", "all notes, findings and questions", run_notes, NULL,
	    NULL },
	{ "undo", "u", "take back the last entry (adds an entry)", run_undo,
	    "undo", NULL },
	{ "redo", "C-r", "bring it back", run_redo, NULL, NULL },
	{ "worklists", "gw", "lists of hits and what was said of them",
	    run_lists, NULL, NULL },
	{ "resume", "gt", "where I was, what is open, what changed", run_today,
	    NULL, NULL },
	{ "export", "gx", "let findings leave the room", run_export, "export",
	    NULL },
	{ "print", "gE", "lines chosen for pages, and what they cost",
	    run_pages, NULL, NULL },
	{ "journal", "gj", "what the host may read", run_journal, NULL, NULL },
	{ "passphrase", NULL, "open the vault, or change its passphrase",
	    run_passphrase, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};
