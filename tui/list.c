#include "tui/list.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

#include "tui/shell.h"

enum { LIST_STEP = 20, LIST_MARGIN = 2 };

void
list_init(struct list *l, const struct list_source *s, void *arg)
{
	*l = (struct list){ .source = s, .arg = arg };
}

static void
match_release(struct list_match *m)
{
	buf_release(&m->text);
	free(m->rows);
	*m = (struct list_match){ 0 };
}

void
list_release(struct list *l)
{
	match_release(&l->find);
	match_release(&l->filter);
}

static void
match_add(struct list_match *m, uint64_t row)
{
	m->rows = array_more(m->rows, m->n, &m->room, sizeof *m->rows);
	m->rows[m->n++] = row;
}

/* Looks at the rows that were not looked at yet. */
static void
match_extend(struct list *l, struct list_match *m)
{
	struct buf b = { 0 };

	if (m->text.len == 0 || l->source->text == NULL)
		return;
	for (; m->looked < l->count; m->looked++) {
		struct str text;

		buf_clear(&b);
		text = l->source->text(l->arg, m->looked, &b);
		if (text_find(text, buf_view(&m->text), 0) != SIZE_MAX)
			match_add(m, m->looked);
	}
	buf_release(&b);
}

static void
match_set(struct list *l, struct list_match *m, struct str text)
{
	struct buf b = { 0 };

	buf_str(&b, text); /* text may be the old one */
	buf_release(&m->text);
	m->text = b;
	m->n = 0;
	m->looked = 0;
	match_extend(l, m);
}

/* The first match at or after row; m->n: none. */
static size_t
match_from(const struct list_match *m, uint64_t row)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->rows[mid] < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
filtered(const struct list *l)
{
	return l->filter.text.len > 0;
}

static uint64_t
positions(const struct list *l)
{
	return filtered(l) ? l->filter.n : l->count;
}

static uint64_t
row_of(const struct list *l, uint64_t position)
{
	return filtered(l) ? l->filter.rows[position] : position;
}

static uint64_t
position_of(const struct list *l, uint64_t row)
{
	return filtered(l) ? match_from(&l->filter, row) : row;
}

static bool
is_shown(const struct list *l, uint64_t row)
{
	uint64_t at = position_of(l, row);

	return at < positions(l) && row_of(l, at) == row;
}

static uint32_t
parts_of(const struct list *l, uint64_t position)
{
	uint32_t n = 1;

	if (l->source->parts != NULL && l->cols > 0 && position < positions(l))
		n = l->source->parts(l->arg, row_of(l, position), l->cols);
	return n == 0 ? 1 : n;
}

static uint64_t
last_position(const struct list *l)
{
	uint64_t n = positions(l);

	return n == 0 ? 0 : n - 1;
}

/* The selected row is one that is shown. */
static void
clamp(struct list *l)
{
	uint64_t n = positions(l), at;

	if (n == 0) {
		l->top = 0;
		l->top_part = 0;
		if (l->selected >= l->count)
			l->selected = l->count == 0 ? 0 : l->count - 1;
		return;
	}
	at = position_of(l, l->selected);
	if (at >= n)
		at = n - 1;
	l->selected = row_of(l, at);
	if (l->top >= n)
		l->top = n - 1;
}

void
list_count(struct list *l, uint64_t count, bool growing)
{
	bool less = count < l->count;

	l->count = count;
	l->growing = growing;
	if (less) {
		list_changed(l);
		return;
	}
	match_extend(l, &l->find);
	match_extend(l, &l->filter);
	clamp(l);
}

void
list_changed(struct list *l)
{
	match_set(l, &l->find, buf_view(&l->find.text));
	match_set(l, &l->filter, buf_view(&l->filter.text));
	clamp(l);
}

void
list_filter(struct list *l, struct str text)
{
	match_set(l, &l->filter, text);
	clamp(l);
	list_place(l, 0);
}

bool
list_find_clear(struct list *l)
{
	bool any = l->find.text.len > 0;

	match_release(&l->find);
	return any;
}

/* Scrolls up from position at until so many lines stand above it. */
static void
top_above(struct list *l, uint64_t at, int lines)
{
	l->top = at;
	l->top_part = 0;
	while (l->top > 0 && lines > 0) {
		uint32_t n = parts_of(l, l->top - 1);

		l->top--;
		if (n > (uint32_t)lines) {
			l->top_part = n - (uint32_t)lines;
			return;
		}
		lines -= (int)n;
	}
}

void
list_place(struct list *l, int where)
{
	uint64_t at = position_of(l, l->selected);
	int lines = where < 0 ? 0 : where == 0 ? l->rows / 2 : l->rows - 1;

	l->centre = l->rows == 0;
	if (positions(l) == 0 || l->centre)
		return;
	if (where > 0 && (uint32_t)lines + 1 >= parts_of(l, at))
		lines -= (int)parts_of(l, at) - 1;
	top_above(l, at, lines < 0 ? 0 : lines);
}

