#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/job_hazards.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/show.h"

/*
 * What may deceive, in every file of a revision: a row for each file and
 * kind.  Rows come as they are found and are put in order at the end: the
 * worst kind first.
 */
struct hazard_line {
	enum hazard kind;
	struct str path, other;
	struct oid blob;
	struct hazard_seen seen;
};

struct hazards_view {
	struct list list;
	struct pane *pane;
	struct oid commit;
	struct arena arena;
	struct hazard_line *at;
	size_t len, room;
	struct hazards_slice {
		struct hazards_view *v;
		uint32_t job;
		uint64_t looked;
	} slices[ROOM_CORES_MAX];
	unsigned n_slices, running;
	uint64_t files, binary, bytes;
	uint32_t skipped;
	bool stopped, damaged, failed;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct hazards_view *v = p->state;
	const struct hazard_line *h = &v->at[r->row];
	struct canvas_draw d = { .text = h->path,
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };
	struct buf place = { 0 };
	int col = 23, width;

	canvas_put(line, 0, 0, r->attr | ROLE_WARNING, hazard_name(h->kind));
	canvas_printf(line, 0, 15, r->attr | ROLE_NUMBER, "%6llu",
	    (unsigned long long)(h->seen.count < 999999 ? h->seen.count :
							  999999));
	if (h->seen.line > 0)
		buf_printf(&place, ":%u", h->seen.line);
	if (h->seen.what[0] != '\0')
		buf_printf(&place, " %s", h->seen.what);
	/* The place stands there, whatever the length of the path. */
	width = line->cols - col - (int)place.len - (h->other.len > 0 ? 26 : 0);
	if (r->skip == 0 && width > 12 &&
	    text_width(h->path, (struct text_style){ 0 }) > (uint32_t)width)
		col = canvas_path(line, 0, col, width, r->attr, h->path);
	else
		col = canvas_text(line, 0, col, line->cols - col, &d);
	col = canvas_str(line, 0, col, line->cols - col, r->attr | ROLE_NUMBER,
	    buf_view(&place));
	if (h->other.len > 0) {
		col = canvas_put(line, 0, col + 1, r->attr, "and ");
		canvas_path(line, 0, col, line->cols - col, r->attr, h->other);
	}
	buf_release(&place);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct hazards_view *v = p->state;
	const struct hazard_line *h = &v->at[row];

	buf_str(b, str_of(hazard_name(h->kind)));
	buf_char(b, ' ');
	buf_str(b, h->path);
	buf_char(b, ' ');
	buf_str(b, str_of(h->seen.what));
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

/* --- what the workers find ------------------------------------------------- */

static void
add(struct hazards_view *v, const struct hazards_row *row)
{
	struct hazard_line *h;

	v->at = array_more(v->at, v->len, &v->room, sizeof *v->at);
	h = &v->at[v->len++];
	*h = (struct hazard_line){
		.kind = row->kind,
		.path = arena_copy(&v->arena, row->path),
		.other = arena_copy(&v->arena, row->other),
		.blob = row->blob,
		.seen = row->seen,
	};
}

static void
take_row(struct hazards_view *v, const struct hazards_row *row)
{
	switch (row->row) {
	case HAZARDS_FOUND:
		add(v, row);
		break;
	case HAZARDS_SKIPPED:
		v->skipped++;
		break;
	case HAZARDS_TOTAL:
		v->files += row->files;
		v->binary += row->binary;
		v->bytes += row->bytes;
		break;
	}
}

static void
on_data(void *arg, struct str body)
{
	struct hazards_slice *s = arg;
	struct hazards_view *v = s->v;
	struct wire w = wire_of(body);
	struct hazards_row row;

	while (job_hazards_read_row(&row, &w))
		take_row(v, &row);
	v->damaged |= w.bad;
	list_count(&v->list, v->len, true);
	shell_redraw(v->pane->shell);
}

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct hazards_slice *s = arg;

	(void)total;
	s->looked = done;
	shell_redraw(s->v->pane->shell);
}

