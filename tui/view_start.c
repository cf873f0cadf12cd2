#include "core/git_log.h"
#include "tui/commits.h"
#include "tui/reading.h"

enum { START_COMMITS = 200, START_SLICE = 20, WELCOME_ROWS = 8 };

/*
 * The first screen: what a session says, or else five lines of what to
 * try; what has to be known about the repository, the releases, the newest
 * commits.  It is drawn before anything of the history has been read.
 */
struct start_view {
	struct list list;
	struct git_log *log;
	struct str notice; /* of the repository, lines */
	struct commits commits;
	size_t n_releases;
	bool done;
};

static const struct {
	const char *key, *text, *key2, *text2;
} hints[] = {
	{ "t", "folders and files", "f", "a file by a part of its name" },
	{ "g/", "search all files", "gL", "history of everything" },
	{ "@", "releases, tags, branches", "D",
	    "compare with another revision" },
	{ "c", "in a file: a note on its line", "F",
	    "a finding: what may leave, if allowed" },
	{ "?", "all keys of the view", "Q", "leave; nothing typed is lost" },
};

static void
draw_release(struct pane *p, const struct ref *ref, const struct list_row *r,
    const struct canvas *line)
{
	int col = canvas_str(line, 0, 1, 24, r->attr | ROLE_NAME, ref->brief);

	(void)p;
	col = canvas_str(line, 0, col < 26 ? 26 : col + 1, 14, r->attr,
	    ref->status);
	(void)canvas_printf(line, 0, col < 41 ? 41 : col + 1,
	    r->attr | ROLE_NUMBER, "%.10s", oid_text(&ref->commit).hex);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct start_view *v = p->state;
	const struct refs *refs = reading_refs(p->room);

	if (r->row < v->n_releases)
		draw_release(p, &refs->at[r->row], r, line);
	else
		commits_draw(&v->commits, r->row - v->n_releases, r, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;
	struct start_view *v = p->state;
	struct reading *room = p->room;

	if (row < v->n_releases)
		return reading_refs(room)->at[row].brief;
	return commits_text(&v->commits, row - v->n_releases, b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static bool
read_on(void *arg)
{
	struct pane *p = arg;
	struct start_view *v = p->state;
	enum err rc = ERR_NONE;
	uint32_t node;
	bool got;

	for (int i = 0; i < START_SLICE; i++) {
		rc = git_log_next(&node, &got, v->log, START_SLICE);
		if (rc != ERR_NONE || !got)
			break;
		commits_add(&v->commits,
		    &git_graph_node(reading_graph(p->room), node)->id);
	}
	if (rc != ERR_NONE || v->commits.len >= START_COMMITS)
		v->done = true;
	if (rc == ERR_ABSENT)
		err_clear();
	else
		shell_error(p->shell, rc);
	list_count(&v->list, v->n_releases + v->commits.len, !v->done);
	shell_redraw(p->shell);
	return !v->done;
}

static enum err
start_open(struct pane *p, const struct target *t)
{
	struct start_view *v = p->state;
	struct reading *r = p->room;
	const struct refs *refs = reading_refs(r);
	struct git_log_options o = { .from = reading_commit(r) };
	struct git_repo_facts facts;
	enum err rc;

	(void)t;
	list_init(&v->list, &source, p);
	git_repo_facts(&facts, reading_repo(r));
	v->list.empty = facts.alternates ?
	    "its objects are elsewhere (objects/info/alternates): "
	    "git repack -ad there brings them here" :
	    "no commits yet";
	v->notice = git_repo_notice(reading_repo(r), &p->arena);
	commits_init(&v->commits, r);
	if (reading_start(r)->session)
		v->n_releases = refs->len;
	list_count(&v->list, v->n_releases, false);
	if (oid_is_zero(&o.from))
		return ERR_NONE;
	rc = git_log_open(&v->log, reading_graph(r), &o);
	if (rc == ERR_NONE)
		reading_slice(r, read_on, p);
	return rc;
}

static void
start_close(struct pane *p)
{
	struct start_view *v = p->state;

	reading_slice_stop(p->room, p);
	git_log_close(v->log);
	commits_release(&v->commits);
	list_release(&v->list);
}

static int
draw_hints(struct canvas *c, int row)
{
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++, row++) {
		canvas_put(c, row, 2, ROLE_KEY, hints[i].key);
		canvas_put(c, row, 5, ROLE_TEXT, hints[i].text);
		canvas_put(c, row, 38, ROLE_KEY, hints[i].key2);
		canvas_put(c, row, 41, ROLE_TEXT, hints[i].text2);
	}
	return row;
}

/* What the sides of a session agreed to say here. */
static int
draw_welcome(struct canvas *c, int row, struct str welcome)
{
	struct str rest = welcome, line;
	int last = row + WELCOME_ROWS;

	while (row < last && str_cut(&rest, '\n', &line))
		canvas_str(c, row++, 2, c->cols - 3, ROLE_TEXT, line);
	if (str_trim(rest).len > 0)
		canvas_put(c, row++, 2, ROLE_FAINT,
		    "... goes on in session.conf");
	return row;
}

static int
draw_head(struct pane *p, struct canvas *c)
{
	struct start_view *v = p->state;
	struct str welcome = reading_start(p->room)->welcome;
	struct str rest = v->notice, line;
	int row;

	/* On a small screen the commits matter more. */
	if (c->rows < 14)
		return 0;
	row = welcome.len > 0 ? draw_welcome(c, 1, welcome) : draw_hints(c, 1);
	row++;
	while (str_cut(&rest, '\n', &line)) {
		canvas_put(c, row, 1, ROLE_WARNING, "!");
		canvas_str(c, row++, 3, c->cols - 3, ROLE_WARNING, line);
	}
	return row;
}

static void
start_draw(struct pane *p, struct canvas *c)
{
	struct start_view *v = p->state;
	int row = draw_head(p, c);
	struct canvas part = canvas_part(c, row, 0, c->rows - row, c->cols);

	list_draw(&v->list, &part);
}

static void
start_title(struct pane *p, struct canvas *line)
{
	struct reading *r = p->room;
	const struct start *s = reading_start(r);
	struct oid commit = reading_commit(r);
	struct buf b = { 0 };
	int col = canvas_str(line, 0, 0, 40, ROLE_TITLE, s->title);

	if (!oid_is_zero(&commit)) {
		buf_str(&b, STR("at "));
		buf_str(&b, reading_revision(r));
		buf_printf(&b, " %.10s", oid_text(&commit).hex);
		canvas_str(line, 0, col + 1, line->cols - col - 5, ROLE_TITLE,
		    buf_view(&b));
	}
	canvas_put(line, 0, line->cols - 2, ROLE_TITLE, "RO");
	buf_release(&b);
}

static struct list *
start_list(struct pane *p)
{
	struct start_view *v = p->state;

	return &v->list;
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct start_view *v = p->state;
	struct reading *r = p->room;
	uint64_t row = v->list.selected;
	struct target t = { 0 };

	(void)c;
	if (row >= v->list.count)
		return;
	if (row < v->n_releases) {
		const struct ref *ref = &reading_refs(r)->at[row];
		enum err rc = reading_choose(r, ref->brief);

		if (rc != ERR_NONE) {
			shell_error(p->shell, rc);
			return;
		}
		t.commit = reading_commit(r);
		shell_open(p->shell, "tree", &t);
		return;
	}
	t.commit = v->commits.ids[row - v->n_releases];
	shell_open(p->shell, "commit", &t);
}

static void
start_where(struct pane *p, struct target *t)
{
	t->commit = reading_commit(p->room);
}

static bool
start_go(struct pane *p, const struct target *t)
{
	(void)p;
	(void)t;
	return true;
}

static const struct command commands[] = {
	{ "enter", "Enter", "open the release or the commit", run_enter, "open",
	    NULL },
	{ 0 },
};

const struct view view_start = {
	.name = "start",
	.about = "what is read here, and what to try",
	.state_size = sizeof(struct start_view),
	.commands = commands,
	.open = start_open,
	.close = start_close,
	.draw = start_draw,
	.title = start_title,
	.list = start_list,
	.where = start_where,
	.go = start_go,
};
