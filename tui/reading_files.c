#include "tui/reading_files.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/job_files.h"
#include "core/limits.h"
#include "tui/reading_inside.h"

struct listing {
	struct reading *r;
	struct reading_files files;
	struct arena arena;
	size_t room;
	uint32_t job;
	bool damaged;
};

static void
add_row(struct listing *l, const struct files_row *row)
{
	struct reading_files *f = &l->files;

	if (row->trouble != ERR_NONE) {
		f->troubles++;
		return;
	}
	f->at = array_more(f->at, f->len, &l->room, sizeof *f->at);
	f->at[f->len++] = (struct reading_file){
		.path = arena_copy(&l->arena, row->path),
		.blob = row->entry.id,
		.kind = (uint8_t)row->entry.kind,
	};
}

static void
on_data(void *arg, struct str body)
{
	struct listing *l = arg;
	struct wire w = wire_of(body);
	struct files_row row;

	while (
	    l->files.len < LIMIT_TREE_ENTRIES && job_files_read_row(&row, &w))
		add_row(l, &row);
	if (w.bad)
		l->damaged = true;
	shell_redraw(l->r->shell);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct listing *l = arg;

	l->job = 0;
	l->files.done = true;
	l->files.rc = l->damaged ? ERR_FORMAT : rc;
	if (rc != ERR_NONE && rc != ERR_STOPPED)
		shell_say(l->r->shell, ROLE_ERROR, text);
	shell_redraw(l->r->shell);
	reading_search_idle(l->r);
}

static void
close_listing(struct listing *l)
{
	if (l == NULL)
		return;
	reading_job_cancel(l->r, l->job);
	free(l->files.at);
	arena_release(&l->arena);
	free(l);
}

static struct listing *
open_listing(struct reading *r, const struct oid *commit)
{
	static const struct reading_sink sink = {
		.data = on_data,
		.done = on_done,
	};
	struct files_args args = { .of = *commit };
	struct listing *l = calloc(1, sizeof *l);
	struct buf b = { 0 };

	if (l == NULL)
		bug("no memory for a list of files");
	l->r = r;
	l->files.commit = *commit;
	job_files_args(&b, &args);
	l->job = reading_job_start(r, "files", buf_view(&b), &sink, l);
	buf_release(&b);
	return l;
}

/* To the front, so that the one not asked for longest goes first. */
const struct reading_files *
reading_files_of(struct reading *r, const struct oid *commit)
{
	struct listing *l;
	size_t i = 0;

	while (i < READING_KEPT && r->listings[i] != NULL &&
	    !oid_eq(&r->listings[i]->files.commit, commit))
		i++;
	if (i == READING_KEPT) {
		close_listing(r->listings[--i]);
		r->listings[i] = NULL;
	}
	if (r->listings[i] == NULL)
		r->listings[i] = open_listing(r, commit);
	l = r->listings[i];
	memmove(&r->listings[1], &r->listings[0], i * sizeof l);
	r->listings[0] = l;
	return &l->files;
}

size_t
reading_files_place(const struct reading_files *f, struct str path)
{
	size_t low = 0, high = f->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(f->at[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t
reading_files_same(const struct reading_files *f, const struct oid *blob,
    struct str not_path)
{
	size_t n = 0;

	for (size_t i = 0; i < f->len; i++)
		n += oid_eq(&f->at[i].blob, blob) &&
		    !str_eq(f->at[i].path, not_path);
	return n;
}

void
reading_files_release(struct reading *r)
{
	for (size_t i = 0; i < READING_KEPT; i++) {
		close_listing(r->listings[i]);
		r->listings[i] = NULL;
	}
}
