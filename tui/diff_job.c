#include "tui/diff_job.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/job_filediff.h"
#include "tui/reading_job.h"

static void
add_hunk(struct diff_job *j, const struct filediff_row *row)
{
	struct file_diff *d = &j->diff;

	d->hunks =
	    array_more(d->hunks, d->n_hunks, &j->hunks, sizeof *d->hunks);
	d->hunks[d->n_hunks++] = (struct diff_hunk){
		.old_first = row->old_first,
		.old_len = row->old_len,
		.new_first = row->new_first,
		.new_len = row->new_len,
		.first = (uint32_t)d->n_lines,
		.head = arena_copy(j->arena, row->head),
	};
	j->old_line = row->old_first;
	j->new_line = row->new_first;
}

/* false: the side has no such line. */
static bool
add_line(struct diff_job *j, char kind)
{
	struct file_diff *d = &j->diff;
	struct diff_line l = { .kind = kind };
	struct code *side = kind == '-' ? j->old : j->new;
	bool lf = true;

	d->lines =
	    array_more(d->lines, d->n_lines, &j->lines, sizeof *d->lines);
	if (kind != '+')
		l.old_line = j->old_line++;
	if (kind != '-')
		l.new_line = j->new_line++;
	if (!lines_get(&side->lines, kind == '-' ? l.old_line : l.new_line,
		&l.text, &lf))
		return false;
	l.no_lf = !lf;
	d->added += kind == '+';
	d->deleted += kind == '-';
	d->hunks[d->n_hunks - 1].len++;
	d->lines[d->n_lines++] = l;
	return true;
}

static void
on_data(void *arg, struct str body)
{
	struct diff_job *j = arg;
	struct wire w = wire_of(body);
	struct filediff_row row;

	while (!j->damaged && job_filediff_read_row(&row, &w)) {
		if (row.kind == '@')
			add_hunk(j, &row);
		else if (j->diff.n_hunks == 0)
			j->damaged = true;
		for (uint32_t i = 0; i < row.len && !j->damaged; i++)
			j->damaged = !add_line(j, row.kind);
	}
	j->damaged |= w.bad;
}

/* What was grown on the way goes into the arena, as git_diff_bytes() has
 * it. */
static void
settle(struct diff_job *j)
{
	struct file_diff *d = &j->diff;
	struct diff_hunk *hunks =
	    arena_array(j->arena, d->n_hunks + 1, struct diff_hunk);
	struct diff_line *lines =
	    arena_array(j->arena, d->n_lines + 1, struct diff_line);

	if (d->n_hunks > 0)
		memcpy(hunks, d->hunks, d->n_hunks * sizeof *hunks);
	if (d->n_lines > 0)
		memcpy(lines, d->lines, d->n_lines * sizeof *lines);
	free(d->hunks);
	free(d->lines);
	d->hunks = hunks;
	d->lines = lines;
	j->hunks = j->lines = 0;
}

static void
drop(struct diff_job *j)
{
	if (j->hunks > 0)
		free(j->diff.hunks);
	if (j->lines > 0)
		free(j->diff.lines);
	j->diff = (struct file_diff){ 0 };
	j->hunks = j->lines = 0;
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct diff_job *j = arg;

	j->id = 0;
	if (rc == ERR_NONE && j->damaged) {
		rc = ERR_FORMAT;
		text = STR("a worker sent a damaged comparison");
	}
	if (rc == ERR_NONE)
		settle(j);
	else
		drop(j);
	j->done(j->arg, rc, text);
}

void
diff_job_start(struct diff_job *j, const struct oid *old, const struct oid *new,
    const struct diff_options *o)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.done = on_done,
	};
	struct filediff_args args = { *old, *new, *o };
	struct buf b = { 0 };

	drop(j);
	j->damaged = false;
	job_filediff_args(&b, &args);
	j->id = reading_job_start(j->room, "filediff", buf_view(&b), &sink, j);
	buf_release(&b);
}

bool
diff_job_stop(struct diff_job *j)
{
	if (j->id == 0)
		return false;
	reading_job_cancel(j->room, j->id);
	j->id = 0;
	drop(j);
	return true;
}
