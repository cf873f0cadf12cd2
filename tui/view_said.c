/*
 * view_said.c - a worklist as a text: its certificate, and every line with
 * its verdict and reason.  The lines themselves are not here: the notes room
 * never sees them.
 */
#include "tui/noting.h"

#include "tui/pager.h"

static void
add_lines(struct pager *g, struct str text)
{
	struct str line;

	while (str_cut(&text, '\n', &line))
		pager_add(g, ROLE_TEXT, line);
}

static void
add_reason(struct pager *g, const struct entry *e)
{
	struct str rest = e->text, line;

	while (str_cut(&rest, '\n', &line)) {
		struct buf b = { 0 };

		buf_str(&b, STR("             "));
		buf_str(&b, line);
		pager_add(g, ROLE_FAINT, buf_view(&b));
		buf_release(&b);
	}
}

static void
add_hit(struct pager *g, const struct worklist *w, uint32_t i)
{
	const struct hitlist_hit *h = &w->l.hits[i];
	const struct entry *said = worklist_said(w, i);
	struct buf b = { 0 };

	buf_printf(&b, "%-10s ",
	    hitlist_verdict_name((enum hitlist_verdict)h->verdict));
	buf_str(&b, w->l.files[h->file].path);
	buf_printf(&b, ":%u", h->line);
	if (h->state != HITLIST_FIRST)
		buf_printf(&b, "  %s",
		    hitlist_state_name((enum hitlist_state)h->state));
	if (h->state == HITLIST_CHANGED)
		buf_printf(&b, ", was %s",
		    hitlist_verdict_name((enum hitlist_verdict)h->was));
	pager_add(g,
	    h->verdict == VERDICT_SUSPICIOUS ? ROLE_WARNING : ROLE_TEXT,
	    buf_view(&b));
	if (said != NULL)
		add_reason(g, said);
	buf_release(&b);
}

static enum err
said_open(struct pane *p, const struct target *t)
{
	struct pager *g = p->state;
	const struct book *b = noting_book(p->room);
	const struct worklist *w = b == NULL ? NULL : book_list(b, t->number);

	if (b == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	if (w == NULL)
		return fail(ERR_ABSENT, "there is no worklist %llu",
		    (unsigned long long)t->number);
	pager_init(g);
	g->wrap = true;
	add_lines(g, w->l.certificate);
	pager_add(g, ROLE_TEXT, STR(""));
	for (uint32_t i = 0; i < w->l.n_hits; i++)
		add_hit(g, w, i);
	return ERR_NONE;
}

static void
said_close(struct pane *p)
{
	pager_release(p->state);
}

static void
said_draw(struct pane *p, struct canvas *c)
{
	pager_draw(p->state, c);
}

static void
said_title(struct pane *p, struct canvas *line)
{
	canvas_printf(line, 0, 0, ROLE_TITLE, "Worklist %llu",
	    (unsigned long long)p->target.number);
}

static struct list *
said_list(struct pane *p)
{
	return &((struct pager *)p->state)->list;
}

const struct view view_said = {
	.name = "said",
	.about = "A worklist: certificate, verdicts and reasons",
	.state_size = sizeof(struct pager),
	.open = said_open,
	.close = said_close,
	.draw = said_draw,
	.title = said_title,
	.list = said_list,
};
