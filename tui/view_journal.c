/*
 * view_journal.c - what the host of the room may read.
 */
#include "tui/noting.h"

#include "tui/logbook.h"
#include "tui/pager.h"

static enum err
add_entry(void *arg, const struct journal_entry *e)
{
	struct pager *g = arg;
	struct buf b = { 0 };

	buf_printf(&b, "%5llu  ", (unsigned long long)e->seq);
	noting_time(&b, e->when * 1000);
	buf_printf(&b, "  %-8s ", journal_kind_name(e->kind));
	buf_str(&b, e->who);
	if (e->what.len > 0) {
		buf_str(&b, STR("  "));
		buf_str(&b, e->what);
	}
	if (e->kind == JOURNAL_PAGES || e->kind == JOURNAL_PRINTED)
		buf_printf(&b, "  %llu page%s", (unsigned long long)e->bytes,
		    e->bytes == 1 ? "" : "s");
	else if (e->bytes > 0)
		buf_printf(&b, "  %llu bytes", (unsigned long long)e->bytes);
	pager_add(g, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
	return ERR_NONE;
}

static void
load(struct pane *p)
{
	struct pager *g = p->state;
	struct journal *j = logbook_journal(noting_logbook(p->room));

	pager_clear(g);
	if (j == NULL)
		return;
	shell_error(p->shell, journal_each(j, add_entry, g));
	pager_add(g, ROLE_TEXT, STR(""));
	pager_printf(g, ROLE_NUMBER, "head: %s", journal_head(j, &p->arena).at);
}

static enum err
journal_view_open(struct pane *p, const struct target *t)
{
	(void)t;
	if (logbook_journal(noting_logbook(p->room)) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	pager_init(p->state);
	load(p);
	return ERR_NONE;
}

static void
journal_view_close(struct pane *p)
{
	pager_release(p->state);
}

static void
journal_view_draw(struct pane *p, struct canvas *c)
{
	pager_draw(p->state, c);
}

static void
journal_view_title(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_TITLE,
	    "Journal: all that the host of this room can read");
}

static struct list *
journal_view_list(struct pane *p)
{
	return &((struct pager *)p->state)->list;
}

const struct view view_journal = {
	.name = "journal",
	.about = "What the host may read",
	.state_size = sizeof(struct pager),
	.open = journal_view_open,
	.close = journal_view_close,
	.draw = journal_view_draw,
	.title = journal_view_title,
	.list = journal_view_list,
	.wake = load,
};
