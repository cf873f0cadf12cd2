#include "tui/gutter.h"

#include <stdlib.h>
#include <string.h>

void
gutter_init(struct gutter *g, const struct oid *blob, struct str path)
{
	*g = (struct gutter){ .blob = *blob, .path = path };
}

void
gutter_release(struct gutter *g)
{
	free(g->notes);
	free(g->cover);
	*g = (struct gutter){ 0 };
}

static bool
is_note(const struct mark *m)
{
	return m->glyph != 0 && strchr("NF?", m->glyph) != NULL;
}

/* Of several: what says most of how the line stands now. */
static char
better(char a, char b)
{
	static const char order[] = " .~=#@";
	const char *x = strchr(order, a), *y = strchr(order, b);

	if ((a == '#' && b == '=') || (a == '=' && b == '#'))
		return '@';
	if (x == NULL || y == NULL)
		return x == NULL ? b : a;
	return x > y ? a : b;
}

static void
paint(struct gutter *g, const struct mark *m)
{
	uint32_t last =
	    m->first == 0 || m->last > g->lines ? g->lines : m->last;
	char glyph = (char)m->glyph;

	if (!oid_eq(&m->blob, &g->blob))
		glyph = glyph == '.' ? ' ' : '~';
	for (uint32_t n = m->first == 0 ? 1 : m->first; n <= last; n++)
		g->cover[n - 1] = better(g->cover[n - 1], glyph);
}

/* Notes made at another content of the path hang on lines that may not be
 * these: the notes room shows them, not the gutter. */
static void
add(void *arg, const struct mark *m)
{
	struct gutter *g = arg;

	if (!is_note(m)) {
		paint(g, m);
		return;
	}
	if (!oid_eq(&m->blob, &g->blob))
		return;
	if (g->len == g->room) {
		g->room = g->room == 0 ? 16 : 2 * g->room;
		g->notes = realloc(g->notes, g->room * sizeof *g->notes);
		if (g->notes == NULL)
			bug("no memory for %zu marks", g->room);
	}
	g->notes[g->len++] = *m;
}

void
gutter_update(struct gutter *g, const struct reading *r, uint32_t lines)
{
	if (g->known && g->version == reading_marks_version(r) &&
	    g->lines == lines)
		return;
	g->known = true;
	g->version = reading_marks_version(r);
	g->lines = lines;
	g->len = 0;
	g->cover = realloc(g->cover, (size_t)lines + 1);
	if (g->cover == NULL)
		bug("no memory for %u lines", lines);
	memset(g->cover, ' ', (size_t)lines + 1);
	reading_marks(r, &g->blob, g->path, add, g);
	g->seen = g->reviewed = 0;
	for (uint32_t n = 0; n < lines; n++) {
		char c = g->cover[n];

		g->seen += c != ' ' && c != '~';
		g->reviewed += c == '#' || c == '@' || c == '=';
	}
}

char
gutter_coverage(const struct gutter *g, uint32_t line)
{
	return line == 0 || line > g->lines ? ' ' : g->cover[line - 1];
}

char
gutter_note(const struct gutter *g, uint32_t line)
{
	char best = ' ';

	for (size_t i = 0; i < g->len; i++) {
		const struct mark *m = &g->notes[i];

		if (m->first == 0 ? line != 1 :
				    line < m->first || line > m->last)
			continue;
		if (best != 'F')
			best = (char)m->glyph;
	}
	return best;
}

bool
gutter_reviewed(const struct gutter *g, uint32_t first, uint32_t last)
{
	for (uint32_t line = first; line <= last; line++) {
		char c = gutter_coverage(g, line);

		if (c != '#' && c != '@')
			return false;
	}
	return true;
}

uint32_t
gutter_next_note(const struct gutter *g, uint32_t n, bool back)
{
	uint32_t best = 0;

	for (size_t i = 0; i < g->len; i++) {
		uint32_t line = g->notes[i].first;

		if (line == 0)
			line = 1;
		if (back ? line < n && line > best :
			   line > n && (best == 0 || line < best))
			best = line;
	}
	return best;
}

static int
digits(uint32_t n)
{
	int d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d < 5 ? 5 : d;
}

int
gutter_width(uint32_t n, const struct shell_options *o)
{
	return 2 + (o->numbers ? digits(n) : 0) + 1;
}

void
gutter_draw(const struct gutter *g, const struct canvas *line, uint16_t attr,
    uint32_t n, uint32_t lines, bool hazard, const struct shell_options *o)
{
	char note = gutter_note(g, n);

	if (o->coverage)
		canvas_char(line, 0, 0, attr | ROLE_FAINT,
		    (uint32_t)gutter_coverage(g, n));
	if (note == ' ' && hazard)
		note = '!';
	if (note != ' ')
		canvas_char(line, 0, 1, attr | ROLE_WARNING, (uint32_t)note);
	if (o->numbers)
		canvas_printf(line, 0, 2, attr | ROLE_NUMBER, "%*u",
		    digits(lines), n);
	canvas_char(line, 0, gutter_width(lines, o) - 1, attr | ROLE_FAINT,
	    '|');
}
