#include "tui/pager.h"
#include "tui/reading.h"

/* What the newest search did, whole: every file it did not search is named. */
static enum err
certificate_open(struct pane *p, const struct target *t)
{
	struct pager *v = p->state;
	size_t *at;
	struct reading_search *s = reading_search_current(p->room, &at);
	const struct search_certificate *c =
	    s == NULL || reading_search_drive(s) == NULL ?
	    NULL :
	    search_drive_certificate(reading_search_drive(s));
	struct buf b = { 0 };
	struct str rest, line;

	(void)t;
	if (c == NULL)
		return fail(ERR_ABSENT,
		    "no search has ended yet: g/ starts one");
	pager_init(v);
	search_certificate_text(c, &b);
	rest = buf_view(&b);
	while (str_cut(&rest, '\n', &line))
		pager_add(v, ROLE_TEXT, line);
	buf_release(&b);
	return ERR_NONE;
}

static void
certificate_close(struct pane *p)
{
	pager_release(p->state);
}

static void
certificate_draw(struct pane *p, struct canvas *c)
{
	pager_draw(p->state, c);
}

static struct list *
certificate_list(struct pane *p)
{
	struct pager *v = p->state;

	return &v->list;
}

const struct view view_certificate = {
	.name = "certificate",
	.about = "what the last search did, and did not, search",
	.state_size = sizeof(struct pager),
	.open = certificate_open,
	.close = certificate_close,
	.draw = certificate_draw,
	.list = certificate_list,
};
