#include <string.h>

#include "tui/file_view.h"
#include "tui/reading.h"
#include "tui/reading_code.h"

static bool
wraps(struct pane *p)
{
	struct file_view *v = p->state;

	return shell_options(p->shell)->wrap && !v->hex;
}

static int
gutter_of(struct pane *p)
{
	struct file_view *v = p->state;

	return v->hex ?
	    3 :
	    gutter_width(code_lines(&v->code), shell_options(p->shell));
}

static struct text_style
style_of(struct pane *p)
{
	struct file_view *v = p->state;
	struct text_style style = shell_options(p->shell)->style;

	style.encoding = v->code.style.encoding;
	style.tab = v->tab;
	return style;
}

/* Byte where part k of a wrapped line begins; from the part before, if that
 * was asked for last. */
static size_t
part_start(struct file_view *v, uint64_t row, struct str text,
    struct text_style style, int cols, uint32_t k)
{
	uint32_t part = 0;
	size_t at = 0;

	if (v->wrapped.row == row && v->wrapped.cols == cols &&
	    v->wrapped.count > 0 && v->wrapped.part <= k) {
		part = v->wrapped.part;
		at = v->wrapped.byte;
	}
	for (; part < k && at < text.len; part++)
		at += text_fit(str_slice(text, at, text.len), style,
		    (uint32_t)cols);
	if (v->wrapped.row == row && v->wrapped.cols == cols) {
		v->wrapped.part = k;
		v->wrapped.byte = at;
	}
	return at;
}

static uint32_t
parts(void *arg, uint64_t row, int cols)
{
	struct pane *p = arg;
	struct file_view *v = p->state;
	struct text_style style = style_of(p);
	struct str text;
	uint32_t n = 0;

	cols -= gutter_of(p);
	if (!wraps(p) || cols < 1 ||
	    !code_line(&v->code, (uint32_t)row + 1, &text))
		return 1;
	if (text.len < CODE_LONG)
		v->wrapped.count = 0;
	else if (v->wrapped.row == row && v->wrapped.cols == cols &&
	    v->wrapped.count > 0)
		return v->wrapped.count;
	for (size_t at = 0; at < text.len; n++)
		at += text_fit(str_slice(text, at, text.len), style,
		    (uint32_t)cols);
	if (text.len >= CODE_LONG) {
		v->wrapped.row = row;
		v->wrapped.cols = cols;
		v->wrapped.count = n;
		v->wrapped.part = 0;
		v->wrapped.byte = 0;
	}
	return n == 0 ? 1 : n;
}

/* The same spans for a piece of the line. */
static size_t
shift_spans(struct canvas_span *spans, size_t n, size_t by)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (spans[i].to <= by)
			continue;
		spans[out].from =
		    spans[i].from < by ? 0 : spans[i].from - (uint32_t)by;
		spans[out].to = spans[i].to - (uint32_t)by;
		spans[out++].attr = spans[i].attr;
	}
	return out;
}

static void
draw_text(struct pane *p, const struct list_row *r, struct str text,
    const struct canvas *line, int col)
{
	struct file_view *v = p->state;
	struct canvas_span spans[CODE_SPANS], over[CODE_ALIKE];
	struct canvas_draw d = {
		.text = text,
		.style = style_of(p),
		.attr = r->attr,
		.spans = spans,
		.find = buf_view(&v->needle),
		.skip = wraps(p) ? 0 : r->skip,
		.no_edges = wraps(p),
	};
	struct text_spot spot;
	int width = line->cols - col;
	size_t from = 0;

	d.n_spans = code_spans(&v->code, (uint32_t)r->row + 1, spans);
	if (wraps(p) && width > 0) {
		from = part_start(v, r->row, text, d.style, width, r->part);
		d.text = str_slice(text, from, text.len);
		d.text.len = text_fit(d.text, d.style, (uint32_t)width);
		d.n_spans = shift_spans(spans, d.n_spans, from);
	}
	spot = code_spot_column(&v->code, (uint32_t)r->row + 1,
	    canvas_style(line, d.style), d.skip);
	if (from == 0)
		d.spot = &spot;
	d.over = over;
	d.n_over = shift_spans(over,
	    code_alike(&v->code, (uint32_t)r->row + 1, over, CODE_ALIKE), from);
	if (v->hit_line == r->row + 1 && v->hit_len > 0 && v->hit_at >= from) {
		over[0] = (struct canvas_span){ (uint32_t)(v->hit_at - from),
			(uint32_t)(v->hit_at - from + v->hit_len), ATTR_HIT };
		d.n_over = 1;
	}
	canvas_text(line, 0, col, width, &d);
}

