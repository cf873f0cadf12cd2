#include <string.h>

#include "core/git_diff.h"
#include "core/patchfile.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/patched.h"
#include "tui/reading_code.h"
#include "tui/reading_patches.h"

/*
 * A patch that the vendor gave, beside a release: of each change, whether it
 * is in it.  With an older release also whether it was in that already, and
 * what the newer one changed beyond it.
 */
enum { VENDOR_HEAD = UINT32_MAX };

struct vendor_row {
	uint32_t file, hunk; /* VENDOR_HEAD: the file */
};

struct vendor_file {
	struct str path;    /* as the release has it; "" it has none */
	const char *notice; /* why it was not compared */
	uint32_t beyond_added, beyond_deleted;
	bool beyond; /* the two above are known */
};

struct vendor_view {
	struct list list;
	struct code patch;
	struct patchfile p;
	struct oid new, old; /* old zero: none */
	struct str path;     /* of the patch */
	struct oid blob;
	bool placed; /* path is a patch of the session, not of a revision */
	struct vendor_row *rows;
	size_t n_rows;
	struct vendor_file *files;
	struct patchfile_verdict *now, *before; /* of each hunk */
	uint32_t done;                          /* files */
	uint32_t counts[PATCHFILE_NEITHER + 1];
	bool stopped;
};

static uint16_t
role_of(enum patchfile_state s)
{
	return s == PATCHFILE_APPLIED ? ROLE_ADDED :
	    s == PATCHFILE_NOT        ? ROLE_REMOVED :
					ROLE_WARNING;
}

static enum patchfile_state
state_of(const struct vendor_view *v, const struct patchfile_file *f)
{
	uint32_t n[PATCHFILE_NEITHER + 1] = { 0 };

	for (uint32_t i = 0; i < f->len; i++)
		n[v->now[f->first + i].state]++;
	for (int s = 0; s <= PATCHFILE_NEITHER; s++)
		if (n[s] == f->len)
			return (enum patchfile_state)s;
	return PATCHFILE_PARTLY;
}

static void
head_text(const struct vendor_view *v, uint32_t file, struct buf *b)
{
	const struct patchfile_file *f = &v->p.files[file];
	const struct vendor_file *vf = &v->files[file];

	buf_str(b, f->new_path.len > 0 ? f->new_path : f->old_path);
	if (file >= v->done)
		return;
	if (vf->path.len > 0 &&
	    !str_eq(vf->path,
		f->new_path.len > 0 ? f->new_path : f->old_path)) {
		buf_str(b, STR("  here "));
		buf_str(b, vf->path);
	}
	if (vf->notice != NULL)
		buf_printf(b, "  %s", vf->notice);
	else if (vf->beyond && vf->beyond_added + vf->beyond_deleted > 0)
		buf_printf(b, "  beyond the patch +%u -%u", vf->beyond_added,
		    vf->beyond_deleted);
	else if (vf->beyond)
		buf_str(b, STR("  nothing beyond the patch"));
}

static void
hunk_text(const struct vendor_view *v, uint32_t file, uint32_t hunk,
    struct buf *b)
{
	const struct patchfile_hunk *h = &v->p.hunks[hunk];
	const struct patchfile_verdict *j = &v->now[hunk];

	buf_printf(b, "@@ -%u,%u +%u,%u @@  ", h->old_first, h->old_len,
	    h->new_first, h->new_len);
	if (file >= v->done || v->files[file].notice != NULL)
		return;
	if (j->state == PATCHFILE_APPLIED && j->line > 0)
		buf_printf(b, "at line %u", j->line);
	else if (j->state == PATCHFILE_NOT && j->line > 0)
		buf_printf(b, "as before at line %u", j->line);
	else if (j->state == PATCHFILE_APPLIED)
		buf_str(b, STR("its lines are gone"));
	else
		buf_printf(b, "%u of %u added lines there, %u of %u gone",
		    j->there, h->added, j->gone, h->removed);
	if (j->blanks)
		buf_str(b, STR(", but for blanks"));
	if (v->before[hunk].state == PATCHFILE_APPLIED && !oid_is_zero(&v->old))
		buf_str(b, STR(", and before"));
	if (h->torn)
		buf_str(b, STR(", the patch is torn here"));
}

