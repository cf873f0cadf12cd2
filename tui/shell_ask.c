/*
 * shell_ask.c - the bottom row asks: for a line, or for one key of a few.
 */
#include "tui/shell_state.h"

#include <string.h>

#include "core/limits.h"

bool
shell_ask_active(const struct shell *s)
{
	return s->asker != NULL;
}

void
shell_ask_drop(struct shell *s)
{
	prompt_release(&s->prompt);
	s->prompt = (struct prompt){ 0 };
	buf_clear(&s->completing);
	s->completed = 0;
	s->asker = NULL;
	s->question = NULL;
	s->dirty = true;
}

void
shell_ask_release(struct shell *s)
{
	shell_ask_drop(s);
	buf_release(&s->completing);
	for (size_t i = 0; i < SHELL_HISTORIES; i++)
		prompt_history_release(&s->histories[i].lines);
}

static struct prompt_history *
history(struct shell *s)
{
	if (s->ask.history == NULL)
		return NULL;
	for (size_t i = 0; i < SHELL_HISTORIES; i++) {
		if (s->histories[i].name == NULL)
			s->histories[i].name = s->ask.history;
		if (strcmp(s->histories[i].name, s->ask.history) == 0)
			return &s->histories[i].lines;
	}
	bug("more than %d histories", SHELL_HISTORIES);
}

void
shell_prompt(struct pane *p, const struct shell_ask *ask)
{
	struct shell *s = p->shell;

	shell_ask_drop(s);
	s->asker = p;
	s->ask = *ask;
	prompt_start(&s->prompt, ask->initial);
}

void
shell_argument(struct pane *p, const struct call *c,
    const struct shell_ask *ask)
{
	if (c->args.len > 0)
		ask->done(p, c->args);
	else
		shell_prompt(p, ask);
}

void
shell_choose(struct pane *p, const char *question, const char *keys,
    void (*done)(struct pane *p, uint32_t key))
{
	struct shell *s = p->shell;

	shell_ask_drop(s);
	s->asker = p;
	s->question = question;
	s->answers = keys;
	s->answered = done;
}

static void
answer(struct shell *s, uint32_t key)
{
	struct pane *p = s->asker;

	if (key == KEYS_ESC || key == KEYS_CTRL('c'))
		key = 0;
	else if (key >= 0x80 || strchr(s->answers, (int)key) == NULL)
		return;
	shell_ask_drop(s);
	s->answered(p, key);
}

/* The next candidate; after the last comes what was typed. */
static void
complete(struct shell *s)
{
	struct buf b = { 0 };

	if (s->ask.complete == NULL)
		return;
	if (s->completed == 0) {
		buf_clear(&s->completing);
		buf_str(&s->completing, buf_view(&s->prompt.text));
	}
	if (s->ask.complete(s->asker, buf_view(&s->completing), s->completed,
		&b)) {
		s->completed++;
		prompt_set(&s->prompt, buf_view(&b));
	} else {
		s->completed = 0;
		prompt_set(&s->prompt, buf_view(&s->completing));
	}
	buf_release(&b);
}

static void
done(struct shell *s)
{
	struct pane *p = s->asker;
	struct buf line = s->prompt.text;
	struct prompt_history *h = history(s);
	void (*fn)(struct pane *, struct str) = s->ask.done;

	s->prompt.text = (struct buf){ 0 };
	if (h != NULL)
		prompt_history_add(h, buf_view(&line));
	shell_ask_drop(s);
	fn(p, buf_view(&line));
	buf_release(&line);
}

static void
left(struct shell *s)
{
	struct pane *p = s->asker;
	void (*fn)(struct pane *) = s->ask.left;

	shell_ask_drop(s);
	if (fn != NULL)
		fn(p);
}

void
shell_ask_key(struct shell *s, uint32_t key)
{
	s->dirty = true;
	if (s->question != NULL) {
		answer(s, key);
		return;
	}
	switch (prompt_key(&s->prompt, key, history(s))) {
	case PROMPT_DONE:
		done(s);
		return;
	case PROMPT_LEFT:
		left(s);
		return;
	case PROMPT_TAB:
		complete(s);
		break;
	case PROMPT_EDITED:
		s->completed = 0;
		break;
	case PROMPT_NOTHING:
		return;
	}
	if (s->ask.typed != NULL)
		s->ask.typed(s->asker, buf_view(&s->prompt.text));
}

void
shell_ask_draw(struct shell *s, const struct canvas *line)
{
	int col;

	if (s->question == NULL) {
		prompt_draw(&s->prompt, line, s->ask.label);
		if (s->ask.hint != NULL && s->prompt.text.len == 0)
			canvas_put(line, 0, (int)strlen(s->ask.label) + 2,
			    ROLE_NUMBER, s->ask.hint);
		if (s->prompt.full)
			canvas_printf(line, 0, line->cols - 20, ROLE_ERROR,
			    " at most %d bytes ", LIMIT_PATTERN);
		return;
	}
	col = canvas_put(line, 0, 0, ROLE_WARNING, s->question);
	for (const char *key = s->answers; *key != '\0'; key++)
		col = canvas_char(line, 0, col + 1, ROLE_KEY,
		    (unsigned char)*key);
	canvas_cursor(line, 0, col + 1);
}
