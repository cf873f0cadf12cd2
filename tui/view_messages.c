/*
 * view_messages.c - ":messages": what the bottom row said before.
 */
#include "tui/pager.h"
#include "tui/shell_state.h"

static enum err
messages_open(struct pane *p, const struct target *t)
{
	struct pager *pager = p->state;
	const struct shell *s = p->shell;

	(void)t;
	pager_init(pager);
	pager->list.empty = "no messages yet";
	for (size_t i = 0; i < s->n_messages; i++)
		pager_add(pager, s->messages[i].role,
		    buf_view(&s->messages[i].text));
	list_select(&pager->list, s->n_messages);
	return ERR_NONE;
}

static void
messages_close(struct pane *p)
{
	pager_release(p->state);
}

static void
messages_draw(struct pane *p, struct canvas *c)
{
	struct pager *pager = p->state;

	pager->wrap = shell_options(p->shell)->wrap;
	pager_draw(pager, c);
}

static struct list *
messages_list(struct pane *p)
{
	return &((struct pager *)p->state)->list;
}

const struct view view_messages = {
	.name = "messages",
	.about = "The last 200 messages",
	.state_size = sizeof(struct pager),
	.open = messages_open,
	.close = messages_close,
	.draw = messages_draw,
	.list = messages_list,
};
