#include "tui/pager.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/array.h"

static void draw(void *arg, const struct list_row *r,
    const struct canvas *line);
static struct str text(void *arg, uint64_t row, struct buf *b);
static uint32_t parts(void *arg, uint64_t row, int cols);

static const struct list_source source = { draw, text, parts };

void
pager_init(struct pager *p)
{
	*p = (struct pager){ 0 };
	list_init(&p->list, &source, p);
}

void
pager_release(struct pager *p)
{
	list_release(&p->list);
	arena_release(&p->arena);
	free(p->lines);
	p->lines = NULL;
	p->room = 0;
}

void
pager_clear(struct pager *p)
{
	list_count(&p->list, 0, false);
	p->list.skip = 0;
	p->place = (struct pager_place){ 0 };
	arena_clear(&p->arena);
}

struct pager_line *
pager_add(struct pager *p, uint16_t attr, struct str line)
{
	size_t n = p->list.count;

	p->lines = array_more(p->lines, n, &p->room, sizeof *p->lines);
	p->lines[n] = (struct pager_line){ .text = arena_copy(&p->arena, line),
		.attr = attr };
	list_count(&p->list, n + 1, p->list.growing);
	return &p->lines[n];
}

void
pager_printf(struct pager *p, uint16_t attr, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&line, fmt, args);
	va_end(args);
	if (n < 0)
		bug("no memory for a line");
	pager_add(p, attr, (struct str){ line, (size_t)n });
	free(line);
}

void
pager_spans(struct pager *p, const struct canvas_span *spans, size_t n)
{
	struct pager_line *line = &p->lines[p->list.count - 1];
	struct canvas_span *copy;

	if (n == 0)
		return;
	copy = arena_array(&p->arena, n, struct canvas_span);
	memcpy(copy, spans, n * sizeof *copy);
	line->spans = copy;
	line->n_spans = n;
}

const struct pager_line *
pager_at(const struct pager *p, uint64_t row)
{
	return row < p->list.count ? &p->lines[row] : NULL;
}

const struct pager_line *
pager_selected(const struct pager *p)
{
	return pager_at(p, p->list.selected);
}

static struct str
text(void *arg, uint64_t row, struct buf *b)
{
	struct pager *p = arg;

	(void)b;
	return p->lines[row].text;
}

/* Where a part of a wrapped row begins; going on from the last one asked. */
static size_t
part_start(struct pager *p, uint64_t row, uint32_t part, int cols)
{
	struct pager_place *at = &p->place;
	struct str line = p->lines[row].text;

	if (at->row != row || at->cols != cols || at->part > part)
		*at = (struct pager_place){ .row = row, .cols = cols };
	for (; at->part < part && at->byte < line.len; at->part++)
		at->byte += text_fit(str_slice(line, at->byte, SIZE_MAX),
		    p->style, (uint32_t)cols);
	return at->byte;
}

static uint32_t
parts(void *arg, uint64_t row, int cols)
{
	struct pager *p = arg;
	struct str line = p->lines[row].text;
	uint32_t n = 0;

	if (!p->wrap)
		return 1;
	for (size_t at = 0; at < line.len; n++)
		at += text_fit(str_slice(line, at, SIZE_MAX), p->style,
		    (uint32_t)cols);
	return n == 0 ? 1 : n;
}

/* The spans of what is left of a line when byte from is its first. */
static size_t
move_spans(struct canvas_span *out, const struct pager_line *l, size_t from)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_spans; i++) {
		struct canvas_span s = l->spans[i];

		if (s.to <= from)
			continue;
		s.from = s.from > from ? s.from - (uint32_t)from : 0;
		s.to -= (uint32_t)from;
		out[n++] = s;
	}
	return n;
}

static void
draw(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pager *p = arg;
	const struct pager_line *l = &p->lines[r->row];
	struct canvas_draw d = {
		.text = l->text,
		.style = p->style,
		.skip = r->skip,
		.attr = (uint16_t)(l->attr | r->attr),
		.find = r->find,
		.spans = l->spans,
		.n_spans = l->n_spans,
	};
	struct arena a = { 0 };

	if (p->wrap) {
		struct canvas_span *moved;
		size_t from = part_start(p, r->row, r->part, line->cols);

		d.skip = 0;
		d.no_edges = true;
		d.text = str_slice(l->text, from, SIZE_MAX);
		moved = arena_array(&a, l->n_spans + 1, struct canvas_span);
		d.n_spans = move_spans(moved, l, from);
		d.spans = moved;
		d.text = str_slice(d.text, 0,
		    text_fit(d.text, d.style, (uint32_t)line->cols));
	}
	canvas_text(line, 0, 0, line->cols, &d);
	arena_release(&a);
}

void
pager_draw(struct pager *p, const struct canvas *c)
{
	list_draw(&p->list, c);
}