static struct str
row_text(void *arg, uint64_t n, struct buf *b)
{
	struct pane *p = arg;
	struct vendor_view *v = p->state;
	const struct vendor_row *r = &v->rows[n];

	if (r->hunk == VENDOR_HEAD)
		head_text(v, r->file, b);
	else
		hunk_text(v, r->file, r->hunk, b);
	return buf_view(b);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct vendor_view *v = p->state;
	const struct vendor_row *row = &v->rows[r->row];
	bool head = row->hunk == VENDOR_HEAD, known = row->file < v->done;
	enum patchfile_state s;
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr | (head ? ATTR_FOCUS : 0),
		.find = r->find,
		.skip = r->skip };

	known &= v->files[row->file].notice == NULL;
	if (known) {
		s = head ? state_of(v, &v->p.files[row->file]) :
			   v->now[row->hunk].state;
		canvas_put(line, 0, head ? 0 : 2, r->attr | role_of(s),
		    patchfile_state_name(s));
	}
	(void)row_text(arg, r->row, &b);
	d.text = buf_view(&b);
	canvas_text(line, 0, head ? 14 : 16, line->cols - (head ? 14 : 16), &d);
	buf_release(&b);
}

static const struct list_source source = { draw_row, row_text, NULL };

/* --- comparing -------------------------------------------------------------- */

/* Lines the release changed in this file that the patch does not. */
static void
look_beyond(struct vendor_view *v, uint32_t i, struct str old, struct str new)
{
	const struct patchfile_file *f = &v->p.files[i];
	const struct diff_options o = { .context = 0 };
	struct vendor_file *vf = &v->files[i];
	uint32_t added = 0, removed = 0;
	struct arena a = { 0 };
	struct file_diff d;

	for (uint32_t k = 0; k < f->len; k++) {
		const struct patchfile_hunk *h = &v->p.hunks[f->first + k];

		if (v->now[f->first + k].state != PATCHFILE_APPLIED ||
		    v->before[f->first + k].state == PATCHFILE_APPLIED)
			continue;
		added += h->added;
		removed += h->removed;
	}
	if (git_diff_bytes(&d, &a, old, new, &o) == ERR_NONE) {
		vf->beyond = true;
		vf->beyond_added = d.added > added ? d.added - added : 0;
		vf->beyond_deleted =
		    d.deleted > removed ? d.deleted - removed : 0;
	}
	err_clear();
	arena_release(&a);
}

static void
compare_file(struct pane *p, uint32_t i)
{
	struct vendor_view *v = p->state;
	const struct patchfile_file *f = &v->p.files[i];
	struct vendor_file *vf = &v->files[i];
	struct code new = { 0 }, old = { 0 };
	struct str want = f->new_path.len > 0 ? f->new_path : f->old_path;
	bool gone = f->new_path.len == 0 && !f->binary;

	vf->path = arena_copy(&p->arena, patched_path(p->room, &v->new, want));
	if (f->binary) {
		vf->notice = "binary: not spelled out";
	} else if (vf->path.len == 0 && gone) {
		for (uint32_t k = 0; k < f->len; k++)
			v->now[f->first + k].state = PATCHFILE_APPLIED;
	} else if (vf->path.len == 0) {
		vf->notice = "the release has no such file";
	} else if (patched_open(&new, p->room, &v->new, vf->path) != ERR_NONE) {
		vf->notice = "not delivered";
	} else {
		patched_judge(&v->p, f, new.text, v->now);
		if (!oid_is_zero(&v->old) &&
		    patched_open(&old, p->room, &v->old, vf->path) ==
			ERR_NONE) {
			patched_judge(&v->p, f, old.text, v->before);
			look_beyond(v, i, old.text, new.text);
		}
	}
	err_clear();
	code_close(&new);
	code_close(&old);
	for (uint32_t k = 0; k < f->len; k++)
		v->counts[vf->notice != NULL ? PATCHFILE_NEITHER :
					       v->now[f->first + k].state]++;
}

/* One file in a slice; the names of the release come first. */
static bool
work_on(void *arg)
{
	struct pane *p = arg;
	struct vendor_view *v = p->state;

	if (!reading_files_of(p->room, &v->new)->done)
		return true;
	if (v->done < v->p.n_files) {
		compare_file(p, v->done);
		v->done++;
	}
	shell_redraw(p->shell);
	return v->done < v->p.n_files;
}

static void
make_rows(struct pane *p)
{
	struct vendor_view *v = p->state;
	const struct patchfile *q = &v->p;

	v->rows = arena_array(&p->arena, q->n_files + q->n_hunks + 1,
	    struct vendor_row);
	v->files = arena_array(&p->arena, q->n_files + 1, struct vendor_file);
	v->now =
	    arena_array(&p->arena, q->n_hunks + 1, struct patchfile_verdict);
	v->before =
	    arena_array(&p->arena, q->n_hunks + 1, struct patchfile_verdict);
	memset(v->files, 0, (q->n_files + 1) * sizeof *v->files);
	memset(v->now, 0, (q->n_hunks + 1) * sizeof *v->now);
	memset(v->before, 0, (q->n_hunks + 1) * sizeof *v->before);
	for (uint32_t i = 0; i < q->n_hunks; i++)
		v->before[i].state = PATCHFILE_NEITHER;
	for (uint32_t i = 0; i < q->n_files; i++) {
		v->rows[v->n_rows++] = (struct vendor_row){ i, VENDOR_HEAD };
		for (uint32_t k = 0; k < q->files[i].len; k++)
			v->rows[v->n_rows++] =
			    (struct vendor_row){ i, q->files[i].first + k };
	}
	list_count(&v->list, v->n_rows, false);
}

