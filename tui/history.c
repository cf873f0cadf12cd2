#include "tui/history.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/git_commit.h"
#include "core/job_linelog.h"
#include "core/job_pathlog.h"
#include "core/job_pickaxe.h"

enum { HISTORY_SLICE = 200 };

/* --- from the idle loop -------------------------------------------------- */

static bool
is_wanted(struct history *h, const struct oid *id)
{
	struct arena a = { 0 };
	struct commit got;
	bool is = false;

	if (h->kind == HISTORY_ALL)
		return true;
	if (git_commit_read(&got, &a, reading_repo(h->pane->room), id) !=
	    ERR_NONE) {
		err_clear();
		h->missing++;
	} else if (h->kind == HISTORY_MESSAGE) {
		is = text_find(got.message, h->text, 0) != SIZE_MAX;
	} else {
		is = text_find(got.author.name, h->text, 0) != SIZE_MAX ||
		    text_find(got.author.mail, h->text, 0) != SIZE_MAX;
	}
	arena_release(&a);
	return is;
}

static bool
read_on(void *arg)
{
	struct history *h = arg;
	struct git_graph *g = reading_graph(h->pane->room);
	enum err rc = ERR_NONE;
	uint32_t node;
	bool got;

	for (int i = 0; i < HISTORY_SLICE && rc == ERR_NONE; i++) {
		rc = git_log_next(&node, &got, h->log, HISTORY_SLICE);
		if (rc != ERR_NONE || !got)
			break;
		if (is_wanted(h, &git_graph_node(g, node)->id))
			commits_add(&h->commits, &git_graph_node(g, node)->id);
	}
	h->looked = git_log_seen(h->log);
	if (rc != ERR_NONE) {
		h->done = true;
		h->cut = git_log_cut(h->log);
	}
	if (rc == ERR_ABSENT)
		err_clear();
	else
		shell_error(h->pane->shell, rc);
	h->failed = rc != ERR_NONE && rc != ERR_ABSENT;
	h->news(h->pane);
	return !h->done;
}

/* --- from a worker ------------------------------------------------------- */

static void
add_place(struct history *h, const struct oid *id, struct str path, uint32_t a,
    uint32_t b)
{
	size_t n = h->commits.len;
	struct history_place *place;

	commits_add(&h->commits, id);
	h->places = array_more(h->places, n, &h->room, sizeof *h->places);
	place = &h->places[n];
	*place = (struct history_place){ .a = a, .b = b, .files = 1 };
	if (n > 0 && str_eq(history_path(h, n - 1), path)) {
		place->path = h->places[n - 1].path;
	} else {
		place->path = h->names.len;
		buf_str(&h->names, path);
	}
	place->path_len = path.len;
}

static bool
take_path(struct history *h, struct wire *w)
{
	struct pathlog_row row;

	if (!job_pathlog_read_row(&row, w))
		return false;
	if (oid_is_zero(&row.commit))
		h->capped = true;
	else
		commits_add(&h->commits, &row.commit);
	return true;
}

static bool
take_lines(struct history *h, struct wire *w)
{
	struct linelog_row row;

	if (!job_linelog_read_row(&row, w))
		return false;
	add_place(h, &row.commit, row.path, row.first, row.last);
	return true;
}

/* A row for each file; the list has one for each commit. */
static bool
take_text(struct history *h, struct wire *w)
{
	struct pickaxe_hit row;
	size_t n = h->commits.len;

	if (!job_pickaxe_read_row(&row, w))
		return false;
	if (row.kind == PICKAXE_MISSING) {
		h->missing = row.old;
		h->cut = row.new;
	} else if (n > 0 && oid_eq(&h->commits.ids[n - 1], &row.commit)) {
		h->places[n - 1].files++;
	} else {
		add_place(h, &row.commit, row.path, row.old, row.new);
	}
	return true;
}

static void
on_data(void *arg, struct str body)
{
	struct history *h = arg;
	struct wire w = wire_of(body);

	switch (h->kind) {
	case HISTORY_LINES:
		while (take_lines(h, &w))
			;
		break;
	case HISTORY_TEXT:
		while (take_text(h, &w))
			;
		break;
	default:
		while (take_path(h, &w))
			;
	}
	if (w.bad && !h->failed) {
		h->failed = true;
		shell_say(h->pane->shell, ROLE_ERROR,
		    STR("the list is not whole: a worker sent damaged rows"));
	}
	h->news(h->pane);
}

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct history *h = arg;

	h->looked = done;
	h->total = total;
	shell_redraw(h->pane->shell);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct history *h = arg;

	h->job = 0;
	h->done = true;
	if (rc != ERR_NONE) {
		h->failed = true;
		shell_say(h->pane->shell, ROLE_ERROR, text);
	}
	h->news(h->pane);
}