/* Lines from the top of the screen to position at, at most a screenful. */
static int64_t
lines_to(const struct list *l, uint64_t at)
{
	int64_t lines = -(int64_t)l->top_part;

	for (uint64_t i = l->top; i < at && lines <= l->rows; i++)
		lines += parts_of(l, i);
	return lines;
}

static void
keep_in_sight(struct list *l)
{
	uint64_t at = position_of(l, l->selected);
	uint32_t parts;
	int64_t lines;

	if (positions(l) == 0)
		return;
	if (at < l->top) {
		l->top = at;
		l->top_part = 0;
		return;
	}
	/* wrapped no longer, or at another width */
	if (l->top_part > 0 && l->top_part >= parts_of(l, l->top))
		l->top_part = parts_of(l, l->top) - 1;
	parts = parts_of(l, at);
	if (at == l->top && parts > 1)
		return;
	lines = lines_to(l, at);
	if (lines + parts > l->rows)
		list_place(l, (int64_t)parts > l->rows ? -1 : 1);
}

/* No blank lines below the end while there are rows above the top. */
static void
fill_screen(struct list *l)
{
	uint64_t n = positions(l), last = last_position(l), top = l->top;
	uint32_t part = l->top_part;

	if (n == 0 || lines_to(l, n) >= l->rows)
		return;
	top_above(l, last, l->rows - (int)parts_of(l, last));
	if (l->top > top || (l->top == top && l->top_part > part)) {
		l->top = top;
		l->top_part = part;
	}
}

static void
draw_row(struct list *l, const struct canvas *c, int line, uint64_t position,
    uint32_t part)
{
	struct canvas row = canvas_part(c, line, 0, 1, c->cols);
	struct list_row r = {
		.row = row_of(l, position),
		.part = part,
		.skip = l->skip,
		.find = buf_view(&l->find.text),
	};

	r.selected = r.row == l->selected && !l->still;
	r.attr = r.selected ? ATTR_CURSOR : 0;
	canvas_fill(&row, 0, 0, row.cols, r.attr);
	l->source->draw(l->arg, &r, &row);
}

void
list_draw(struct list *l, const struct canvas *c)
{
	uint64_t position;
	uint32_t part;
	int line = 0;

	l->rows = c->rows;
	l->cols = c->cols;
	if (c->rows == 0)
		return;
	if (l->centre)
		list_place(l, 0);
	keep_in_sight(l);
	fill_screen(l);
	position = l->top;
	part = l->top_part;
	while (line < c->rows && position < positions(l)) {
		uint32_t parts = parts_of(l, position);

		for (; part < parts && line < c->rows; part++)
			draw_row(l, c, line++, position, part);
		part = 0;
		position++;
	}
	l->shown = position - l->top;
	if (positions(l) == 0 && filtered(l))
		canvas_put(c, 0, 1, ROLE_FAINT,
		    "no row matches the filter - & changes it");
	else if (l->count == 0 && l->empty != NULL && !l->growing)
		canvas_put(c, 0, 1, ROLE_FAINT, l->empty);
}

void
list_select(struct list *l, uint64_t row)
{
	uint64_t at, page = l->rows > 0 ? (uint64_t)l->rows : 1;

	l->selected = row;
	clamp(l);
	at = position_of(l, l->selected);
	if (at + page / 2 < l->top || at > l->top + page + page / 2)
		list_place(l, 0);
}

void
list_move(struct list *l, int64_t by)
{
	uint64_t at = position_of(l, l->selected), last = last_position(l);

	if (positions(l) == 0)
		return;
	if (by < 0)
		at = (uint64_t)-by > at ? 0 : at - (uint64_t)-by;
	else
		at = (uint64_t)by > last - at ? last : at + (uint64_t)by;
	l->selected = row_of(l, at);
}

bool
list_seek(struct list *l, bool back, bool (*is)(void *arg, uint64_t row),
    void *arg)
{
	for (uint64_t k = 1; k <= l->count; k++) {
		uint64_t row =
		    (l->selected + (back ? l->count - k : k)) % l->count;

		if (!is(arg, row))
			continue;
		list_select(l, row);
		return true;
	}
	return false;
}

uint64_t
list_visible(const struct list *l, uint64_t *first)
{
	*first = positions(l) == 0 ? 0 : row_of(l, l->top);
	return l->shown;
}

