#include "tests/tui/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "tests/t.h"
#include "tui/screen.h"

enum { PLAY_ROWS = 24, PLAY_COLS = 80, PLAY_MAX = 4 * 1024 * 1024 };

static char
letter(uint16_t attr)
{
	unsigned role = attr & ATTR_ROLE;
	char c = PLAY_ROLES[role < ROLES ? role : 0];
	bool own = role == ROLE_TITLE || role == ROLE_STATUS;
	bool under = attr & (ATTR_CURSOR | ATTR_SELECTED);
	bool over = attr & (ATTR_HIT | ATTR_HAZARD);

	if (c == '-' && (attr & ATTR_FOCUS))
		c = '*';
	if ((under != over) == own)
		return c;
	return c == '-' || c == '*' ? '#' : (char)(c & ~0x20);
}

static void
show_attributes(const struct cell *row, int cols, struct buf *out)
{
	int end = cols;

	while (end > 0 && letter(row[end - 1].attr) == '-')
		end--;
	if (end == 0)
		return;
	buf_char(out, '^');
	for (int i = 0; i < end; i++)
		buf_char(out, letter(row[i].attr));
	buf_char(out, '\n');
}

static void
show(const struct canvas_grid *g, struct buf *out, bool attributes)
{
	struct buf text = { 0 };
	struct str rest, line;
	int cols = canvas_cols(g), row = 0;

	canvas_show(g, &text);
	rest = buf_view(&text);
	while (str_cut(&rest, '\n', &line) && row < canvas_rows(g)) {
		buf_str(out, line);
		buf_char(out, '\n');
		if (attributes)
			show_attributes(canvas_cells(g) + row * cols, cols,
			    out);
		row++;
	}
	buf_release(&text);
}

void
play_show(struct shell *s, struct buf *out, bool attributes)
{
	const struct canvas_grid *g;

	shell_redraw(s);
	g = shell_draw(s);
	assert_non_null(g);
	show(g, out, attributes);
}

static void
press(struct shell *s, struct str line)
{
	struct str word;
	uint32_t key;

	while (str_cut(&line, ' ', &word))
		while (word.len > 0) {
			assert_true(keys_take(&word, &key));
			shell_key(s, key);
		}
}

void
play_keys(struct shell *s, const char *keys)
{
	press(s, str_of(keys));
}

static void
type(struct shell *s, struct str text)
{
	uint32_t key;

	while (text.len > 0) {
		assert_true(text_take_utf8(&text, &key));
		shell_key(s, key);
	}
}

void
play_type(struct shell *s, const char *text)
{
	type(s, str_of(text));
}

static void
resize(const struct play *p, struct str sizes)
{
	struct str rows = STR("0"), rest = str_trim(sizes);
	uint64_t r, c;

	str_cut(&rest, ' ', &rows);
	assert_int_equal(str_number(rows, 500, &r), ERR_NONE);
	assert_int_equal(str_number(str_trim(rest), 500, &c), ERR_NONE);
	shell_size(p->shell, (int)r, (int)c, SCREEN_UTF8 | SCREEN_COLOUR);
}

static void
do_line(const struct play *p, struct str line, struct buf *out)
{
	struct str rest = str_slice(line, 1, SIZE_MAX);

	if (line.len == 0 || line.at[0] == '#')
		return;
	if (str_starts(line, STR("---"))) {
		if (p->settle != NULL)
			p->settle(p->arg);
		buf_str(out, line);
		buf_char(out, '\n');
		play_show(p->shell, out, str_ends(line, STR("(attributes)")));
	} else if (line.at[0] == '"' && str_ends(line, STR("\"")) &&
	    line.len >= 2) {
		type(p->shell, str_slice(rest, 0, rest.len - 1));
	} else if (str_starts(line, STR("= "))) {
		resize(p, rest);
	} else if (str_starts(line, STR("! "))) {
		assert_non_null(p->step);
		p->step(p->arg, str_trim(rest));
	} else {
		press(p->shell, line);
	}
}

/* Says where two texts part, line by line. */
static bool
same(const char *name, struct str want, struct str got)
{
	struct str w = STR(""), g = STR(""), caption = STR("");

	for (unsigned n = 1;; n++) {
		bool more = str_cut(&want, '\n', &w);

		if (more != str_cut(&got, '\n', &g) || (more && !str_eq(w, g)))
			break;
		if (!more)
			return true;
		if (str_starts(w, STR("---")))
			caption = w;
		if (n == UINT32_MAX)
			return false;
	}
	fprintf(stderr,
	    "%s, below \"%.*s\"\n  want %.*s|\n  got  %.*s|\n"
	    "PLAY_WRITE=1 writes it anew\n",
	    name, STR_ARG(caption), STR_ARG(w), STR_ARG(g));
	return false;
}

void
play_check(const char *name, struct str shown)
{
	struct arena a = { 0 };
	struct buf want = { 0 };
	const char *path = arena_printf(&a, "%s.screen", name).at;
	int folder;
	bool equal;

	if (getenv("PLAY_WRITE") != NULL) {
		assert_int_equal(io_open_folder(&folder, "tests/tui"),
		    ERR_NONE);
		assert_int_equal(io_replace_at(folder, path, shown), ERR_NONE);
		close(folder);
	} else {
		path = arena_printf(&a, "tests/tui/%s.screen", name).at;
		assert_int_equal(io_read(&want, path, PLAY_MAX), ERR_NONE);
		equal = same(path, buf_view(&want), shown);
		assert_true(equal);
	}
	arena_release(&a);
	buf_release(&want);
}

void
play_lines(const struct play *p, const char *lines)
{
	struct str rest = str_of(lines), line;
	struct buf none = { 0 };

	while (str_cut(&rest, '\n', &line))
		do_line(p, line, &none);
	buf_release(&none);
}

void
play_run(const struct play *p, const char *name)
{
	struct buf keys = { 0 }, got = { 0 };
	struct arena a = { 0 };
	struct str rest, line;
	const char *path = arena_printf(&a, "tests/tui/%s.keys", name).at;

	assert_int_equal(io_read(&keys, path, PLAY_MAX), ERR_NONE);
	shell_size(p->shell, PLAY_ROWS, PLAY_COLS, SCREEN_UTF8 | SCREEN_COLOUR);
	rest = buf_view(&keys);
	while (str_cut(&rest, '\n', &line))
		do_line(p, line, &got);
	play_check(name, buf_view(&got));
	arena_release(&a);
	buf_release(&keys);
	buf_release(&got);
}
