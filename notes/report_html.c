/*
 * report_html.c - one file that opens anywhere: no script, nothing fetched,
 * readable on paper.
 */
#include "notes/compose.h"

#include "core/text.h"

static const char style[] =
    "@page{size:A4;margin:20mm;@bottom-right{content:counter(page)\" / \""
    "counter(pages)}}"
    ".skip{position:absolute;left:-99em}.skip:focus{left:1em}"
    "td{min-width:4.8em}.caption{margin:1.5em 0 .3em;font-weight:bold;"
    "font-family:system-ui,sans-serif;font-size:.9em}"
    "svg.heat{width:100%;height:auto}"
    "code{font-family:ui-monospace,monospace;font-size:.85em;"
    "overflow-wrap:anywhere}"
    "body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;"
    "padding:0 1em;color:#111;background:#fff}"
    "h1,h2,h3,th,dt,nav,.bar{font-family:system-ui,sans-serif}"
    "h1{margin-bottom:0}h2{margin-top:2.5em;border-bottom:2px solid #333}"
    "h3{margin-top:2em}p{white-space:pre-wrap;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:11em 1fr;gap:.15em 1em;"
    "font-size:.9em;border-left:4px solid #ccc;padding-left:1em}"
    "dt{color:#555}dd{margin:0;overflow-wrap:anywhere}"
    "nav ol{list-style:none;padding-left:1.5em}"
    "nav>ol{padding-left:0}a{color:#0645ad}"
    "table{border-collapse:collapse;font-size:.9em;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.25em .5em;"
    "border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    ".red{border:2px solid #a00;padding:.5em}"
    ".subtitle{color:#555;margin-top:0}"
    "@media print{body{font-size:11pt;max-width:none;margin:0}"
    "a{color:inherit;text-decoration:none}h2,h3{break-after:avoid}"
    "dl,tr,.red{break-inside:avoid}}";

/* One line, made visible first and harmless second. */
static void
put_line(struct buf *out, struct str line)
{
	struct buf shown = { 0 };
	struct str s;

	text_show(&shown, line, (struct text_style){ .tab = 8 }, SIZE_MAX);
	s = buf_view(&shown);
	for (size_t i = 0; i < s.len; i++)
		switch (s.at[i]) {
		case '&':
			buf_str(out, STR("&amp;"));
			break;
		case '<':
			buf_str(out, STR("&lt;"));
			break;
		case '>':
			buf_str(out, STR("&gt;"));
			break;
		case '"':
			buf_str(out, STR("&quot;"));
			break;
		case '\'':
			buf_str(out, STR("&#39;"));
			break;
		default:
			buf_char(out, s.at[i]);
		}
	buf_release(&shown);
}

static void
put(struct buf *out, struct str text)
{
	struct str rest = text, line;
	bool first = true;

	while (str_cut(&rest, '\n', &line)) {
		if (!first)
			buf_char(out, '\n');
		put_line(out, line);
		first = false;
	}
}

/* Ids are made of letters, digits and '-', whatever came in. */
static void
put_id(struct buf *out, struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-';

		if (plain)
			buf_char(out, c);
		else
			buf_printf(out, "_%02x", (unsigned char)c);
	}
}

static void
start(struct buf *out, struct str title, struct str subtitle)
{
	buf_str(out,
	    STR("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" "
		"content=\"width=device-width\">\n<title>"));
	put(out, title);
	buf_printf(out,
	    "</title>\n<style>%s</style>\n</head>\n<body>\n"
	    "<a class=\"skip\" href=\"#main\">Skip the contents</a>\n"
	    "<header>\n<h1>",
	    style);
	put(out, title);
	buf_str(out, STR("</h1>\n<p class=\"subtitle\">"));
	put(out, subtitle);
	buf_str(out, STR("</p>\n</header>\n"));
}

static void
heading(struct buf *out, int depth, struct str id, struct str text)
{
	buf_printf(out, "<h%d id=\"", depth);
	put_id(out, id);
	buf_str(out, STR("\">"));
	put(out, text);
	buf_printf(out, "</h%d>\n", depth);
}

static void
contents(struct buf *out, const struct str *ids, const struct str *texts,
    const int *depths, size_t n)
{
	bool inner = false;

	buf_str(out, STR("<nav aria-label=\"Contents\">\n<ol>\n"));
	for (size_t i = 0; i < n; i++) {
		if (depths[i] == 3 && !inner)
			buf_str(out, STR("<li><ol>\n"));
		if (depths[i] != 3 && inner)
			buf_str(out, STR("</ol></li>\n"));
		inner = depths[i] == 3;
		buf_str(out, STR("<li><a href=\"#"));
		put_id(out, ids[i]);
		buf_str(out, STR("\">"));
		put(out, texts[i]);
		buf_str(out, STR("</a></li>\n"));
	}
	if (inner)
		buf_str(out, STR("</ol></li>\n"));
	buf_str(out, STR("</ol>\n</nav>\n<main id=\"main\">\n"));
}

static void
text(struct buf *out, enum report_kind kind, struct str s)
{
	buf_str(out,
	    kind == REPORT_RED ? STR("<p class=\"red\">") : STR("<p>"));
	put(out, s);
	buf_str(out, STR("</p>\n"));
}

