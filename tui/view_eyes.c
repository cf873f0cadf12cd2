/*
 * view_eyes.c - four eyes: which folders were reviewed by me, by others, by
 * both and by nobody.
 *
 * Where exports tell lines, "four" says how many of them two people reviewed.
 * Where they tell counts only, "both" says that both reviewed in that folder,
 * not that they read the same lines.
 */
#include "tui/noting.h"

#include "tui/eyeing.h"
#include "tui/list.h"

struct row {
	struct str release, folder;
	uint64_t lines;
	uint64_t my_seen, my_reviewed;
	uint64_t their_seen, their_reviewed; /* the most of any of them */
	bool known;                          /* which lines they are */
	struct sweep_sum others;             /* then: of all others together */
	uint64_t twice;
};

struct eyes_view {
	struct list list;
	struct eyeing e;
	struct row *rows;
	size_t n;
	bool lines; /* some export tells which */
};

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
	const struct eyes_view *v = arg;
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
	    eyeing_percent(row->my_seen, row->lines),
	    eyeing_percent(row->my_reviewed, row->lines),
	    eyeing_percent(row->their_seen, row->lines),
	    eyeing_percent(row->their_reviewed, row->lines));
	if (row->known) {
		canvas_printf(line, 0, left + 34, r->attr, "four %u%%",
		    eyeing_percent(row->twice, row->lines));
		return;
	}
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
	return ((const struct eyes_view *)arg)->rows[row].folder;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static struct row *
row_of(struct eyes_view *v, struct str release, struct str folder)
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
load_counts(struct eyes_view *v)
{
	const struct findings_method *mine = &v->e.mine;

	for (uint32_t i = 0; i < mine->n_cover; i++) {
		const struct findings_cover *c = &mine->cover[i];
		struct row *row = row_of(v, c->release, c->folder);

		row->lines = c->lines;
		row->my_seen = c->seen;
		row->my_reviewed = c->reviewed;
	}
	for (uint32_t i = 0; i < v->e.theirs.len; i++) {
		const struct peer_cover *c = &v->e.theirs.at[i];
		struct row *row = row_of(v, c->release, c->folder);

		row->lines = larger(row->lines, c->lines);
		row->their_seen = larger(row->their_seen, c->seen);
		row->their_reviewed = larger(row->their_reviewed, c->reviewed);
	}
}

/* The row that a file counts in: the folder that lies nearest to it. */
static struct row *
row_with(struct eyes_view *v, const struct eyes_file *f)
{
	struct row *best = NULL;

	for (size_t i = 0; i < v->n; i++)
		if (eyeing_below(f, v->rows[i].release, v->rows[i].folder) &&
		    (best == NULL || v->rows[i].folder.len >= best->folder.len))
			best = &v->rows[i];
	return best;
}

/* Everybody's but mine. */
static void
load_lines(struct eyes_view *v)
{
	const struct eyes *e = &v->e.eyes;

	v->lines = e->n_people > 1;
	for (size_t i = 0; v->lines && i < e->n; i++) {
		const struct eyes_file *f = &e->files[i];
		struct row *row = row_with(v, f);
		struct sweep_sum all = { 0 };

		if (row == NULL) {
			row = row_of(v, f->release, STR("."));
			row->lines += f->lines;
		}
		sweep_add(&row->others, f->parts, f->n, ~UINT32_C(1), 1,
		    f->lines);
		sweep_add(&all, f->parts, f->n, UINT32_MAX, 1, f->lines);
		row->twice += all.twice;
		row->known = row->known || row->others.seen > 0;
	}
	for (size_t i = 0; i < v->n; i++) {
		struct row *row = &v->rows[i];

		row->their_seen = larger(row->their_seen, row->others.seen);
		row->their_reviewed =
		    larger(row->their_reviewed, row->others.reviewed);
	}
}

static void
load(struct pane *p)
{
	struct eyes_view *v = p->state;

	eyeing_load(&v->e, p);
	v->n = 0;
	v->rows = arena_array(&v->e.arena,
	    (size_t)v->e.mine.n_cover + v->e.theirs.len + v->e.eyes.n,
	    struct row);
	load_counts(v);
	load_lines(v);
	list_count(&v->list, v->n, false);
	list_changed(&v->list);
}