/* "PATH [OLD [NEW]]" */
static enum err
take_text(struct pane *p, struct str text)
{
	struct vendor_view *v = p->state;
	struct str rest = text, path, old;
	enum err rc = ERR_NONE;

	if (!str_cut(&rest, ' ', &path))
		return ERR_NONE;
	v->path = arena_copy(&p->arena, path);
	v->placed = reading_patches_find(p->room, path) != NULL;
	if (str_cut(&rest, ' ', &old))
		rc = reading_resolve(&v->old, p->room, old);
	if (rc == ERR_NONE && rest.at != NULL && rest.len > 0)
		rc = reading_resolve(&v->new, p->room, str_trim(rest));
	return rc;
}

static enum err
read_patch(struct pane *p)
{
	struct vendor_view *v = p->state;
	struct git_repo *repo = reading_repo(p->room);
	const struct reading_patch *placed;
	struct tree_entry e;
	struct oid tree;
	enum err rc = ERR_NONE;

	if (v->placed) {
		placed = reading_patches_find(p->room, v->path);
		if (placed == NULL)
			return fail(ERR_ABSENT,
			    "the session has no patch of that name");
		code_open_bytes(&v->patch, placed->bytes, v->path);
		code_finish(&v->patch);
		return patchfile_read(&v->p, &p->arena, v->patch.text);
	}
	if (oid_is_zero(&v->blob)) {
		rc = git_tree_of(&tree, repo, &v->new);
		if (rc == ERR_NONE)
			rc = git_tree_find(&e, repo, &tree, v->path);
		if (rc != ERR_NONE)
			return rc;
		v->blob = e.id;
	}
	rc = reading_code(&v->patch, p->room, &v->blob, v->path);
	if (rc != ERR_NONE)
		return rc;
	code_finish(&v->patch);
	return patchfile_read(&v->p, &p->arena, v->patch.text);
}

static enum err
vendor_open(struct pane *p, const struct target *t)
{
	struct vendor_view *v = p->state;
	enum err rc = ERR_NONE;

	v->new = oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	v->old = t->commit2;
	v->placed = t->path2.len > 0;
	v->path = v->placed ? t->path2 : t->path;
	v->blob = t->blob;
	if (t->text.len > 0)
		rc = take_text(p, t->text);
	if (rc == ERR_NONE && v->path.len == 0)
		rc = fail(ERR_ABSENT,
		    "which patch?  gP in its file, :vendor PATH [OLD [NEW]], "
		    ":patches of the session");
	if (rc == ERR_NONE)
		rc = read_patch(p);
	if (rc != ERR_NONE) {
		code_close(&v->patch);
		return rc;
	}
	list_init(&v->list, &source, p);
	make_rows(p);
	(void)reading_files_of(p->room, &v->new);
	reading_slice(p->room, work_on, p);
	return ERR_NONE;
}

static void
vendor_close(struct pane *p)
{
	struct vendor_view *v = p->state;

	reading_slice_stop(p->room, p);
	code_close(&v->patch);
	list_release(&v->list);
}

static bool
vendor_stop(struct pane *p)
{
	struct vendor_view *v = p->state;

	if (v->done == v->p.n_files || v->stopped)
		return false;
	v->stopped = true;
	reading_slice_stop(p->room, p);
	return true;
}

/* --- showing it ------------------------------------------------------------- */

