#include "tui/reading_tray.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

#include "tui/reading_inside.h"

const struct tray *
reading_tray(const struct reading *r)
{
	return &r->tray;
}

void
reading_tray_remove(struct reading *r, size_t i)
{
	struct tray *t = &r->tray;

	arena_release(&t->at[i].arena);
	memmove(&t->at[i], &t->at[i + 1], (t->len - i - 1) * sizeof t->at[i]);
	t->len--;
}

void
reading_tray_release(struct reading *r)
{
	while (r->tray.len > 0)
		reading_tray_remove(r, r->tray.len - 1);
	free(r->tray.at);
	r->tray = (struct tray){ 0 };
}

static void
quote(struct tray_item *item, struct code *c, uint32_t first, uint32_t last)
{
	uint32_t n = last - first + 1;

	if (n > TRAY_LINES) {
		item->left_out = n - TRAY_LINES;
		n = TRAY_LINES;
	}
	item->first = first;
	item->lines = arena_array(&item->arena, n, struct str);
	for (uint32_t i = 0; i < n; i++) {
		struct str text;

		if (!code_line(c, first + i, &text))
			break;
		item->lines[item->n_lines++] = arena_copy(&item->arena, text);
	}
}

static struct tray_item *
new_item(struct tray *t)
{
	t->at = array_more(t->at, t->len, &t->room, sizeof *t->at);
	t->at[t->len] = (struct tray_item){ 0 };
	return &t->at[t->len++];
}

void
reading_tray_add(struct reading *r, const struct anchor *an, struct code *c,
    uint32_t first, uint32_t last)
{
	struct tray_item *item;
	struct buf b = { 0 };
	bool full = r->tray.len == TRAY_ITEMS;

	if (full)
		reading_tray_remove(r, 0);
	item = new_item(&r->tray);
	item->at = *an;
	item->at.path = arena_copy(&item->arena, an->path);
	anchor_cite(an, &b);
	item->cite = arena_copy(&item->arena, buf_view(&b));
	if (first > 0)
		quote(item, c, first, last);
	if (full)
		buf_str(&b, STR("  (the oldest in gy made room)"));
	shell_say(r->shell, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}
