/*
 * shell_command.c - which command a key or a line means, and the commands
 * that every view has.
 */
#include "tui/shell_state.h"

#include <string.h>

#include "tui/list.h"

enum { COUNT_MAX = 999999999 };

void
shell_command_tables(const struct shell *s, const struct view *v,
    const struct command *out[SHELL_TABLES])
{
	static const struct command none[] = { { 0 } };

	out[0] = v->commands != NULL ? v->commands : none;
	out[1] = v->list != NULL ? list_commands : none;
	out[2] = s->room->commands != NULL ? s->room->commands : none;
	out[3] = shell_commands;
}

bool
shell_command_hidden(const struct command *const tables[SHELL_TABLES],
    int table, const struct command *c)
{
	for (int i = 0; i < table; i++)
		for (const struct command *o = tables[i]; o->name != NULL; o++)
			if (strcmp(c->name, o->name) == 0)
				return true;
	return false;
}

const struct command *
shell_command(const struct shell *s, const struct view *v, size_t n)
{
	const struct command *tables[SHELL_TABLES];

	shell_command_tables(s, v, tables);
	for (int i = 0; i < SHELL_TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL; c++)
			if (!shell_command_hidden(tables, i, c) && n-- == 0)
				return c;
	return NULL;
}

/* Keys */

enum match { MATCH_NONE, MATCH_FAMILY, MATCH_WHOLE };

static bool
second_fits(uint32_t second, uint32_t key)
{
	if (second == KEYS_RANGE_LETTER)
		return key >= 'a' && key <= 'z';
	return second == key || second == KEYS_RANGE_ANY;
}

/* first, or first and second, against one entry's bindings. */
static enum match
match_one(const struct command *c, uint32_t first, uint32_t second)
{
	struct str rest = str_of(c->keys);
	struct keys_binding b;
	enum match best = MATCH_NONE;

	while (keys_cut(&rest, &b)) {
		if (b.first != first)
			continue;
		if (b.second == 0 && second == 0)
			return MATCH_WHOLE;
		if (b.second != 0 && second == 0)
			best = MATCH_FAMILY;
		if (second != 0 && second_fits(b.second, second))
			return MATCH_WHOLE;
	}
	return best;
}

static enum match
match(const struct shell *s, const struct view *v, uint32_t first,
    uint32_t second, const struct command **out)
{
	const struct command *tables[SHELL_TABLES];
	enum match best = MATCH_NONE;

	shell_command_tables(s, v, tables);
	for (int i = 0; i < SHELL_TABLES; i++) {
		for (const struct command *c = tables[i]; c->name != NULL;
		     c++) {
			enum match m = match_one(c, first, second);

			if (m > best) {
				best = m;
				*out = c;
			}
			if (best == MATCH_WHOLE)
				return best;
		}
	}
	return best;
}

static void
forget(struct shell *s)
{
	s->first = 0;
	s->count = 0;
	s->family_shown = false;
	if (s->timer != 0)
		loop_cancel(s->room->loop, s->timer);
	s->timer = 0;
}

static void
show_family(void *arg)
{
	struct shell *s = arg;

	s->timer = 0;
	s->family_shown = true;
	s->dirty = true;
}

static void
begin_family(struct shell *s, uint32_t key)
{
	s->first = key;
	if (s->room->loop == NULL)
		s->family_shown = true;
	else
		s->timer =
		    loop_after(s->room->loop, SHELL_HINT_MS, show_family, s);
}

