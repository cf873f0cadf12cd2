#include "tui/reading_cover.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/job_lines.h"
#include "core/sweep.h"
#include "tui/reading_inside.h"
#include "tui/reading_reason.h"

enum { SEEN, REVIEWED, OTHERS, ONLY, TWICE };

/* One run of lines of one content in one layer. */
struct run {
	struct oid blob;
	uint32_t first, last;
	uint8_t layer;
};

struct stale {
	struct str path; /* the marks' own memory */
	struct oid blob;
};

struct reading_cover {
	struct oid commit;
	uint32_t job;
	bool done;
	struct job_lines_row *counts; /* by blob, as they come */
	size_t n_counts, room;

	uint32_t version; /* of the marks that runs were made of */
	bool known;
	struct run *runs; /* by blob, layer, first; apart from each other */
	size_t n_runs;
	struct stale *reviewed; /* by path */
	size_t n_reviewed;
};

static struct reading_cover *
cover_of(struct reading *r)
{
	if (r->cover == NULL)
		r->cover = calloc(1, sizeof *r->cover);
	if (r->cover == NULL)
		bug("no memory for coverage");
	return r->cover;
}

void
reading_cover_release(struct reading *r)
{
	struct reading_cover *k = r->cover;

	reading_reason_release(r);
	if (k == NULL)
		return;
	reading_job_cancel(r, k->job);
	free(k->counts);
	free(k->runs);
	free(k->reviewed);
	free(k);
	r->cover = NULL;
}

/* Counting. */

static void
on_data(void *arg, struct str body)
{
	struct reading *r = arg;
	struct reading_cover *k = r->cover;
	struct wire w = wire_of(body);
	struct job_lines_row row;

	while (job_lines_read_row(&row, &w)) {
		k->counts = array_more(k->counts, k->n_counts, &k->room,
		    sizeof *k->counts);
		k->counts[k->n_counts++] = row;
	}
	shell_redraw(r->shell);
}

static void
on_done(void *arg, enum err rc, struct str text)
{
	struct reading *r = arg;

	r->cover->job = 0;
	r->cover->done = true;
	if (rc != ERR_NONE)
		shell_say(r->shell, ROLE_ERROR, text);
	shell_redraw(r->shell);
}

void
reading_cover_start(struct reading *r, const struct oid *commit)
{
	static const struct reading_sink sink = { .data = on_data,
		.done = on_done };
	struct reading_cover *k = cover_of(r);
	struct buf args = { 0 };

	if (oid_eq(&k->commit, commit))
		return;
	reading_job_cancel(r, k->job);
	k->commit = *commit;
	k->n_counts = 0;
	k->done = false;
	wire_put_oid(&args, commit);
	k->job = reading_job_start(r, "lines", buf_view(&args), &sink, r);
	buf_release(&args);
}

size_t
reading_cover_counted(const struct reading *r, bool *done)
{
	*done = r->cover != NULL && r->cover->done;
	return r->cover == NULL ? 0 : r->cover->n_counts;
}

