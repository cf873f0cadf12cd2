#include "tui/history.h"
#include "tui/reading.h"

enum { LOG_SLICE = 200, LOG_OF_TEXT = 1 };

/*
 * History, newest first, streaming: of everything from here, of what is
 * picked from it, of one path, of lines of a file, of a text.
 */
struct log_view {
	struct list list;
	struct history h;
	struct oid wanted; /* selected when it comes; zero: none */
	/* "/": rows are looked at in slices, since each costs a read. */
	struct pane *pane;
	struct buf needle;
	bool looking, back;
	size_t row, left; /* the next one, and how many are still to go */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct log_view *v = p->state;
	struct list_row row = *r;

	row.find = buf_view(&v->needle);
	commits_draw(&v->h.commits, r->row, &row, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct log_view *v = p->state;

	return commits_text(&v->h.commits, row, b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static void
say_match(struct pane *p, const char *format, size_t row)
{
	struct log_view *v = p->state;
	struct buf b = { 0 };

	buf_printf(&b, "%s", format);
	if (row != SIZE_MAX)
		buf_printf(&b, "commit %zu matches ", row + 1);
	buf_char(&b, '\'');
	buf_str(&b, buf_view(&v->needle));
	buf_char(&b, '\'');
	shell_say(p->shell, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

/* Rows that are still to come are looked at when they are there. */
static bool
look_on(void *arg)
{
	struct log_view *v = arg;
	struct pane *p = v->pane;
	struct buf b = { 0 };
	bool found = false;

	for (int i = 0; i < LOG_SLICE && v->left > 0 && !found; i++) {
		buf_clear(&b);
		found = text_find(commits_text(&v->h.commits, v->row, &b),
			    buf_view(&v->needle), 0) != SIZE_MAX;
		if (found)
			break;
		v->left--;
		if (v->back)
			v->row =
			    v->row == 0 ? v->h.commits.len - 1 : v->row - 1;
		else
			v->row = (v->row + 1) % v->h.commits.len;
	}
	buf_release(&b);
	v->looking = !found && v->left > 0;
	if (found) {
		say_match(p, "", v->row);
		list_select(&v->list, v->row);
	} else if (!v->looking) {
		say_match(p, "no commit matches ", SIZE_MAX);
	}
	shell_redraw(p->shell);
	return v->looking;
}

static void
log_find(struct pane *p, struct str text, bool back)
{
	struct log_view *v = p->state;
	struct buf b = { 0 };
	size_t n = v->h.commits.len;

	if (text.len > 0) {
		buf_str(&b, text); /* may be a piece of needle */
		buf_release(&v->needle);
		v->needle = b;
	}
	if (v->needle.len == 0 || n == 0) {
		shell_message(p->shell, "nothing to look for: / asks");
		return;
	}
	shell_jumped(p);
	v->back = back;
	v->left = n;
	v->row =
	    back ? (v->list.selected + n - 1) % n : (v->list.selected + 1) % n;
	v->looking = true;
	say_match(p, "looking for ", SIZE_MAX);
	reading_slice(p->room, look_on, v);
}

static void
news(struct pane *p)
{
	struct log_view *v = p->state;
	size_t known = (size_t)v->list.count;

	list_count(&v->list, v->h.commits.len, !v->h.done);
	if (!oid_is_zero(&v->wanted) && v->list.selected == 0)
		for (size_t i = known; i < v->h.commits.len; i++)
			if (oid_eq(&v->h.commits.ids[i], &v->wanted)) {
				list_select(&v->list, i);
				v->wanted = (struct oid){ 0 };
				break;
			}
	shell_redraw(p->shell);
}

/* number LOG_OF_TEXT: of a text; lines: of these; text, which stands behind
 * ":log": "author:NAME", "message:TEXT" or a path. */
static void
choose(struct history *h, const struct target *t)
{
	h->path = t->path;
	h->text = t->text;
	h->first = t->line;
	h->last = t->last;
	if (t->number == LOG_OF_TEXT) {
		h->kind = HISTORY_TEXT;
	} else if (t->path.len > 0) {
		h->kind = t->line > 0 ? HISTORY_LINES : HISTORY_PATH;
	} else if (str_starts(t->text, STR("author:"))) {
		h->kind = HISTORY_AUTHOR;
		h->text = str_trim(str_slice(t->text, 7, t->text.len));
	} else if (str_starts(t->text, STR("message:"))) {
		h->kind = HISTORY_MESSAGE;
		h->text = str_trim(str_slice(t->text, 8, t->text.len));
	} else if (t->text.len > 0) {
		h->kind = HISTORY_PATH;
		h->path = t->text;
	}
}

static enum err
log_open(struct pane *p, const struct target *t)
{
	struct log_view *v = p->state;
	enum err rc;

	v->pane = p;
	v->h.from =
	    oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	/* As log_where() says it: from there, and there is where we were. */
	if (!oid_is_zero(&t->commit2)) {
		v->h.from = t->commit2;
		v->wanted = t->commit;
	}
	if (oid_is_zero(&v->h.from))
		return fail(ERR_ABSENT, "there is no commit to read yet");
	choose(&v->h, t);
	if (v->h.kind != HISTORY_ALL && v->h.kind != HISTORY_PATH &&
	    v->h.kind != HISTORY_LINES && v->h.text.len == 0)
		return fail(ERR_FORMAT, "no text to look for");
	rc = history_start(&v->h, p, news);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	list_count(&v->list, 0, true);
	return ERR_NONE;
}

static void
log_close(struct pane *p)
{
	struct log_view *v = p->state;

	reading_slice_stop(p->room, v);
	buf_release(&v->needle);
	history_release(&v->h);
	list_release(&v->list);
}

static bool
log_stop(struct pane *p)
{
	struct log_view *v = p->state;

	if (v->looking) {
		reading_slice_stop(p->room, v);
		v->looking = false;
		return true;
	}
	if (v->h.done && v->needle.len > 0) {
		buf_clear(&v->needle);
		return true;
	}
	if (!history_stop(&v->h))
		return false;
	news(p);
	return true;
}

static const char *
nothing(const struct history *h)
{
	if (!h->done)
		return "reading history ...";
	if (h->stopped || h->failed)
		return "nothing found so far";
	switch (h->kind) {
	case HISTORY_AUTHOR:
		return "no commit is by such an author";
	case HISTORY_MESSAGE:
		return "no commit says this";
	case HISTORY_LINES:
		return "no commit changed these lines";
	case HISTORY_TEXT:
		return "no commit changed how often this stands in a file";
	default:
		return "no commit changed this path";
	}
}

static void
log_draw(struct pane *p, struct canvas *c)
{
	struct log_view *v = p->state;

	v->list.empty = nothing(&v->h);
	list_draw(&v->list, c);
}

static void
describe(const struct history *h, struct buf *b)
{
	switch (h->kind) {
	case HISTORY_ALL:
		buf_str(b, STR("everything"));
		break;
	case HISTORY_AUTHOR:
		buf_str(b, STR("commits by author "));
		break;
	case HISTORY_MESSAGE:
		buf_str(b, STR("commits whose message has "));
		break;
	case HISTORY_LINES:
		buf_printf(b, "lines %u-%u (as log -L) of ", h->first, h->last);
		break;
	case HISTORY_TEXT:
		buf_str(b, STR("how often a text stands (log -S): "));
		break;
	case HISTORY_PATH:
		break;
	}
	if (h->kind != HISTORY_PATH && h->kind != HISTORY_LINES)
		buf_str(b, h->text);
}

static void
log_title(struct pane *p, struct canvas *line)
{
	struct log_view *v = p->state;
	struct buf b = { 0 };
	int col;

	reading_title(p->room, &v->h.from, &b);
	buf_str(&b, STR("  history of "));
	describe(&v->h, &b);
	col = canvas_str(line, 0, 0, line->cols - 4, ROLE_TITLE, buf_view(&b));
	canvas_path(line, 0, col, line->cols - col - 4, ROLE_TITLE, v->h.path);
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static void
log_status(struct pane *p, struct canvas *line)
{
	struct log_view *v = p->state;
	struct buf b = { 0 };

	buf_str(&b, STR("commit "));
	list_position(&v->list, &b);
	history_progress(&v->h, &b);
	if (v->looking)
		buf_printf(&b, "  %zu still to look at, Esc stops", v->left);
	buf_str(&b, STR("  "));
	history_describe(&v->h, (size_t)v->list.selected, &b);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
log_list(struct pane *p)
{
	struct log_view *v = p->state;

	return &v->list;
}

static const struct oid *
selected(struct pane *p)
{
	struct log_view *v = p->state;

	return v->list.selected < v->h.commits.len ?
	    &v->h.commits.ids[v->list.selected] :
	    NULL;
}

/* Of a path, the view opens at that file. */
static void
open_selected(struct pane *p, const char *view)
{
	const struct log_view *v = p->state;
	const struct oid *id = selected(p);
	struct target t = { 0 };

	if (id == NULL)
		return;
	t.commit = *id;
	t.path = history_path(&v->h, (size_t)v->list.selected);
	shell_open(p->shell, view, &t);
}

static void
run_enter(struct pane *p, const struct call *c)
{
	(void)c;
	open_selected(p, "commit");
}

static void
run_tree(struct pane *p, const struct call *c)
{
	(void)c;
	open_selected(p, "tree");
}

static void
run_compare(struct pane *p, const struct call *c)
{
	const struct oid *id = selected(p);
	struct log_view *v = p->state;
	struct target t = { .commit = v->h.from };

	if (c->args.len > 0) {
		reading_compare(p, &v->h.from, v->h.path, c->args);
		return;
	}
	if (id == NULL)
		return;
	t.commit2 = *id;
	shell_open(p->shell, "compare", &t);
}

/* From where this log begins, not from the row: nothing newer is missed. */
static void
pickaxe_done(struct pane *p, struct str line)
{
	struct log_view *v = p->state;
	struct target t = {
		.commit = v->h.from,
		.text = line,
		.number = LOG_OF_TEXT,
	};

	if (line.len > 0)
		shell_open(p->shell, "log", &t);
}

static void
run_pickaxe(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "commits that add or remove this text: ",
		.history = "search",
		.done = pickaxe_done,
	};

	shell_argument(p, c, &ask);
}

static void
log_where(struct pane *p, struct target *t)
{
	const struct oid *id = selected(p);
	struct log_view *v = p->state;

	t->commit = id == NULL ? v->h.from : *id;
	t->commit2 = v->h.from;
	t->path = v->h.path;
	/* The whole of it: "author:NAME" is told from a path by that. */
	if (v->h.kind != HISTORY_PATH)
		t->text = p->target.text;
	t->line = v->h.first;
	t->last = v->h.last;
	t->number = p->target.number;
}

static bool
log_go(struct pane *p, const struct target *t)
{
	struct log_view *v = p->state;
	struct target now = { 0 };

	log_where(p, &now);
	if (!oid_eq(&now.commit2, &t->commit2) || !str_eq(now.path, t->path) ||
	    !str_eq(now.text, t->text) || now.line != t->line ||
	    now.last != t->last || now.number != t->number)
		return false;
	for (size_t i = 0; i < v->h.commits.len; i++)
		if (oid_eq(&v->h.commits.ids[i], &t->commit)) {
			list_select(&v->list, i);
			break;
		}
	return true;
}

static const struct command commands[] = {
	{ "show", "Enter d", "show the commit", run_enter, "commit", NULL },
	{ "folder", "t", "folders and files of that commit", run_tree, "tree",
	    NULL },
	{ "diff-with", "D", "what changed from that commit to here",
	    run_compare, "compare", "OLD [NEW]" },
	{ "pickaxe", NULL, "commits of this history that add or remove a text",
	    run_pickaxe, NULL, "TEXT" },
	{ 0 },
};

const struct view view_log = {
	.name = "log",
	.about = "history, newest first; of PATH, author:NAME, message:TEXT",
	.args = "[PATH]",
	.state_size = sizeof(struct log_view),
	.commands = commands,
	.open = log_open,
	.close = log_close,
	.draw = log_draw,
	.title = log_title,
	.status = log_status,
	.list = log_list,
	.stop = log_stop,
	.where = log_where,
	.go = log_go,
	.find = log_find,
};