static int
by_kind(const void *a, const void *b)
{
	const struct hazard_line *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return str_cmp(x->path, y->path);
}

/* All in order; what was selected stays so. */
static void
settle(struct hazards_view *v)
{
	struct hazard_line was = { 0 };

	if (v->list.selected < v->len)
		was = v->at[v->list.selected];
	if (v->len > 0)
		qsort(v->at, v->len, sizeof *v->at, by_kind);
	list_count(&v->list, v->len, false);
	list_changed(&v->list);
	if (v->list.selected == 0)
		return;
	for (size_t i = 0; i < v->len; i++)
		if (v->at[i].kind == was.kind &&
		    str_eq(v->at[i].path, was.path)) {
			list_select(&v->list, i);
			return;
		}
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct hazards_slice *s = arg;
	struct hazards_view *v = s->v;

	s->job = 0;
	v->running--;
	if (rc != ERR_NONE) {
		v->failed = true;
		shell_say(v->pane->shell, ROLE_ERROR, text);
	} else if (v->damaged) {
		v->failed = true;
		shell_say(v->pane->shell, ROLE_ERROR,
		    STR("the list is not whole: a worker sent damaged rows"));
	}
	if (v->running == 0)
		settle(v);
	shell_redraw(v->pane->shell);
}

static void
start(struct pane *p)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.progress = on_progress,
		.done = on_done,
	};
	struct hazards_view *v = p->state;
	unsigned cores = reading_start(p->room)->cores;

	v->n_slices = cores < 1    ? 1 :
	    cores > ROOM_CORES_MAX ? ROOM_CORES_MAX :
				     cores;
	for (unsigned i = 0; i < v->n_slices; i++) {
		struct hazards_args args = { v->commit, i, v->n_slices };
		struct buf b = { 0 };

		job_hazards_args(&b, &args);
		v->slices[i].v = v;
		v->slices[i].job = reading_job_start(p->room, "hazards",
		    buf_view(&b), &sink, &v->slices[i]);
		v->running++;
		buf_release(&b);
	}
}

static enum err
hazards_open(struct pane *p, const struct target *t)
{
	struct hazards_view *v = p->state;
	enum err rc;

	v->pane = p;
	rc = reading_commit_of(&v->commit, p->room, t);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	list_count(&v->list, 0, true);
	start(p);
	return ERR_NONE;
}

static bool
hazards_stop(struct pane *p)
{
	struct hazards_view *v = p->state;

	if (v->running == 0)
		return false;
	for (unsigned i = 0; i < v->n_slices; i++) {
		reading_job_cancel(p->room, v->slices[i].job);
		v->slices[i].job = 0;
	}
	v->running = 0;
	v->stopped = true;
	settle(v);
	return true;
}

static void
hazards_close(struct pane *p)
{
	struct hazards_view *v = p->state;

	for (unsigned i = 0; i < v->n_slices; i++)
		reading_job_cancel(p->room, v->slices[i].job);
	free(v->at);
	arena_release(&v->arena);
	list_release(&v->list);
}

/* --- showing it ------------------------------------------------------------- */

static void
hazards_draw(struct pane *p, struct canvas *c)
{
	struct hazards_view *v = p->state;

	v->list.empty = v->running > 0 ? "looking at every file ..." :
	    v->stopped || v->failed    ? "nothing so far" :
					 "nothing that deceives was found";
	list_draw(&v->list, c);
}

