#include "tui/shell.h"

#include <stdlib.h>
#include <string.h>

#include "tui/list.h"
#include "tui/screen.h"
#include "tui/shell_state.h"

static const struct view *const own_views[] = { &view_help, &view_messages };

enum { OWN_VIEWS = sizeof own_views / sizeof *own_views };

struct target
target_copy(struct arena *a, const struct target *t)
{
	struct target copy = { 0 };

	if (t == NULL)
		return copy;
	copy = *t;
	copy.path = arena_copy(a, t->path);
	copy.path2 = arena_copy(a, t->path2);
	copy.text = arena_copy(a, t->text);
	return copy;
}

bool
target_eq(const struct target *a, const struct target *b)
{
	return oid_eq(&a->commit, &b->commit) &&
	    oid_eq(&a->commit2, &b->commit2) && oid_eq(&a->blob, &b->blob) &&
	    str_eq(a->path, b->path) && str_eq(a->path2, b->path2) &&
	    a->line == b->line && a->last == b->last &&
	    a->column == b->column && str_eq(a->text, b->text) &&
	    a->number == b->number;
}

struct shell *
shell_make(const struct shell_room *r)
{
	struct shell *s = calloc(1, sizeof *s);

	if (s == NULL)
		bug("no memory for a shell");
	s->room = r;
	s->grid = canvas_open(0, 0);
	s->options =
	    (struct shell_options){ .numbers = true, .coverage = true };
	return s;
}

static void
free_pane(struct pane *p)
{
	if (p->view->close != NULL)
		p->view->close(p);
	free(p->state);
	arena_release(&p->arena);
	free(p);
}

/* Panes whose commands may have been running when they were closed. */
static void
free_closing(struct shell *s)
{
	while (s->closing != NULL) {
		struct pane *p = s->closing;

		s->closing = p->next;
		free_pane(p);
	}
}

void
shell_free(struct shell *s)
{
	if (s == NULL)
		return;
	shell_ask_drop(s);
	while (s->n_panes > 0)
		shell_pop(s);
	free_closing(s);
	if (s->timer != 0)
		loop_cancel(s->room->loop, s->timer);
	shell_jump_release(s);
	shell_ask_release(s);
	shell_message_release(s);
	canvas_close(s->grid);
	free(s);
}

void
shell_redraw(struct shell *s)
{
	s->dirty = true;
}

struct shell_options *
shell_options(struct shell *s)
{
	return &s->options;
}

void
shell_size(struct shell *s, int rows, int cols, unsigned flags)
{
	s->flags = flags;
	s->options.style.ascii = !(flags & SCREEN_UTF8);
	s->options.style.latin = flags & SCREEN_CONSOLE;
	canvas_resize(s->grid, rows, cols);
	canvas_font(s->grid, s->options.style);
	s->dirty = true;
}

/* Panes */

struct pane *
shell_top(const struct shell *s)
{
	return s->n_panes == 0 ? NULL : s->panes[s->n_panes - 1];
}

struct pane *
shell_below(const struct pane *p)
{
	const struct shell *s = p->shell;

	for (size_t i = 1; i < s->n_panes; i++)
		if (s->panes[i] == p)
			return s->panes[i - 1];
	return NULL;
}

struct pane *
shell_find(const struct shell *s, const char *view)
{
	for (size_t i = s->n_panes; i > 0; i--)
		if (strcmp(s->panes[i - 1]->view->name, view) == 0)
			return s->panes[i - 1];
	return NULL;
}

const struct view *
shell_view(const struct shell *s, struct str name)
{
	for (size_t i = 0; i < s->room->n_views; i++)
		if (str_eq(str_of(s->room->views[i]->name), name))
			return s->room->views[i];
	for (size_t i = 0; i < OWN_VIEWS; i++)
		if (str_eq(str_of(own_views[i]->name), name))
			return own_views[i];
	return NULL;
}

static struct pane *
make_pane(struct shell *s, const struct view *v, const struct target *t)
{
	struct pane *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for a pane");
	p->view = v;
	p->shell = s;
	p->room = s->room->room;
	p->state = calloc(1, v->state_size + 1);
	if (p->state == NULL)
		bug("no memory for view %s", v->name);
	p->target = target_copy(&p->arena, t);
	p->rows = canvas_rows(s->grid) - 3;
	p->cols = canvas_cols(s->grid);
	return p;
}

static bool
has_home(const struct shell *s)
{
	const struct command *c = s->room->commands;

	while (c != NULL && c->name != NULL && strcmp(c->name, "home") != 0)
		c++;
	return c != NULL && c->name != NULL;
}

void
shell_make_room(struct shell *s)
{
	if (s->n_panes < SHELL_PANES)
		return;
	shell_jump_note(s);
	while (s->n_panes > 1)
		shell_pop(s);
}