static void
vendor_title(struct pane *p, struct canvas *line)
{
	struct vendor_view *v = p->state;
	struct buf b = { 0 };
	int col;

	reading_title(p->room, &v->new, &b);
	if (!oid_is_zero(&v->old)) {
		buf_str(&b, STR(" since "));
		reading_name(p->room, &v->old, &b);
	}
	buf_str(&b, STR("  PATCH "));
	col = canvas_str(line, 0, 0, line->cols - 20, ROLE_TITLE, buf_view(&b));
	canvas_path(line, 0, col, line->cols - col - 4, ROLE_TITLE, v->path);
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
vendor_status(struct pane *p, struct canvas *line)
{
	struct vendor_view *v = p->state;
	const uint32_t *n = v->counts;
	struct buf b = { 0 };

	list_position(&v->list, &b);
	if (v->done < v->p.n_files)
		buf_printf(&b, "  %s %u of %u files",
		    v->stopped ? "PARTIAL: stopped at" : "compared", v->done,
		    v->p.n_files);
	else
		buf_printf(&b, "  %s: %u of %u changes are in it",
		    n[PATCHFILE_APPLIED] == v->p.n_hunks ? "APPLIED" :
			n[PATCHFILE_APPLIED] + n[PATCHFILE_PARTLY] == 0 ?
							   "NOT APPLIED" :
							   "PARTLY",
		    n[PATCHFILE_APPLIED], v->p.n_hunks);
	if (n[PATCHFILE_PARTLY] > 0)
		buf_printf(&b, ", %u partly", n[PATCHFILE_PARTLY]);
	if (n[PATCHFILE_NOT] > 0)
		buf_printf(&b, ", %u not", n[PATCHFILE_NOT]);
	if (n[PATCHFILE_NEITHER] > 0)
		buf_printf(&b, ", %u other code", n[PATCHFILE_NEITHER]);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
vendor_list(struct pane *p)
{
	struct vendor_view *v = p->state;

	return &v->list;
}

static void
vendor_where(struct pane *p, struct target *t)
{
	struct vendor_view *v = p->state;

	*t = (struct target){ .commit = v->new,
		.commit2 = v->old,
		.path = v->placed ? STR("") : v->path,
		.path2 = v->placed ? v->path : STR(""),
		.blob = v->blob,
		.number = v->list.selected };
}

static bool
vendor_go(struct pane *p, const struct target *t)
{
	struct vendor_view *v = p->state;

	if (!oid_eq(&t->commit, &v->new) || !oid_eq(&t->commit2, &v->old) ||
	    !oid_eq(&t->blob, &v->blob) ||
	    (v->placed && !str_eq(t->path2, v->path)))
		return false;
	list_select(&v->list, t->number);
	return true;
}

/* What the release did to the file, or the file at the place. */
static void
run_enter(struct pane *p, const struct call *c)
{
	struct vendor_view *v = p->state;
	const struct vendor_row *r;
	struct target t = { .commit = v->new };

	(void)c;
	if (v->list.selected >= v->n_rows)
		return;
	r = &v->rows[v->list.selected];
	if (r->file >= v->done || v->files[r->file].path.len == 0) {
		shell_message(p->shell, "the release has no such file");
		return;
	}
	t.path = v->files[r->file].path;
	if (r->hunk != VENDOR_HEAD)
		t.line = v->now[r->hunk].line > 0 ?
		    v->now[r->hunk].line :
		    v->p.hunks[r->hunk].new_first;
	t.commit2 = v->old;
	shell_open(p->shell, oid_is_zero(&v->old) ? "file" : "diff", &t);
}

/* The patch itself, at this change. */
static void
run_patch(struct pane *p, const struct call *c)
{
	struct vendor_view *v = p->state;
	struct target t = { .commit = v->new,
		.path = v->path,
		.blob = v->blob };

	(void)c;
	if (v->list.selected < v->n_rows &&
	    v->rows[v->list.selected].hunk != VENDOR_HEAD) {
		const struct patchfile_hunk *h =
		    &v->p.hunks[v->rows[v->list.selected].hunk];

		if (h->len > 0)
			t.line = lines_at(&v->patch.lines,
			    (size_t)(v->p.lines[h->first].text.at -
				v->patch.text.at));
	}
	if (v->placed)
		t = (struct target){ .path2 = v->path, .line = t.line };
	shell_open(p->shell, v->placed ? "placed" : "file", &t);
}

static void
older_done(struct pane *p, struct str line)
{
	struct target t = { 0 };
	enum err rc;

	vendor_where(p, &t);
	rc = reading_resolve(&t.commit2, p->room, line);
	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		shell_replace(p, "vendor", &t);
}

static void
run_older(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "the release before the patch: ",
		.history = "revision",
		.done = older_done,
	};

	shell_argument(p, c, &ask);
}

static const struct command commands[] = {
	{ "enter", "Enter", "what the release did to the file; its place",
	    run_enter, "open", NULL },
	{ "read", "gf", "the patch itself, at this change", run_patch, "patch",
	    NULL },
	{ "diff-with", "D", "compare with a release before the patch",
	    run_older, "older", "OLD" },
	{ 0 },
};

const struct view view_vendor = {
	.name = "vendor",
	.about = "a patch beside a release: applied, partly, not",
	.args = "PATH [OLD]",
	.state_size = sizeof(struct vendor_view),
	.commands = commands,
	.open = vendor_open,
	.close = vendor_close,
	.title = vendor_title,
	.status = vendor_status,
	.list = vendor_list,
	.stop = vendor_stop,
	.where = vendor_where,
	.go = vendor_go,
};
