#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

void
prompt_start(struct prompt *p, struct str initial)
{
	*p = (struct prompt){ 0 };
	prompt_set(p, initial);
}

void
prompt_release(struct prompt *p)
{
	buf_release(&p->text);
	buf_release(&p->kept);
}

void
prompt_set(struct prompt *p, struct str text)
{
	buf_clear(&p->text);
	buf_str(&p->text, str_slice(text, 0, LIMIT_PATTERN));
	p->at = p->text.len;
}

/* The character in front of byte at: where it begins. */
static size_t
before(const struct prompt *p, size_t at)
{
	while (at > 0 && ((unsigned char)p->text.at[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t
after(const struct prompt *p, size_t at)
{
	if (at < p->text.len)
		at++;
	while (
	    at < p->text.len && ((unsigned char)p->text.at[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t
word_before(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text.at[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.at[at - 1] != ' ')
		at--;
	return at;
}

/* Takes bytes from..to out; the cursor ends up at from. */
static void
cut(struct prompt *p, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(p->text.at + from, p->text.at + to, p->text.len - to);
	p->text.len -= to - from;
	p->text.at[p->text.len] = '\0';
	p->at = from;
}

static void
insert(struct prompt *p, uint32_t key)
{
	struct buf b = { 0 };

	text_put_utf8(&b, key);
	p->full = p->text.len + b.len > LIMIT_PATTERN;
	if (!p->full) {
		buf_grow(&p->text, b.len);
		memmove(p->text.at + p->at + b.len, p->text.at + p->at,
		    p->text.len - p->at);
		memcpy(p->text.at + p->at, b.at, b.len);
		p->text.len += b.len;
		p->text.at[p->text.len] = '\0';
		p->at += b.len;
	}
	buf_release(&b);
}

static enum prompt_did
recall(struct prompt *p, struct prompt_history *h, bool older)
{
	size_t line;

	if (h == NULL || h->len == 0 || (!older && p->recalled == 0))
		return PROMPT_NOTHING;
	if (p->recalled == 0) {
		buf_clear(&p->kept);
		buf_str(&p->kept, buf_view(&p->text));
		line = h->len;
	} else {
		line = p->recalled - 1;
	}
	if (older)
		line = line == 0 ? 0 : line - 1;
	else
		line++;
	if (line >= h->len) {
		p->recalled = 0;
		prompt_set(p, buf_view(&p->kept));
	} else {
		p->recalled = line + 1;
		prompt_set(p, buf_view(&h->lines[line]));
	}
	return PROMPT_EDITED;
}

static enum prompt_did
erase(struct prompt *p)
{
	if (p->text.len == 0)
		return PROMPT_LEFT;
	cut(p, before(p, p->at), p->at);
	return PROMPT_EDITED;
}

static enum prompt_did
move(struct prompt *p, size_t at)
{
	p->at = at;
	return PROMPT_EDITED;
}

static enum prompt_did
remove_to(struct prompt *p, size_t from, size_t to)
{
	cut(p, from, to);
	return PROMPT_EDITED;
}

enum prompt_did
prompt_key(struct prompt *p, uint32_t key, struct prompt_history *h)
{
	p->full = false;
	switch (key) {
	case KEYS_ENTER:
		return PROMPT_DONE;
	case KEYS_ESC:
	case KEYS_CTRL('c'):
		return PROMPT_LEFT;
	case KEYS_TAB:
		return PROMPT_TAB;
	case KEYS_BACKSPACE:
	case KEYS_CTRL('h'):
		return erase(p);
	case KEYS_DELETE:
	case KEYS_CTRL('d'):
		return remove_to(p, p->at, after(p, p->at));
	case KEYS_LEFT:
	case KEYS_CTRL('b'):
		return move(p, before(p, p->at));
	case KEYS_RIGHT:
	case KEYS_CTRL('f'):
		return move(p, after(p, p->at));
	case KEYS_HOME:
	case KEYS_CTRL('a'):
		return move(p, 0);
	case KEYS_END:
	case KEYS_CTRL('e'):
		return move(p, p->text.len);
	case KEYS_CTRL('u'):
		return remove_to(p, 0, p->at);
	case KEYS_CTRL('k'):
		return remove_to(p, p->at, p->text.len);
	case KEYS_CTRL('w'):
		return remove_to(p, word_before(p), p->at);
	case KEYS_UP:
	case KEYS_CTRL('p'):
		return recall(p, h, true);
	case KEYS_DOWN:
	case KEYS_CTRL('n'):
		return recall(p, h, false);
	default:
		break;
	}
	if (!keys_is_text(key))
		return PROMPT_NOTHING;
	insert(p, key);
	return PROMPT_EDITED;
}

void
prompt_draw(const struct prompt *p, const struct canvas *line,
    const char *label)
{
	struct canvas_draw d = { .text = buf_view(&p->text),
		.attr = ROLE_TEXT };
	int col = canvas_put(line, 0, 0, ROLE_KEY, label);
	uint32_t at = text_width(str_slice(d.text, 0, p->at),
	    canvas_style(line, d.style));
	uint32_t room = (uint32_t)(line->cols > col ? line->cols - col : 0);
	uint32_t need;

	if (room < 3)
		return;
	/* the cursor stands behind the text, or in front of the > of more */
	need = at + (p->at == p->text.len ? 1 : 2);
	if (need > room)
		d.skip = need - room;
	canvas_text(line, 0, col, (int)room, &d);
	canvas_cursor(line, 0, col + (int)(at - d.skip));
}

void
prompt_history_add(struct prompt_history *h, struct str line)
{
	if (line.len == 0 ||
	    (h->len > 0 && str_eq(buf_view(&h->lines[h->len - 1]), line)))
		return;
	if (h->lines == NULL)
		h->lines = calloc(PROMPT_HISTORY, sizeof *h->lines);
	if (h->lines == NULL)
		bug("no memory for a history");
	if (h->len == PROMPT_HISTORY) {
		buf_release(&h->lines[0]);
		memmove(h->lines, h->lines + 1,
		    (PROMPT_HISTORY - 1) * sizeof *h->lines);
		h->len--;
	}
	h->lines[h->len] = (struct buf){ 0 };
	buf_str(&h->lines[h->len++], line);
}

void
prompt_history_release(struct prompt_history *h)
{
	for (size_t i = 0; i < h->len; i++)
		buf_release(&h->lines[i]);
	free(h->lines);
	*h = (struct prompt_history){ 0 };
}
