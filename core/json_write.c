#include <string.h>

#include "core/json_node.h"

/* One value, with line breaks or without. */
struct writer {
	struct buf *out;
	bool lines;
};

static void
write_text(struct buf *out, struct str text)
{
	static const char shorts[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
	size_t from = 0;

	buf_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		const char *known;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, text.at + from, i - from);
		from = i + 1;
		known = c == 0 ? NULL : strchr(shorts, c);
		if (known != NULL) {
			buf_char(out, '\\');
			buf_char(out, letters[known - shorts]);
		} else {
			buf_printf(out, "\\u%04X", c);
		}
	}
	buf_add(out, text.at + from, text.len - from);
	buf_char(out, '"');
}

static void
new_line(const struct writer *w, unsigned depth)
{
	if (w->lines)
		buf_printf(w->out, "\n%*s", 2 * (int)depth, "");
}

static void write_value(const struct writer *w, const struct json *j,
    unsigned depth);

static void
write_items(const struct writer *w, const struct json *j, unsigned depth)
{
	bool object = j->kind == JSON_OBJECT;

	buf_char(w->out, object ? '{' : '[');
	for (uint32_t i = 0; i < j->len; i++) {
		if (i > 0)
			buf_char(w->out, ',');
		new_line(w, depth + 1);
		if (object) {
			write_text(w->out, j->at[i].key);
			buf_str(w->out, w->lines ? STR(": ") : STR(":"));
		}
		write_value(w, j->at[i].value, depth + 1);
	}
	if (j->len > 0)
		new_line(w, depth);
	buf_char(w->out, object ? '}' : ']');
}

static void
write_value(const struct writer *w, const struct json *j, unsigned depth)
{
	switch (j->kind) {
	case JSON_NULL:
		buf_str(w->out, STR("null"));
		break;
	case JSON_FALSE:
		buf_str(w->out, STR("false"));
		break;
	case JSON_TRUE:
		buf_str(w->out, STR("true"));
		break;
	case JSON_WHOLE:
		buf_printf(w->out, "%lld", (long long)j->whole);
		break;
	case JSON_FRACTION:
		buf_str(w->out, j->text);
		break;
	case JSON_TEXT:
		write_text(w->out, j->text);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_items(w, j, depth);
		break;
	}
}

void
json_write(const struct json *j, struct buf *out)
{
	write_value(&(struct writer){ out, false }, j, 0);
}

void
json_write_lines(const struct json *j, struct buf *out)
{
	write_value(&(struct writer){ out, true }, j, 0);
	buf_char(out, '\n');
}
