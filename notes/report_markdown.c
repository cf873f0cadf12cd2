/*
 * report_markdown.c - CommonMark with tables; every mark of punctuation that
 * was typed is escaped, so that nothing typed becomes markup.
 */
#include "notes/report.h"

#include <string.h>

#include "core/text.h"

static void
put_line(struct buf *out, struct str line)
{
	struct buf shown = { 0 };
	bool start = true;
	struct str s;

	text_show(&shown, line, (struct text_style){ .tab = 8 }, SIZE_MAX);
	s = buf_view(&shown);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '<' || c == '>' || c == '&') {
			buf_str(out,
			    c == '<'     ? STR("&lt;") :
				c == '>' ? STR("&gt;") :
					   STR("&amp;"));
		} else if (c == ' ' && start) {
			buf_str(out, STR("&nbsp;"));
		} else {
			if (c != '\0' &&
			    strchr("\\`*_{}[]()#+-.!|~=:\"'/@^$", c) != NULL)
				buf_char(out, '\\');
			buf_char(out, c);
		}
		start = start && c == ' ';
	}
	buf_release(&shown);
}

static void
put(struct buf *out, struct str text, const char *between)
{
	struct str rest = text, line;
	bool first = true;

	while (str_cut(&rest, '\n', &line)) {
		if (!first)
			buf_str(out, str_of(between));
		put_line(out, line);
		first = false;
	}
}

static void
start(struct buf *out, struct str title, struct str subtitle)
{
	buf_str(out, STR("# "));
	put(out, title, " ");
	buf_str(out, STR("\n\n"));
	put(out, subtitle, " ");
	buf_str(out, STR("\n"));
}

static void
heading(struct buf *out, int depth, struct str id, struct str text)
{
	(void)id;
	buf_printf(out, "\n%.*s ", depth, "###");
	put(out, text, " ");
	buf_str(out, STR("\n"));
}

static void
contents(struct buf *out, const struct str *ids, const struct str *texts,
    const int *depths, size_t n)
{
	(void)ids;
	buf_str(out, STR("\n"));
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s- ", depths[i] == 3 ? "  " : "");
		put(out, texts[i], " ");
		buf_str(out, STR("\n"));
	}
}

static void
text(struct buf *out, enum report_kind kind, struct str s)
{
	const char *quote = kind == REPORT_RED ? "> " : "";

	buf_printf(out, "\n%s", quote);
	put(out, s, kind == REPORT_RED ? "\\\n> " : "\\\n");
	buf_str(out, STR("\n"));
}

static void
fields(struct buf *out, const struct str *pairs, size_t n)
{
	buf_str(out, STR("\n| | |\n|---|---|\n"));
	for (size_t i = 0; i < n; i++) {
		buf_str(out, STR("| "));
		put(out, pairs[2 * i], " ");
		buf_str(out, STR(" | "));
		put(out, pairs[2 * i + 1], "<br>");
		buf_str(out, STR(" |\n"));
	}
}

static void
table(struct buf *out, const struct str *cells, size_t rows, size_t columns)
{
	buf_str(out, STR("\n"));
	for (size_t r = 0; r < rows; r++) {
		for (size_t i = 0; i < columns; i++) {
			buf_str(out, STR("| "));
			put(out, cells[r * columns + i], "<br>");
			buf_str(out, STR(" "));
		}
		buf_str(out, STR("|\n"));
		for (size_t i = 0; i < columns && r == 0; i++)
			buf_str(out, STR("|---"));
		if (r == 0)
			buf_str(out, STR("|\n"));
	}
}

static void
bars(struct buf *out, struct str title, const struct str *labels,
    const uint32_t *counts, size_t n)
{
	buf_str(out, STR("\n| "));
	put(out, title, " ");
	buf_str(out, STR(" | |\n|---|---|\n"));
	for (size_t i = 0; i < n; i++) {
		buf_str(out, STR("| "));
		put(out, labels[i], " ");
		buf_printf(out, " | %u |\n", counts[i]);
	}
}

static void
finish(struct buf *out)
{
	(void)out;
}

static const struct report_pen pen = {
	.start = start,
	.heading = heading,
	.contents = contents,
	.text = text,
	.fields = fields,
	.table = table,
	.bars = bars,
	.finish = finish,
};

static void
markdown_write(const struct case_file *c, struct buf *out)
{
	report_compose(c, &pen, out);
}

const struct report report_markdown = {
	.name = "markdown",
	.suffix = "md",
	.about = "CommonMark with tables",
	.write = markdown_write,
};
