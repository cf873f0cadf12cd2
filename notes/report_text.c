/*
 * report_text.c - plain text of at most 80 columns: for mail, for paper, for
 * a terminal.
 */
#include "notes/compose.h"

#include "core/text.h"

enum { COLUMNS = 80, LABEL = 20 };

/* One line of input as lines of output, each indented. */
static void
put_wrapped(struct buf *out, struct str line, uint32_t indent, uint32_t first)
{
	struct text_style plain = { .tab = 8 };
	uint32_t room = COLUMNS - indent;

	buf_printf(out, "%*s", (int)first, "");
	for (;;) {
		size_t fit = text_fit(line, plain, room), cut = fit;

		if (fit < line.len) {
			while (cut > 0 && line.at[cut] != ' ')
				cut--;
			if (cut == 0)
				cut = fit;
		}
		text_show(out, str_slice(line, 0, cut), plain, SIZE_MAX);
		buf_char(out, '\n');
		line = str_slice(line, cut, SIZE_MAX);
		if (line.len > 0 && line.at[0] == ' ')
			line = str_slice(line, 1, SIZE_MAX);
		if (line.len == 0)
			return;
		buf_printf(out, "%*s", (int)indent, "");
	}
}

static void
put(struct buf *out, struct str text, uint32_t indent, uint32_t first)
{
	struct str rest = text, line;

	while (str_cut(&rest, '\n', &line)) {
		put_wrapped(out, line, indent, first);
		first = indent;
	}
}

static void
rule(struct buf *out, char c)
{
	for (int i = 0; i < COLUMNS - 1; i++)
		buf_char(out, c);
	buf_char(out, '\n');
}

static void
start(struct buf *out, struct str title, struct str subtitle)
{
	put(out, title, 0, 0);
	put(out, subtitle, 0, 0);
	rule(out, '=');
}

static void
heading(struct buf *out, int depth, struct str id, struct str text)
{
	(void)id;
	buf_char(out, '\n');
	put(out, text, 0, 0);
	rule(out, depth == 2 ? '=' : '-');
}

static void
contents(struct buf *out, const struct str *ids, const struct str *texts,
    const int *depths, size_t n)
{
	(void)ids;
	buf_char(out, '\n');
	for (size_t i = 0; i < n; i++)
		put(out, texts[i], depths[i] == 3 ? 6 : 4,
		    depths[i] == 3 ? 4 : 0);
}

static void
text(struct buf *out, enum report_kind kind, struct str s)
{
	uint32_t indent = kind == REPORT_RED ? 4 : 0;

	buf_char(out, '\n');
	put(out, s, indent, indent);
}

static void
fields(struct buf *out, const struct str *pairs, size_t n)
{
	buf_char(out, '\n');
	for (size_t i = 0; i < n; i++) {
		uint32_t width =
		    text_width(pairs[2 * i], (struct text_style){ 0 });

		buf_str(out, pairs[2 * i]);
		buf_char(out, ':');
		if (width + 2 > LABEL)
			buf_char(out, '\n');
		put(out, pairs[2 * i + 1], LABEL,
		    width + 2 > LABEL ? LABEL : LABEL - width - 1);
	}
}

static void
table(struct buf *out, const struct str *cells, size_t rows, size_t columns)
{
	for (size_t r = 1; r < rows; r++) {
		buf_char(out, '\n');
		for (size_t i = 0; i < columns; i++) {
			if (cells[r * columns + i].len == 0)
				continue;
			buf_printf(out, "%s%.*s: ", i > 0 ? "    " : "",
			    STR_ARG(cells[i]));
			put(out, cells[r * columns + i], 8, 0);
		}
	}
}

static void
bars(struct buf *out, struct str title, const struct str *labels,
    const uint32_t *counts, size_t n)
{
	buf_char(out, '\n');
	put(out, title, 0, 0);
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "    %-14.*s %6u  ", STR_ARG(labels[i]),
		    counts[i]);
		for (uint32_t k = 0; k < counts[i] && k < 50; k++)
			buf_char(out, '#');
		buf_char(out, '\n');
	}
}

static void
heat(struct buf *out, struct str title, const struct findings_cover *rows,
    size_t n)
{
	enum { FOLDER = 40 };

	buf_char(out, '\n');
	put(out, title, 0, 0);
	buf_printf(out, "    %-*s %9s %6s %9s\n", FOLDER, "", "lines", "seen",
	    "reviewed");
	for (size_t i = 0; i < n; i++) {
		struct str name =
		    rows[i].folder.len > 0 ? rows[i].folder : STR(".");
		uint64_t of = rows[i].lines > 0 ? rows[i].lines : 1;

		put(out, rows[i].release, 4, 4);
		put(out, name, 6, 6);
		buf_printf(out, "    %*s %9llu %5llu%% %8llu%%\n", FOLDER, "",
		    (unsigned long long)rows[i].lines,
		    (unsigned long long)(100 * rows[i].seen / of),
		    (unsigned long long)(100 * rows[i].reviewed / of));
	}
}

/* Broken between its words, and inside the path where it must be: the
 * reader joins what stands on the lines below. */
static void
cite(struct buf *out, struct str line)
{
	buf_char(out, '\n');
	put(out, line, 4, 4);
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
text_write(const struct case_file *c, struct buf *out)
{
	compose(c, &pen, out);
}

const struct report report_text = {
	.name = "text",
	.suffix = "txt",
	.about = "plain text of 80 columns",
	.write = text_write,
};
