#include "tui/shell_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

void
shell_say(struct shell *s, uint16_t role, struct str text)
{
	struct shell_line *line;

	if (s->n_messages == SHELL_MESSAGES) {
		buf_release(&s->messages[0].text);
		memmove(&s->messages[0], &s->messages[1],
		    (SHELL_MESSAGES - 1) * sizeof s->messages[0]);
		s->n_messages--;
	}
	line = &s->messages[s->n_messages++];
	*line = (struct shell_line){ .role = role };
	buf_str(&line->text, str_slice(text, 0, LIMIT_PATTERN));
	s->message_shown = true;
	s->dirty = true;
}

void
shell_hush(struct shell *s)
{
	s->message_shown = false;
	s->dirty = true;
}

void
shell_message(struct shell *s, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		bug("no memory for a message");
	shell_say(s, ROLE_TEXT, (struct str){ text, (size_t)n });
	free(text);
}

void
shell_error(struct shell *s, enum err rc)
{
	const char *text = err_text();

	if (rc == ERR_NONE)
		return;
	shell_say(s, ROLE_ERROR, str_of(text[0] == '\0' ? err_name(rc) : text));
	err_clear();
}

size_t
shell_messages(const struct shell *s)
{
	return s->n_messages;
}

struct str
shell_message_at(const struct shell *s, size_t i)
{
	return buf_view(&s->messages[i].text);
}

void
shell_message_draw(struct shell *s, const struct canvas *line)
{
	const struct shell_line *last = &s->messages[s->n_messages - 1];

	canvas_str(line, 0, 0, line->cols, last->role, buf_view(&last->text));
}

void
shell_message_release(struct shell *s)
{
	for (size_t i = 0; i < s->n_messages; i++)
		buf_release(&s->messages[i].text);
	s->n_messages = 0;
}
