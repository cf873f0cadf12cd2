#include "tui/moves.h"

#include <stdlib.h>

#include "core/array.h"

#include "tui/reading_inside.h"

enum { MOVES_ROWS = 200 * 1000 };

struct moves {
	struct reading *room;
	struct oid old, new;
	uint32_t job; /* 0: none runs */
	struct arena arena;
	struct moves_row *rows; /* in the order of from */
	uint32_t *by_to;        /* the same in the order of to */
	size_t len, size;
	bool known, partial;
};

static int
compare_from(const void *a, const void *b)
{
	const struct moves_side *x = &((const struct moves_row *)a)->from;
	const struct moves_side *y = &((const struct moves_row *)b)->from;
	int order = str_cmp(x->old_path, y->old_path);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static int
compare_to(const void *a, const void *b, void *arg)
{
	const struct moves *m = arg;
	const struct moves_side *x = &m->rows[*(const uint32_t *)a].to;
	const struct moves_side *y = &m->rows[*(const uint32_t *)b].to;
	int order = str_cmp(x->new_path, y->new_path);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static void
keep_side(struct moves *m, struct moves_side *s)
{
	s->old_path = arena_copy(&m->arena, s->old_path);
	s->new_path = arena_copy(&m->arena, s->new_path);
}

static void
on_data(void *arg, struct str body)
{
	struct moves *m = arg;
	struct wire w = wire_of(body);
	struct moves_row row;

	while (job_moves_read_row(&row, &w)) {
		if (row.capped || m->len == MOVES_ROWS) {
			m->partial = true;
			continue;
		}
		m->rows =
		    array_more(m->rows, m->len, &m->size, sizeof *m->rows);
		keep_side(m, &row.from);
		keep_side(m, &row.to);
		m->rows[m->len++] = row;
	}
	m->partial |= w.bad;
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct moves *m = arg;

	m->job = 0;
	m->known = true;
	m->partial |= rc != ERR_NONE;
	if (rc != ERR_NONE)
		shell_say(m->room->shell, ROLE_ERROR, text);
	if (m->len > 0)
		qsort(m->rows, m->len, sizeof *m->rows, compare_from);
	m->by_to = arena_array(&m->arena, m->len + 1, uint32_t);
	for (uint32_t i = 0; i < m->len; i++)
		m->by_to[i] = i;
	if (m->len > 0)
		qsort_r(m->by_to, m->len, sizeof *m->by_to, compare_to, m);
	shell_redraw(m->room->shell);
}

void
moves_release(struct reading *r)
{
	struct moves *m = r->moves;

	if (m == NULL)
		return;
	reading_job_cancel(r, m->job);
	free(m->rows);
	arena_release(&m->arena);
	free(m);
	r->moves = NULL;
}

static struct moves *
of(struct reading *r, const struct oid *old, const struct oid *new)
{
	struct moves *m = r->moves;

	return m != NULL && oid_eq(&m->old, old) && oid_eq(&m->new, new) ? m :
									   NULL;
}

void
moves_want(struct reading *r, const struct oid *old, const struct oid *new)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.done = on_done,
	};
	struct moves_args args = { *old, *new };
	struct buf b = { 0 };
	struct moves *m;

	if (oid_is_zero(old) || oid_is_zero(new) || of(r, old, new) != NULL)
		return;
	moves_release(r);
	m = r->moves = calloc(1, sizeof *m);
	if (m == NULL)
		bug("no memory for moved blocks");
	m->room = r;
	m->old = *old;
	m->new = *new;
	job_moves_args(&b, &args);
	m->job = reading_job_start(r, "moves", buf_view(&b), &sink, m);
	buf_release(&b);
}

/* The last block that begins at or before the line, if it reaches there. */
static const struct moves_row *
block_at(const struct moves *m, struct str path, uint32_t line, bool added)
{
	size_t low = 0, high = m->len;
	const struct moves_row *row;
	const struct moves_side *s;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order;

		row = &m->rows[added ? m->by_to[mid] : mid];
		s = added ? &row->to : &row->from;
		order = str_cmp(added ? s->new_path : s->old_path, path);
		if (order < 0 || (order == 0 && s->line <= line))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NULL;
	row = &m->rows[added ? m->by_to[low - 1] : low - 1];
	s = added ? &row->to : &row->from;
	return str_eq(added ? s->new_path : s->old_path, path) &&
		line - s->line < row->len ?
	    row :
	    NULL;
}

bool
moves_find(struct reading *r, const struct oid *old, const struct oid *new,
    struct str path, uint32_t line, bool added, struct moves_side *other)
{
	const struct moves *m = of(r, old, new);
	const struct moves_row *row = m == NULL || !m->known || line == 0 ?
	    NULL :
	    block_at(m, path, line, added);

	if (row == NULL)
		return false;
	*other = added ? row->from : row->to;
	other->line += line - (added ? row->to.line : row->from.line);
	return true;
}

const char *
moves_state(struct reading *r, const struct oid *old, const struct oid *new)
{
	const struct moves *m = of(r, old, new);

	return m == NULL ? "" :
	    m->job != 0  ? "moves: looking, Esc stops" :
	    !m->known    ? "PARTIAL: moves not looked for" :
	    m->partial   ? "PARTIAL: moves of some files" :
			   "";
}

bool
moves_stop(struct reading *r)
{
	struct moves *m = r->moves;

	if (m == NULL || m->job == 0)
		return false;
	reading_job_cancel(r, m->job);
	m->job = 0;
	m->len = 0;
	return true;
}
