#include "tui/gutter.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_refind.h"
#include "core/sweep.h"
#include "tui/reading_others.h"
#include "tui/reading_reason.h"

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
	free(g->eyes);
	free(g->lost);
	arena_release(&g->maps_arena);
	*g = (struct gutter){ 0 };
}

static bool
is_note(const struct mark *m)
{
	return m->glyph != 0 && strchr("NF?A-C", m->glyph) != NULL;
}

/* Of several: what says most of how the line stands now. */
static char
better(char a, char b)
{
	static const char order[] = " :.~";
	const char *x = strchr(order, a), *y = strchr(order, b);

	if (x == NULL || y == NULL)
		return x == NULL ? b : a;
	return x > y ? a : b;
}

/* Reviewed: who it was is kept, and what is shown comes of all of them. */
static void
paint_lines(struct gutter *g, uint32_t first, uint32_t last, char glyph,
    uint8_t who)
{
	bool reviewed = glyph == '#' || glyph == '=';

	for (uint32_t n = first; n > 0 && n <= last && n <= g->lines; n++)
		if (reviewed)
			g->eyes[n - 1] |= UINT32_C(1) << who;
		else
			g->cover[n - 1] = better(g->cover[n - 1], glyph);
}

static void
make_map(struct gutter *g, struct gutter_map *m, const struct oid *blob)
{
	struct git_repo *repo = reading_repo(g->r);
	struct git_bytes old = { 0 }, now = { 0 };
	enum err rc = git_blob_read(&old, repo, blob);

	m->blob = *blob;
	if (rc == ERR_NONE)
		rc = git_blob_read(&now, repo, &g->blob);
	if (rc == ERR_NONE)
		rc = git_refind_lines(&m->now, &m->n, &g->maps_arena, old.bytes,
		    now.bytes);
	if (rc != ERR_NONE)
		m->n = 0; /* not here, or too large: nothing is carried */
	err_clear();
	git_repo_drop(&old);
	git_repo_drop(&now);
}

/* NULL: too many other contents. */
static const struct gutter_map *
map_of(struct gutter *g, const struct oid *blob)
{
	for (size_t i = 0; i < g->n_maps; i++)
		if (oid_eq(&g->maps[i].blob, blob))
			return &g->maps[i];
	if (g->n_maps == GUTTER_MAPS)
		return NULL;
	make_map(g, &g->maps[g->n_maps], blob);
	return &g->maps[g->n_maps++];
}

static void
lose(struct gutter *g, const struct gutter_lost *lost)
{
	g->lost =
	    array_more(g->lost, g->n_lost, &g->room_lost, sizeof *g->lost);
	g->lost[g->n_lost++] = *lost;
	paint_lines(g, lost->first, lost->last, '~', 0);
}

/* Lines that took the place of line i (from 0) of the other content, or the
 * line it stood behind. */
static void
paint_lost(struct gutter *g, const struct gutter_map *m, uint32_t i,
    uint8_t who)
{
	uint32_t before = i, after = i, first, last;

	while (before > 0 && m->now[before - 1] == 0)
		before--;
	while (after < m->n && m->now[after] == 0)
		after++;
	first = before == 0 ? 1 : m->now[before - 1] + 1;
	last = after == m->n ? g->lines : m->now[after] - 1;
	if (first > last)
		first = last = last == 0 ? 1 : last;
	lose(g,
	    &(struct gutter_lost){ m->blob, i + 1, i + 1, first, last, who });
}

/* What was said of another content of this path: it holds for the lines that
 * are the same; the others are to be read again. */
static void
paint_other(struct gutter *g, const struct mark *m, uint8_t who)
{
	const struct gutter_map *map = map_of(g, &m->blob);
	uint32_t first = m->first == 0 ? 1 : m->first;
	uint32_t last = map != NULL && (m->first == 0 || m->last > map->n) ?
	    map->n :
	    m->last;
	bool seen = m->glyph == '.' || m->glyph == ':', lost = false;

	if (map == NULL || map->n == 0) {
		if (!seen)
			lose(g,
			    &(struct gutter_lost){ .blob = m->blob,
				.first = first,
				.last = m->first == 0 ? g->lines : m->last,
				.who = who });
		return;
	}
	for (uint32_t n = first; n <= last; n++) {
		uint32_t now = map->now[n - 1];

		if (now != 0)
			paint_lines(g, now, now, (char)m->glyph, who);
		else if (!seen && !lost)
			paint_lost(g, map, n - 1, who);
		else if (!seen)
			g->lost[g->n_lost - 1].was_last = n;
		lost = now == 0;
	}
}

