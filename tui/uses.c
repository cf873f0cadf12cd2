#include "tui/uses.h"

#include "core/outline.h"

void
uses_release(struct uses *u)
{
	if (u->open)
		code_close(&u->code);
	*u = (struct uses){ 0 };
}

static bool
is_word(char c)
{
	unsigned char b = (unsigned char)c;

	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
	    (b >= '0' && b <= '9') || b == '_' || b >= 0x80;
}

static void
open_file(struct uses *u, struct git_repo *r, const struct oid *blob,
    struct str path)
{
	if ((u->open || u->unread) && oid_eq(&u->blob, blob))
		return;
	uses_release(u);
	u->blob = *blob;
	u->open = code_open(&u->code, r, blob, path) == ERR_NONE;
	u->unread = !u->open;
	err_clear();
	/* What is open at a line is known when all before it was lexed. */
	while (u->open && code_step(&u->code))
		;
}

static bool
is_text(const struct canvas_span *spans, size_t n, size_t at)
{
	for (size_t i = 0; i < n && spans[i].from <= at; i++)
		if (at < spans[i].to)
			return spans[i].attr == code_role(LEXER_COMMENT) ||
			    spans[i].attr == code_role(LEXER_STRING);
	return false;
}

static bool
is_called(struct str text, size_t end)
{
	while (end < text.len && (text.at[end] == ' ' || text.at[end] == '\t'))
		end++;
	return end < text.len && text.at[end] == '(';
}

static bool
begins(const struct uses *u, struct str text, struct str word)
{
	struct str name, head = str_trim(text);

	if (str_starts(head, STR("#"))) {
		head = str_trim(str_slice(head, 1, head.len));
		if (!str_starts(head, STR("define")))
			return false;
		head = str_trim(str_slice(head, 6, head.len));
		return str_starts(head, word);
	}
	/* "int word(int);" in the first column declares it. */
	if (text.len > 0 && is_word(text.at[0]) && str_ends(head, STR(";")) &&
	    str_find(text, word, 0) > 0)
		return true;
	return outline_line(u->code.language, text, &name) &&
	    str_ends(name, word);
}

enum uses_kind
uses_look(struct uses *u, struct git_repo *r, const struct oid *blob,
    struct str path, uint32_t line, struct str word)
{
	struct canvas_span spans[CODE_SPANS];
	struct str text;
	enum uses_kind kind = USES_TEXT;
	size_t n, at = 0;

	open_file(u, r, blob, path);
	if (!u->open || !code_line(&u->code, line, &text))
		return USES_UNREAD;
	n = code_spans(&u->code, line, spans);
	while ((at = str_find(text, word, at)) != SIZE_MAX) {
		size_t end = at + word.len;
		bool whole = (at == 0 || !is_word(text.at[at - 1])) &&
		    (end == text.len || !is_word(text.at[end]));

		if (whole && !is_text(spans, n, at)) {
			if (is_called(text, end))
				kind = USES_CALL;
			else if (kind == USES_TEXT)
				kind = USES_CODE;
		}
		at = end;
	}
	if (kind != USES_TEXT && begins(u, text, word))
		return USES_BEGIN;
	return kind;
}

uint32_t
uses_around(struct uses *u, uint32_t line, struct str *name)
{
	uint32_t head = u->open ? code_head(&u->code, line, true, name) : 0;
	struct str text;

	/* What was closed in the first column since is not around it. */
	for (uint32_t n = head + 1; head != 0 && n < line; n++)
		if (code_line(&u->code, n, &text) && str_starts(text, STR("}")))
			return 0;
	return head;
}
