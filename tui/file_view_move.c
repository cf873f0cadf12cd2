#include "tui/file_view_move.h"

#include "core/git_commit.h"
#include "core/git_diff.h"
#include "core/sweep.h"
#include "tui/file_view.h"
#include "tui/reading_code.h"

bool
file_view_move_unreviewed(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	uint32_t n = (uint32_t)v->list.selected + 1;

	/* Out of the region we are in, then on to the next one. */
	while (n > 0 && n <= code_lines(&v->code) &&
	    !gutter_reviewed(&v->gutter, n, n))
		n += back ? UINT32_MAX : 1;
	while (n > 0 && n <= code_lines(&v->code)) {
		if (!gutter_reviewed(&v->gutter, n, n)) {
			shell_jumped(p);
			file_view_to(p, n, 1);
			return true;
		}
		n += back ? UINT32_MAX : 1;
	}
	shell_message(p->shell, "no other unreviewed lines in this file");
	return false;
}

void
file_view_move_next_unreviewed(struct pane *p, const struct call *c)
{
	(void)c;
	(void)file_view_move_unreviewed(p, false);
}

void
file_view_move_last_unreviewed(struct pane *p, const struct call *c)
{
	(void)c;
	(void)file_view_move_unreviewed(p, true);
}

static bool
one_pair(const struct gutter *g, uint32_t n)
{
	return sweep_people(gutter_eyes(g, n)) == 1;
}

/* Out of the region we are in, then on to the next one. */
static void
to_one_pair(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	const struct gutter *g = &v->gutter;
	uint32_t n = (uint32_t)v->list.selected + 1, step, from;

	step = back ? UINT32_MAX : 1;
	from = gutter_eyes(g, n);
	while (n > 0 && n <= code_lines(&v->code) && one_pair(g, n) &&
	    gutter_eyes(g, n) == from)
		n += step;
	while (n > 0 && n <= code_lines(&v->code) && !one_pair(g, n))
		n += step;
	if (n == 0 || n > code_lines(&v->code)) {
		shell_message(p->shell,
		    "no other lines in this file that one person reviewed");
		return;
	}
	shell_jumped(p);
	file_view_to(p, n, 1);
}

void
file_view_move_next_one_pair(struct pane *p, const struct call *c)
{
	(void)c;
	to_one_pair(p, false);
}

void
file_view_move_last_one_pair(struct pane *p, const struct call *c)
{
	(void)c;
	to_one_pair(p, true);
}

static void
to_note(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	uint32_t n =
	    gutter_next_note(&v->gutter, (uint32_t)v->list.selected + 1, back);

	if (n == 0) {
		shell_message(p->shell, "no %s note in this file: c adds one",
		    back ? "earlier" : "further");
		return;
	}
	shell_jumped(p);
	file_view_to(p, n, 1);
}

void
file_view_move_next_note(struct pane *p, const struct call *c)
{
	(void)c;
	to_note(p, false);
}

void
file_view_move_last_note(struct pane *p, const struct call *c)
{
	(void)c;
	to_note(p, true);
}

static void
to_function(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	uint32_t n = (uint32_t)v->list.selected + 1;
	struct str name;

	n = code_head(&v->code, back ? n - 1 : n + 1, back, &name);
	if (n == 0)
		shell_message(p->shell, "no %s function within reach",
		    back ? "earlier" : "further");
	else
		file_view_to(p, n, 1);
}

void
file_view_move_next_function(struct pane *p, const struct call *c)
{
	(void)c;
	to_function(p, false);
}

void
file_view_move_last_function(struct pane *p, const struct call *c)
{
	(void)c;
	to_function(p, true);
}

/* What kind of hazard stands at a byte, for the message row. */
static void
say_hazard(struct pane *p, struct str text, size_t at)
{
	struct file_view *v = p->state;
	struct text t = text_of(text, v->code.style);
	struct text_glyph g;

	text_seek_byte(&t, at);
	if (!text_next(&t, &g))
		return;
	v->hit_line = v->list.selected + 1;
	v->hit_at = g.at;
	v->hit_len = g.len;
	shell_message(p->shell, "%s %s", text_kind_name(g.kind), g.token);
}

/* The previous hazard: the last one before a byte of the text. */
static size_t
hazard_before(struct file_view *v, size_t at)
{
	size_t found = SIZE_MAX, from, step = 4096;

	for (;;) {
		from = at > step ? at - step : 0;
		for (size_t k = from;;) {
			k = text_next_hazard(v->code.text, v->code.style, k);
			if (k == SIZE_MAX || k >= at)
				break;
			found = k++;
		}
		if (found != SIZE_MAX || from == 0)
			return found;
		step *= 8;
	}
}

/* The first (last) look-alike of a line beyond (before) a byte of it; of the
 * lines that follow, up to the one that holds byte end. */