static void
fields(struct buf *out, const struct str *pairs, size_t n)
{
	buf_str(out, STR("<dl>\n"));
	for (size_t i = 0; i < n; i++) {
		buf_str(out, STR("<dt>"));
		put(out, pairs[2 * i]);
		buf_str(out, STR("</dt><dd>"));
		put(out, pairs[2 * i + 1]);
		buf_str(out, STR("</dd>\n"));
	}
	buf_str(out, STR("</dl>\n"));
}

static void
table(struct buf *out, const struct str *cells, size_t rows, size_t columns)
{
	buf_str(out, STR("<table>\n"));
	for (size_t r = 0; r < rows; r++) {
		const char *kind = r == 0 ? "th" : "td";

		buf_str(out, STR("<tr>"));
		for (size_t i = 0; i < columns; i++) {
			buf_printf(out, "<%s%s>", kind,
			    r == 0 ? " scope=\"col\"" : "");
			put(out, cells[r * columns + i]);
			buf_printf(out, "</%s>", kind);
		}
		buf_str(out, STR("</tr>\n"));
	}
	buf_str(out, STR("</table>\n"));
}

/* What the picture shows, for those who see it; others have its title. */
static void
caption(struct buf *out, struct str title)
{
	buf_str(out, STR("<p class=\"caption\" aria-hidden=\"true\">"));
	put(out, title);
	buf_str(out, STR("</p>\n"));
}

/* Grey steps: told apart on paper and by everybody's eyes. */
static void
bars(struct buf *out, struct str title, const struct str *labels,
    const uint32_t *counts, size_t n)
{
	static const char *const shade[] = { "#000", "#444", "#777", "#aaa",
		"#ccc" };
	uint32_t most = 1;

	for (size_t i = 0; i < n; i++)
		if (counts[i] > most)
			most = counts[i];
	caption(out, title);
	buf_printf(out,
	    "<svg class=\"bar\" role=\"img\" width=\"420\" "
	    "height=\"%zu\" font-size=\"14\"><title>",
	    22 * n + 4);
	put(out, title);
	buf_str(out, STR("</title>\n"));
	for (size_t i = 0; i < n; i++) {
		buf_printf(out,
		    "<rect x=\"100\" y=\"%zu\" width=\"%u\" height=\"16\" "
		    "fill=\"%s\"/><text x=\"0\" y=\"%zu\">",
		    22 * i + 3, 260 * counts[i] / most, shade[i < 5 ? i : 4],
		    22 * i + 16);
		put(out, labels[i]);
		buf_printf(out, "</text><text x=\"%u\" y=\"%zu\">%u</text>\n",
		    106 + 260 * counts[i] / most, 22 * i + 16, counts[i]);
	}
	buf_str(out, STR("</svg>\n"));
}

/* A bar for each folder: light what was seen, dark what was reviewed. */
static void
heat(struct buf *out, struct str title, const struct findings_cover *rows,
    size_t n)
{
	enum { ROW = 22, LEFT = 330, WIDE = 300 };

	caption(out, title);
	buf_printf(out,
	    "<svg class=\"bar heat\" role=\"img\" viewBox=\"0 0 760 %zu\" "
	    "font-size=\"13\"><title>",
	    ROW * (n + 1) + 4);
	put(out, title);
	buf_str(out,
	    STR("</title>\n<text x=\"0\" y=\"16\">release, folder</text>"
		"<text x=\"330\" y=\"16\">seen (light), reviewed "
		"(dark)</text>\n"));
	for (size_t i = 0; i < n; i++) {
		uint64_t of = rows[i].lines > 0 ? rows[i].lines : 1;
		size_t y = ROW * (i + 1);

		buf_printf(out, "<text x=\"0\" y=\"%zu\">", y + 15);
		put(out, rows[i].release);
		buf_str(out, STR("  "));
		put(out, rows[i].folder.len > 0 ? rows[i].folder : STR("."));
		buf_printf(out,
		    "</text><rect x=\"%d\" y=\"%zu\" width=\"%d\" "
		    "height=\"16\" fill=\"#fff\" stroke=\"#999\"/>"
		    "<rect x=\"%d\" y=\"%zu\" width=\"%llu\" "
		    "height=\"16\" fill=\"#bbb\"/>"
		    "<rect x=\"%d\" y=\"%zu\" width=\"%llu\" "
		    "height=\"16\" fill=\"#333\"/>"
		    "<text x=\"%d\" y=\"%zu\">%llu %%, %llu %%</text>\n",
		    LEFT, y + 2, WIDE, LEFT, y + 2,
		    (unsigned long long)(WIDE * rows[i].seen / of), LEFT, y + 2,
		    (unsigned long long)(WIDE * rows[i].reviewed / of),
		    LEFT + WIDE + 8, y + 15,
		    (unsigned long long)(100 * rows[i].seen / of),
		    (unsigned long long)(100 * rows[i].reviewed / of));
	}
	buf_str(out, STR("</svg>\n"));
}

static void
cite(struct buf *out, struct str line)
{
	buf_str(out, STR("<p><code>"));
	put(out, line);
	buf_str(out, STR("</code></p>\n"));
}

static void
finish(struct buf *out)
{
	buf_str(out, STR("</main>\n</body>\n</html>\n"));
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
html_write(const struct case_file *c, struct buf *out)
{
	compose(c, &pen, out);
}

const struct report report_html = {
	.name = "html",
	.suffix = "html",
	.about = "one self-contained page",
	.write = html_write,
};