/* The name of the job; its arguments in b. */
static const char *
job_of(const struct history *h, struct buf *b)
{
	switch (h->kind) {
	case HISTORY_LINES:
		job_linelog_args(b,
		    &(struct linelog_args){ .from = h->from,
			.path = h->path,
			.first = h->first,
			.last = h->last });
		return "linelog";
	case HISTORY_TEXT:
		job_pickaxe_args(b,
		    &(struct pickaxe_args){ .from = h->from,
			.text = h->text,
			.path = h->path });
		return "pickaxe";
	default:
		job_pathlog_args(b,
		    &(struct pathlog_args){ .from = h->from,
			.path = h->path,
			.follow = true });
		return "pathlog";
	}
}

static void
start_job(struct history *h)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.progress = on_progress,
		.done = on_done,
	};
	struct buf b = { 0 };
	const char *name = job_of(h, &b);

	h->job = reading_job_start(h->pane->room, name, buf_view(&b), &sink, h);
	buf_release(&b);
}

/* --- for the view -------------------------------------------------------- */

enum err
history_start(struct history *h, struct pane *p, void (*news)(struct pane *p))
{
	struct git_log_options o = { .from = h->from };
	enum err rc;

	h->pane = p;
	h->news = news;
	if (h->kind < HISTORY_PATH) {
		rc = git_log_open(&h->log, reading_graph(p->room), &o);
		if (rc != ERR_NONE)
			return rc;
		reading_slice(p->room, read_on, h);
	} else {
		start_job(h);
	}
	commits_init(&h->commits, p->room);
	return ERR_NONE;
}

static void
halt(struct history *h)
{
	reading_slice_stop(h->pane->room, h);
	reading_job_cancel(h->pane->room, h->job);
	h->job = 0;
}

void
history_release(struct history *h)
{
	halt(h);
	git_log_close(h->log);
	commits_release(&h->commits);
	free(h->places);
	buf_release(&h->names);
}

bool
history_stop(struct history *h)
{
	if (h->done)
		return false;
	halt(h);
	h->done = true;
	h->stopped = true;
	return true;
}

struct str
history_path(const struct history *h, size_t row)
{
	const struct history_place *place;

	if (h->kind < HISTORY_LINES)
		return h->path;
	if (row >= h->commits.len)
		return STR("");
	place = &h->places[row];
	return str_slice(buf_view(&h->names), place->path,
	    place->path + place->path_len);
}

void
history_describe(const struct history *h, size_t row, struct buf *b)
{
	const struct history_place *place;

	if (h->kind < HISTORY_LINES || row >= h->commits.len)
		return;
	place = &h->places[row];
	if (h->kind == HISTORY_LINES)
		buf_printf(b, "lines %u-%u of ", place->a, place->b);
	else
		buf_printf(b, "%u -> %u times in ", place->a, place->b);
	buf_str(b, history_path(h, row));
	if (place->files > 1)
		buf_printf(b, " and %u more", place->files - 1);
}

static void
say_looked(const struct history *h, struct buf *b)
{
	if (h->kind == HISTORY_ALL || h->looked == 0)
		return;
	if (h->done && !h->stopped && h->kind != HISTORY_AUTHOR &&
	    h->kind != HISTORY_MESSAGE)
		return; /* the last figure a job sent is not the last one */
	buf_printf(b, "  %llu", (unsigned long long)h->looked);
	if (h->total > 0)
		buf_printf(b, "/%llu", (unsigned long long)h->total);
	buf_str(b, STR(" looked at"));
}

void
history_progress(const struct history *h, struct buf *b)
{
	if (!h->done)
		buf_str(b, STR("  loading, Esc stops"));
	say_looked(h, b);
	if (h->stopped)
		buf_str(b, STR("  PARTIAL: stopped"));
	if (h->failed)
		buf_str(b, STR("  PARTIAL: an error, :messages"));
	if (h->missing > 0)
		buf_printf(b, "  PARTIAL: %u %s%s cannot be read", h->missing,
		    h->kind == HISTORY_TEXT ? "file" : "commit",
		    h->missing == 1 ? "" : "s");
	if (h->capped)
		buf_str(b,
		    STR("  copies from the largest folders not looked for"));
	if (h->cut > 0)
		buf_printf(b, "  history ends at %u commits not delivered",
		    h->cut);
}
