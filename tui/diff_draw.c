#include "tui/diff_draw.h"

#include "core/worddiff.h"

static const char *const spaces[] = {
	[DIFF_SPACE_ALL] = "every blank counts",
	[DIFF_SPACE_EOL] = "blanks at line ends ignored",
	[DIFF_SPACE_AMOUNT] = "amount of blanks ignored",
	[DIFF_SPACE_NONE] = "all blanks ignored",
};

const char *
diff_draw_space(enum diff_space s)
{
	return spaces[s];
}

void
diff_draw_options(const struct diff_options *o, struct buf *b)
{
	if (o->context != 3)
		buf_printf(b, "  context %u", o->context);
	if (o->space != DIFF_SPACE_ALL)
		buf_printf(b, "  %s", diff_draw_space(o->space));
}

void
diff_draw_hunk(const struct diff_hunk *h, const struct list_row *r,
    const struct canvas *line)
{
	int col = canvas_printf(line, 0, 0, r->attr | ROLE_HUNK,
	    "@@ -%u,%u +%u,%u @@ ", h->old_first, h->old_len, h->new_first,
	    h->new_len);

	canvas_str(line, 0, col, line->cols - col, r->attr | ROLE_HUNK,
	    h->head);
}

static size_t
mark_words(const struct diff_line *l, const struct diff_line *other,
    struct canvas_span *over)
{
	const struct worddiff_span *spans;
	struct worddiff d;
	size_t n;

	if (other == NULL || l->kind == ' ' || other->kind == ' ')
		return 0;
	if (l->kind == '-')
		worddiff_lines(&d, l->text, other->text);
	else
		worddiff_lines(&d, other->text, l->text);
	if (!d.useful)
		return 0;
	spans = l->kind == '-' ? d.a : d.b;
	n = l->kind == '-' ? d.n_a : d.n_b;
	for (size_t i = 0; i < n; i++)
		over[i] = (struct canvas_span){ spans[i].from, spans[i].to,
			ATTR_HIT };
	return n;
}

void
diff_draw_text(const struct diff_draw *how, const struct list_row *r,
    const struct canvas *line, int col)
{
	const struct diff_line *l = how->line;
	struct canvas_span over[WORDDIFF_SPANS];
	uint16_t role = l->kind == ' ' ? ROLE_TEXT :
	    how->moved                 ? ROLE_HUNK :
	    l->kind == '+'             ? ROLE_ADDED :
					 ROLE_REMOVED;
	struct canvas_draw d = {
		.text = l->text,
		.style = how->style,
		.attr = r->attr | role,
		.over = over,
		.find = r->find,
		.skip = r->skip,
	};

	if (!how->moved)
		d.n_over = mark_words(l, how->other, over);
	else if (col > 0)
		canvas_char(line, 0, col - 1, r->attr | role, 'M');
	canvas_char(line, 0, col, r->attr | role, (uint32_t)l->kind);
	col = canvas_text(line, 0, col + 1, line->cols - col - 1, &d);
	if (l->no_lf)
		canvas_put(line, 0, col + 1, r->attr | ROLE_WARNING,
		    "no LF at the end");
}

void
diff_draw_number(const struct canvas *line, int col, uint16_t attr, uint32_t n)
{
	if (n > 0)
		canvas_printf(line, 0, col, attr | ROLE_NUMBER, "%5u", n);
}

void
diff_draw_line(const struct diff_draw *d, const struct list_row *r,
    const struct canvas *line)
{
	diff_draw_number(line, 0, r->attr, d->line->old_line);
	diff_draw_number(line, DIFF_DRAW_NUMBER, r->attr, d->line->new_line);
	diff_draw_text(d, r, line, 2 * DIFF_DRAW_NUMBER);
}

uint32_t *
diff_draw_moved(const struct file_diff *d, struct arena *a)
{
	uint32_t *mate = arena_array(a, d->n_lines + 1, uint32_t);
	uint32_t *found = arena_array(a, d->n_lines + 1, uint32_t);
	uint32_t *place = arena_array(a, d->n_lines + 1, uint32_t);
	struct moved_line *lines =
	    arena_array(a, d->n_lines + 1, struct moved_line);
	size_t n = 0;

	for (uint32_t i = 0; i < d->n_lines; i++) {
		const struct diff_line *l = &d->lines[i];

		mate[i] = MOVED_NONE;
		if (l->kind == ' ')
			continue;
		place[n] = i;
		lines[n++] = (struct moved_line){ l->text,
			l->kind == '+' ? l->new_line : l->old_line,
			l->kind == '+' };
	}
	moved_find(found, lines, n);
	for (size_t i = 0; i < n; i++)
		if (found[i] != MOVED_NONE)
			mate[place[i]] = place[found[i]];
	return mate;
}
