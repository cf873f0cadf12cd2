/*
 * view_help.c - "?": what every key does here; Enter does it.
 *
 * Made from the tables of commands that the keys themselves are looked up in,
 * so it cannot tell anything else.
 */
#include "tui/pager.h"
#include "tui/shell_state.h"

#include <string.h>

#include "tui/list.h"

enum {
	HELP_KEYS = 22,
	HELP_NAME = 18,
	HELP_VIEWS = 1 << 20, /* tags of views begin here */
};

struct help {
	struct pager pager;
	const struct view *about;
};

static void
add_command(struct help *h, const struct command *c, size_t i)
{
	struct canvas_span spans[2];
	struct buf b = { 0 };
	uint32_t name;

	buf_str(&b, STR("  "));
	buf_str(&b, str_of(c->keys));
	spans[0] = (struct canvas_span){ 2, (uint32_t)b.len, ROLE_KEY };
	do
		buf_char(&b, ' ');
	while (b.len < HELP_KEYS);
	name = (uint32_t)b.len;
	buf_printf(&b, ":%s", c->name);
	if (c->args != NULL)
		buf_printf(&b, " %s", c->args);
	spans[1] = (struct canvas_span){ name, (uint32_t)b.len, ROLE_NAME };
	do
		buf_char(&b, ' ');
	while (b.len < name + HELP_NAME);
	buf_str(&b, str_of(c->help));
	pager_add(&h->pager, ROLE_TEXT, buf_view(&b))->tag = i + 1;
	pager_spans(&h->pager, spans, 2);
	buf_release(&b);
}

static bool
in_table(const struct command *table, const struct command *c)
{
	for (; table != NULL && table->name != NULL; table++)
		if (table == c)
			return true;
	return false;
}

static const char *
section_of(const struct shell *s, const struct view *v, const struct command *c)
{
	if (in_table(v->commands, c))
		return v->about;
	if (in_table(list_commands, c))
		return "Moving";
	if (in_table(s->room->commands, c))
		return "Everywhere";
	return "In every view";
}

static void
add_views(struct help *h, const struct shell *s)
{
	pager_add(&h->pager, ROLE_TEXT, STR(""));
	pager_add(&h->pager, ROLE_HUNK, STR("Views, opened by their name"));
	for (size_t i = 0; i < s->room->n_views; i++) {
		const struct view *v = s->room->views[i];
		struct buf b = { 0 };

		buf_printf(&b, "  :%s %s", v->name,
		    v->args == NULL ? "" : v->args);
		do
			buf_char(&b, ' ');
		while (b.len < HELP_KEYS);
		buf_str(&b, str_of(v->about));
		pager_add(&h->pager, ROLE_TEXT, buf_view(&b))->tag =
		    HELP_VIEWS + i;
		buf_release(&b);
	}
}

static enum err
help_open(struct pane *p, const struct target *t)
{
	struct help *h = p->state;
	const struct command *c;
	const char *section = NULL;

	(void)t;
	pager_init(&h->pager);
	h->about = shell_focus(p->shell) == NULL ? p->view :
						   shell_focus(p->shell)->view;
	for (size_t i = 0; (c = shell_command(p->shell, h->about, i)) != NULL;
	     i++) {
		const char *now = section_of(p->shell, h->about, c);

		if (section == NULL || strcmp(section, now) != 0) {
			if (section != NULL)
				pager_add(&h->pager, ROLE_TEXT, STR(""));
			pager_add(&h->pager, ROLE_HUNK, str_of(now));
			section = now;
		}
		add_command(h, c, i);
	}
	add_views(h, p->shell);
	pager_add(&h->pager, ROLE_TEXT, STR(""));
	pager_add(&h->pager, ROLE_TEXT,
	    STR("A number before a key repeats "
		"it: 5j. Enter on a row does what it says."));
	list_select(&h->pager.list, 1);
	return ERR_NONE;
}

static void
help_close(struct pane *p)
{
	pager_release(&((struct help *)p->state)->pager);
}

static void
help_draw(struct pane *p, struct canvas *c)
{
	pager_draw(&((struct help *)p->state)->pager, c);
}

static void
help_title(struct pane *p, struct canvas *line)
{
	canvas_printf(line, 0, 0, ROLE_TITLE, "help: keys and commands of %s",
	    ((struct help *)p->state)->about->name);
}

static struct list *
help_list(struct pane *p)
{
	return &((struct help *)p->state)->pager.list;
}

static void
do_or_ask(struct shell *s, const char *name, const char *args)
{
	struct buf b = { 0 };

	if (args == NULL || args[0] == '[') {
		shell_run(s, str_of(name));
		return;
	}
	buf_printf(&b, "%s ", name);
	shell_command_ask(s, buf_view(&b));
	buf_release(&b);
}

/* Leaves help and does it, or asks for what the command takes. */
static void
help_run(struct pane *p, const struct call *call)
{
	struct help *h = p->state;
	const struct pager_line *line = pager_selected(&h->pager);
	struct shell *s = p->shell;
	const struct command *c;
	const struct view *v;

	(void)call;
	if (line == NULL || line->tag == 0)
		return;
	if (line->tag >= HELP_VIEWS) {
		v = s->room->views[line->tag - HELP_VIEWS];
		shell_close(p);
		do_or_ask(s, v->name, v->args);
		return;
	}
	c = shell_command(s, h->about, line->tag - 1);
	shell_close(p);
	do_or_ask(s, c->name, c->args);
}

static const struct command commands[] = {
	{ "do", "Enter", "leave help and do what the row says", help_run,
	    "do it", NULL },
	{ 0 },
};

const struct view view_help = {
	.name = "help",
	.about = "Keys and commands",
	.state_size = sizeof(struct help),
	.commands = commands,
	.open = help_open,
	.close = help_close,
	.draw = help_draw,
	.title = help_title,
	.list = help_list,
};
