/*
 * view_edit.c - a box for the text of a note or of a question.
 */
#include "tui/noting.h"

#include "core/limits.h"
#include "tui/edit.h"
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
	return ERR_NONE;
}

static void
view_close(struct pane *p)
{
	struct edit_view *v = p->state;

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

	writing_place(&v->e, c, 0);
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
	struct buf b = { 0 };

	edit_position(&v->box, &b);
	buf_str(&b,
	    STR("   Ctrl-D records   Esc keeps a draft   Ctrl-X "
		"drops"));
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
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
	else if (edit_key(&v->box, key) == EDIT_CHANGED)
		noting_touched(p->room, p, collect);
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
