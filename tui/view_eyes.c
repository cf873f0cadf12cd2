/*
 * view_eyes.c - four eyes: which folders were reviewed by me, by others, by
 * both and by nobody.
 *
 * Mine is what the reading room counts when this opens; theirs is what the
 * exports in inbox/ say.  Exports tell counts, no lines: "both" says that
 * both reviewed in that folder, not that they read the same lines.
 */
#include "tui/noting.h"

#include "notes/peer.h"
#include "tui/along.h"
#include "tui/list.h"

struct row {
	struct str release, folder;
	uint64_t lines;
	uint64_t my_seen, my_reviewed;
	uint64_t their_seen, their_reviewed; /* the most of any of them */
};

struct eyes {
	struct list list;
	struct arena arena;        /* of my coverage */
	struct peer_covers theirs; /* memory of the pane */
	struct row *rows;
	size_t n;
};

static unsigned
percent(uint64_t part, uint64_t of)
{
	return of == 0 ? 0 : (unsigned)(part * 100 / of);
}

static const char *
whose(const struct row *row)
{
	if (row->my_reviewed > 0)
		return row->their_reviewed > 0 ? "both" : "mine";
	return row->their_reviewed > 0 ? "theirs" : "nobody";
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct eyes *v = arg;
	const struct row *row = &v->rows[r->row];
	int left = line->cols - 44;
	struct canvas_draw d = { .text = row->folder,
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };

	canvas_str(line, 0, 0, 9, r->attr | ROLE_NAME, row->release);
	canvas_text(line, 0, 10, left - 11, &d);
	canvas_printf(line, 0, left, r->attr | ROLE_NUMBER, "%9llu",
	    (unsigned long long)row->lines);
	canvas_printf(line, 0, left + 10, r->attr, "%3u%% %3u%%   %3u%% %3u%%",
	    percent(row->my_seen, row->lines),
	    percent(row->my_reviewed, row->lines),
	    percent(row->their_seen, row->lines),
	    percent(row->their_reviewed, row->lines));
	canvas_put(line, 0, left + 34,
	    r->attr |
		(row->my_reviewed + row->their_reviewed == 0 ? ROLE_WARNING :
							       ROLE_TEXT),
	    whose(row));
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return ((const struct eyes *)arg)->rows[row].folder;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static struct row *
row_of(struct eyes *v, struct str release, struct str folder)
{
	for (size_t i = v->n; i > 0; i--)
		if (str_eq(v->rows[i - 1].folder, folder) &&
		    str_eq(v->rows[i - 1].release, release))
			return &v->rows[i - 1];
	v->rows[v->n] = (struct row){ .release = release, .folder = folder };
	return &v->rows[v->n++];
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void
load(struct pane *p)
{
	struct eyes *v = p->state;
	struct findings_method mine;

	arena_clear(&v->arena);
	v->n = 0;
	along_method(noting_along(p->room), &v->arena, ALONG_COVERAGE, &mine);
	v->rows = arena_array(&v->arena, (size_t)mine.n_cover + v->theirs.len,
	    struct row);
	for (uint32_t i = 0; i < mine.n_cover; i++) {
		const struct findings_cover *c = &mine.cover[i];
		struct row *row = row_of(v, c->release, c->folder);

		row->lines = c->lines;
		row->my_seen = c->seen;
		row->my_reviewed = c->reviewed;
	}
	for (uint32_t i = 0; i < v->theirs.len; i++) {
		const struct peer_cover *c = &v->theirs.at[i];
		struct row *row = row_of(v, c->release, c->folder);

		row->lines = larger(row->lines, c->lines);
		row->their_seen = larger(row->their_seen, c->seen);
		row->their_reviewed = larger(row->their_reviewed, c->reviewed);
	}
	list_count(&v->list, v->n, false);
	list_changed(&v->list);
}

static enum err
eyes_open(struct pane *p, const struct target *t)
{
	struct eyes *v = p->state;
	const struct noting_out *out = noting_ports(p->room);
	const struct start *s = noting_start(p->room);
	enum err rc;

	(void)t;
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = peer_covered(&v->theirs, &p->arena, noting_vault(p->room), s->data,
	    s->manifest);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, v);
	v->list.empty = "not counted yet, and no export in inbox/ says what "
			"was read";
	load(p);
	out->survey(out->arg);
	return ERR_NONE;
}

static void
eyes_close(struct pane *p)
{
	struct eyes *v = p->state;

	list_release(&v->list);
	arena_release(&v->arena);
}

static void
eyes_draw(struct pane *p, struct canvas *c)
{
	struct eyes *v = p->state;
	struct canvas rows = canvas_part(c, 1, 0, c->rows - 1, c->cols);
	int left = c->cols - 44;

	canvas_put(c, 0, left, ROLE_FAINT,
	    "    lines  mine rev. theirs rev.  reviewed");
	list_draw(&v->list, &rows);
}

static void
eyes_title(struct pane *p, struct canvas *line)
{
	const struct eyes *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE,
	    "Four eyes: mine, and %u export%s in inbox/", v->theirs.exports,
	    v->theirs.exports == 1 ? "" : "s");
}

static void
eyes_status(struct pane *p, struct canvas *line)
{
	const struct eyes *v = p->state;
	size_t both = 0, one = 0;

	for (size_t i = 0; i < v->n; i++) {
		both +=
		    v->rows[i].my_reviewed > 0 && v->rows[i].their_reviewed > 0;
		one += (v->rows[i].my_reviewed > 0) !=
		    (v->rows[i].their_reviewed > 0);
	}
	canvas_printf(line, 0, 0, ROLE_STATUS,
	    "%zu folders: %zu by both, %zu by one, %zu by nobody%s", v->n, both,
	    one, v->n - both - one,
	    v->theirs.refused > 0 ? "; some of inbox/ is not of this session" :
				    "");
}

static struct list *
eyes_list(struct pane *p)
{
	return &((struct eyes *)p->state)->list;
}

const struct view view_eyes = {
	.name = "eyes",
	.about = "Who reviewed which folder: me, others, both, nobody",
	.state_size = sizeof(struct eyes),
	.open = eyes_open,
	.close = eyes_close,
	.draw = eyes_draw,
	.title = eyes_title,
	.status = eyes_status,
	.list = eyes_list,
	.wake = load,
};
