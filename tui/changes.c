#include "tui/changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/job_treediff.h"

static void
add(struct changes_view *c, const struct change *change)
{
	if (c->len == c->room) {
		c->room = c->room == 0 ? 64 : 2 * c->room;
		c->at = realloc(c->at, c->room * sizeof *c->at);
		c->order = realloc(c->order, c->room * sizeof *c->order);
		c->gone = realloc(c->gone, c->room * sizeof *c->gone);
		if (c->at == NULL || c->order == NULL || c->gone == NULL)
			bug("no memory for %zu changes", c->room);
	}
	c->at[c->len] = *change;
	c->at[c->len].old_path = arena_copy(&c->arena, change->old_path);
	c->at[c->len].new_path = arena_copy(&c->arena, change->new_path);
	c->gone[c->len] = false;
	c->order[c->rows++] = (uint32_t)c->len++;
}

static void
rename_one(struct changes_view *c, const struct treediff_row *row)
{
	struct change *from, *to;

	if (row->index >= c->len || row->other >= c->len) {
		c->damaged = true;
		return;
	}
	from = &c->at[row->index];
	to = &c->at[row->other];
	to->kind = CHANGE_RENAMED;
	to->old_path = from->old_path;
	to->old_id = from->old_id;
	to->old_mode = from->old_mode;
	to->similarity = row->change.similarity;
	c->gone[row->index] = true;
}

static void
count_one(struct changes_view *c, const struct treediff_row *row)
{
	struct change *change;

	if (row->index >= c->len) {
		c->damaged = true;
		return;
	}
	change = &c->at[row->index];
	change->counted = true;
	change->binary = row->change.binary;
	change->added = row->change.added;
	change->deleted = row->change.deleted;
	c->counted++;
	c->settled = true;
	c->added += change->added;
	c->deleted += change->deleted;
}

static void
take_row(struct changes_view *c, const struct treediff_row *row)
{
	switch (row->kind) {
	case TREEDIFF_CHANGE:
		add(c, &row->change);
		break;
	case TREEDIFF_RENAME:
		rename_one(c, row);
		break;
	case TREEDIFF_COUNT:
		count_one(c, row);
		break;
	case TREEDIFF_CAPPED:
		c->capped = true;
		break;
	case TREEDIFF_TROUBLE:
		c->troubles++;
		break;
	case TREEDIFF_CUT:
		c->cut += row->index;
		break;
	default:
		c->damaged = true;
		break;
	}
}

static void
put_in_order(struct changes_view *c)
{
	c->rows = 0;
	for (size_t i = 0; i < c->len; i++)
		if (!c->gone[i])
			c->order[c->rows++] = (uint32_t)i;
}

static void
on_data(void *arg, struct str body)
{
	struct changes_view *c = arg;
	struct wire w = wire_of(body);
	struct treediff_row row;
	bool renames = false;

	while (job_treediff_read_row(&row, &w)) {
		renames |= row.kind == TREEDIFF_RENAME;
		take_row(c, &row);
	}
	c->damaged |= w.bad;
	if (renames)
		put_in_order(c);
	c->news(c->pane);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct changes_view *c = arg;

	c->job = 0;
	c->done = c->settled = true;
	if (rc != ERR_NONE)
		shell_say(c->pane->shell, ROLE_ERROR, text);
	else if (c->damaged)
		shell_say(c->pane->shell, ROLE_ERROR,
		    STR("the list is not whole: a worker sent damaged rows"));
	c->news(c->pane);
}

void
changes_start(struct changes_view *c, struct pane *p, const struct oid *old,
    const struct oid *new, void (*news)(struct pane *p))
{
	static const struct reading_sink sink = {
		.data = on_data,
		.done = on_done,
	};
	struct treediff_args args = {
		.old = *old,
		.new = *new,
		.renames = true,
		.counts = true,
		.pairs = DIFF_RENAME_PAIRS,
	};
	struct buf b = { 0 };

	*c = (struct changes_view){ .pane = p, .news = news };
	job_treediff_args(&b, &args);
	c->job = reading_job_start(p->room, "treediff", buf_view(&b), &sink, c);
	buf_release(&b);
}

bool
changes_stop(struct changes_view *c)
{
	if (c->done)
		return false;
	reading_job_cancel(c->pane->room, c->job);
	c->job = 0;
	c->done = c->stopped = c->settled = true;
	c->news(c->pane);
	return true;
}

