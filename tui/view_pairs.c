/*
 * view_pairs.c - the lines of a file, run by run, and who saw and who
 * reviewed them.
 */
#include "tui/noting.h"

#include "tui/eyeing.h"
#include "tui/list.h"

struct lines_view {
	struct list list;
	struct eyeing e;
	struct oid commit; /* of the target, as is the rest */
	struct str release, path;
	struct sweep_part *rows; /* those that nobody read included */
	size_t n;
	struct eyes_sum all;
};

static void
put_people(const struct lines_view *v, uint32_t set, const char *did,
    struct buf *b)
{
	bool first = true;

	for (uint32_t i = 0; i < v->e.eyes.n_people; i++) {
		if ((set >> i & 1) == 0)
			continue;
		buf_str(b, first ? str_of(did) : STR(", "));
		buf_str(b, eyeing_name(&v->e, i));
		first = false;
	}
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct lines_view *v = arg;
	const struct sweep_part *part = &v->rows[row];

	put_people(v, part->reviewed, "reviewed: ", b);
	if (b->len > 0 && (part->seen & ~part->reviewed) != 0)
		buf_str(b, STR("   "));
	put_people(v, part->seen & ~part->reviewed, "seen: ", b);
	if (part->seen == 0)
		buf_str(b, STR("nobody"));
	return buf_view(b);
}

static char
glyph(const struct sweep_part *p)
{
	if (sweep_people(p->reviewed) > 1)
		return '@';
	if (p->reviewed != 0)
		return p->reviewed == 1 ? '#' : '=';
	return p->seen == 0 ? ' ' : (p->seen & 1) != 0 ? '.' : ':';
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct lines_view *v = arg;
	const struct sweep_part *part = &v->rows[r->row];
	struct canvas who = canvas_part(line, 0, 33, 1, line->cols - 33);
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr |
		    (sweep_people(part->reviewed) > 1 ? ROLE_TEXT :
							ROLE_WARNING),
		.find = r->find,
		.skip = r->skip };

	d.text = row_text(arg, r->row, &b);
	canvas_char(line, 0, 0, r->attr, (uint32_t)glyph(part));
	canvas_printf(line, 0, 2, r->attr | ROLE_NUMBER, "%8u-%-8u",
	    part->first, part->last);
	canvas_printf(line, 0, 20, r->attr, "%6u line%s",
	    part->last - part->first + 1, part->last == part->first ? "" : "s");
	canvas_text(&who, 0, 0, who.cols, &d);
	buf_release(&b);
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

/* The parts, and what lies between them. */
static void
load_parts(struct lines_view *v, const struct eyes_file *f)
{
	uint32_t next = 1;

	v->rows = arena_array(&v->e.arena, 2 * f->n + 1, struct sweep_part);
	for (size_t i = 0; i < f->n; i++) {
		if (f->parts[i].first > next)
			v->rows[v->n++] = (struct sweep_part){ next,
				f->parts[i].first - 1, 0, 0 };
		v->rows[v->n++] = f->parts[i];
		next = f->parts[i].last + 1;
	}
	if (next <= f->lines)
		v->rows[v->n++] = (struct sweep_part){ next, f->lines, 0, 0 };
}

static void
load(struct pane *p)
{
	struct lines_view *v = p->state;
	const struct eyes *e;

	eyeing_load(&v->e, p);
	e = &v->e.eyes;
	v->n = 0;
	v->all = (struct eyes_sum){ 0 };
	for (size_t i = 0; i < e->n; i++) {
		const struct eyes_file *f = &e->files[i];

		if (!str_eq(f->path, v->path) ||
		    !oid_eq(&f->commit, &v->commit))
			continue;
		eyes_add(&v->all, e, f);
		load_parts(v, f);
		break;
	}
	list_count(&v->list, v->n, false);
	list_changed(&v->list);
}

static enum err
lines_open(struct pane *p, const struct target *t)
{
	struct lines_view *v = p->state;
	enum err rc = eyeing_open(&v->e, p);

	if (rc != ERR_NONE)
		return rc;
	v->commit = t->commit;
	v->release = t->text;
	v->path = t->path;
	list_init(&v->list, &source, v);
	v->list.empty = t->path.len == 0 ?
	    "of which file?  :eyes leads to it" :
	    "nobody read a line here, as far as anything says";
	load(p);
	return ERR_NONE;
}

static void
lines_close(struct pane *p)
{
	struct lines_view *v = p->state;

	list_release(&v->list);
	eyeing_release(&v->e);
}

static void
lines_title(struct pane *p, struct canvas *line)
{
	const struct lines_view *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("Four eyes, by lines: "));
	buf_str(&b, v->release);
	buf_char(&b, ' ');
	buf_str(&b, v->path);
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static void
lines_status(struct pane *p, struct canvas *line)
{
	const struct lines_view *v = p->state;

	eyeing_status(&v->e, &v->list, &v->all, line);
}

static struct list *
lines_list(struct pane *p)
{
	return &((struct lines_view *)p->state)->list;
}

/* Into the source, at these lines. */
static void
run_read(struct pane *p, const struct call *c)
{
	const struct lines_view *v = p->state;
	const struct sweep_part *part;

	(void)c;
	if (v->n == 0)
		return;
	part = &v->rows[v->list.selected];
	noting_go(p->room,
	    &(struct anchor){ .commit = v->commit,
		.path = v->path,
		.first = part->first,
		.last = part->last });
}

static bool
is_single(void *arg, uint64_t row)
{
	return sweep_people(
		   ((const struct lines_view *)arg)->rows[row].reviewed) == 1;
}

static void
run_next(struct pane *p, const struct call *c)
{
	struct lines_view *v = p->state;

	(void)c;
	eyeing_step(p, &v->list, false, is_single);
}

static void
run_last(struct pane *p, const struct call *c)
{
	struct lines_view *v = p->state;

	(void)c;
	eyeing_step(p, &v->list, true, is_single);
}

static const struct command commands[] = {
	{ "read", "Enter", "these lines in the source", run_read, "read",
	    NULL },
	{ "next-one-pair", "]e", "next lines of one person alone", run_next,
	    "one alone", NULL },
	{ "last-one-pair", "[e", "lines before of one person alone", run_last,
	    NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_pairs = {
	.name = "pairs",
	.about = "Lines of a file, and who saw and who reviewed them",
	.state_size = sizeof(struct lines_view),
	.commands = commands,
	.open = lines_open,
	.close = lines_close,
	.title = lines_title,
	.status = lines_status,
	.list = lines_list,
	.wake = load,
};