/* The worker sends them in the order of their ids. */
static uint32_t
lines_of(const struct reading_cover *k, const struct oid *blob)
{
	size_t low = 0, high = k->n_counts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = memcmp(k->counts[mid].blob.id, blob->id, OID_BYTES);

		if (c == 0)
			return k->counts[mid].lines;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* Marks. */

static int
run_cmp(const void *p, const void *q)
{
	const struct run *a = p, *b = q;
	int c = memcmp(a->blob.id, b->blob.id, OID_BYTES);

	if (c == 0)
		c = a->layer - b->layer;
	if (c == 0)
		c = a->first < b->first ? -1 : a->first > b->first;
	return c;
}

static int
stale_cmp(const void *p, const void *q)
{
	const struct stale *a = p, *b = q;

	return str_cmp(a->path, b->path);
}

/* What is reviewed counts as seen, too; runs that touch are one. */
static void
join_runs(struct reading_cover *k)
{
	size_t n = 0;

	qsort(k->runs, k->n_runs, sizeof *k->runs, run_cmp);
	for (size_t i = 0; i < k->n_runs; i++) {
		struct run *last = n == 0 ? NULL : &k->runs[n - 1];

		if (last != NULL && oid_eq(&last->blob, &k->runs[i].blob) &&
		    last->layer == k->runs[i].layer &&
		    (last->last == UINT32_MAX ||
			k->runs[i].first <= last->last + 1)) {
			if (k->runs[i].last > last->last)
				last->last = k->runs[i].last;
		} else {
			k->runs[n++] = k->runs[i];
		}
	}
	k->n_runs = n;
}

/* What others reviewed, while it is laid over what I did. */
struct theirs {
	struct oid blob;
	struct sweep_run run;
	struct str path;
};

struct laying {
	struct theirs *at;
	size_t len, room;
};

static void
take_theirs(void *arg, const struct mark *m, uint8_t who)
{
	struct laying *k = arg;

	if (m->glyph != '=')
		return;
	k->at = array_more(k->at, k->len, &k->room, sizeof *k->at);
	k->at[k->len++] = (struct theirs){ m->blob,
		{ m->first, m->last, who, true }, m->path };
}

static int
theirs_cmp(const void *p, const void *q)
{
	const struct theirs *a = p, *b = q;

	return memcmp(a->blob.id, b->blob.id, OID_BYTES);
}

static size_t find_run(const struct reading_cover *k, const struct oid *blob,
    uint8_t layer);

/* My runs of that content behind those of others. */
static size_t
add_mine(const struct reading_cover *k, const struct oid *blob,
    struct sweep_run *runs, size_t n)
{
	for (size_t i = find_run(k, blob, REVIEWED); i < k->n_runs &&
	     oid_eq(&k->runs[i].blob, blob) && k->runs[i].layer == REVIEWED;
	     i++)
		runs[n++] = (struct sweep_run){ k->runs[i].first,
			k->runs[i].last, 0, true };
	return n;
}

static void
add_parts(struct laying *out, const struct oid *blob,
    const struct sweep_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mark m = { '=', *blob, STR(""), parts[i].first,
			parts[i].last };

		if ((parts[i].reviewed & ~UINT32_C(1)) != 0)
			take_theirs(out, &m, OTHERS);
		if ((parts[i].reviewed & 1) == 0)
			take_theirs(out, &m, ONLY);
		if (sweep_people(parts[i].reviewed) > 1)
			take_theirs(out, &m, TWICE);
	}
}

/* What two people reviewed, content by content; out->at[].run.who is the
 * layer. */
static void
lay(struct laying *out, const struct reading_cover *k, const struct laying *in)
{
	struct sweep_run *runs =
	    reallocarray(NULL, in->len + k->n_runs + 1, sizeof *runs);
	struct sweep_part *parts;
	struct arena a = { 0 };

	if (runs == NULL)
		bug("no memory for coverage");
	for (size_t i = 0, n; i < in->len;) {
		const struct oid *blob = &in->at[i].blob;

		for (n = 0; i < in->len && oid_eq(&in->at[i].blob, blob); i++)
			runs[n++] = in->at[i].run;
		n = add_mine(k, blob, runs, n);
		n = sweep(&parts, &a, runs, n);
		add_parts(out, blob, parts, n);
		arena_clear(&a);
	}
	free(runs);
	arena_release(&a);
}

static void
add_others(struct reading *r)
{
	struct reading_cover *k = r->cover;
	struct laying in = { 0 }, out = { 0 };

	reading_others_all(r, take_theirs, &in);
	if (in.len == 0)
		return;
	qsort(in.at, in.len, sizeof *in.at, theirs_cmp);
	lay(&out, k, &in);
	k->runs =
	    reallocarray(k->runs, k->n_runs + out.len + 1, sizeof *k->runs);
	k->reviewed = reallocarray(k->reviewed, k->n_reviewed + in.len + 1,
	    sizeof *k->reviewed);
	if (k->runs == NULL || k->reviewed == NULL)
		bug("no memory for coverage");
	for (size_t i = 0; i < out.len; i++)
		k->runs[k->n_runs++] =
		    (struct run){ out.at[i].blob, out.at[i].run.first,
			    out.at[i].run.last, out.at[i].run.who };
	for (size_t i = 0; i < in.len; i++)
		k->reviewed[k->n_reviewed++] =
		    (struct stale){ in.at[i].path, in.at[i].blob };
	join_runs(k);
	free(in.at);
	free(out.at);
}

