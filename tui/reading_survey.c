#include "tui/reading_survey.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/job_files.h"
#include "core/job_lines.h"
#include "core/messages.h"
#include "tui/hatch_cover.h"
#include "tui/hatch_lines.h"
#include "tui/reading_inside.h"

enum { SURVEY_WANTED = 32 }; /* as deep as gives so many folders */

struct file {
	struct str path;
	struct oid blob;
};

struct reading_survey {
	struct oid commit; /* what files and counts are of */
	struct buf name;
	uint32_t job;
	bool done;
	struct arena arena; /* of the paths */
	struct file *files;
	size_t n_files, files_room;
	struct job_lines_row *counts; /* by blob, as they come */
	size_t n_counts, counts_room;
};

static void
clear(struct reading *r)
{
	struct reading_survey *k = r->survey;

	reading_job_cancel(r, k->job);
	k->job = 0;
	k->done = false;
	free(k->files);
	free(k->counts);
	k->files = NULL;
	k->counts = NULL;
	k->n_files = k->files_room = 0;
	k->n_counts = k->counts_room = 0;
	arena_release(&k->arena);
}

void
reading_survey_release(struct reading *r)
{
	if (r->survey == NULL)
		return;
	clear(r);
	buf_release(&r->survey->name);
	free(r->survey);
	r->survey = NULL;
}