static void
paint(struct gutter *g, const struct mark *m, uint8_t who)
{
	if (!oid_eq(&m->blob, &g->blob))
		paint_other(g, m, who);
	else if (m->first == 0)
		paint_lines(g, 1, g->lines, (char)m->glyph, who);
	else
		paint_lines(g, m->first, m->last, (char)m->glyph, who);
}

static void
add_other(void *arg, const struct mark *m, uint8_t who)
{
	struct gutter *g = arg;

	g->others = true;
	paint(g, m, who);
}

/* A note made at another content of the path stands at what is left of its
 * lines; where nothing is, the notes room shows it, not the gutter. */
static bool
carry_note(struct gutter *g, struct mark *m)
{
	const struct gutter_map *map = map_of(g, &m->blob);
	uint32_t first = 0, last = 0;

	if (map == NULL)
		return false;
	for (uint32_t n = m->first; n > 0 && n <= m->last && n <= map->n; n++) {
		if (map->now[n - 1] == 0)
			continue;
		if (first == 0)
			first = map->now[n - 1];
		last = map->now[n - 1];
	}
	if (m->first != 0 && first == 0)
		return false;
	m->first = first;
	m->last = last;
	return true;
}

static void
add(void *arg, const struct mark *mark)
{
	struct gutter *g = arg;
	struct mark m = *mark;

	if (!is_note(&m)) {
		paint(g, &m, 0);
		return;
	}
	if (!oid_eq(&m.blob, &g->blob) && !carry_note(g, &m))
		return;
	g->notes = array_more(g->notes, g->len, &g->room, sizeof *g->notes);
	g->notes[g->len++] = m;
}

static char
reviewed_by(uint32_t eyes)
{
	if (sweep_people(eyes) > 1)
		return '@';
	return eyes == 1 ? '#' : '=';
}

static void
count(struct gutter *g)
{
	g->seen = g->reviewed = g->twice = 0;
	for (uint32_t n = 0; n < g->lines; n++) {
		uint32_t eyes = g->eyes[n];

		g->seen += (eyes & 1) != 0 || g->cover[n] == '.';
		g->reviewed += eyes & 1;
		g->twice += sweep_people(eyes) > 1;
		if (eyes != 0)
			g->cover[n] = reviewed_by(eyes);
	}
}

void
gutter_update(struct gutter *g, struct reading *r, uint32_t lines)
{
	if (g->known && g->version == reading_marks_version(r) &&
	    g->lines == lines)
		return;
	g->known = true;
	g->r = r;
	g->version = reading_marks_version(r);
	g->lines = lines;
	g->len = g->n_lost = 0;
	g->cover = realloc(g->cover, (size_t)lines + 1);
	g->eyes = reallocarray(g->eyes, (size_t)lines + 1, sizeof *g->eyes);
	if (g->cover == NULL || g->eyes == NULL)
		bug("no memory for %u lines", lines);
	memset(g->cover, ' ', (size_t)lines + 1);
	memset(g->eyes, 0, ((size_t)lines + 1) * sizeof *g->eyes);
	g->others = false;
	reading_marks(r, &g->blob, g->path, add, g);
	reading_others_marks(r, &g->blob, g->path, add_other, g);
	count(g);
	if (g->n_lost > 0)
		reading_reason_prepare(r);
}

char
gutter_coverage(const struct gutter *g, uint32_t line)
{
	return line == 0 || line > g->lines ? ' ' : g->cover[line - 1];
}

const struct gutter_lost *
gutter_lost(const struct gutter *g, uint32_t line)
{
	const struct gutter_lost *lost = NULL;

	if (gutter_coverage(g, line) != '~')
		return NULL;
	for (size_t i = g->n_lost; i > 0; i--) {
		const struct gutter_lost *l = &g->lost[i - 1];

		if (line >= l->first && line <= l->last &&
		    (lost == NULL || l->who < lost->who))
			lost = l;
	}
	return lost;
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
		if ((gutter_eyes(g, line) & 1) == 0)
			return false;
	}
	return true;
}

uint32_t
gutter_eyes(const struct gutter *g, uint32_t line)
{
	return line == 0 || line > g->lines ? 0 : g->eyes[line - 1];
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
