#include "tests/tui/toys.h"

#include <string.h>

#include "tui/list.h"
#include "tui/pager.h"

struct toys toys;

/* things */

struct things {
	struct list list;
};

static struct str
things_text(void *arg, uint64_t row, struct buf *b)
{
	(void)arg;
	buf_printf(b, "thing %llu", (unsigned long long)row);
	return buf_view(b);
}

static void
things_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr,
		.skip = r->skip,
		.find = r->find };

	d.text = things_text(arg, r->row, &b);
	canvas_text(line, 0, 0, line->cols, &d);
	buf_release(&b);
}

static const struct list_source things_source = { things_row, things_text,
	NULL };

static enum err
things_open(struct pane *p, const struct target *t)
{
	struct things *v = p->state;

	toys.opened++;
	list_init(&v->list, &things_source, v);
	list_count(&v->list, 20, false);
	if (t->line > 0)
		list_select(&v->list, t->line - 1);
	return ERR_NONE;
}

static void
things_close(struct pane *p)
{
	toys.closed++;
	list_release(&((struct things *)p->state)->list);
}

static void
things_draw(struct pane *p, struct canvas *c)
{
	list_draw(&((struct things *)p->state)->list, c);
}

static struct list *
things_list(struct pane *p)
{
	return &((struct things *)p->state)->list;
}

static void
things_where(struct pane *p, struct target *t)
{
	t->line = (uint32_t)things_list(p)->selected + 1;
}

static bool
things_go(struct pane *p, const struct target *t)
{
	list_select(things_list(p), t->line - 1);
	return true;
}

static void
things_enter(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "thing",
	    &(struct target){ .number = things_list(p)->selected,
		.path = STR("a/path/with \x1b[31m in it") });
}

static void
things_fail(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "broken", NULL);
}

/* The shell's own command of this name takes a name. */
static void
things_set(struct pane *p, const struct call *c)
{
	(void)c;
	shell_message(p->shell, "nothing was set");
}

static void
things_far(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, "far-away", &(struct target){ .number = 7 });
}

static void
things_wake(struct pane *p)
{
	(void)p;
	toys.woken++;
}

static bool
things_stop(struct pane *p)
{
	(void)p;
	toys.stopped++;
	return false;
}

static const struct command things_commands[] = {
	{ "open", "Enter", "open the thing", things_enter, "open", NULL },
	{ "fail", "gf", "a view that cannot open", things_fail, "fail", NULL },
	{ "far", "gr", "a view of another room", things_far, "far", NULL },
	{ "set", NULL, "set nothing", things_set, NULL, NULL },
	{ 0 },
};

static const struct view view_things = {
	.name = "things",
	.about = "Twenty things",
	.state_size = sizeof(struct things),
	.commands = things_commands,
	.open = things_open,
	.close = things_close,
	.draw = things_draw,
	.list = things_list,
	.wake = things_wake,
	.stop = things_stop,
	.where = things_where,
	.go = things_go,
};

/* thing */

static enum err
thing_open(struct pane *p, const struct target *t)
{
	toys.opened++;
	pager_init(p->state);
	pager_printf(p->state, ROLE_TEXT, "this is thing %llu",
	    (unsigned long long)t->number);
	return ERR_NONE;
}

static void
thing_close(struct pane *p)
{
	toys.closed++;
	pager_release(p->state);
}

static void
thing_draw(struct pane *p, struct canvas *c)
{
	pager_draw(p->state, c);
}

static struct list *
thing_list(struct pane *p)
{
	return &((struct pager *)p->state)->list;
}

/* closes itself and then uses what it had: it must still be there */
static void
thing_done(struct pane *p, const struct call *c)
{
	struct pager *pager = p->state;

	shell_close(p);
	shell_message(p->shell, "done %s %llu%s", p->view->name,
	    (unsigned long long)pager->list.count, c->count == 3 ? "!" : "");
}

static const struct command thing_commands[] = {
	{ "done", "x", "done with it", thing_done, "done", NULL },
	{ 0 },
};

static const struct view view_thing = {
	.name = "thing",
	.args = "NAME",
	.about = "One thing",
	.state_size = sizeof(struct pager),
	.commands = thing_commands,
	.open = thing_open,
	.close = thing_close,
	.draw = thing_draw,
	.list = thing_list,
};

/* box */

struct box {
	struct buf text;
};

static void
box_draw(struct pane *p, struct canvas *c)
{
	struct box *b = p->state;

	canvas_cursor(c, 0,
	    canvas_str(c, 0, 0, c->cols, ROLE_TEXT, buf_view(&b->text)));
}

static bool
box_key(struct pane *p, uint32_t key)
{
	struct box *b = p->state;

	if (!keys_is_text(key))
		return false;
	text_put_utf8(&b->text, key);
	return true;
}

static bool
box_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

static void
box_close(struct pane *p)
{
	buf_release(&((struct box *)p->state)->text);
}

static const char *
box_unsaved(struct pane *p)
{
	return ((struct box *)p->state)->text.len > 0 ? "the box is not saved" :
							NULL;
}

static void
box_named(struct pane *p, struct str line)
{
	struct box *b = p->state;

	buf_clear(&b->text);
	buf_str(&b->text, STR("named "));
	buf_str(&b->text, line);
}

static void
box_name(struct pane *p, const struct call *c)
{
	(void)c;
	shell_prompt(p,
	    &(struct shell_ask){ .label = "name: ", .done = box_named });
}

static void
box_leave(struct pane *p, const struct call *c)
{
	(void)c;
	shell_run(p->shell, STR("quit"));
}

static const struct command box_commands[] = {
	{ "name", "F2", "give it a name", box_name, "name", NULL },
	{ "box-leave", "F3", "leave the box", box_leave, "leave", NULL },
	{ 0 },
};

static const struct view view_box = {
	.name = "box",
	.about = "A box for text",
	.state_size = sizeof(struct box),
	.commands = box_commands,
	.draw = box_draw,
	.key = box_key,
	.takes_text = box_takes_text,
	.close = box_close,
	.unsaved = box_unsaved,
};

static enum err
broken_open(struct pane *p, const struct target *t)
{
	(void)t;
	shell_prompt(p,
	    &(struct shell_ask){ .label = "never: ", .done = box_named });
	return fail(ERR_FORMAT, "blob 1a3e64c is damaged: \x1b[31m");
}

static const struct view view_broken = {
	.name = "broken",
	.about = "Never opens",
	.open = broken_open,
	.draw = box_draw,
};

/* the room */

static void
room_leave(void *room)
{
	(void)room;
	toys.left++;
}

static bool
room_elsewhere(void *room, const char *view, const struct target *t)
{
	(void)room;
	if (t->number != 7)
		return false;
	strncpy(toys.elsewhere, view, sizeof toys.elsewhere - 1);
	return true;
}

static const struct view *const views[] = {
	&view_things,
	&view_thing,
	&view_box,
	&view_broken,
};

const struct shell_room toys_room = {
	.views = views,
	.n_views = 4,
	.leave = room_leave,
	.elsewhere = room_elsewhere,
};