static size_t
next_alike(struct file_view *v, uint32_t line, size_t at, size_t end, bool back)
{
	struct canvas_span s[CODE_ALIKE];

	for (; line > 0; line += back ? UINT32_MAX : 1) {
		size_t start = lines_start(&v->code.lines, line), n, best;

		if (start >= v->code.text.len || (!back && start > end) ||
		    (back && end != SIZE_MAX &&
			lines_start(&v->code.lines, line + 1) <= end))
			return SIZE_MAX;
		n = code_alike(&v->code, line, s, CODE_ALIKE);
		best = SIZE_MAX;
		for (size_t i = 0; i < n; i++) {
			size_t here = start + s[i].from;

			if (back ? here < at : here >= at && best == SIZE_MAX)
				best = here;
		}
		if (best != SIZE_MAX)
			return best;
	}
	return SIZE_MAX;
}

/* Of a byte and a look-alike the nearer one. */
static size_t
nearer(size_t a, size_t b, bool back)
{
	if (a == SIZE_MAX || b == SIZE_MAX)
		return a == SIZE_MAX ? b : a;
	return back == (a > b) ? a : b;
}

static void
show_hazard(struct pane *p, size_t at, bool alike)
{
	struct file_view *v = p->state;
	uint32_t line = lines_at(&v->code.lines, at);
	struct str text;

	shell_jumped(p);
	file_view_to(p, line,
	    (uint32_t)(at - lines_start(&v->code.lines, line)) + 1);
	file_view_column(p, 0);
	if (!code_line(&v->code, line, &text))
		return;
	if (!alike) {
		say_hazard(p, text, v->column);
		return;
	}
	v->hit_len = 0;
	shell_message(p->shell,
	    "an identifier with letters of another alphabet");
}

static void
to_hazard(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	uint32_t line = (uint32_t)v->list.selected + 1;
	size_t at, byte, word;

	if (v->hex || v->list.count == 0)
		return;
	at = lines_start(&v->code.lines, line) + v->column;
	if (!back && (v->hit_len > 0 || v->column > 0))
		at++;
	byte = back ? hazard_before(v, at) :
		      text_next_hazard(v->code.text, v->code.style, at);
	word = next_alike(v, line, at, byte, back);
	if (nearer(byte, word, back) == SIZE_MAX)
		shell_message(p->shell, "no %s hazard in this file",
		    back ? "earlier" : "further");
	else
		show_hazard(p, nearer(byte, word, back),
		    nearer(byte, word, back) == word);
}

void
file_view_move_next_hazard(struct pane *p, const struct call *c)
{
	(void)c;
	to_hazard(p, false);
}

void
file_view_move_last_hazard(struct pane *p, const struct call *c)
{
	(void)c;
	to_hazard(p, true);
}

/* --- what differs from another revision ---------------------------------- */

/* The other side of the nearest comparison below that shows this commit. */
static bool
compared_with(struct pane *p, struct oid *other, struct str *path)
{
	struct file_view *v = p->state;

	for (struct pane *b = p; b != NULL; b = shell_below(b)) {
		struct target t = b->target;

		if (b != p && b->view->where != NULL) {
			t = (struct target){ 0 };
			b->view->where(b, &t);
		}
		if (oid_is_zero(&t.commit2))
			continue;
		if (!oid_eq(&t.commit, &v->commit) &&
		    !oid_eq(&t.commit2, &v->commit))
			continue;
		*other = oid_eq(&t.commit, &v->commit) ? t.commit2 : t.commit;
		if (str_eq(t.path, v->path) && t.path2.len > 0)
			*path = t.path2;
		return true;
	}
	return false;
}

static enum err
find_base(struct pane *p, struct oid *other, struct str *path)
{
	struct file_view *v = p->state;
	struct commit c;
	enum err rc;

	*path = v->path;
	if (compared_with(p, other, path))
		return ERR_NONE;
	rc = git_commit_read(&c, &p->arena, reading_repo(p->room), &v->commit);
	if (rc == ERR_NONE && c.n_parents == 0)
		rc = fail(ERR_ABSENT,
		    "the first commit: all of it is new; D compares");
	if (rc == ERR_NONE)
		*other = c.parents[0];
	return rc;
}

/* Where the runs of lines begin that the other side does not have so. */
static enum err
compare(struct file_view *v, struct pane *p, struct code *old)
{
	const struct diff_options o = { .context = 0 };
	struct arena a = { 0 };
	struct file_diff d = { 0 };
	enum err rc = ERR_NONE;

	if (old->text.len + v->code.text.len > FILE_VIEW_COMPARED)
		rc = fail(ERR_LIMIT, "too large to be compared line by line");
	if (rc == ERR_NONE)
		rc = git_diff_bytes(&d, &a, old->text, v->code.text, &o);
	if (rc == ERR_NONE) {
		v->changes = arena_array(&p->arena, d.n_hunks + 1, uint32_t);
		v->n_changes = d.n_hunks;
		for (size_t i = 0; i < d.n_hunks; i++)
			v->changes[i] = d.hunks[i].new_first == 0 ?
			    1 :
			    d.hunks[i].new_first;
		v->changes_known = true;
	}
	arena_release(&a);
	return rc;
}