void
changes_release(struct changes_view *c)
{
	if (c->pane != NULL)
		reading_job_cancel(c->pane->room, c->job);
	arena_release(&c->arena);
	free(c->at);
	free(c->order);
	free(c->gone);
	*c = (struct changes_view){ 0 };
}

const struct change *
changes_row(const struct changes_view *c, size_t row)
{
	return &c->at[c->order[row]];
}

static uint16_t
role_of(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_ADDED:
		return ROLE_ADDED;
	case CHANGE_DELETED:
		return ROLE_REMOVED;
	case CHANGE_RENAMED:
	case CHANGE_TYPE:
		return ROLE_HUNK;
	default:
		return ROLE_NUMBER;
	}
}

static bool
mode_only(const struct change *c)
{
	return c->kind == CHANGE_MODIFIED && oid_eq(&c->old_id, &c->new_id);
}

static void
draw_counts(const struct change *c, const struct list_row *r,
    const struct canvas *line)
{
	char text[16];

	if (!c->counted) {
		canvas_put(line, 0, 2, r->attr, "      ?");
		return;
	}
	snprintf(text, sizeof text, "+%u", c->added);
	canvas_printf(line, 0, 2, r->attr | ROLE_ADDED, "%7s", text);
	snprintf(text, sizeof text, "-%u", c->deleted);
	canvas_printf(line, 0, 10, r->attr | ROLE_REMOVED, "%7s", text);
}

void
changes_draw(const struct changes_view *c, size_t row, const struct list_row *r,
    const struct canvas *line)
{
	const struct change *change = changes_row(c, row);
	struct canvas_draw d = {
		.text = change->new_path.len > 0 ? change->new_path :
						   change->old_path,
		.attr = r->attr,
		.skip = r->skip,
		.find = r->find,
	};
	int col = 19;

	canvas_char(line, 0, 0, r->attr | role_of(change->kind),
	    (uint32_t)change->kind);
	draw_counts(change, r, line);
	col = canvas_text(line, 0, col, line->cols - col, &d);
	if (change->binary)
		col = canvas_put(line, 0, col + 1, r->attr | ROLE_WARNING,
		    "binary");
	if (change->kind == CHANGE_RENAMED) {
		col = canvas_printf(line, 0, col + 1, r->attr | ROLE_HUNK,
		    "%u%% of", change->similarity);
		canvas_path(line, 0, col + 1, line->cols - col - 1, r->attr,
		    change->old_path);
	} else if (mode_only(change)) {
		canvas_printf(line, 0, col + 1, r->attr | ROLE_WARNING,
		    "mode %o, was %o", change->new_mode, change->old_mode);
	}
}

struct str
changes_text(const struct changes_view *c, size_t row, struct buf *b)
{
	const struct change *change = changes_row(c, row);

	buf_str(b,
	    change->new_path.len > 0 ? change->new_path : change->old_path);
	if (change->kind == CHANGE_RENAMED) {
		buf_char(b, ' ');
		buf_str(b, change->old_path);
	}
	return buf_view(b);
}

void
changes_sum(const struct changes_view *c, struct buf *b)
{
	buf_printf(b, "%s%zu file%s changed", c->done ? "" : ">", c->rows,
	    c->rows == 1 && c->done ? "" : "s");
	if (c->counted > 0)
		buf_printf(b, ", +%llu -%llu lines",
		    (unsigned long long)c->added,
		    (unsigned long long)c->deleted);
	if (!c->done)
		buf_printf(b, ", %u counted, Esc stops", c->counted);
	if (c->stopped)
		buf_str(b, STR(", PARTIAL: stopped"));
	if (c->capped)
		buf_str(b, STR(", only exact renames found: too many files"));
	if (c->cut > 0)
		buf_printf(b, ", PARTIAL: %u folder%s not delivered", c->cut,
		    c->cut == 1 ? "" : "s");
	if (c->troubles > 0)
		buf_printf(b, ", %u not delivered", c->troubles);
}

size_t
changes_find(const struct changes_view *c, struct str path)
{
	for (size_t i = 0; i < c->rows; i++)
		if (str_eq(changes_row(c, i)->new_path, path) ||
		    str_eq(changes_row(c, i)->old_path, path))
			return i;
	return SIZE_MAX;
}
