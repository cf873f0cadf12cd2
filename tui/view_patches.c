/*
 * view_patches.c - the patches of the session, and which release has them.
 */
#include "tui/reading.h"

#include <string.h>

#include "tui/list.h"
#include "tui/patched.h"
#include "tui/reading_patches.h"

enum { PATCHES_HEAD = UINT32_MAX };

/* How a patch stands in a release. */
struct patches_state {
	uint32_t done; /* files of the patch */
	uint32_t counts[PATCHFILE_NEITHER + 1];
	uint32_t absent; /* files that the release does not have */
};

struct patches_row {
	uint32_t patch, release; /* release PATCHES_HEAD: the patch itself */
};

struct patches_one {
	struct str name;
	struct code code;
	struct patchfile p;
	struct patchfile_verdict *verdicts; /* of the file looked at last */
	struct patches_state *states;       /* of each release */
	bool bad;                           /* no patch after all */
};

struct patches_view {
	struct list list;
	struct patches_one *at;
	size_t n;
	const struct release *releases;
	uint32_t n_releases;
	struct patches_row *rows;
	size_t n_rows;
	uint32_t release, patch; /* being compared */
	bool stopped, done;
};

static const char *
say_state(const struct patches_one *o, const struct patches_state *s,
    uint16_t *role)
{
	bool all = s->done == o->p.n_files;

	*role = ROLE_FAINT;
	if (!all)
		return "";
	*role = s->counts[PATCHFILE_APPLIED] == o->p.n_hunks ? ROLE_ADDED :
	    s->counts[PATCHFILE_APPLIED] + s->counts[PATCHFILE_PARTLY] == 0 ?
							       ROLE_REMOVED :
							       ROLE_WARNING;
	return *role == ROLE_ADDED ? "APPLIED" :
	    *role == ROLE_REMOVED  ? "NOT APPLIED" :
				     "PARTLY";
}

static void
state_text(const struct patches_one *o, const struct patches_state *s,
    struct buf *b)
{
	const uint32_t *n = s->counts;

	if (s->done < o->p.n_files) {
		buf_printf(b, "%u of %u files compared", s->done, o->p.n_files);
		return;
	}
	buf_printf(b, "%u of %u in it", n[PATCHFILE_APPLIED], o->p.n_hunks);
	if (n[PATCHFILE_PARTLY] > 0)
		buf_printf(b, ", %u partly", n[PATCHFILE_PARTLY]);
	if (n[PATCHFILE_NOT] > 0)
		buf_printf(b, ", %u not", n[PATCHFILE_NOT]);
	if (n[PATCHFILE_NEITHER] > 0)
		buf_printf(b, ", %u other code", n[PATCHFILE_NEITHER]);
	if (s->absent > 0)
		buf_printf(b, "; %u file%s missing", s->absent,
		    s->absent == 1 ? "" : "s");
}

static struct str
row_text(void *arg, uint64_t n, struct buf *b)
{
	struct patches_view *v = arg;
	const struct patches_row *r = &v->rows[n];
	const struct patches_one *o = &v->at[r->patch];

	if (r->release != PATCHES_HEAD) {
		buf_str(b, v->releases[r->release].name);
		buf_char(b, ' ');
		state_text(o, &o->states[r->release], b);
	} else {
		buf_str(b, o->name);
		if (o->bad)
			buf_str(b, STR("  there is no patch in it"));
		else
			buf_printf(b, "  %u file%s, %u change%s", o->p.n_files,
			    o->p.n_files == 1 ? "" : "s", o->p.n_hunks,
			    o->p.n_hunks == 1 ? "" : "s");
	}
	return buf_view(b);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct patches_view *v = arg;
	const struct patches_row *row = &v->rows[r->row];
	const struct patches_one *o = &v->at[row->patch];
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr,
		.find = r->find,
		.skip = r->skip };
	uint16_t role;

	if (row->release == PATCHES_HEAD) {
		d.text = row_text(arg, r->row, &b);
		d.attr |= ATTR_FOCUS;
		canvas_text(line, 0, 0, line->cols, &d);
	} else {
		const struct patches_state *s = &o->states[row->release];
		const char *state = say_state(o, s, &role);

		canvas_str(line, 0, 2, 14, r->attr | ROLE_NAME,
		    v->releases[row->release].name);
		canvas_put(line, 0, 17, r->attr | role, state);
		state_text(o, s, &b);
		d.text = buf_view(&b);
		canvas_text(line, 0, 30, line->cols - 30, &d);
	}
	buf_release(&b);
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

/* --- comparing: one file of one patch in a slice, release by release ------- */

static void
compare_file(struct pane *p, struct patches_one *o, uint32_t release)
{
	struct patches_view *v = p->state;
	struct patches_state *s = &o->states[release];
	const struct patchfile_file *f = &o->p.files[s->done];
	const struct oid *commit = &v->releases[release].commit;
	struct str want = f->new_path.len > 0 ? f->new_path : f->old_path;
	struct str path = patched_path(p->room, commit, want);
	bool gone = f->new_path.len == 0 && !f->binary && path.len == 0;
	struct code code = { 0 };
	bool there = path.len > 0 && !f->binary &&
	    patched_open(&code, p->room, commit, path) == ERR_NONE;

	err_clear();
	if (there)
		patched_judge(&o->p, f, code.text, o->verdicts);
	for (uint32_t i = 0; i < f->len; i++)
		s->counts[there ? o->verdicts[f->first + i].state :
			gone    ? PATCHFILE_APPLIED :
				  PATCHFILE_NEITHER]++;
	s->absent += !there && !gone;
	code_close(&code);
	s->done++;
}