static void
hazards_title(struct pane *p, struct canvas *line)
{
	struct hazards_view *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("HAZARDS "));
	reading_title(p->room, &v->commit, &b);
	if (v->list.selected < v->len) {
		buf_str(&b, STR("  "));
		buf_str(&b, str_of(hazard_about(v->at[v->list.selected].kind)));
	}
	canvas_str(line, 0, 0, line->cols - 3, ROLE_TITLE, buf_view(&b));
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
hazards_status(struct pane *p, struct canvas *line)
{
	struct hazards_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	uint64_t looked = 0;
	struct buf b = { 0 };

	for (unsigned i = 0; i < v->n_slices; i++)
		looked += v->slices[i].looked;
	list_position(&v->list, &b);
	if (v->running > 0)
		buf_printf(&b, "  looked at %llu of %s%zu files, Esc stops",
		    (unsigned long long)looked, f->done ? "" : ">", f->len);
	else if (v->stopped || v->failed)
		buf_printf(&b, "  PARTIAL %llu files: %s",
		    (unsigned long long)looked,
		    v->stopped ? "stopped" : "a worker failed");
	else {
		buf_printf(&b, "  %s %llu files ",
		    v->skipped > 0 ? "PARTIAL" : "COMPLETE",
		    (unsigned long long)v->files);
		show_size(v->bytes, &b);
		buf_printf(&b, "B, %llu binary: names only",
		    (unsigned long long)v->binary);
	}
	if (v->skipped > 0)
		buf_printf(&b, ", %u not delivered or unreadable", v->skipped);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
hazards_list(struct pane *p)
{
	struct hazards_view *v = p->state;

	return &v->list;
}

static const struct hazard_line *
selected(struct pane *p)
{
	struct hazards_view *v = p->state;

	return v->list.selected < v->len ? &v->at[v->list.selected] : NULL;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	const struct hazard_line *h = selected(p);
	struct target t;

	(void)c;
	if (h == NULL)
		return;
	p->view->where(p, &t);
	if (h->kind == HAZARD_CLASH || h->kind == HAZARD_LINK)
		shell_open(p->shell, "tree",
		    &(struct target){ .commit = t.commit, .path = t.path });
	else
		shell_open(p->shell, "file", &t);
}

static void
note_on(struct pane *p, enum hatch_what what)
{
	struct hazards_view *v = p->state;
	const struct hazard_line *h = selected(p);
	struct anchor an = { .commit = v->commit };

	if (h == NULL)
		return;
	an.path = h->path;
	an.blob = h->blob;
	reading_compose(p->room, what, &an);
}

static void
run_note(struct pane *p, const struct call *c)
{
	(void)c;
	note_on(p, HATCH_NOTE);
}

static void
run_finding(struct pane *p, const struct call *c)
{
	(void)c;
	note_on(p, HATCH_FINDING);
}

/* The same by a search for bytes, whose hits T makes a worklist of. */
static void
run_worklist(struct pane *p, const struct call *c)
{
	(void)c;
	shell_run(p->shell, STR("sweep-bytes"));
	shell_message(p->shell,
	    "the same as hits of a search: T makes a worklist of them");
}

static void
hazards_where(struct pane *p, struct target *t)
{
	struct hazards_view *v = p->state;
	const struct hazard_line *h = selected(p);

	*t = (struct target){ .commit = v->commit };
	if (h == NULL)
		return;
	t->path = h->path;
	t->line = h->seen.line;
	t->column = h->seen.column;
}

static bool
hazards_go(struct pane *p, const struct target *t)
{
	struct hazards_view *v = p->state;

	if (!oid_eq(&t->commit, &v->commit))
		return false;
	for (size_t i = 0; i < v->len; i++)
		if (str_eq(v->at[i].path, t->path) &&
		    v->at[i].seen.line == t->line) {
			list_select(&v->list, i);
			break;
		}
	return true;
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file, at the first one", run_enter, "open",
	    NULL },
	{ "worklist", "T", "every place as a hit, for a worklist", run_worklist,
	    "worklist", NULL },
	{ "note", "c C", "a note on the file", run_note, "note", NULL },
	{ "finding", "F", "a finding on the file", run_finding, "finding",
	    NULL },
	{ 0 },
};

const struct view view_hazards = {
	.name = "hazards",
	.about = "what may deceive, in every file of a revision",
	.state_size = sizeof(struct hazards_view),
	.commands = commands,
	.open = hazards_open,
	.close = hazards_close,
	.draw = hazards_draw,
	.title = hazards_title,
	.status = hazards_status,
	.list = hazards_list,
	.stop = hazards_stop,
	.where = hazards_where,
	.go = hazards_go,
};
