#include "tests/tui/forbidden.h"

#include <string.h>

#include "core/text.h"

/* A whole CSI: parameters and final byte.  What is wrong with it, or NULL. */
static const char *
judge_csi(struct str params, char final)
{
	static const char *const modes[] = { "?1000", "?1001", "?1002", "?1003",
		"?1004", "?1005", "?1006", "?1015", "?1016" };

	if (final == 't' &&
	    (str_eq(params, STR("22;0;0")) || str_eq(params, STR("23;0;0"))))
		return NULL; /* keeps the window's title: curses, smcup */
	if (strchr("itnxyqp", final) != NULL ||
	    (final == 'c' && !str_starts(params, STR("?"))))
		return "a question, a report or a window operation";
	if (final != 'h')
		return NULL;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (str_find(params, str_of(modes[i]), 0) != SIZE_MAX)
			return "mouse or focus reports";
	return NULL;
}

/* After ESC: takes the sequence off *rest. */
static const char *
judge_escape(struct str *rest)
{
	size_t end = 1;
	char kind;

	if (rest->len == 0)
		return "an ESC at the end";
	kind = rest->at[0];
	if (strchr("]P_^X", kind) != NULL)
		return "a string (OSC, DCS, APC, PM or SOS)";
	if (strchr("Zc", kind) != NULL)
		return "a question or a reset";
	if (kind == '[') {
		const char *why;

		while (end < rest->len &&
		    (rest->at[end] < 0x40 || rest->at[end] > 0x7e))
			end++;
		if (end == rest->len)
			return "a CSI without an end";
		why = judge_csi(str_slice(*rest, 1, end - 1), rest->at[end]);
		*rest = str_slice(*rest, end + 1, SIZE_MAX);
		return why;
	}
	/* ESC ( B and the like: intermediates, then a final byte */
	for (end = 0;
	     end < rest->len && rest->at[end] >= 0x20 && rest->at[end] <= 0x2f;)
		end++;
	*rest = str_slice(*rest, end + 1, SIZE_MAX);
	return NULL;
}

void
forbidden_find(struct str bytes, struct buf *what)
{
	struct str rest = bytes;
	const char *why = NULL;

	while (rest.len > 0 && why == NULL) {
		uint32_t ch;

		if (!text_take_utf8(&rest, &ch))
			why = "a byte that is not UTF-8";
		else if (ch == 0x1b)
			why = judge_escape(&rest);
		else if (ch < 0x20 &&
		    strchr("\r\n\b\t\x0e\x0f", (int)ch) == NULL)
			why = "a control byte";
		else if (ch >= 0x7f && text_columns(ch) < 0)
			why = "a character that is not to be seen";
	}
	if (why == NULL)
		return;
	buf_printf(what, "%s before byte %zu: ", why, bytes.len - rest.len);
	text_show(what,
	    str_slice(bytes,
		bytes.len - rest.len < 12 ? 0 : bytes.len - rest.len - 12, 40),
	    (struct text_style){ 0 }, 200);
}