bool
list_row_at(const struct list *l, int line, uint64_t *row)
{
	int64_t at = -(int64_t)l->top_part;

	for (uint64_t i = l->top; i < positions(l) && line < l->rows; i++) {
		at += parts_of(l, i);
		if (line >= 0 && line < at) {
			*row = row_of(l, i);
			return true;
		}
	}
	return false;
}

void
list_position(const struct list *l, struct buf *b)
{
	uint64_t n = positions(l);

	buf_printf(b, "%llu/%s%llu",
	    n == 0 ? 0ULL : (unsigned long long)position_of(l, l->selected) + 1,
	    l->growing ? ">" : "", (unsigned long long)n);
	if (filtered(l))
		buf_printf(b, " of %llu", (unsigned long long)l->count);
}

/* The match to go to, and whether the search came round. */
static size_t
next_match(const struct list *l, bool back, bool *round)
{
	const struct list_match *m = &l->find;
	size_t i;

	if (!back) {
		i = match_from(m, l->selected + 1);
		*round = i == m->n;
		return *round ? 0 : i;
	}
	i = match_from(m, l->selected);
	*round = i == 0;
	return *round ? m->n - 1 : i - 1;
}

bool
list_find(struct list *l, struct str text, bool back, struct buf *msg)
{
	bool round;
	size_t i;

	if (text.len > 0)
		match_set(l, &l->find, text);
	if (l->find.text.len == 0) {
		buf_str(msg, STR("nothing to search for yet: / asks"));
		return false;
	}
	if (l->find.n == 0) {
		buf_str(msg, STR("no match for '"));
		buf_str(msg, buf_view(&l->find.text));
		buf_str(msg, l->growing ? STR("' so far") : STR("'"));
		return false;
	}
	i = next_match(l, back, &round);
	if (filtered(l) && !is_shown(l, l->find.rows[i]))
		list_filter(l, STR(""));
	list_select(l, l->find.rows[i]);
	buf_printf(msg, "line %llu matches '",
	    (unsigned long long)l->selected + 1);
	buf_str(msg, buf_view(&l->find.text));
	buf_printf(msg, "' (%zu of %s%zu)%s", i + 1, l->growing ? ">" : "",
	    l->find.n,
	    !round   ? "" :
		back ? ", wrapped to bottom" :
		       ", wrapped to top");
	return true;
}

/* The commands: each finds the list of its pane. */

static struct list *
of(struct pane *p)
{
	return p->view->list(p);
}

static int64_t
times(const struct call *c)
{
	return c->count == 0 ? 1 : (int64_t)c->count;
}

static void
down(struct pane *p, const struct call *c)
{
	list_move(of(p), times(c));
}

static void
up(struct pane *p, const struct call *c)
{
	list_move(of(p), -times(c));
}

static void
wheel_down(struct pane *p, const struct call *c)
{
	list_move(of(p), 3 * times(c));
}

static void
wheel_up(struct pane *p, const struct call *c)
{
	list_move(of(p), -3 * times(c));
}

/* Moves selection and screen together, so that the eye keeps its place. */
static void
scroll(struct list *l, int64_t by)
{
	int64_t top = (int64_t)l->top + by, last = (int64_t)last_position(l);
	uint32_t parts = parts_of(l, l->top);

	if (positions(l) == 0)
		return;
	if (parts > (uint32_t)l->rows && by > 0 &&
	    l->top_part + (uint32_t)by < parts) {
		l->top_part += (uint32_t)by;
		return;
	}
	if (by < 0 && l->top_part > 0) {
		l->top_part -=
		    l->top_part < (uint32_t)-by ? l->top_part : (uint32_t)-by;
		return;
	}
	list_move(l, by);
	l->top = (uint64_t)(top < 0 ? 0 : top > last ? last : top);
	l->top_part = 0;
}

static void
half_down(struct pane *p, const struct call *c)
{
	scroll(of(p), times(c) * (of(p)->rows / 2 + (of(p)->rows < 2)));
}

static void
half_up(struct pane *p, const struct call *c)
{
	scroll(of(p), -times(c) * (of(p)->rows / 2 + (of(p)->rows < 2)));
}

static int64_t
page(const struct list *l)
{
	return l->rows > LIST_MARGIN ? l->rows - LIST_MARGIN : 1;
}

static void
page_down(struct pane *p, const struct call *c)
{
	scroll(of(p), times(c) * page(of(p)));
}

static void
page_up(struct pane *p, const struct call *c)
{
	scroll(of(p), -times(c) * page(of(p)));
}

static void
go_to(struct pane *p, uint64_t row)
{
	struct list *l = of(p);

	shell_jumped(p);
	list_select(l, row);
	list_move(l, 0);
}

static void
top(struct pane *p, const struct call *c)
{
	struct list *l = of(p);

	if (positions(l) > 0)
		go_to(p, c->count > 0 ? c->count - 1 : row_of(l, 0));
}