static enum err
know_changes(struct pane *p)
{
	struct file_view *v = p->state;
	struct git_repo *repo = reading_repo(p->room);
	struct code old = { 0 };
	struct tree_entry e;
	struct str path;
	struct oid tree;
	enum err rc = find_base(p, &v->changes_base, &path);

	if (rc == ERR_NONE)
		rc = git_tree_of(&tree, repo, &v->changes_base);
	if (rc == ERR_NONE)
		rc = git_tree_find(&e, repo, &tree, path);
	if (rc == ERR_NONE)
		rc = reading_code(&old, p->room, &e.id, path);
	if (rc == ERR_NONE) {
		code_finish(&old);
		code_finish(&v->code);
	}
	if (rc == ERR_NONE)
		rc = compare(v, p, &old);
	code_close(&old);
	return rc;
}

static void
to_change(struct pane *p, bool back)
{
	struct file_view *v = p->state;
	uint32_t n = (uint32_t)v->list.selected + 1;
	struct buf name = { 0 };
	size_t at = SIZE_MAX;

	if (!v->changes_known && know_changes(p) != ERR_NONE) {
		shell_error(p->shell, ERR_ABSENT);
		return;
	}
	for (size_t i = 0; i < v->n_changes; i++)
		if (back ? v->changes[i] < n : v->changes[i] > n) {
			at = i;
			if (!back)
				break;
		}
	reading_name(p->room, &v->changes_base, &name);
	if (at == SIZE_MAX) {
		shell_message(p->shell, "no %s change against %s (%zu in all)",
		    back ? "earlier" : "further", name.at, v->n_changes);
	} else {
		shell_jumped(p);
		file_view_to(p, v->changes[at], 1);
		shell_message(p->shell, "change %zu of %zu against %s", at + 1,
		    v->n_changes, name.at);
	}
	buf_release(&name);
}

void
file_view_move_next_change(struct pane *p, const struct call *c)
{
	(void)c;
	to_change(p, false);
}

void
file_view_move_last_change(struct pane *p, const struct call *c)
{
	(void)c;
	to_change(p, true);
}

/* --- other files ---------------------------------------------------------- */

/* Where a path stands in the list of the revision, or would. */
static size_t
place_of(const struct reading_files *f, struct str path, bool *there)
{
	size_t i = reading_files_place(f, path);

	*there = i < f->len && str_eq(f->at[i].path, path);
	return i;
}

/* The next row of the list below that is about another file. */
static bool
in_list_below(struct pane *p, bool back, struct target *t)
{
	struct file_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct pane *below = shell_below(p);
	struct list *l;
	uint64_t before;
	bool there = true;

	if (below == NULL || below->view->list == NULL ||
	    below->view->where == NULL)
		return false;
	l = below->view->list(below);
	before = l->selected;
	for (uint64_t last = before;; last = l->selected) {
		list_move(l, back ? -1 : 1);
		if (l->selected == last)
			break;
		*t = (struct target){ 0 };
		below->view->where(below, t);
		if (t->path.len == 0 || str_eq(t->path, v->path))
			continue;
		if (f->done && oid_eq(&t->commit, &v->commit))
			(void)place_of(f, t->path, &there);
		if (there)
			return true;
	}
	list_select(l, before);
	return false;
}

static bool
in_revision(struct pane *p, bool back, struct target *t)
{
	struct file_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	bool there;
	size_t i = place_of(f, v->path, &there);

	if (!f->done || (back && i == 0) || (!back && i + there >= f->len))
		return false;
	i = back ? i - 1 : i + there;
	*t = (struct target){
		.commit = v->commit,
		.path = f->at[i].path,
		.blob = f->at[i].blob,
	};
	return true;
}

static void
to_file(struct pane *p, bool back)
{
	struct pane *below = shell_below(p);
	struct target t = { 0 };
	bool lists = below != NULL && below->view->list != NULL &&
	    below->view->list(below)->count > 1;

	if (lists ? in_list_below(p, back, &t) : in_revision(p, back, &t)) {
		shell_jumped(p);
		t.path2 = STR("");
		shell_replace(p, "file", &t);
	} else {
		shell_message(p->shell, "this is the %s file of the %s",
		    back ? "first" : "last", lists ? "list" : "revision");
	}
}

void
file_view_move_next_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, false);
}

void
file_view_move_last_file(struct pane *p, const struct call *c)
{
	(void)c;
	to_file(p, true);
}

/* Round all paths of this content, in path order. */
void
file_view_move_same(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct target t = { .commit = v->commit, .blob = v->blob };
	bool there;
	size_t at = place_of(f, v->path, &there);

	(void)c;
	for (size_t i = 1; f->done && i < f->len; i++) {
		const struct reading_file *other = &f->at[(at + i) % f->len];

		if (!oid_eq(&other->blob, &v->blob) ||
		    str_eq(other->path, v->path))
			continue;
		t.path = other->path;
		t.line = (uint32_t)v->list.selected + 1;
		shell_jumped(p);
		shell_replace(p, "file", &t);
		return;
	}
	shell_message(p->shell,
	    f->done ? "no other path has this content" :
		      "the files are still being listed");
}