bool
shell_push(struct shell *s, const struct view *v, const struct target *t)
{
	struct pane *p;
	enum err rc;

	if (s->n_panes == SHELL_PANES) {
		shell_message(s, "%d views are open: q closes one%s",
		    SHELL_PANES, has_home(s) ? ", gH all of them" : "");
		return false;
	}
	p = make_pane(s, v, t);
	rc = v->open == NULL ? ERR_NONE : v->open(p, &p->target);
	if (rc != ERR_NONE) {
		if (s->asker == p)
			shell_ask_drop(s);
		free(p->state);
		arena_release(&p->arena);
		free(p);
		shell_error(s, rc);
		return false;
	}
	s->panes[s->n_panes++] = p;
	s->on_below = false;
	s->dirty = true;
	return true;
}

void
shell_pop(struct shell *s)
{
	struct pane *p = s->panes[--s->n_panes];

	if (s->asker == p)
		shell_ask_drop(s);
	p->next = s->closing;
	s->closing = p;
	s->on_below = false;
	s->dirty = true;
}

bool
shell_open(struct shell *s, const char *name, const struct target *t)
{
	const struct view *v = shell_view(s, str_of(name));
	static const struct target nothing;

	if (v == NULL) {
		if (s->room->elsewhere != NULL &&
		    s->room->elsewhere(s->room->room, name,
			t == NULL ? &nothing : t))
			return true;
		shell_message(s, "there is no view '%s', ? lists them", name);
		return false;
	}
	shell_jump_note(s);
	if (shell_splits(s) && s->on_below)
		shell_pop(s);
	return shell_push(s, v, t);
}

bool
shell_replace(struct pane *p, const char *name, const struct target *t)
{
	struct shell *s = p->shell;
	const struct view *v = shell_view(s, str_of(name));
	struct pane *made;

	if (v == NULL || shell_top(s) != p)
		return shell_open(s, name, t);
	shell_jump_note(s);
	if (!shell_push(s, v, t))
		return false;
	made = s->panes[s->n_panes - 1];
	s->panes[s->n_panes - 2] = made;
	s->panes[s->n_panes - 1] = p;
	shell_pop(s);
	return true;
}

void
shell_close(struct pane *p)
{
	struct shell *s = p->shell;

	for (size_t i = 0; i < s->n_panes; i++) {
		if (s->panes[i] != p)
			continue;
		memmove(&s->panes[i], &s->panes[i + 1],
		    (s->n_panes - i - 1) * sizeof *s->panes);
		s->panes[s->n_panes - 1] = p;
		shell_pop(s);
		shell_wake(s);
		return;
	}
}

void
shell_wake(struct shell *s)
{
	struct pane *p = shell_top(s);

	s->dirty = true;
	if (p != NULL && p->view->wake != NULL)
		p->view->wake(p);
}

bool
shell_splits(const struct shell *s)
{
	return s->split && s->n_panes > 1 &&
	    (canvas_rows(s->grid) >= SHELL_SPLIT_ROWS ||
		canvas_cols(s->grid) >= SHELL_SPLIT_COLS);
}

struct pane *
shell_focus(const struct shell *s)
{
	if (s->on_below && shell_splits(s))
		return s->panes[s->n_panes - 2];
	return shell_top(s);
}

/* Keys */

static bool
takes_text(struct shell *s)
{
	struct pane *p = shell_focus(s);

	if (shell_ask_active(s))
		return s->question == NULL;
	return p != NULL && p->view->takes_text != NULL &&
	    p->view->takes_text(p);
}

static void
end_of_paste(struct shell *s)
{
	s->pasting = false;
	if (s->pasted > 0 && s->prompted > 0)
		shell_message(s,
		    "%zu keys of a paste were left out: a line takes %d",
		    s->pasted, SHELL_PASTE_LINE);
	else if (s->pasted > 0)
		shell_message(s,
		    "a paste of %zu keys was left out: nothing "
		    "here takes text",
		    s->pasted);
	s->pasted = s->prompted = 0;
}

static void
route(struct shell *s, uint32_t key)
{
	struct pane *p = shell_focus(s);

	if (shell_ask_active(s))
		shell_ask_key(s, key);
	else if (p == NULL || p->view->key == NULL || !p->view->key(p, key))
		shell_command_key(s, key);
}

/* Nothing pasted is ever a command: it goes to a prompt or to the view's own
 * box, never to a table of keys. */
static void
take_pasted(struct shell *s, uint32_t key)
{
	struct pane *p = shell_focus(s);
	bool text = keys_is_text(key);

	if (!takes_text(s) ||
	    (shell_ask_active(s) && s->prompted++ >= SHELL_PASTE_LINE))
		s->pasted++;
	else if (shell_ask_active(s)) /* a line that ends is a blank */
		shell_ask_key(s, text ? key : ' ');
	else if (p->view->key != NULL &&
	    (text || key == KEYS_ENTER || key == KEYS_TAB))
		p->view->key(p, key);
}

void
shell_key(struct shell *s, uint32_t key)
{
	s->dirty = true;
	if (key == KEYS_PASTE) {
		s->pasting = true;
	} else if (key == KEYS_PASTE_END) {
		end_of_paste(s);
	} else if (canvas_rows(s->grid) < SHELL_ROWS ||
	    canvas_cols(s->grid) < SHELL_COLS) {
		return; /* nobody sees what it would do */
	} else if (!s->pasting) {
		s->message_shown = false;
		route(s, key);
	} else {
		take_pasted(s, key);
	}
	free_closing(s);
}

