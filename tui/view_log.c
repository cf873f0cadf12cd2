#include "core/git_log.h"
#include "core/job_pathlog.h"
#include "tui/commits.h"
#include "tui/reading.h"

enum { LOG_SLICE = 200 };

/*
 * History, newest first, streaming: of everything from here, in slices of
 * the idle loop; of one path, from a worker.
 */
struct log_view {
	struct list list;
	struct commits commits;
	struct oid from;
	struct str path;     /* "": of everything */
	struct git_log *log; /* of everything */
	uint32_t job;        /* of a path; 0: none runs */
	bool done, stopped, damaged;
	uint64_t looked; /* commits looked at by the job */
	/* "/": rows are looked at in slices, since each costs a read. */
	struct pane *pane;
	struct buf needle;
	bool looking, back;
	size_t row, left; /* the next one, and how many are still to go */
	uint32_t cut;     /* parents that were not delivered */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct log_view *v = p->state;
	struct list_row row = *r;

	row.find = buf_view(&v->needle);
	commits_draw(&v->commits, r->row, &row, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct log_view *v = p->state;

	return commits_text(&v->commits, row, b);
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
		found = text_find(commits_text(&v->commits, v->row, &b),
			    buf_view(&v->needle), 0) != SIZE_MAX;
		if (found)
			break;
		v->left--;
		if (v->back)
			v->row = v->row == 0 ? v->commits.len - 1 : v->row - 1;
		else
			v->row = (v->row + 1) % v->commits.len;
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
	size_t n = v->commits.len;

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

	list_count(&v->list, v->commits.len, !v->done);
	shell_redraw(p->shell);
}

static bool
read_on(void *arg)
{
	struct pane *p = arg;
	struct log_view *v = p->state;
	enum err rc = ERR_NONE;
	uint32_t node;
	bool got;

	for (int i = 0; i < LOG_SLICE && rc == ERR_NONE; i++) {
		rc = git_log_next(&node, &got, v->log, LOG_SLICE);
		if (rc != ERR_NONE || !got)
			break;
		commits_add(&v->commits,
		    &git_graph_node(reading_graph(p->room), node)->id);
	}
	if (rc != ERR_NONE) {
		v->done = true;
		v->cut = git_log_cut(v->log);
	}
	if (rc == ERR_ABSENT)
		err_clear();
	else
		shell_error(p->shell, rc);
	news(p);
	return !v->done;
}

static void
on_data(void *arg, struct str body)
{
	struct pane *p = arg;
	struct log_view *v = p->state;
	struct wire w = wire_of(body);
	struct pathlog_row row;

	while (job_pathlog_read_row(&row, &w))
		commits_add(&v->commits, &row.commit);
	v->damaged |= w.bad;
	news(p);
}

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct pane *p = arg;
	struct log_view *v = p->state;

	(void)total;
	v->looked = done;
	shell_redraw(p->shell);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct pane *p = arg;
	struct log_view *v = p->state;

	v->job = 0;
	v->done = true;
	if (rc != ERR_NONE)
		shell_say(p->shell, ROLE_ERROR, text);
	else if (v->damaged)
		shell_say(p->shell, ROLE_ERROR,
		    STR("the list is not whole: a worker sent damaged rows"));
	news(p);
}

static void
start_job(struct pane *p)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.progress = on_progress,
		.done = on_done,
	};
	struct log_view *v = p->state;
	struct pathlog_args args = {
		.from = v->from,
		.path = v->path,
		.follow = true,
	};
	struct buf b = { 0 };

	job_pathlog_args(&b, &args);
	v->job = reading_job_start(p->room, "pathlog", buf_view(&b), &sink, p);
	buf_release(&b);
}

static enum err
log_open(struct pane *p, const struct target *t)
{
	struct log_view *v = p->state;
	struct git_log_options o = { 0 };
	enum err rc = ERR_NONE;

	v->pane = p;
	v->from = oid_is_zero(&t->commit) ? reading_commit(p->room) : t->commit;
	if (oid_is_zero(&v->from))
		return fail(ERR_ABSENT, "there is no commit to read yet");
	o.from = v->from;
	v->path = t->path.len > 0 ? t->path : t->text;
	if (v->path.len == 0)
		rc = git_log_open(&v->log, reading_graph(p->room), &o);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, p);
	v->list.empty = "no commit changed this path";
	commits_init(&v->commits, p->room);
	list_count(&v->list, 0, true);
	if (v->path.len == 0)
		reading_slice(p->room, read_on, p);
	else
		start_job(p);
	return ERR_NONE;
}