static bool
work_on(void *arg)
{
	struct pane *p = arg;
	struct patches_view *v = p->state;
	struct patches_one *o;

	if (v->release == v->n_releases) {
		v->done = true;
		shell_redraw(p->shell);
		return false;
	}
	if (!reading_files_of(p->room, &v->releases[v->release].commit)->done)
		return true;
	o = &v->at[v->patch];
	if (!o->bad && o->states[v->release].done < o->p.n_files)
		compare_file(p, o, v->release);
	if (o->bad || o->states[v->release].done == o->p.n_files) {
		v->patch = (uint32_t)((v->patch + 1) % v->n);
		v->release += v->patch == 0;
	}
	shell_redraw(p->shell);
	return true;
}

static void
take_patch(struct pane *p, struct patches_one *o, const struct reading_patch *q)
{
	struct patches_view *v = p->state;

	o->name = q->name;
	code_open_bytes(&o->code, q->bytes, q->name);
	code_finish(&o->code);
	o->bad = patchfile_read(&o->p, &p->arena, o->code.text) != ERR_NONE;
	err_clear();
	o->states =
	    arena_array(&p->arena, v->n_releases + 1, struct patches_state);
	memset(o->states, 0, (v->n_releases + 1) * sizeof *o->states);
	o->verdicts =
	    arena_array(&p->arena, o->p.n_hunks + 1, struct patchfile_verdict);
}

static void
make_rows(struct pane *p)
{
	struct patches_view *v = p->state;

	v->rows = arena_array(&p->arena, v->n * (v->n_releases + 1) + 1,
	    struct patches_row);
	for (uint32_t i = 0; i < v->n; i++) {
		v->rows[v->n_rows++] = (struct patches_row){ i, PATCHES_HEAD };
		for (uint32_t k = 0; k < v->n_releases && !v->at[i].bad; k++)
			v->rows[v->n_rows++] = (struct patches_row){ i, k };
	}
	list_count(&v->list, v->n_rows, false);
}

static enum err
patches_open(struct pane *p, const struct target *t)
{
	struct patches_view *v = p->state;
	const struct start *s = reading_start(p->room);
	const struct reading_patch *all;

	(void)t;
	v->n = reading_patches(&all, p->room);
	v->releases = s->releases;
	v->n_releases = s->n_releases;
	v->at = arena_array(&p->arena, v->n + 1, struct patches_one);
	memset(v->at, 0, (v->n + 1) * sizeof *v->at);
	for (size_t i = 0; i < v->n; i++)
		take_patch(p, &v->at[i], &all[i]);
	list_init(&v->list, &source, v);
	v->list.empty = s->session ?
	    "the rules of this session name no patches" :
	    "no session: gP in the file of a patch, or :vendor PATH";
	make_rows(p);
	if (v->n > 0)
		reading_slice(p->room, work_on, p);
	else
		v->done = true;
	return ERR_NONE;
}

static void
patches_close(struct pane *p)
{
	struct patches_view *v = p->state;

	reading_slice_stop(p->room, p);
	for (size_t i = 0; i < v->n; i++)
		code_close(&v->at[i].code);
	list_release(&v->list);
}

static bool
patches_stop(struct pane *p)
{
	struct patches_view *v = p->state;

	if (v->done || v->stopped)
		return false;
	v->stopped = true;
	reading_slice_stop(p->room, p);
	return true;
}

static void
patches_title(struct pane *p, struct canvas *line)
{
	const struct patches_view *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE,
	    "Patches of the vendor in this session: %zu, in %u release%s", v->n,
	    v->n_releases, v->n_releases == 1 ? "" : "s");
}

static void
patches_status(struct pane *p, struct canvas *line)
{
	struct patches_view *v = p->state;
	struct buf b = { 0 };

	list_position(&v->list, &b);
	buf_str(&b,
	    v->stopped  ? STR("  PARTIAL: stopped") :
		v->done ? STR("  COMPLETE") :
			  STR("  comparing  Esc stops"));
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
patches_list(struct pane *p)
{
	return &((struct patches_view *)p->state)->list;
}

/* Each change of it in that release; of the patch itself, its text. */
static void
run_enter(struct pane *p, const struct call *c)
{
	struct patches_view *v = p->state;
	const struct patches_row *r;
	struct target t = { 0 };

	(void)c;
	if (v->list.selected >= v->n_rows)
		return;
	r = &v->rows[v->list.selected];
	t.path2 = v->at[r->patch].name;
	if (r->release != PATCHES_HEAD) {
		t.commit = v->releases[r->release].commit;
		if (r->release > 0)
			t.commit2 = v->releases[r->release - 1].commit;
	}
	shell_open(p->shell, r->release == PATCHES_HEAD ? "placed" : "vendor",
	    &t);
}

static const struct command commands[] = {
	{ "enter", "Enter", "each change in that release; the patch itself",
	    run_enter, "open", NULL },
	{ 0 },
};

const struct view view_patches = {
	.name = "patches",
	.about = "patches of the vendor, and which release has them",
	.state_size = sizeof(struct patches_view),
	.commands = commands,
	.open = patches_open,
	.close = patches_close,
	.title = patches_title,
	.status = patches_status,
	.list = patches_list,
	.stop = patches_stop,
};
