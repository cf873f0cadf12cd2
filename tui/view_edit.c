/*
 * view_edit.c - a box for the text of a note or of a question.
 */
#include "tui/noting.h"

#include "core/limits.h"
#include "tui/drafting.h"
#include "tui/edit.h"
#include "tui/meter.h"
#include "tui/writing.h"

struct edit_view {
	struct edit box;
	struct entry e; /* what it began with; memory of the pane */
};

static enum err
view_open(struct pane *p, const struct target *t)
{
	struct edit_view *v = p->state;
	enum err rc = writing_begin(p, &v->e);

	(void)t;
	if (rc != ERR_NONE)
		return rc;
	edit_init(&v->box, LIMIT_NOTE, false);
	edit_set(&v->box, v->e.text);
	if (v->e.text.len > 0)
		meter_touch(noting_meter(p->room), &v->box);
	return ERR_NONE;
}

static void
view_close(struct pane *p)
{
	struct edit_view *v = p->state;

	meter_drop(noting_meter(p->room));
	edit_release(&v->box);
}

static void
collect(struct pane *p, struct entry *e)
{
	const struct edit_view *v = p->state;

	*e = v->e;
	e->text = edit_text(&v->box);
}

static void
view_draw(struct pane *p, struct canvas *c)
{
	struct edit_view *v = p->state;
	struct canvas text = canvas_part(c, 1, 0, c->rows - 1, c->cols);

	writing_place(p->room, &v->e, c, 0);
	edit_draw(&v->box, &text, ROLE_TEXT, true);
}

static void
view_title(struct pane *p, struct canvas *line)
{
	const struct edit_view *v = p->state;

	writing_title(&v->e, line);
}

static void
view_status(struct pane *p, struct canvas *line)
{
	const struct edit_view *v = p->state;

	writing_status(p->room, line, &v->box,
	    "Ctrl-D records   Esc: draft   Ctrl-X drops");
}

static void
dropped(struct pane *p, uint32_t key)
{
	if (key == 'y')
		writing_drop(p);
}

static void
record(struct pane *p)
{
	struct entry e;

	collect(p, &e);
	writing_record(p, &e);
}

static bool
view_key(struct pane *p, uint32_t key)
{
	struct edit_view *v = p->state;

	if (key == KEYS_CTRL('d') || key == KEYS_F1 + 1)
		record(p);
	else if (key == KEYS_ESC || key == KEYS_CTRL('c'))
		writing_leave(p);
	else if (key == KEYS_CTRL('x'))
		shell_choose(p, "drop this text for good?", "yn", dropped);
	else if (key == KEYS_F1 || key == KEYS_CTRL('l'))
		return false;
	else if ((key == KEYS_CTRL('r') && writing_cite(p, &v->e)) ||
	    edit_key(&v->box, key) == EDIT_CHANGED) {
		drafting_touched(noting_drafting(p->room), p, collect);
		meter_touch(noting_meter(p->room), &v->box);
	}
	if (v->box.full)
		shell_message(p->shell, "no more fits: %d bytes are the most",
		    LIMIT_NOTE);
	return true;
}

static bool
view_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

const struct view view_edit = {
	.name = "edit",
	.about = "Write a note or a question",
	.state_size = sizeof(struct edit_view),
	.open = view_open,
	.close = view_close,
	.draw = view_draw,
	.title = view_title,
	.status = view_status,
	.key = view_key,
	.takes_text = view_takes_text,
};
