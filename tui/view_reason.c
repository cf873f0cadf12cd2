/*
 * view_reason.c - why a line of a worklist has the verdict that it has.
 */
#include "tui/noting.h"

#include "core/limits.h"
#include "tui/edit.h"
#include "tui/worklists.h"

struct reason {
	struct edit box;
};

static enum err
reason_open(struct pane *p, const struct target *t)
{
	struct reason *v = p->state;
	const struct hatch_verdicts *a =
	    worklists_asked(noting_worklists(p->room));

	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	if (a->list == 0 || a->list != t->number)
		return fail(ERR_ABSENT,
		    "a worklist in the source asks for this: a gives a reason");
	edit_init(&v->box, LIMIT_NOTE, false);
	return ERR_NONE;
}

static void
reason_close(struct pane *p)
{
	edit_release(&((struct reason *)p->state)->box);
}

static uint32_t
lines_of(const struct hatch_verdicts *a)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->n; i++)
		n += a->spans[2 * i + 1] - a->spans[2 * i] + 1;
	return n;
}

static void
reason_draw(struct pane *p, struct canvas *c)
{
	struct reason *v = p->state;
	const struct hatch_verdicts *a =
	    worklists_asked(noting_worklists(p->room));
	struct canvas text = canvas_part(c, 2, 0, c->rows - 2, c->cols);
	uint32_t n = lines_of(a);

	canvas_printf(c, 0, 0, ROLE_NAME,
	    "worklist %llu: %u line%s, verdict %s", (unsigned long long)a->list,
	    n, n == 1 ? "" : "s",
	    hitlist_verdict_name((enum hitlist_verdict)a->verdict));
	edit_draw(&v->box, &text, ROLE_TEXT, true);
}

static void
reason_title(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_TITLE, "Why?");
}

static void
reason_status(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_STATUS,
	    "Ctrl-D records verdict and reason   Esc: neither");
}

static bool
reason_key(struct pane *p, uint32_t key)
{
	struct reason *v = p->state;
	struct noting *n = p->room;

	if (key == KEYS_F1 || key == KEYS_CTRL('l'))
		return false;
	if (key == KEYS_CTRL('d') || key == KEYS_F1 + 1) {
		if (!worklists_say(noting_worklists(n),
			worklists_asked(noting_worklists(n)),
			str_trim(edit_text(&v->box))))
			return true;
		shell_close(p);
		noting_back(n, STR("recorded  u undoes"));
	} else if (key == KEYS_ESC || key == KEYS_CTRL('c')) {
		shell_close(p);
		noting_back(n, STR("nothing was recorded"));
	} else {
		(void)edit_key(&v->box, key);
	}
	return true;
}

static bool
reason_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

const struct view view_reason = {
	.name = "reason",
	.about = "Why a line of a worklist has its verdict",
	.state_size = sizeof(struct reason),
	.open = reason_open,
	.close = reason_close,
	.draw = reason_draw,
	.title = reason_title,
	.status = reason_status,
	.key = reason_key,
	.takes_text = reason_takes_text,
};
