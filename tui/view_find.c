#include <stdlib.h>
#include <string.h>

#include "core/array.h"

#include "tui/fuzzy.h"
#include "tui/list.h"
#include "tui/prompt.h"
#include "tui/reading.h"

enum { FIND_SLICE = 4000, FIND_SHOWN = 2000, FIND_HELD = 64 };

/*
 * A file by some letters of its path.  What is typed narrows the list at
 * once; paths are judged in slices, so that a key never waits for a tree of a
 * hundred thousand files.
 */
struct found {
	uint32_t file;
	int32_t score;
};

struct find_view {
	struct list list;
	struct prompt prompt;
	struct oid commit;
	struct found *found; /* best first when judged is all */
	size_t len, room;
	size_t judged; /* files looked at for this pattern */
	bool sorted;   /* and all of them are known */
	/* Enter came before that: the best match opens then, and has the
	 * keys that were typed meanwhile. */
	bool opening;
	uint32_t held[FIND_HELD];
	size_t n_held;
	struct pane *pane;
};

static const struct reading_files *
files_of(struct pane *p)
{
	struct find_view *v = p->state;

	return reading_files_of(p->room, &v->commit);
}

/* The file of a row; NULL when the list was dropped meanwhile, since other
 * revisions were looked at, and is being made again. */
static const struct reading_file *
file_at(struct pane *p, uint64_t row)
{
	struct find_view *v = p->state;
	const struct reading_files *f = files_of(p);

	return row < v->len && v->found[row].file < f->len ?
	    &f->at[v->found[row].file] :
	    NULL;
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct find_view *v = p->state;
	const struct reading_file *file = file_at(p, r->row);
	struct canvas_span spans[FUZZY_PLACES];
	uint32_t where[FUZZY_PLACES];
	size_t n = 0;
	struct canvas_draw d = {
		.attr = r->attr,
		.spans = spans,
		.skip = r->skip,
	};

	if (file == NULL)
		return;
	d.text = file->path;
	(void)fuzzy_score(buf_view(&v->prompt.text), file->path, where, &n);
	for (size_t i = 0; i < n; i++)
		spans[i] = (struct canvas_span){ where[i], where[i] + 1,
			ROLE_NUMBER | ATTR_FOCUS };
	d.n_spans = n;
	canvas_text(line, 0, 2, line->cols - 2, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct reading_file *file = file_at(arg, row);

	(void)b;
	return file == NULL ? STR("") : file->path;
}

static const struct list_source source = { draw_row, row_text, NULL };

static int
compare(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->file > y->file) - (x->file < y->file);
}

static void
add(struct find_view *v, uint32_t file, int32_t score)
{
	v->found = array_more(v->found, v->len, &v->room, sizeof *v->found);
	v->found[v->len++] = (struct found){ file, score };
}

static struct target
target_of(struct pane *p, const struct reading_file *file)
{
	struct find_view *v = p->state;

	return (struct target){
		.commit = v->commit,
		.path = arena_copy(&p->arena, file->path),
		.blob = file->blob,
	};
}

/*
 * What Enter asked for, from the loop: this pane goes away by it.  True after
 * that, since its slice has been stopped then.
 */
static bool
open_best(void *arg)
{
	struct find_view *v = arg, was = *v;
	struct pane *p = v->pane;
	struct shell *s = p->shell;
	const struct reading_file *file = file_at(p, 0);
	struct target t;

	v->opening = false;
	v->n_held = 0;
	if (!was.opening || shell_top(s) != p)
		return false;
	if (file == NULL) {
		shell_message(s, "no path has these letters");
		return false;
	}
	t = target_of(p, file);
	if (!shell_replace(p, "file", &t))
		return false;
	for (size_t i = 0; i < was.n_held; i++)
		shell_key(s, was.held[i]);
	return true;
}

static bool
judge(void *arg)
{
	struct pane *p = arg;
	struct find_view *v = p->state;
	const struct reading_files *f = files_of(p);
	struct str pattern = buf_view(&v->prompt.text);
	size_t end = v->judged + FIND_SLICE;

	for (; v->judged < f->len && v->judged < end; v->judged++) {
		struct str path = f->at[v->judged].path;
		int32_t score = pattern.len == 0 ?
		    -(int32_t)v->judged :
		    fuzzy_score(pattern, path, NULL, NULL);

		if (score != FUZZY_NONE)
			add(v, (uint32_t)v->judged, score);
	}
	if (v->judged < f->len)
		return true;
	if (v->len > 0)
		qsort(v->found, v->len, sizeof *v->found, compare);
	v->sorted = f->done;
	list_count(&v->list, v->len, !f->done);
	list_changed(&v->list);
	if (v->sorted && v->opening)
		reading_slice(p->room, open_best, v);
	shell_redraw(p->shell);
	return false;
}

static void
start_over(struct pane *p)
{
	struct find_view *v = p->state;

	v->len = v->judged = 0;
	v->sorted = false;
	list_count(&v->list, 0, true);
	list_select(&v->list, 0);
	/* Most trees are judged before the next frame. */
	if (judge(p))
		reading_slice(p->room, judge, p);
}

