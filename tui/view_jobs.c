#include <string.h>

#include "tui/list.h"
#include "tui/reading.h"
#include "tui/reading_history.h"

/* What runs in the background and what waits; drawn as it is now. */
struct jobs_view {
	struct list list;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct reading_job job;
	const struct job *what;

	if (!reading_job_at(p->room, r->row, &job))
		return;
	what = job_find(str_of(job.name));
	if (job.worker >= 0)
		canvas_printf(line, 0, 0, r->attr, "worker %d", job.worker);
	else
		canvas_put(line, 0, 0, r->attr, "waits");
	canvas_printf(line, 0, 11, r->attr | ROLE_NAME, "%s", job.name);
	if (job.total > 0)
		canvas_printf(line, 0, 22, r->attr | ROLE_NUMBER, "%llu/%llu",
		    (unsigned long long)job.done,
		    (unsigned long long)job.total);
	if (what != NULL && what->help != NULL)
		canvas_str(line, 0, 42, line->cols - 42, r->attr,
		    str_of(what->help));
}

static const struct list_source source = { draw_row, NULL, NULL };

static enum err
jobs_open(struct pane *p, const struct target *t)
{
	struct jobs_view *v = p->state;

	(void)t;
	list_init(&v->list, &source, p);
	v->list.empty = "nothing runs in the background";
	return ERR_NONE;
}

static void
jobs_close(struct pane *p)
{
	struct jobs_view *v = p->state;

	list_release(&v->list);
}

static void
jobs_draw(struct pane *p, struct canvas *c)
{
	struct jobs_view *v = p->state;
	struct reading_job job;
	uint64_t n = 0;

	while (reading_job_at(p->room, n, &job))
		n++;
	list_count(&v->list, n, false);
	list_draw(&v->list, c);
}

static struct list *
jobs_list(struct pane *p)
{
	struct jobs_view *v = p->state;

	return &v->list;
}

static void
run_stop(struct pane *p, const struct call *c)
{
	struct jobs_view *v = p->state;
	struct reading_job job;

	(void)c;
	if (!reading_job_at(p->room, v->list.selected, &job))
		return;
	if (strcmp(job.name, "index") == 0) {
		reading_history_stop(p->room);
		shell_message(p->shell,
		    "stopped: log and blame compare commits one by one");
	} else
		shell_message(p->shell,
		    "the view that started it stops it: "
		    "Esc there, or close it");
}

static const struct command commands[] = {
	{ "stop", "Enter", "how to stop it", run_stop, NULL, NULL },
	{ 0 },
};

const struct view view_jobs = {
	.name = "jobs",
	.about = "what runs in the background",
	.state_size = sizeof(struct jobs_view),
	.commands = commands,
	.open = jobs_open,
	.close = jobs_close,
	.draw = jobs_draw,
	.list = jobs_list,
};
