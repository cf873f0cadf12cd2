/*
 * report_markdown.c - CommonMark with tables; what was typed and could be
 * read as markup is escaped.
 */
#include "notes/compose.h"

#include <string.h>

#include "core/text.h"

/* Whether a mark at i of s could begin markup. */
static bool
is_markup(struct str s, size_t i)
{
	size_t start = 0;

	if (s.at[i] == '\0')
		return false;
	if (strchr("\\`*_[]|~#@$", s.at[i]) != NULL)
		return true;
	/* "http://" and "www." become links by themselves in some readers */
	if (s.at[i] == ':')
		return str_starts(str_slice(s, i, 3), STR("://"));
	if (s.at[i] == '.' && i >= 3)
		if (str_eq(str_slice(s, i - 3, 3), STR("www")))
			return true;
	/* "- ", "+ ", "1. ", "2) " and underlines: at the start of a line */
	while (start < s.len && s.at[start] == ' ')
		start++;
	if (s.at[i] == '.' || s.at[i] == ')') {
		if (i + 1 < s.len && s.at[i + 1] != ' ')
			return false;
		while (start < i && s.at[start] >= '0' && s.at[start] <= '9')
			start++;
	}
	return start == i && strchr("-+=.)", s.at[i]) != NULL;
}

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

		start = start && c == ' ';
		if (c == '<')
			buf_str(out, STR("&lt;"));
		else if (c == '>')
			buf_str(out, STR("&gt;"));
		else if (c == '&')
			buf_str(out, STR("&amp;"));
		else if (start)
			buf_str(out, STR("&nbsp;"));
		else if (is_markup(s, i))
			buf_printf(out, "\\%c", c);
		else
			buf_char(out, c);
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
heat(struct buf *out, struct str title, const struct findings_cover *rows,
    size_t n)
{
	buf_str(out, STR("\n| Release | "));
	put(out, title, " ");
	buf_str(out,
	    STR(" | Lines | Seen | Reviewed |\n|---|---|---|---|---|\n"));
	for (size_t i = 0; i < n; i++) {
		uint64_t of = rows[i].lines > 0 ? rows[i].lines : 1;

		buf_str(out, STR("| "));
		put(out, rows[i].release, " ");
		buf_str(out, STR(" | "));
		put(out, rows[i].folder.len > 0 ? rows[i].folder : STR("."),
		    " ");
		buf_printf(out, " | %llu | %llu %% | %llu %% |\n",
		    (unsigned long long)rows[i].lines,
		    (unsigned long long)(100 * rows[i].seen / of),
		    (unsigned long long)(100 * rows[i].reviewed / of));
	}
}

/* A code span: nothing in it is markup, and a backtick is written %60. */
static void
cite(struct buf *out, struct str line)
{
	buf_str(out, STR("\n`"));
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == '`')
			buf_str(out, STR("%60"));
		else
			buf_char(out, line.at[i]);
	buf_str(out, STR("`\n"));
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
	.heat = heat,
	.cite = cite,
	.finish = finish,
};

static void
markdown_write(const struct case_file *c, struct buf *out)
{
	compose(c, &pen, out);
}

const struct report report_markdown = {
	.name = "markdown",
	.suffix = "md",
	.about = "CommonMark with tables",
	.write = markdown_write,
};
