#include "tui/reading_prints.h"

#include "core/job_feed.h"
#include "core/press_files.h"
#include "tui/reading_inside.h"
#include "tui/reading_job.h"

static void
done(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;

	(void)text;
	if (rc == ERR_NONE || rc == ERR_STOPPED)
		return;
	r->prints_of = (struct oid){ { 0 } };
	shell_message(r->shell,
	    "the checker was not given all files: nothing "
	    "can leave until it was");
}

static const struct reading_sink sink = { .done = done };

static void
start(struct reading *r)
{
	struct feed_args f = {
		.job = ++r->prints_feeds,
		.slices = 1,
		.what = FEED_REVISIONS,
		.ids = &r->commit,
		.n = 1,
	};
	struct buf args = { 0 };

	r->prints_of = r->commit;
	job_feed_args(&args, &f);
	reading_job_on(r, 0, "prints", buf_view(&args), &sink, r);
	buf_release(&args);
}

void
reading_prints_want(struct reading *r)
{
	if (r->start->session || r->cores == 0)
		return;
	r->prints_wanted = true;
	if (!oid_eq(&r->prints_of, &r->commit))
		start(r);
}

void
reading_prints_chosen(struct reading *r)
{
	if (r->prints_wanted)
		reading_prints_want(r);
}

static void
pressed(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;

	(void)text;
	if (rc != ERR_NONE && rc != ERR_STOPPED)
		shell_message(r->shell,
		    "the checker was not given all files: no page can be made "
		    "of them");
}

enum err
reading_prints_press(void *arg, struct str body)
{
	struct reading *r = arg;
	static const struct reading_sink sink_press = { .done = pressed };
	struct arena a = { 0 };
	struct press_files j;
	enum err rc = press_files_read(&j, &a, body);

	if (rc == ERR_NONE && r->cores > 0)
		reading_job_on(r, 0, "press", body, &sink_press, r);
	arena_release(&a);
	return rc;
}