static enum err
eyes_open(struct pane *p, const struct target *t)
{
	struct eyes_view *v = p->state;
	enum err rc = eyeing_open(&v->e, p);

	(void)t;
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, v);
	v->list.empty = "not counted yet, and no export in inbox/ says what "
			"was read";
	load(p);
	return ERR_NONE;
}

static void
eyes_close(struct pane *p)
{
	struct eyes_view *v = p->state;

	list_release(&v->list);
	eyeing_release(&v->e);
}

/* What is wrong in inbox/: nothing else says it. */
static void
draw_refused(const struct peer_covers *theirs, struct canvas *c)
{
	struct buf b = { 0 };

	buf_printf(&b, "%u of inbox/ left out: ", theirs->refused);
	buf_str(&b, theirs->why);
	canvas_str(c, 1, 0, c->cols, ROLE_WARNING, buf_view(&b));
	buf_release(&b);
}

static void
eyes_draw(struct pane *p, struct canvas *c)
{
	struct eyes_view *v = p->state;
	int top = v->e.theirs.refused > 0 && c->rows > 3 ? 2 : 1;
	struct canvas rows = canvas_part(c, top, 0, c->rows - top, c->cols);
	int left = c->cols - 44;

	canvas_put(c, 0, left, ROLE_FAINT,
	    "    lines  mine rev. theirs rev.  reviewed");
	if (top == 2)
		draw_refused(&v->e.theirs, c);
	list_draw(&v->list, &rows);
}

static void
eyes_title(struct pane *p, struct canvas *line)
{
	const struct eyes_view *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE,
	    "Four eyes: mine, and %u export%s in inbox/", v->e.theirs.exports,
	    v->e.theirs.exports == 1 ? "" : "s");
}

static void
put_folders(const struct eyes_view *v, struct buf *b)
{
	size_t both = 0, one = 0;

	for (size_t i = 0; i < v->n; i++) {
		both +=
		    v->rows[i].my_reviewed > 0 && v->rows[i].their_reviewed > 0;
		one += (v->rows[i].my_reviewed > 0) !=
		    (v->rows[i].their_reviewed > 0);
	}
	buf_printf(b, "%zu folders: %zu by both, %zu by one, %zu by nobody",
	    v->n, both, one, v->n - both - one);
}

static void
eyes_status(struct pane *p, struct canvas *line)
{
	const struct eyes_view *v = p->state;
	struct eyes_sum sum = { 0 };
	struct buf b = { 0 };

	for (size_t i = 0; i < v->e.eyes.n; i++)
		eyes_add(&sum, &v->e.eyes, &v->e.eyes.files[i]);
	if (v->lines) {
		for (size_t i = sum.lines = 0; i < v->n; i++)
			sum.lines += v->rows[i].lines;
		eyeing_totals(&v->e, &sum, &b);
		buf_printf(&b, " of %llu lines reviewed",
		    (unsigned long long)sum.lines);
	} else {
		put_folders(v, &b);
	}
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
eyes_list(struct pane *p)
{
	return &((struct eyes_view *)p->state)->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	const struct eyes_view *v = p->state;
	struct target t = { 0 };

	(void)c;
	if (v->n == 0)
		return;
	if (!v->lines) {
		shell_message(p->shell,
		    "no export in inbox/ says which lines were read");
		return;
	}
	t.text = v->rows[v->list.selected].release;
	t.path = v->rows[v->list.selected].folder;
	shell_open(p->shell, "eyed", &t);
}

static const struct command commands[] = {
	{ "enter", "Enter", "its files, and who read what in them", run_enter,
	    "files", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_eyes = {
	.name = "eyes",
	.about = "Who reviewed which folder: me, others, both, nobody",
	.state_size = sizeof(struct eyes_view),
	.commands = commands,
	.open = eyes_open,
	.close = eyes_close,
	.draw = eyes_draw,
	.title = eyes_title,
	.status = eyes_status,
	.list = eyes_list,
	.wake = load,
};