static bool
is_selected(const struct file_view *v, uint64_t row)
{
	uint32_t a, b;

	return file_view_selection(v, &a, &b) && row + 1 >= a && row + 1 <= b;
}

/* Columns of the first byte and of its character. */
enum { CODE_HEX_AT = 3 + 9, CODE_HEX_TEXT = 3 + 9 + 16 * 3 + 1 };

static void
draw_hex(struct pane *p, const struct list_row *r, const struct canvas *line)
{
	struct file_view *v = p->state;
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr, .skip = r->skip };

	code_hex(&v->code, r->row, &b);
	d.text = buf_view(&b);
	canvas_text(line, 0, 3, line->cols - 3, &d);
	canvas_mark(line, 0, 3, 8, ROLE_NUMBER);
	for (size_t i = 0; r->skip == 0 && i < CODE_ROW; i++) {
		size_t at = r->row * CODE_ROW + i;

		if (at < v->hit_at || at >= v->hit_at + v->hit_len)
			continue;
		canvas_mark(line, 0, CODE_HEX_AT + 3 * (int)i + (i >= 8), 2,
		    ATTR_HIT);
		canvas_mark(line, 0, CODE_HEX_TEXT + (int)i, 1, ATTR_HIT);
	}
	buf_release(&b);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct file_view *v = p->state;
	struct list_row row = *r;
	struct canvas_span alike[1];
	struct str text;
	int col = gutter_of(p);

	if (is_selected(v, r->row))
		row.attr |= ATTR_SELECTED;
	if (v->hex) {
		draw_hex(p, &row, line);
		return;
	}
	if (!code_line(&v->code, (uint32_t)r->row + 1, &text))
		return;
	if (r->part == 0)
		gutter_draw(&v->gutter, line, row.attr, (uint32_t)r->row + 1,
		    code_lines(&v->code),
		    code_hazard(&v->code, text) ||
			code_alike(&v->code, (uint32_t)r->row + 1, alike, 1) >
			    0,
		    shell_options(p->shell));
	else
		canvas_char(line, 0, col - 1, row.attr | ROLE_FAINT, '|');
	draw_text(p, &row, text, line, col);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct file_view *v = p->state;
	struct str text = STR("");

	if (v->hex) {
		code_hex(&v->code, row, b);
		return buf_view(b);
	}
	(void)code_line(&v->code, (uint32_t)row + 1, &text);
	return text;
}

static const struct list_source source = { draw_row, row_text, parts };

enum { FILE_FRAME = 100 }; /* milliseconds */

/* The rest of a large file is counted, lexed and looked at for hazards while
 * nobody waits. */
static bool
read_on(void *arg)
{
	struct pane *p = arg;
	struct file_view *v = p->state;
	bool more = code_step(&v->code) || file_view_hazards(p);
	int64_t now = loop_now();

	file_view_count(p);
	if (v->wanted != 0 &&
	    (v->wanted <= code_lines(&v->code) || v->code.lines.done)) {
		list_select(&v->list, v->wanted - 1);
		list_place(&v->list, 0);
		v->wanted = 0;
		v->drawn = 0;
	}
	/* Each frame costs as much as a slice: ten in a second are enough. */
	if (!more || now - v->drawn >= FILE_FRAME) {
		v->drawn = now;
		shell_redraw(p->shell);
	}
	return more;
}

