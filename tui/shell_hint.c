/*
 * shell_hint.c - the bottom row: what keys do here, and what may follow the
 * first key of two.
 */
#include "tui/shell_state.h"

#include <string.h>

static int
draw_hint(const struct canvas *line, int col, struct str keys, const char *word)
{
	col = canvas_str(line, 0, col, line->cols - col, ROLE_KEY, keys);
	return canvas_put(line, 0, col + 1, ROLE_HINT, word) + 2;
}

/* How much of the row a hint takes. */
static int
hint_width(struct str keys, const char *word)
{
	return (int)(keys.len + strlen(word)) + 3;
}

static struct str
first_binding(const struct command *c)
{
	struct str rest = str_of(c->keys), one;

	return str_cut(&rest, ' ', &one) ? one : STR("");
}

void
shell_hint_row(struct shell *s, const struct canvas *line)
{
	const struct command *tables[SHELL_TABLES];
	struct pane *p = shell_focus(s);
	int last = line->cols - hint_width(STR("?"), "all") + 2, col = 0;

	if (p == NULL)
		return;
	shell_command_tables(s, p->view, tables);
	for (int i = 0; i < SHELL_TABLES; i++) {
		for (const struct command *c = tables[i]; c->name != NULL;
		     c++) {
			struct str keys = first_binding(c);

			if (c->hint == NULL || keys.len == 0 ||
			    shell_command_hidden(tables, i, c))
				continue;
			if (col + hint_width(keys, c->hint) > last)
				continue;
			col = draw_hint(line, col, keys, c->hint);
		}
	}
	draw_hint(line, last, STR("?"), "all");
}

/* Puts one continuation where there is room for it. */
struct hints {
	const struct canvas *c; /* NULL: only counts rows */
	int cols, row, col;
};

static void
add_hint(struct hints *h, struct str keys, const char *word)
{
	int width = hint_width(keys, word);

	if (h->col > 0 && h->col + width - 2 > h->cols) {
		h->row++;
		h->col = 0;
	}
	if (h->c != NULL) {
		struct canvas line = canvas_part(h->c, h->row, 0, 1, h->cols);

		draw_hint(&line, h->col, keys, word);
	}
	h->col += width;
}

static void
add_family(struct hints *h, uint32_t first, const struct command *c)
{
	struct str rest = str_of(c->keys);
	struct keys_binding k;

	while (keys_cut(&rest, &k)) {
		struct buf b = { 0 };

		if (k.first != first || k.second == 0)
			continue;
		keys_name(k.first, &b);
		if (k.second == KEYS_RANGE_LETTER)
			buf_str(&b, STR("a-z"));
		else if (k.second != KEYS_RANGE_ANY)
			keys_name(k.second, &b);
		add_hint(h, buf_view(&b), c->hint != NULL ? c->hint : c->name);
		buf_release(&b);
	}
}

static void
add_families(struct hints *h, const struct shell *s)
{
	const struct command *tables[SHELL_TABLES];

	shell_command_tables(s, shell_focus(s)->view, tables);
	for (int i = 0; i < SHELL_TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL; c++)
			add_family(h, s->first, c);
}

void
shell_hint_family(struct shell *s, const struct canvas *c)
{
	struct hints h = { .cols = c->cols };
	struct canvas rows;

	add_families(&h, s);
	rows = canvas_part(c, c->rows - 1 - h.row, 0, h.row + 1, c->cols);
	canvas_clear(&rows, ROLE_HINT);
	h = (struct hints){ .c = &rows, .cols = c->cols };
	add_families(&h, s);
}