/* Drawing */

static void
draw_title(struct pane *p, const struct canvas *c, bool focus)
{
	struct canvas line = canvas_part(c, 0, 0, 1, c->cols);
	uint16_t attr = ROLE_TITLE | (focus ? ATTR_FOCUS : 0);
	int col;

	canvas_fill(&line, 0, 0, line.cols, attr);
	if (p->view->title != NULL) {
		p->view->title(p, &line);
		return;
	}
	col = canvas_put(&line, 0, 0, attr, p->view->name);
	if (p->target.path.len > 0)
		canvas_path(&line, 0, col + 1, line.cols, attr, p->target.path);
}

static void
draw_status(struct pane *p, const struct canvas *c)
{
	struct canvas line = canvas_part(c, 0, 0, 1, c->cols);
	struct buf b = { 0 };

	canvas_fill(&line, 0, 0, line.cols, ROLE_STATUS);
	if (p->view->status != NULL) {
		p->view->status(p, &line);
	} else if (p->view->list != NULL && p->view->list(p) != NULL) {
		list_position(p->view->list(p), &b);
		canvas_str(&line, 0, 0, line.cols, ROLE_STATUS, buf_view(&b));
	}
	buf_release(&b);
}

/* Title and content. */
static void
draw_pane(struct pane *p, const struct canvas *c, bool focus)
{
	struct canvas content = canvas_part(c, 1, 0, c->rows - 1, c->cols);

	p->rows = content.rows;
	p->cols = content.cols;
	draw_title(p, c, focus);
	if (p->view->draw != NULL)
		p->view->draw(p, &content);
	else
		list_draw(p->view->list(p), &content);
}

static void
draw_panes(struct shell *s, const struct canvas *c)
{
	struct pane *top = shell_top(s), *below;
	struct canvas a = *c, b = *c;

	if (!shell_splits(s)) {
		draw_pane(top, c, false);
		return;
	}
	below = shell_below(top);
	if (c->cols >= SHELL_SPLIT_COLS) {
		int half = c->cols / 2;

		a = canvas_part(c, 0, 0, c->rows, half);
		b = canvas_part(c, 0, half + 1, c->rows, c->cols);
		canvas_bar(c, 0, half, c->rows);
	} else {
		a = canvas_part(c, 0, 0, c->rows / 3, c->cols);
		b = canvas_part(c, c->rows / 3, 0, c->rows, c->cols);
	}
	draw_pane(below, &a, s->on_below);
	canvas_cursor_hide(s->grid);
	draw_pane(top, &b, !s->on_below);
}

static void
draw_bottom(struct shell *s, const struct canvas *line)
{
	if (shell_ask_active(s))
		shell_ask_draw(s, line);
	else if (s->message_shown)
		shell_message_draw(s, line);
	else if (!takes_text(s)) /* keys are text there: no hints */
		shell_hint_row(s, line);
}

static void
draw_all(struct shell *s, const struct canvas *c)
{
	struct canvas panes = canvas_part(c, 0, 0, c->rows - 2, c->cols);
	struct canvas status = canvas_part(c, c->rows - 2, 0, 1, c->cols);
	struct canvas bottom = canvas_part(c, c->rows - 1, 0, 1, c->cols);

	if (s->n_panes > 0) {
		draw_panes(s, &panes);
		draw_status(shell_focus(s), &status);
	}
	if (s->family_shown && !shell_ask_active(s) && s->n_panes > 0)
		shell_hint_family(s, c);
	else
		draw_bottom(s, &bottom);
}

static void
draw_too_small(const struct canvas *c)
{
	struct buf b = { 0 };
	struct str rest;

	buf_printf(&b, "terminal too small (need %dx%d)", SHELL_COLS,
	    SHELL_ROWS + 1);
	rest = buf_view(&b);
	for (int row = 0; row < c->rows && rest.len > 0; row++) {
		size_t fits =
		    text_fit(rest, (struct text_style){ 0 }, (uint32_t)c->cols);

		canvas_str(c, row, 0, c->cols, ROLE_TEXT,
		    str_slice(rest, 0, fits));
		rest = str_slice(rest, fits, SIZE_MAX);
	}
	buf_release(&b);
}

const struct canvas_grid *
shell_draw(struct shell *s)
{
	struct canvas c = canvas_all(s->grid);

	free_closing(s);
	if (!s->dirty || c.rows == 0 || c.cols == 0)
		return NULL;
	s->dirty = false;
	canvas_cursor_hide(s->grid);
	canvas_font(s->grid, s->options.style);
	canvas_clear(&c, ROLE_TEXT);
	if (c.rows < SHELL_ROWS || c.cols < SHELL_COLS)
		draw_too_small(&c);
	else
		draw_all(s, &c);
	return s->grid;
}