static void
show_target(struct pane *p, const struct target *t)
{
	struct file_view *v = p->state;

	file_view_to(p, t->line, t->column);
	v->selecting = t->line != 0 && t->last > t->line;
	if (v->selecting) {
		v->mark = t->line;
		list_select(&v->list, t->last - 1);
	}
}

static enum err
find_blob(struct pane *p, const struct target *t)
{
	struct file_view *v = p->state;
	struct git_repo *repo = reading_repo(p->room);
	struct tree_entry e;
	struct oid tree;
	enum err rc;

	v->blob = t->blob;
	if (!oid_is_zero(&v->blob))
		return ERR_NONE;
	rc = git_tree_of(&tree, repo, &v->commit);
	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, v->path);
	if (rc != ERR_NONE)
		return rc;
	if (e.kind == TREE_FOLDER || e.kind == TREE_MODULE)
		return fail(ERR_ABSENT, "this is a %s, not a file",
		    e.kind == TREE_FOLDER ? "folder" : "submodule");
	v->blob = e.id;
	return ERR_NONE;
}

static void
tell_seen(struct pane *p)
{
	struct file_view *v = p->state;
	uint32_t first, last;

	seen_tick(&v->seen, loop_now());
	while (seen_take(&v->seen, &first, &last)) {
		struct anchor an = code_anchor(&v->code, &v->commit, &v->blob,
		    v->path, first, last);

		reading_seen(p->room, &an);
	}
}

static void
tick(void *arg)
{
	struct pane *p = arg;
	struct file_view *v = p->state;

	v->timer = reading_after(p->room, seen_pause(&v->seen), tick, p);
	if (shell_top(p->shell) == p && !v->hex)
		tell_seen(p);
	else
		seen_hide(&v->seen);
}

static enum err
file_open(struct pane *p, const struct target *t)
{
	struct file_view *v = p->state;
	enum err rc;

	v->commit =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	/* ":file PATH" comes as text. */
	v->path = t->path.len > 0 ? t->path : t->text;
	if (v->path.len == 0 && oid_is_zero(&t->blob))
		return fail(ERR_ABSENT, "which file?  :file PATH, or f");
	rc = find_blob(p, t);
	if (rc == ERR_NONE && reading_start(p->room)->session &&
	    !git_repo_has(reading_repo(p->room), &v->blob))
		rc = fail(ERR_ABSENT,
		    "this file is withheld: its name and "
		    "hash belong to the release, its "
		    "content to nobody here");
	if (rc == ERR_NONE)
		rc = reading_code(&v->code, p->room, &v->blob, v->path);
	if (rc != ERR_NONE)
		return rc;
	v->hex = v->code.binary;
	v->style = style_of(p);
	list_init(&v->list, &source, p);
	v->list.empty = "an empty file";
	gutter_init(&v->gutter, &v->blob, v->path);
	file_view_count(p);
	show_target(p, t);
	v->seen.rule = seen_rule_of(reading_start(p->room));
	v->timer = reading_after(p->room, seen_pause(&v->seen), tick, p);
	reading_slice(p->room, read_on, p);
	(void)reading_files_of(p->room, &v->commit);
	return ERR_NONE;
}

static void
file_close(struct pane *p)
{
	struct file_view *v = p->state;

	reading_after_cancel(p->room, v->timer);
	reading_slice_stop(p->room, p);
	file_view_release(v);
}