static void
say_unbound(struct shell *s, uint32_t first, uint32_t second)
{
	struct buf b = { 0 };

	buf_str(&b, STR("no binding for "));
	keys_name(first, &b);
	if (second != 0)
		keys_name(second, &b);
	buf_str(&b, STR(", ? lists keys"));
	shell_say(s, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

static bool
take_digit(struct shell *s, uint32_t key)
{
	if (s->first != 0 || key < '0' || key > '9' ||
	    (key == '0' && s->count == 0))
		return false;
	s->count = s->count * 10 + (key - '0');
	if (s->count > COUNT_MAX)
		s->count = COUNT_MAX;
	return true;
}

static void
run(struct shell *s, struct pane *p, const struct command *c,
    const struct call *call)
{
	if (c->run == NULL)
		bug("command %s does nothing", c->name);
	s->dirty = true;
	c->run(p, call);
}

/* The row under a click is selected.  Of two views none: which is not said. */
static void
clicked(struct shell *s, struct pane *p, int row)
{
	struct list *l = p->view->list == NULL ? NULL : p->view->list(p);
	uint64_t at;

	if (l != NULL && !shell_splits(s) && row > 0 &&
	    list_row_at(l, row - 1, &at))
		list_select(l, at);
}

void
shell_command_key(struct shell *s, uint32_t key)
{
	struct pane *p = shell_focus(s);
	const struct command *c = NULL;
	struct call call = { .count = s->count, .key = key };
	uint32_t first = s->first == 0 ? key : s->first;
	uint32_t second = s->first == 0 ? 0 : key;

	if (p == NULL || take_digit(s, key))
		return;
	if (s->first != 0 && (key == KEYS_ESC || key == KEYS_CTRL('c'))) {
		forget(s);
		return;
	}
	if (key >= KEYS_CLICK) {
		forget(s);
		clicked(s, p, (int)(key - KEYS_CLICK));
		return;
	}
	switch (match(s, p->view, first, second, &c)) {
	case MATCH_WHOLE:
		forget(s);
		call.args = STR("");
		run(s, p, c, &call);
		break;
	case MATCH_FAMILY:
		begin_family(s, key);
		break;
	case MATCH_NONE:
		forget(s);
		say_unbound(s, first, second);
		break;
	}
}

/* ":" */

static void
go_to_line(struct shell *s, struct pane *p, uint64_t n)
{
	struct list *l = p->view->list == NULL ? NULL : p->view->list(p);

	if (l == NULL) {
		shell_message(s, "there are no numbered lines in here");
		return;
	}
	shell_jumped(p);
	list_select(l, n == 0 ? 0 : n - 1);
	if (n > l->count)
		shell_message(s, "there is no line %llu, the last is %llu",
		    (unsigned long long)n, (unsigned long long)l->count);
}

static bool
takes(const struct command *c, struct str args)
{
	return args.len == 0 || c->args != NULL;
}

struct finding {
	const struct command *exact, *begun;
	bool many;
};

/* Of commands of one name the nearest that takes these arguments. */
static void
consider(struct finding *f, const struct command *c, const struct call *call,
    struct str name)
{
	struct str full = str_of(c->name);
	const struct command **best = &f->begun;

	if (!str_starts(full, name))
		return;
	if (full.len == name.len)
		best = &f->exact;
	else if (f->begun != NULL && !str_eq(full, str_of(f->begun->name)))
		f->many = true;
	if (*best == NULL ||
	    (!takes(*best, call->args) && takes(c, call->args)))
		*best = c;
}

/* Exactly this name, or the only one that begins so; NULL: none, or *many. */
static const struct command *
find_command(const struct shell *s, const struct call *call, struct str name,
    bool *many)
{
	const struct command *tables[SHELL_TABLES];
	struct finding f = { 0 };

	shell_command_tables(s, shell_focus(s)->view, tables);
	for (int i = 0; i < SHELL_TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL; c++)
			consider(&f, c, call, name);
	*many = f.many && f.exact == NULL;
	return f.exact != NULL ? f.exact : f.many ? NULL : f.begun;
}

static void
say_unknown(struct shell *s, struct str name, bool many)
{
	struct buf b = { 0 };

	buf_str(&b,
	    many ? STR("more than one command begins with '") :
		   STR("no command '"));
	buf_str(&b, name);
	buf_str(&b, many ? STR("', Tab shows them") : STR("', ? lists them"));
	shell_say(s, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

void
shell_run(struct shell *s, struct str line)
{
	struct pane *p = shell_focus(s);
	struct str rest = str_trim(line), name;
	struct call call = { 0 };
	const struct command *c;
	const struct view *v;
	uint64_t number;
	bool many;

	if (p == NULL || !str_cut(&rest, ' ', &name))
		return;
	call.args = str_trim(rest);
	if (str_number(name, UINT64_MAX, &number) == ERR_NONE) {
		go_to_line(s, p, number);
		return;
	}
	err_clear();
	v = shell_view(s, name);
	c = find_command(s, &call, name, &many);
	if (v != NULL && c != NULL &&
	    (!str_eq(str_of(c->name), name) || !takes(c, call.args)))
		c = NULL;
	if (c != NULL && takes(c, call.args))
		run(s, p, c, &call);
	else if (c == NULL && v != NULL &&
	    (v->args != NULL || call.args.len == 0))
		shell_open(s, v->name, &(struct target){ .text = call.args });
	else if (c != NULL || v != NULL)
		shell_message(s, "'%s' takes nothing behind its name",
		    c != NULL ? c->name : v->name);
	else
		say_unknown(s, name, many);
}

/* Candidate i: commands, then views, that begin so. */
static bool
complete(struct pane *p, struct str line, size_t n, struct buf *b)
{
	struct shell *s = p->shell;
	const struct command *c;

	for (size_t i = 0; (c = shell_command(s, p->view, i)) != NULL; i++)
		if (str_starts(str_of(c->name), line) && n-- == 0) {
			buf_str(b, str_of(c->name));
			return true;
		}
	for (size_t i = 0; i < s->room->n_views; i++)
		if (str_starts(str_of(s->room->views[i]->name), line) &&
		    n-- == 0) {
			buf_str(b, str_of(s->room->views[i]->name));
			return true;
		}
	return false;
}

static void
line_done(struct pane *p, struct str line)
{
	shell_run(p->shell, line);
}

static void
ask_command(struct pane *p, struct str initial)
{
	shell_prompt(p,
	    &(struct shell_ask){ .label = ":",
		.history = "command",
		.initial = initial,
		.done = line_done,
		.complete = complete });
}

void
shell_command_ask(struct shell *s, struct str initial)
{
	if (shell_focus(s) != NULL)
		ask_command(shell_focus(s), initial);
}

static void
command_line(struct pane *p, const struct call *c)
{
	ask_command(p, c->args);
}

/* "/" */

static void
find(struct pane *p, struct str text, bool back)
{
	struct list *l = p->view->list == NULL ? NULL : p->view->list(p);
	struct buf b = { 0 };

	if (p->view->find != NULL) {
		p->view->find(p, text, back);
		return;
	}
	if (l == NULL || l->source->text == NULL) {
		shell_message(p->shell, "there is nothing to search in here");
		return;
	}
	if (text.len > 0)
		shell_jumped(p);
	list_find(l, text, back, &b);
	shell_say(p->shell, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

static void
find_done(struct pane *p, struct str line)
{
	find(p, line, false);
}

static void
search(struct pane *p, const struct call *c)
{
	if (c->args.len > 0)
		find(p, c->args, false);
	else
		shell_prompt(p,
		    &(struct shell_ask){ .label = "/",
			.history = "find",
			.done = find_done });
}

static void
search_next(struct pane *p, const struct call *c)
{
	(void)c;
	find(p, STR(""), false);
}

static void
search_back(struct pane *p, const struct call *c)
{
	(void)c;
	find(p, STR(""), true);
}

/* Leaving */

static void
close_now(struct pane *p)
{
	struct shell *s = p->shell;

	if (s->n_panes > 1)
		shell_close(p);
	else if (s->room->leave != NULL)
		s->room->leave(s->room->room);
	else
		shell_message(s, "this is the last view, Q leaves");
}

static void
close_answered(struct pane *p, uint32_t key)
{
	if (key == 'y')
		close_now(p);
}

static void
quit(struct pane *p, const struct call *c)
{
	const char *why = p->view->unsaved == NULL ? NULL : p->view->unsaved(p);

	(void)c;
	if (why == NULL) {
		close_now(p);
		return;
	}
	shell_message(p->shell, "%s", why);
	shell_choose(p, arena_printf(&p->arena, "%s - close it?", why).at, "yn",
	    close_answered);
}

static void
leave_answered(struct pane *p, uint32_t key)
{
	struct shell *s = p->shell;

	if (key == 'y' && s->room->leave != NULL)
		s->room->leave(s->room->room);
}

static void
leave(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;
	const char *why = NULL;

	(void)c;
	for (size_t i = 0; i < s->n_panes && why == NULL; i++)
		if (s->panes[i]->view->unsaved != NULL)
			why = s->panes[i]->view->unsaved(s->panes[i]);
	if (s->room->leave == NULL)
		shell_message(s, "this view cannot be left");
	else if (why == NULL)
		s->room->leave(s->room->room);
	else
		shell_choose(p, arena_printf(&p->arena, "%s - leave?", why).at,
		    "yn", leave_answered);
}

/* Esc and Ctrl-C: one thing after the other, never more. */
static void
cancel(struct pane *p, const struct call *c)
{
	struct list *l = p->view->list == NULL ? NULL : p->view->list(p);

	(void)c;
	if (p->view->stop != NULL && p->view->stop(p))
		return;
	if (l != NULL)
		list_find_clear(l);
}

/* Two panes */

static void
toggle_split(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;

	(void)c;
	s->split = !s->split;
	s->on_below = false;
	if (s->split && !shell_splits(s))
		shell_message(s,
		    s->n_panes < 2 ?
			"a split shows a view and the one below: there is one" :
			"a split needs %d rows or %d columns",
		    SHELL_SPLIT_ROWS + 2, SHELL_SPLIT_COLS);
}

static void
focus(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;

	(void)c;
	if (shell_splits(s))
		s->on_below = !s->on_below;
	else
		shell_message(s, "one view is on the screen, O splits");
}

/* The next row of the list below, opened in place of this view. */
static void
step(struct pane *p, int64_t by)
{
	struct shell *s = p->shell;
	struct pane *below = shell_below(p);
	struct list *l = below == NULL || below->view->list == NULL ?
	    NULL :
	    below->view->list(below);
	const struct command *c = NULL;
	struct call call = { .key = KEYS_ENTER };
	uint64_t before;

	if (l == NULL ||
	    match(s, below->view, KEYS_ENTER, 0, &c) != MATCH_WHOLE) {
		shell_message(s, "there is no list below this view");
		return;
	}
	before = l->selected;
	list_move(l, by);
	if (l->selected == before) {
		shell_message(s,
		    by < 0 ? "this is the first of the list" :
			     "this is the last of the list");
		return;
	}
	if (p->view->unsaved != NULL && p->view->unsaved(p) != NULL) {
		list_select(l, before);
		shell_message(s, "%s", p->view->unsaved(p));
		return;
	}
	shell_pop(s);
	run(s, below, c, &call);
}

static void
step_next(struct pane *p, const struct call *c)
{
	step(p, c->count == 0 ? 1 : (int64_t)c->count);
}

static void
step_back(struct pane *p, const struct call *c)
{
	step(p, c->count == 0 ? -1 : -(int64_t)c->count);
}

/* Options */

static void
searched_back(struct pane *p, struct str line)
{
	if (line.len > 0)
		find(p, line, true);
}

static void
search_question(struct pane *p)
{
	static const struct shell_ask ask = {
		.label = "?",
		.history = "find",
		.done = searched_back,
	};

	shell_prompt(p, &ask);
}

static void
help(struct pane *p, const struct call *c)
{
	if (c->key == '?' && p->shell->options.question_searches)
		search_question(p);
	else if (p->view == &view_help)
		shell_close(p);
	else
		shell_open(p->shell, view_help.name, NULL);
}

static void
messages(struct pane *p, const struct call *c)
{
	(void)c;
	shell_open(p->shell, view_messages.name, NULL);
}

static void
redraw(struct pane *p, const struct call *c)
{
	(void)c;
	shell_redraw(p->shell);
}

const struct command shell_commands[] = {
	{ "help", "? F1", "all keys and commands of this view", help, NULL,
	    NULL },
	{ "command", ":", "a command by its name; a number is a line",
	    command_line, NULL, NULL },
	{ "find", "/", "search in this view", search, "find", "TEXT" },
	{ "find-next", "n", "next match", search_next, NULL, NULL },
	{ "find-back", "N", "match before", search_back, NULL, NULL },
	{ "back", "< C-o C-t Backspace", "back to where we were",
	    shell_jump_back, "back", NULL },
	{ "forward", ">", "forward again", shell_jump_forward, NULL, NULL },
	{ "mark", "m{a-z}", "set mark", shell_jump_mark, NULL, "LETTER" },
	{ "to-mark", "'{a-z}", "go to mark", shell_jump_to_mark, NULL,
	    "LETTER" },
	{ "before-jump", "''", "where the last jump began", shell_jump_back,
	    NULL, NULL },
	{ "next-item", "J", "next row of the list below", step_next, NULL,
	    NULL },
	{ "previous-item", "K", "row before of the list below", step_back, NULL,
	    NULL },
	{ "split", "O", "two views on the screen, or one", toggle_split, NULL,
	    NULL },
	{ "focus", "Tab S-Tab", "keys to the other view", focus, NULL, NULL },
	{ "numbers", "on", "line numbers", shell_option_numbers, NULL, NULL },
	{ "wrap", "ow", "wrap long lines", shell_option_wrap, NULL, NULL },
	{ "invisibles", "oi", "show tabs and what is not ASCII",
	    shell_option_invisibles, NULL, NULL },
	{ "coverage-gutter", "oc", "coverage in the gutter",
	    shell_option_coverage, NULL, NULL },
	{ "theme", "ot", "colours: default, cb, mono, light",
	    shell_option_theme, NULL, "[NAME]" },
	{ "mouse", "om", "a click selects, the wheel scrolls",
	    shell_option_mouse, NULL, NULL },
	{ "set", NULL, "an option: tab=4, enc=gb18030, nowrap, theme=cb",
	    shell_option_set, NULL, "NAME[=VALUE]" },
	{ "messages", NULL, "the last 200 messages", messages, NULL, NULL },
	{ "cancel", "Esc C-c", "stop a job, drop a selection; never leaves",
	    cancel, NULL, NULL },
	{ "redraw", "C-l", "draw the screen again", redraw, NULL, NULL },
	{ "quit", "q", "close this view", quit, "close", NULL },
	{ "leave", "Q", "leave", leave, NULL, NULL },
	{ 0 },
};
