#include "tui/pager.h"
#include "tui/reading.h"
#include "tui/reading_tray.h"

/* The citations taken so far, with what was quoted; newest first. */
struct tray_view {
	struct pager pager;
};

static void
add_item(struct pager *g, const struct tray_item *item, size_t i)
{
	pager_add(g, ROLE_NAME, item->cite)->tag = i;
	for (uint32_t n = 0; n < item->n_lines; n++) {
		struct buf b = { 0 };

		buf_printf(&b, "%7u| ", item->first + n);
		buf_str(&b, item->lines[n]);
		pager_add(g, ROLE_TEXT, buf_view(&b))->tag = i;
		buf_release(&b);
	}
	if (item->left_out > 0) {
		struct buf b = { 0 };

		buf_printf(&b, "         %u more lines are not quoted",
		    item->left_out);
		pager_add(g, ROLE_WARNING, buf_view(&b))->tag = i;
		buf_release(&b);
	}
}

static void
fill(struct pane *p)
{
	struct tray_view *v = p->state;
	const struct tray *t = reading_tray(p->room);
	uint64_t row = v->pager.list.selected;

	pager_clear(&v->pager);
	for (size_t i = t->len; i-- > 0;)
		add_item(&v->pager, &t->at[i], i);
	list_select(&v->pager.list, row);
}

static enum err
tray_open(struct pane *p, const struct target *t)
{
	struct tray_view *v = p->state;

	(void)t;
	pager_init(&v->pager);
	v->pager.list.empty =
	    "no citations yet - y in a file takes one, Y with its lines";
	fill(p);
	return ERR_NONE;
}

static void
tray_close(struct pane *p)
{
	struct tray_view *v = p->state;

	pager_release(&v->pager);
}

static void
tray_draw(struct pane *p, struct canvas *c)
{
	struct tray_view *v = p->state;

	pager_draw(&v->pager, c);
}

static void
tray_title(struct pane *p, struct canvas *line)
{
	size_t n = reading_tray(p->room)->len;

	canvas_printf(line, 0, 0, ROLE_TITLE, "%zu citation%s, to copy by hand",
	    n, n == 1 ? "" : "s");
}

static struct list *
tray_list(struct pane *p)
{
	struct tray_view *v = p->state;

	return &v->pager.list;
}

static const struct tray_item *
selected(struct pane *p, size_t *i)
{
	struct tray_view *v = p->state;
	const struct tray *t = reading_tray(p->room);
	const struct pager_line *l = pager_selected(&v->pager);

	*i = l == NULL ? 0 : l->tag;
	return l == NULL || *i >= t->len ? NULL : &t->at[*i];
}

static void
run_enter(struct pane *p, const struct call *c)
{
	size_t i;
	const struct tray_item *item = selected(p, &i);

	(void)c;
	if (item != NULL)
		shell_open(p->shell, "file",
		    &(struct target){
			.commit = item->at.commit,
			.blob = item->at.blob,
			.path = item->at.path,
			.line =
			    item->n_lines > 0 ? item->first : item->at.first,
			.last = item->n_lines > 0 ?
			    item->first + item->n_lines - 1 :
			    item->at.last,
		    });
}

static void
run_drop(struct pane *p, const struct call *c)
{
	size_t i;

	(void)c;
	if (selected(p, &i) == NULL)
		return;
	reading_tray_remove(p->room, i);
	fill(p);
}

static void
tray_wake(struct pane *p)
{
	fill(p);
}

static const struct command commands[] = {
	{ "enter", "Enter", "the lines of this citation", run_enter, "open",
	    NULL },
	{ "drop", "x", "this citation is no longer wanted", run_drop, "drop",
	    NULL },
	{ 0 },
};

const struct view view_tray = {
	.name = "tray",
	.about = "citations taken with y and Y",
	.state_size = sizeof(struct tray_view),
	.commands = commands,
	.open = tray_open,
	.close = tray_close,
	.draw = tray_draw,
	.title = tray_title,
	.list = tray_list,
	.wake = tray_wake,
};