static void
place_cursor(struct pane *p, struct canvas *c)
{
	struct file_view *v = p->state;
	uint64_t first;
	struct text_spot spot;
	struct str text;

	(void)list_visible(&v->list, &first);
	if (v->hex || wraps(p) || v->list.count == 0 ||
	    v->list.selected < first ||
	    !code_line(&v->code, (uint32_t)v->list.selected + 1, &text))
		return;
	spot = code_spot(&v->code, (uint32_t)v->list.selected + 1, v->style,
	    v->column < text.len ? v->column : text.len);
	if (spot.column >= v->list.skip)
		canvas_cursor(c, (int)(v->list.selected - first),
		    gutter_of(p) + (int)(spot.column - v->list.skip));
}

static void
file_draw(struct pane *p, struct canvas *c)
{
	struct file_view *v = p->state;
	struct text_style style;
	uint64_t first, n;

	style = canvas_style(c, style_of(p));
	if (memcmp(&style, &v->style, sizeof style) != 0)
		v->wrapped.count = 0;
	v->style = style;
	gutter_update(&v->gutter, p->room, v->hex ? 0 : code_lines(&v->code));
	list_draw(&v->list, c);
	n = list_visible(&v->list, &first);
	if (n == 0 || v->hex || !reading_watched(p->room)) {
		seen_hide(&v->seen);
	} else {
		tell_seen(p); /* before the lines are others */
		seen_show(&v->seen, (uint32_t)first + 1, (uint32_t)(first + n),
		    loop_now());
	}
	place_cursor(p, c);
}

static void
file_title(struct pane *p, struct canvas *line)
{
	struct file_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct buf left = { 0 }, right = { 0 };
	struct str name;
	int col, tail;

	if (!v->hex && v->list.count > 0 &&
	    code_head(&v->code, (uint32_t)v->list.selected + 1, true, &name) >
		0) {
		text_show(&right, str_slice(name, 0, 40),
		    (struct text_style){ 0 }, 40);
		buf_str(&right, STR("  "));
	}
	if (f->done && !v->same_known) {
		v->same = reading_files_same(f, &v->blob, v->path);
		v->same_known = true;
	}
	if (v->same > 0)
		buf_printf(&right, "= %zu other path%s  ", v->same,
		    v->same == 1 ? "" : "s");
	code_describe(&v->code, &right);
	buf_printf(&right, " tab%u RO", v->tab == 0 ? 8 : v->tab);
	tail = (int)text_width(buf_view(&right), (struct text_style){ 0 });
	reading_title(p->room, &v->commit, &left);
	col = canvas_str(line, 0, 0, 32, ROLE_TITLE, buf_view(&left));
	canvas_path(line, 0, col + 1, line->cols - col - tail - 3, ROLE_TITLE,
	    v->path);
	canvas_str(line, 0, line->cols - tail, tail, ROLE_TITLE,
	    buf_view(&right));
	buf_release(&left);
	buf_release(&right);
}

static void
position(struct pane *p, struct buf *b)
{
	struct file_view *v = p->state;
	struct str text = STR("");
	bool lf = true;
	uint32_t n = (uint32_t)v->list.selected + 1, width;
	struct text_spot spot;

	if (v->list.count == 0) {
		buf_str(b, STR("L0/0 empty"));
		return;
	}
	(void)lines_get(&v->code.lines, n, &text, &lf);
	spot = code_spot(&v->code, n, v->style,
	    v->column < text.len ? v->column : text.len);
	buf_printf(b, "L%u/%s%u c%u", n, v->code.lines.done ? "" : ">",
	    code_lines(&v->code), spot.column + 1);
	width = text.len < 60 ? 0 : code_width(&v->code, n, v->style);
	if (width > 72)
		buf_printf(b, "/%u", width);
	if (v->code.lines.done)
		buf_printf(b, " %u%%",
		    (unsigned)((uint64_t)n * 100 / code_lines(&v->code)));
	if (!lf && n == code_lines(&v->code) && v->code.lines.done)
		buf_str(b, STR(" no LF at the end"));
}

