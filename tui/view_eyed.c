/*
 * view_eyed.c - files of a folder in which somebody read, and how much
 * of each was reviewed by me, by others and by two people at least.
 */
#include "tui/noting.h"

#include "tui/eyeing.h"
#include "tui/list.h"

struct row {
	const struct eyes_file *f;
	uint64_t mine, others, twice;
};

struct files_view {
	struct list list;
	struct eyeing e;
	struct str release, folder; /* "": all; of the target */
	struct row *rows;
	size_t n;
	struct eyes_sum all;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct files_view *v = arg;
	const struct row *row = &v->rows[r->row];
	int left = line->cols - 28;
	struct canvas_draw d = { .text = row->f->path,
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };
	struct canvas name = canvas_part(line, 0, 10, 1, left - 11);

	canvas_str(line, 0, 0, 9, r->attr | ROLE_NAME, row->f->release);
	canvas_text(&name, 0, 0, name.cols, &d);
	canvas_printf(line, 0, left, r->attr | ROLE_NUMBER, "%9u",
	    row->f->lines);
	canvas_printf(line, 0, left + 10, r->attr, " %3u%%  %3u%%  %3u%%",
	    eyeing_percent(row->mine, row->f->lines),
	    eyeing_percent(row->others, row->f->lines),
	    eyeing_percent(row->twice, row->f->lines));
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return ((const struct files_view *)arg)->rows[row].f->path;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static void
load(struct pane *p)
{
	struct files_view *v = p->state;
	const struct eyes *e;

	eyeing_load(&v->e, p);
	e = &v->e.eyes;
	v->n = 0;
	v->all = (struct eyes_sum){ 0 };
	v->rows = arena_array(&v->e.arena, e->n, struct row);
	for (size_t i = 0; i < e->n; i++) {
		const struct eyes_file *f = &e->files[i];
		struct sweep_sum me = { 0 }, others = { 0 };

		if (v->release.len > 0 &&
		    !eyeing_below(f, v->release, v->folder))
			continue;
		eyes_add(&v->all, e, f);
		sweep_add(&me, f->parts, f->n, 1, 1, f->lines);
		sweep_add(&others, f->parts, f->n, ~UINT32_C(1), 1, f->lines);
		v->rows[v->n++] = (struct row){ f, me.reviewed, others.reviewed,
			others.twice };
	}
	list_count(&v->list, v->n, false);
	list_changed(&v->list);
}

static enum err
files_open(struct pane *p, const struct target *t)
{
	struct files_view *v = p->state;
	enum err rc = eyeing_open(&v->e, p);

	if (rc != ERR_NONE)
		return rc;
	v->release = t->text;
	v->folder = t->path;
	list_init(&v->list, &source, v);
	v->list.empty = "nobody read a line here, as far as anything says";
	load(p);
	return ERR_NONE;
}

static void
files_close(struct pane *p)
{
	struct files_view *v = p->state;

	list_release(&v->list);
	eyeing_release(&v->e);
}

static void
files_draw(struct pane *p, struct canvas *c)
{
	struct files_view *v = p->state;
	struct canvas rows = canvas_part(c, 1, 0, c->rows - 1, c->cols);

	canvas_put(c, 0, c->cols - 28, ROLE_FAINT,
	    "    lines  mine others  four");
	list_draw(&v->list, &rows);
}

static void
files_title(struct pane *p, struct canvas *line)
{
	const struct files_view *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("Four eyes, reviewed lines by file: "));
	buf_str(&b, v->release);
	buf_str(&b, v->release.len == 0 ? STR("all releases") : STR(" "));
	buf_str(&b, v->folder);
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static void
files_status(struct pane *p, struct canvas *line)
{
	const struct files_view *v = p->state;

	eyeing_status(&v->e, &v->list, &v->all, line);
}

static struct list *
files_list(struct pane *p)
{
	return &((struct files_view *)p->state)->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	const struct files_view *v = p->state;
	const struct eyes_file *f;
	struct target t = { 0 };

	(void)c;
	if (v->n == 0)
		return;
	f = v->rows[v->list.selected].f;
	t.text = f->release;
	t.commit = f->commit;
	t.path = f->path;
	shell_open(p->shell, "pairs", &t);
}

static bool
has_single(void *arg, uint64_t row)
{
	const struct files_view *v = arg;
	const struct eyes_file *f = v->rows[row].f;

	for (size_t i = 0; i < f->n; i++)
		if (sweep_people(f->parts[i].reviewed) == 1)
			return true;
	return false;
}

static void
run_next(struct pane *p, const struct call *c)
{
	struct files_view *v = p->state;

	(void)c;
	eyeing_step(p, &v->list, false, has_single);
}

static void
run_last(struct pane *p, const struct call *c)
{
	struct files_view *v = p->state;

	(void)c;
	eyeing_step(p, &v->list, true, has_single);
}

static const struct command commands[] = {
	{ "enter", "Enter", "its lines, and who read which", run_enter, "lines",
	    NULL },
	{ "next-one-pair", "]e", "next file with lines of one person alone",
	    run_next, "one alone", NULL },
	{ "last-one-pair", "[e", "file before with lines of one person alone",
	    run_last, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_eyed = {
	.name = "eyed",
	.about = "Files, and how much of each one and two people reviewed",
	.state_size = sizeof(struct files_view),
	.commands = commands,
	.open = files_open,
	.close = files_close,
	.draw = files_draw,
	.title = files_title,
	.status = files_status,
	.list = files_list,
	.wake = load,
};