static void
take_marks(struct reading *r)
{
	struct reading_cover *k = cover_of(r);
	const struct hatch_marks *marks = &r->marks;

	if (k->known && k->version == r->marks_version)
		return;
	k->known = true;
	k->version = r->marks_version;
	free(k->runs);
	free(k->reviewed);
	k->runs = calloc(2 * marks->len + 1, sizeof *k->runs);
	k->reviewed = calloc(marks->len + 1, sizeof *k->reviewed);
	if (k->runs == NULL || k->reviewed == NULL)
		bug("no memory for coverage");
	k->n_runs = k->n_reviewed = 0;
	for (size_t i = 0; i < marks->len; i++) {
		const struct mark *m = &marks->at[i];
		struct run run = { m->blob, m->first == 0 ? 1 : m->first,
			m->first == 0 ? UINT32_MAX : m->last, SEEN };

		if (m->glyph != '.' && m->glyph != '#')
			continue;
		k->runs[k->n_runs++] = run;
		if (m->glyph == '.')
			continue;
		run.layer = REVIEWED;
		k->runs[k->n_runs++] = run;
		k->reviewed[k->n_reviewed++] =
		    (struct stale){ m->path, m->blob };
	}
	join_runs(k);
	add_others(r);
	qsort(k->reviewed, k->n_reviewed, sizeof *k->reviewed, stale_cmp);
}

/* First run of that content and layer. */
static size_t
find_run(const struct reading_cover *k, const struct oid *blob, uint8_t layer)
{
	struct run want = { *blob, 0, 0, layer };
	size_t low = 0, high = k->n_runs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (run_cmp(&k->runs[mid], &want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint64_t
covered(const struct reading_cover *k, const struct oid *blob, uint8_t layer,
    uint32_t first, uint32_t last)
{
	uint64_t n = 0;

	for (size_t i = find_run(k, blob, layer); i < k->n_runs &&
	     oid_eq(&k->runs[i].blob, blob) && k->runs[i].layer == layer;
	     i++) {
		uint32_t from = k->runs[i].first, to = k->runs[i].last;

		from = from < first ? first : from;
		to = to > last ? last : to;
		if (from <= to)
			n += (uint64_t)to - from + 1;
	}
	return n;
}

void
reading_cover_lines(struct reading *r, const struct oid *blob, uint32_t first,
    uint32_t last, struct reading_cover_sum *sum)
{
	struct reading_cover *k = cover_of(r);
	uint32_t lines = lines_of(k, blob);

	take_marks(r);
	if (last > lines)
		last = lines;
	if (first > last)
		return;
	sum->lines += (uint64_t)last - first + 1;
	sum->seen += covered(k, blob, SEEN, first, last);
	sum->reviewed += covered(k, blob, REVIEWED, first, last);
	sum->others += covered(k, blob, OTHERS, first, last);
	sum->only += covered(k, blob, ONLY, first, last);
	sum->twice += covered(k, blob, TWICE, first, last);
}

void
reading_cover_marked(struct reading *r, const struct oid *blob, uint32_t lines,
    struct reading_cover_sum *sum)
{
	struct reading_cover *k = cover_of(r);

	take_marks(r);
	if (lines == 0)
		return;
	sum->lines += lines;
	sum->seen += covered(k, blob, SEEN, 1, lines);
	sum->reviewed += covered(k, blob, REVIEWED, 1, lines);
}

/* Reviewed under this path, and never with these bytes. */
static bool
is_stale(const struct reading_cover *k, const struct oid *blob, struct str path)
{
	size_t low = 0, high = k->n_reviewed;
	bool other = false;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(k->reviewed[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < k->n_reviewed && str_eq(k->reviewed[low].path, path);
	     low++) {
		if (oid_eq(&k->reviewed[low].blob, blob))
			return false;
		other = true;
	}
	return other;
}

bool
reading_cover_reviewed(struct str *path, struct reading *r, size_t i)
{
	struct reading_cover *k = cover_of(r);

	take_marks(r);
	if (i >= k->n_reviewed)
		return false;
	*path = k->reviewed[i].path;
	return true;
}

void
reading_cover_add(struct reading *r, const struct oid *blob, struct str path,
    struct reading_cover_sum *sum)
{
	struct reading_cover_sum one = { 0 };

	reading_cover_lines(r, blob, 1, UINT32_MAX, &one);
	sum->lines += one.lines;
	sum->seen += one.seen;
	sum->reviewed += one.reviewed;
	sum->others += one.others;
	sum->only += one.only;
	sum->twice += one.twice;
	sum->files++;
	sum->whole += one.lines > 0 && one.reviewed == one.lines;
	sum->stale += is_stale(r->cover, blob, path);
}