static const uint32_t *
lines_of(const struct reading_survey *k, const struct oid *blob)
{
	size_t low = 0, high = k->n_counts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = memcmp(k->counts[mid].blob.id, blob->id, OID_BYTES);

		if (c == 0)
			return &k->counts[mid].lines;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* The folder of a path, at most so deep; "." is the top. */
static struct str
folder_of(struct str path, unsigned depth)
{
	size_t end = 0;

	for (size_t i = 0; i < path.len && depth > 0; i++)
		if (path.at[i] == '/') {
			end = i;
			depth--;
		}
	return end == 0 ? STR(".") : str_slice(path, 0, end);
}

struct table {
	struct hatch_cover at[HATCH_FOLDERS];
	uint32_t len;
};

static struct hatch_cover *
row_of(struct table *t, struct str folder)
{
	for (uint32_t i = t->len; i > 0; i--)
		if (str_eq(t->at[i - 1].folder, folder))
			return &t->at[i - 1];
	if (t->len == HATCH_FOLDERS)
		return NULL;
	t->at[t->len] = (struct hatch_cover){ .folder = folder };
	return &t->at[t->len++];
}

/* False: more folders than there is room for.  A file that was not delivered
 * has no count: its folder is not named for it. */
static bool
sum_up(struct reading *r, struct table *t, unsigned depth)
{
	const struct reading_survey *k = r->survey;

	t->len = 0;
	for (size_t i = 0; i < k->n_files; i++) {
		const struct file *f = &k->files[i];
		const uint32_t *lines = lines_of(k, &f->blob);
		struct reading_cover_sum sum = { 0 };
		struct hatch_cover *row;

		if (lines == NULL)
			continue;
		row = row_of(t, folder_of(f->path, depth));
		if (row == NULL)
			return false;
		reading_cover_marked(r, &f->blob, *lines, &sum);
		row->files++;
		row->lines += sum.lines;
		row->seen += sum.seen;
		row->reviewed += sum.reviewed;
	}
	return true;
}

/* The deepest that still is a short list; one row for all when even the
 * folders of the top are too many. */
static void
choose_depth(struct reading *r, struct table *t)
{
	unsigned depth = 0;
	uint32_t before = 0;

	while (sum_up(r, t, depth) && t->len <= SURVEY_WANTED && depth < 8 &&
	    (depth < 2 || t->len > before)) {
		before = t->len;
		depth++;
	}
	while (!sum_up(r, t, depth) || (depth > 1 && t->len > SURVEY_WANTED))
		depth--;
}

/* The files that marks of coverage lie on: which, the record says. */
static void
tell_files(struct reading *r)
{
	const struct reading_survey *k = r->survey;
	struct buf b = { 0 };

	wire_put_oid(&b, &k->commit);
	for (size_t i = 0; i < k->n_files; i++) {
		const struct file *f = &k->files[i];
		const uint32_t *lines = lines_of(k, &f->blob);
		struct reading_cover_sum sum = { 0 };

		if (lines == NULL)
			continue;
		reading_cover_marked(r, &f->blob, *lines, &sum);
		if (sum.seen + sum.reviewed > 0)
			hatch_write_file(&b,
			    &(struct hatch_file){ *lines, f->blob, f->path });
	}
	hatch_send(r->notes, MSG_FILES, buf_view(&b));
	buf_release(&b);
}

static void
tell(struct reading *r)
{
	struct reading_survey *k = r->survey;
	struct table *t = calloc(1, sizeof *t);
	struct buf b = { 0 };

	if (t == NULL)
		bug("no memory for a survey");
	choose_depth(r, t);
	wire_put_oid(&b, &k->commit);
	wire_put_str(&b, str_slice(buf_view(&k->name), 0, HATCH_NEWS_MAX));
	for (uint32_t i = 0; i < t->len; i++)
		hatch_write_cover(&b, &t->at[i]);
	if (r->notes != NULL) {
		hatch_send(r->notes, MSG_COVERAGE, buf_view(&b));
		tell_files(r);
	}
	buf_release(&b);
	free(t);
}

static void
on_count(void *arg, struct str body)
{
	struct reading_survey *k = ((struct reading *)arg)->survey;
	struct wire w = wire_of(body);
	struct job_lines_row row;

	while (job_lines_read_row(&row, &w)) {
		if (k->n_counts == k->counts_room)
			k->counts = array_grow(k->counts, &k->counts_room,
			    sizeof *k->counts);
		k->counts[k->n_counts++] = row;
	}
}

static void
on_counted(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;

	r->survey->job = 0;
	if (rc != ERR_NONE) {
		shell_say(r->shell, ROLE_ERROR, text);
		return;
	}
	r->survey->done = true;
	tell(r);
}

static void
on_file(void *arg, struct str body)
{
	struct reading_survey *k = ((struct reading *)arg)->survey;
	struct wire w = wire_of(body);
	struct files_row row;

	while (job_files_read_row(&row, &w)) {
		if (row.trouble != ERR_NONE ||
		    (row.entry.kind != TREE_FILE &&
			row.entry.kind != TREE_EXEC))
			continue;
		if (k->n_files == k->files_room)
			k->files = array_grow(k->files, &k->files_room,
			    sizeof *k->files);
		k->files[k->n_files++] =
		    (struct file){ arena_copy(&k->arena, row.path),
			    row.entry.id };
	}
}

static void
on_files(void *arg, enum err rc, struct str text)
{
	static const struct reading_sink sink = { .data = on_count,
		.done = on_counted };
	struct reading *r = arg;
	struct buf args = { 0 };

	r->survey->job = 0;
	if (rc != ERR_NONE) {
		shell_say(r->shell, ROLE_ERROR, text);
		return;
	}
	wire_put_oid(&args, &r->survey->commit);
	r->survey->job =
	    reading_job_start(r, "lines", buf_view(&args), &sink, r);
	buf_release(&args);
}

static void
count(struct reading *r)
{
	static const struct reading_sink sink = { .data = on_file,
		.done = on_files };
	struct reading_survey *k = r->survey;
	const struct files_args f = { .of = r->commit };
	struct buf args = { 0 };

	clear(r);
	k->commit = r->commit;
	buf_clear(&k->name);
	buf_str(&k->name, buf_view(&r->revision));
	job_files_args(&args, &f);
	k->job = reading_job_start(r, "files", buf_view(&args), &sink, r);
	buf_release(&args);
}

void
reading_survey_start(struct reading *r)
{
	struct reading_survey *k = r->survey;

	if (oid_is_zero(&r->commit) || r->cores == 0)
		return;
	reading_refind_survey(r);
	if (k == NULL)
		k = r->survey = calloc(1, sizeof *k);
	if (k == NULL)
		bug("no memory for a survey");
	if (!oid_eq(&k->commit, &r->commit) || (!k->done && k->job == 0))
		count(r);
	else if (k->done)
		tell(r);
}