/* Words about the line, where the shares of the file stand otherwise. */
static bool
put_reason(struct file_view *v, struct buf *b)
{
	struct str why;

	if (v->hex || v->list.count == 0)
		return false;
	why = file_reason(&v->reason, &v->gutter, &v->commit,
	    (uint32_t)v->list.selected + 1);
	if (why.len == 0)
		return false;
	buf_str(b, STR(" | "));
	buf_char(b,
	    gutter_coverage(&v->gutter, (uint32_t)v->list.selected + 1));
	buf_char(b, ' ');
	buf_str(b, why);
	return true;
}

static void
put_shares(const struct gutter *g, uint32_t lines, struct buf *b)
{
	buf_printf(b, " | seen %u%% reviewed %u%%",
	    (unsigned)((uint64_t)g->seen * 100 / lines),
	    (unsigned)((uint64_t)g->reviewed * 100 / lines));
	if (g->others)
		buf_printf(b, " @ %u%%",
		    (unsigned)((uint64_t)g->twice * 100 / lines));
}

static void
file_status(struct pane *p, struct canvas *line)
{
	struct file_view *v = p->state;
	uint32_t a, z, lines = code_lines(&v->code);
	unsigned back, ahead;
	struct buf b = { 0 };

	if (v->hex)
		buf_printf(&b, "byte %llu/%zu",
		    (unsigned long long)(v->list.selected * CODE_ROW),
		    code_size(&v->code));
	else
		position(p, &b);
	if (file_view_selection(v, &a, &z))
		buf_printf(&b, " | selected %u-%u (%u line%s)", a, z, z - a + 1,
		    a == z ? "" : "s");
	if (!put_reason(v, &b) && lines > 0 && !v->hex)
		put_shares(&v->gutter, lines, &b);
	if (v->deceives > 0 && !v->hex)
		buf_printf(&b, " | ! in %u line%s", v->deceives,
		    v->deceives == 1 ? "" : "s");
	if (v->code.damaged)
		buf_str(&b, STR(" | DAMAGED: not what its name says"));
	else if (v->code.bytes.len < code_size(&v->code))
		buf_printf(&b, " | read %u%%",
		    (unsigned)((uint64_t)v->code.bytes.len * 100 /
			code_size(&v->code)));
	else if (!v->code.lines.done)
		buf_str(&b, STR(" | counting lines"));
	shell_jumps(p->shell, &back, &ahead);
	buf_printf(&b, " | back %u fwd %u", back, ahead);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
file_list(struct pane *p)
{
	struct file_view *v = p->state;

	return &v->list;
}

static bool
file_stop(struct pane *p)
{
	struct file_view *v = p->state;
	bool did = v->selecting || v->hit_len > 0 || v->needle.len > 0;

	v->selecting = false;
	v->hit_len = 0;
	file_view_forget(v);
	return did;
}

static void
file_where(struct pane *p, struct target *t)
{
	struct file_view *v = p->state;

	*t = (struct target){ .commit = v->commit,
		.blob = v->blob,
		.path = v->path };
	t->line = v->hex ? 0 : (uint32_t)v->list.selected + 1;
	t->column = v->column + 1;
}

static bool
file_go(struct pane *p, const struct target *t)
{
	struct file_view *v = p->state;

	if (!oid_eq(&t->commit, &v->commit) || !str_eq(t->path, v->path) ||
	    (!oid_is_zero(&t->blob) && !oid_eq(&t->blob, &v->blob)))
		return false;
	show_target(p, t);
	return true;
}

const struct view view_file = {
	.name = "file",
	.about = "the bytes of a file",
	.args = "PATH",
	.state_size = sizeof(struct file_view),
	.commands = file_view_commands,
	.open = file_open,
	.close = file_close,
	.draw = file_draw,
	.title = file_title,
	.status = file_status,
	.list = file_list,
	.stop = file_stop,
	.where = file_where,
	.go = file_go,
	.find = file_view_find,
};