static void
log_close(struct pane *p)
{
	struct log_view *v = p->state;

	reading_slice_stop(p->room, p);
	reading_slice_stop(p->room, v);
	reading_job_cancel(p->room, v->job);
	buf_release(&v->needle);
	git_log_close(v->log);
	commits_release(&v->commits);
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
	if (v->done && v->needle.len > 0) {
		buf_clear(&v->needle);
		return true;
	}
	if (v->done)
		return false;
	reading_slice_stop(p->room, p);
	reading_job_cancel(p->room, v->job);
	v->job = 0;
	v->done = true;
	v->stopped = true;
	news(p);
	return true;
}

static void
log_draw(struct pane *p, struct canvas *c)
{
	struct log_view *v = p->state;
	bool waits = !v->done && v->commits.len == 0;

	v->list.empty =
	    waits ? "reading history ..." : "no commit changed this path";
	list_draw(&v->list, c);
}

static void
log_title(struct pane *p, struct canvas *line)
{
	struct log_view *v = p->state;
	struct buf b = { 0 };
	int col;

	reading_title(p->room, &v->from, &b);
	buf_str(&b, STR("  history of "));
	if (v->path.len == 0)
		buf_str(&b, STR("everything"));
	col = canvas_str(line, 0, 0, line->cols - 4, ROLE_TITLE, buf_view(&b));
	canvas_path(line, 0, col, line->cols - col - 4, ROLE_TITLE, v->path);
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
	if (!v->done)
		buf_str(&b, STR("  loading, Esc stops"));
	if (!v->done && v->looked > 0)
		buf_printf(&b, "  %llu looked at",
		    (unsigned long long)v->looked);
	if (v->looking)
		buf_printf(&b, "  %zu still to look at, Esc stops", v->left);
	if (v->stopped)
		buf_str(&b, STR("  PARTIAL: stopped"));
	if (v->cut > 0)
		buf_printf(&b, "  history ends at %u commits not delivered",
		    v->cut);
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

	return v->list.selected < v->commits.len ?
	    &v->commits.ids[v->list.selected] :
	    NULL;
}

/* Of a path, the commit opens at that file. */
static void
run_enter(struct pane *p, const struct call *c)
{
	const struct log_view *v = p->state;
	const struct oid *id = selected(p);
	struct target t = { .path = v->path };

	(void)c;
	if (id == NULL)
		return;
	t.commit = *id;
	shell_open(p->shell, "commit", &t);
}

static void
run_tree(struct pane *p, const struct call *c)
{
	const struct log_view *v = p->state;
	const struct oid *id = selected(p);
	struct target t = { .path = v->path };

	(void)c;
	if (id == NULL)
		return;
	t.commit = *id;
	shell_open(p->shell, "tree", &t);
}

static void
run_compare(struct pane *p, const struct call *c)
{
	const struct oid *id = selected(p);
	struct log_view *v = p->state;
	struct target t = { .commit = v->from };

	(void)c;
	if (id == NULL)
		return;
	t.commit2 = *id;
	shell_open(p->shell, "compare", &t);
}

static void
log_where(struct pane *p, struct target *t)
{
	const struct oid *id = selected(p);
	struct log_view *v = p->state;

	t->commit = id == NULL ? v->from : *id;
	t->commit2 = v->from;
	t->path = v->path;
}

static bool
log_go(struct pane *p, const struct target *t)
{
	struct log_view *v = p->state;

	if (!oid_eq(&v->from, &t->commit2) || !str_eq(t->path, v->path))
		return false;
	for (size_t i = 0; i < v->commits.len; i++)
		if (oid_eq(&v->commits.ids[i], &t->commit)) {
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
	    run_compare, "compare", NULL },
	{ 0 },
};

const struct view view_log = {
	.name = "log",
	.about = "history, newest first; of one path with PATH",
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