static void
bottom(struct pane *p, const struct call *c)
{
	struct list *l = of(p);

	if (positions(l) > 0)
		go_to(p,
		    c->count > 0 ? c->count - 1 : row_of(l, last_position(l)));
}

static void
left(struct pane *p, const struct call *c)
{
	struct list *l = of(p);
	int64_t by = times(c) * (c->key == KEYS_LEFT ? LIST_STEP : 1);

	l->skip = by > l->skip ? 0 : l->skip - (uint32_t)by;
}

static void
right(struct pane *p, const struct call *c)
{
	struct list *l = of(p);
	int64_t by = times(c) * (c->key == KEYS_RIGHT ? LIST_STEP : 1);

	if (by < UINT32_MAX - (int64_t)l->skip)
		l->skip += (uint32_t)by;
}

static void
line_start(struct pane *p, const struct call *c)
{
	(void)c;
	of(p)->skip = 0;
}

static void
line_end(struct pane *p, const struct call *c)
{
	struct list *l = of(p);
	struct buf b = { 0 };
	uint32_t width;

	(void)c;
	if (positions(l) == 0 || l->source->text == NULL)
		return;
	width = text_width(l->source->text(l->arg, l->selected, &b),
	    shell_options(p->shell)->style);
	l->skip = width > (uint32_t)l->cols ? width - (uint32_t)l->cols : 0;
	buf_release(&b);
}

static void
to_middle(struct pane *p, const struct call *c)
{
	(void)c;
	list_place(of(p), 0);
}

static void
to_top(struct pane *p, const struct call *c)
{
	(void)c;
	list_place(of(p), -1);
}

static void
to_bottom(struct pane *p, const struct call *c)
{
	(void)c;
	list_place(of(p), 1);
}

static void
screen_top(struct pane *p, const struct call *c)
{
	struct list *l = of(p);

	if (positions(l) > 0)
		l->selected = row_of(l, l->top);
	list_move(l, times(c) - 1);
}

static void
screen_bottom(struct pane *p, const struct call *c)
{
	struct list *l = of(p);

	if (positions(l) > 0 && l->shown > 0)
		l->selected = row_of(l, l->top + l->shown - 1);
	list_move(l, 1 - times(c));
}

static void
filter_typed(struct pane *p, struct str line)
{
	list_filter(of(p), line);
}

static void
filter_left(struct pane *p)
{
	list_filter(of(p), STR(""));
}

static void
filter(struct pane *p, const struct call *c)
{
	struct list *l = of(p);
	struct shell_ask ask = {
		.label = "filter: ",
		.history = "find",
		.initial = buf_view(&l->filter.text),
		.typed = filter_typed,
		.done = filter_typed,
		.left = filter_left,
	};

	if (l->source->text == NULL)
		shell_message(p->shell, "this list cannot be filtered");
	else if (c->key == 0)
		list_filter(l, c->args);
	else
		shell_prompt(p, &ask);
}

const struct command list_commands[] = {
	{ "down", "j Down", "next row", down, NULL, NULL },
	{ "up", "k Up", "previous row", up, NULL, NULL },
	{ "wheel-down", "WheelDown", "three rows down", wheel_down, NULL,
	    NULL },
	{ "wheel-up", "WheelUp", "three rows up", wheel_up, NULL, NULL },
	{ "half-down", "C-d", "half a page down", half_down, NULL, NULL },
	{ "half-up", "C-u", "half a page up", half_up, NULL, NULL },
	{ "page-down", "Space PgDn C-f", "a page down", page_down, NULL, NULL },
	{ "page-up", "PgUp C-b", "a page up", page_up, NULL, NULL },
	{ "top", "gg Home", "first row, or row COUNT", top, NULL, NULL },
	{ "bottom", "G End", "last row, or row COUNT", bottom, NULL, NULL },
	{ "left", "h Left", "a column (arrow: 20) to the left", left, NULL,
	    NULL },
	{ "right", "l Right", "a column (arrow: 20) to the right", right, NULL,
	    NULL },
	{ "line-start", "0", "first column", line_start, NULL, NULL },
	{ "line-end", "$", "end of the row", line_end, NULL, NULL },
	{ "middle", "zz", "this row to the middle", to_middle, NULL, NULL },
	{ "to-top", "zt", "this row to the top", to_top, NULL, NULL },
	{ "to-bottom", "zb", "this row to the bottom", to_bottom, NULL, NULL },
	{ "screen-top", "H", "first row on the screen", screen_top, NULL,
	    NULL },
	{ "screen-bottom", "L", "last row on the screen", screen_bottom, NULL,
	    NULL },
	{ "filter", "&", "only rows that hold a text", filter, NULL, "[TEXT]" },
	{ 0 },
};
