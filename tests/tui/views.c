#include "tests/tui/views.h"

#include <string.h>

#include "tests/t.h"
#include "tui/screen.h"

static const int sizes[][2] = { { 24, 80 }, { 49, 160 } };

static bool
is_masked(struct str line, const char *const *mask)
{
	for (; mask != NULL && *mask != NULL; mask++)
		if (str_starts(line, str_of(*mask)))
			return true;
	return false;
}

/* Of a masked line its first word is kept, and none of its colours. */
static void
add_masked(struct buf *out, struct str text, const char *const *mask)
{
	struct str line, word, rest;
	bool hidden = false;

	while (str_cut(&text, '\n', &line)) {
		if (hidden && str_starts(line, STR("^"))) {
			hidden = false;
			continue;
		}
		hidden = is_masked(line, mask);
		rest = line;
		if (hidden && str_cut(&rest, ' ', &word)) {
			buf_str(out, word);
			buf_str(out, STR(" ..."));
		} else {
			buf_str(out, line);
		}
		if (text.at != NULL)
			buf_char(out, '\n');
	}
}

static void
show_at(struct buf *out, const struct play *p, int rows, int cols,
    const char *const *mask)
{
	struct buf with = { 0 }, without = { 0 };

	shell_size(p->shell, rows, cols, SCREEN_UTF8);
	if (p->settle != NULL)
		p->settle(p->arg);
	play_show(p->shell, &without, true);
	shell_size(p->shell, rows, cols, SCREEN_UTF8 | SCREEN_COLOUR);
	if (p->settle != NULL)
		p->settle(p->arg);
	play_show(p->shell, &with, true);
	assert_true(str_eq(buf_view(&with), buf_view(&without)));
	add_masked(out, buf_view(&with), mask);
	buf_release(&with);
	buf_release(&without);
}

void
views_show(struct buf *out, const struct play *p, const struct views_way *way,
    const char *const *mask)
{
	const char *top;

	shell_size(p->shell, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
	play_lines(p, way->lines);
	if (p->settle != NULL)
		p->settle(p->arg);
	top = shell_top(p->shell)->view->name;
	if (strcmp(top, way->view) != 0)
		print_error("the way to %s leads to %s\n", way->view, top);
	assert_string_equal(top, way->view);
	for (size_t i = 0; i < 2; i++) {
		buf_printf(out, "--- %s, %d x %d (attributes)\n", way->view,
		    sizes[i][0], sizes[i][1]);
		show_at(out, p, sizes[i][0], sizes[i][1], mask);
	}
	shell_size(p->shell, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
}

void
views_all(const char *const *names, const struct views_way *ways, size_t n)
{
	for (; *names != NULL; names++) {
		size_t i = 0;

		while (i < n && strcmp(ways[i].view, *names) != 0)
			i++;
		if (i == n)
			print_error("no screens of view %s\n", *names);
		assert_true(i < n);
	}
}