static enum err
find_open(struct pane *p, const struct target *t)
{
	struct find_view *v = p->state;
	enum err rc;

	v->pane = p;
	rc = reading_commit_of(&v->commit, p->room, t);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	prompt_start(&v->prompt, t->text);
	start_over(p);
	return ERR_NONE;
}

static void
find_close(struct pane *p)
{
	struct find_view *v = p->state;

	reading_slice_stop(p->room, p);
	reading_slice_stop(p->room, v);
	prompt_release(&v->prompt);
	list_release(&v->list);
	free(v->found);
}

/* Files that were listed after the last judgement join in. */
static void
catch_up(struct pane *p)
{
	struct find_view *v = p->state;
	const struct reading_files *f = files_of(p);

	if (f->len < v->judged)
		start_over(p);
	else if (v->judged < f->len || (f->done && !v->sorted))
		reading_slice(p->room, judge, p);
}

static void
find_draw(struct pane *p, struct canvas *c)
{
	struct find_view *v = p->state;
	struct canvas top = canvas_part(c, 0, 0, 1, c->cols);
	struct canvas rest = canvas_part(c, 1, 0, c->rows - 1, c->cols);

	catch_up(p);
	v->list.empty = files_of(p)->done ? "no path has these letters" :
					    "listing the files ...";
	list_draw(&v->list, &rest);
	prompt_draw(&v->prompt, &top, "file: ");
}

static void
find_title(struct pane *p, struct canvas *line)
{
	struct find_view *v = p->state;
	struct buf b = { 0 };

	reading_title(p->room, &v->commit, &b);
	buf_str(&b, STR("  a file by some letters of its path"));
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static void
find_status(struct pane *p, struct canvas *line)
{
	struct find_view *v = p->state;
	const struct reading_files *f = files_of(p);

	canvas_printf(line, 0, 0, ROLE_STATUS,
	    "%zu of %s%zu files%s   Enter opens   Up Down   Esc: back", v->len,
	    f->done ? "" : ">", f->len,
	    f->troubles > 0 ? ", some folders cannot be read" : "");
}

static struct list *
find_list(struct pane *p)
{
	struct find_view *v = p->state;

	return &v->list;
}

static bool
find_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

/* Until all files are judged the first row is not yet the best match. */
static void
open_selected(struct pane *p)
{
	struct find_view *v = p->state;
	const struct reading_file *file = file_at(p, v->list.selected);
	struct target t;

	if (!v->sorted && v->list.selected == 0) {
		v->opening = true;
		shell_message(p->shell,
		    "opens the best match when all files are listed");
	} else if (file != NULL) {
		t = target_of(p, file);
		shell_replace(p, "file", &t);
	}
}

static bool
move(struct find_view *v, uint32_t key)
{
	switch (key) {
	case KEYS_DOWN:
	case KEYS_CTRL('n'):
		list_move(&v->list, 1);
		return true;
	case KEYS_UP:
	case KEYS_CTRL('p'):
		list_move(&v->list, -1);
		return true;
	case KEYS_PGDN:
		list_move(&v->list, v->list.rows);
		return true;
	case KEYS_PGUP:
		list_move(&v->list, -v->list.rows);
		return true;
	default:
		return false;
	}
}

/* Between Enter and the file: Esc takes the Enter back. */
static bool
hold(struct pane *p, uint32_t key)
{
	struct find_view *v = p->state;

	if (key == KEYS_ESC || key == KEYS_CTRL('c')) {
		v->opening = false;
		v->n_held = 0;
		shell_message(p->shell, "opens nothing");
	} else if (v->n_held < FIND_HELD) {
		v->held[v->n_held++] = key;
	}
	return true;
}

/* The first Esc empties the line, the second closes, as in file pickers. */
static bool
find_key(struct pane *p, uint32_t key)
{
	struct find_view *v = p->state;
	bool empty = v->prompt.text.len == 0;

	if (v->opening)
		return hold(p, key);
	if (move(v, key))
		return true;
	switch (prompt_key(&v->prompt, key, NULL)) {
	case PROMPT_DONE:
		open_selected(p);
		return true;
	case PROMPT_LEFT:
		if (empty) {
			shell_close(p);
			return true;
		}
		prompt_set(&v->prompt, STR(""));
		start_over(p);
		return true;
	case PROMPT_EDITED:
		start_over(p);
		return true;
	case PROMPT_TAB:
		list_move(&v->list, 1);
		return true;
	default:
		return false;
	}
}

static void
find_where(struct pane *p, struct target *t)
{
	struct find_view *v = p->state;

	t->commit = v->commit;
	t->text = arena_copy(&p->arena, buf_view(&v->prompt.text));
}

const struct view view_find = {
	.name = "find",
	.about = "a file by some letters of its path",
	.args = "NAME",
	.state_size = sizeof(struct find_view),
	.open = find_open,
	.close = find_close,
	.draw = find_draw,
	.title = find_title,
	.status = find_status,
	.list = find_list,
	.key = find_key,
	.takes_text = find_takes_text,
	.where = find_where,
};
