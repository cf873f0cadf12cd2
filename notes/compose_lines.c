#include "notes/compose.h"

/* Files in the table, at most; what is left out is said. */
enum { FILES_MAX = 500 };

/* Of a record the newest export that tells lines. */
static bool
counts(const struct case_file *c, uint32_t i)
{
	const struct findings_read *f = &c->bundles[i]->said;

	if (f->method.n_lines == 0)
		return false;
	for (uint32_t k = 0; k < c->n_bundles; k++) {
		const struct findings_read *o = &c->bundles[k]->said;

		if (k != i && o->method.n_lines > 0 &&
		    str_eq(o->record, f->record) &&
		    (o->exported > f->exported ||
			(o->exported == f->exported && k > i)))
			return false;
	}
	return true;
}

bool
compose_eyes(struct eyes *out, struct page *p)
{
	const struct case_file *c = p->c;
	struct eyes_said *said =
	    arena_array(&p->a, c->n_bundles, struct eyes_said);
	size_t n = 0;

	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (counts(c, i))
			said[n++] = (struct eyes_said){ c->bundles[i]->author,
				c->bundles[i]->said.method.lines,
				c->bundles[i]->said.method.n_lines };
	eyes_lay(out, &p->a, said, n, NULL);
	return out->n > 0;
}

static bool
is_below(const struct eyes_file *f, const struct findings_cover *row)
{
	return str_eq(f->release, row->release) &&
	    (row->folder.len == 0 || str_eq(row->folder, STR(".")) ||
		(f->path.len > row->folder.len &&
		    f->path.at[row->folder.len] == '/' &&
		    str_starts(f->path, row->folder)));
}

/* Every file counts in one row: that of the folder nearest to it. */
static size_t
row_of(const struct eyes_file *f, const struct findings_cover *rows, size_t n)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++)
		if (is_below(f, &rows[i]) &&
		    (best == n || rows[i].folder.len >= rows[best].folder.len))
			best = i;
	return best;
}

void
compose_unite(const struct eyes *e, struct findings_cover *rows, size_t n,
    struct arena *a)
{
	struct eyes_sum *sums = arena_array(a, n, struct eyes_sum);

	for (size_t i = 0; i < e->n; i++) {
		size_t row = row_of(&e->files[i], rows, n);

		if (row < n)
			eyes_add(&sums[row], e, &e->files[i]);
	}
	for (size_t i = 0; i < n; i++) {
		struct findings_cover *r = &rows[i];

		if (sums[i].seen > r->seen)
			r->seen = sums[i].seen;
		if (sums[i].reviewed > r->reviewed)
			r->reviewed = sums[i].reviewed;
		if (r->lines < r->seen)
			r->lines = r->seen;
	}
}

static struct str
number(struct page *p, uint64_t n)
{
	return arena_printf(&p->a, "%llu", (unsigned long long)n);
}

/* Behind the last file of the release of file i. */
static size_t
release_end(const struct eyes *e, size_t i)
{
	const struct oid *commit = &e->files[i].commit;

	while (i < e->n && oid_eq(&e->files[i].commit, commit))
		i++;
	return i;
}

static struct eyes_sum
sum_of(const struct eyes *e, size_t from, size_t to)
{
	struct eyes_sum sum = { 0 };

	for (size_t i = from; i < to; i++)
		eyes_add(&sum, e, &e->files[i]);
	return sum;
}

static void
put_sum(struct page *p, struct str *cell, const struct eyes_sum *sum)
{
	cell[0] = number(p, sum->lines);
	cell[1] = number(p, sum->seen);
	cell[2] = number(p, sum->reviewed);
	cell[3] = number(p, sum->twice);
}

static void
put_releases(struct page *p, const struct eyes *e)
{
	enum { COLUMNS = 6 };
	static const char *const head[COLUMNS] = { "Release", "Files read in",
		"Their lines", "Seen", "Reviewed", "By two people" };
	struct str *cells =
	    arena_array(&p->a, (e->n + 1) * COLUMNS, struct str);
	size_t rows = 1;

	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	for (size_t i = 0, to; i < e->n; i = to, rows++) {
		struct str *cell = cells + rows * COLUMNS;
		struct eyes_sum sum;

		to = release_end(e, i);
		sum = sum_of(e, i, to);
		cell[0] = e->files[i].release;
		cell[1] = number(p, sum.files);
		put_sum(p, cell + 2, &sum);
	}
	page_table(p, cells, rows, COLUMNS);
}

static void
put_people(struct page *p, const struct eyes *e)
{
	enum { COLUMNS = 3 };
	struct str *cells =
	    arena_array(&p->a, (e->n * e->n_people + 1) * COLUMNS, struct str);
	size_t rows = 1;

	cells[0] = STR("Release");
	cells[1] = STR("Auditor");
	cells[2] = STR("Lines reviewed");
	for (size_t i = 0, to; i < e->n; i = to) {
		struct eyes_sum sum;

		to = release_end(e, i);
		sum = sum_of(e, i, to);
		for (uint32_t k = 0; k < e->n_people; k++) {
			struct str *cell = cells + rows++ * COLUMNS;

			cell[0] = e->files[i].release;
			cell[1] = e->people[k];
			cell[2] = number(p, sum.by[k]);
		}
	}
	page_table(p, cells, rows, COLUMNS);
}

static void
put_files(struct page *p, const struct eyes *e)
{
	enum { COLUMNS = 6 };
	size_t n = e->n < FILES_MAX ? e->n : FILES_MAX;
	struct str *cells = arena_array(&p->a, (n + 1) * COLUMNS, struct str);
	static const char *const head[COLUMNS] = { "Release", "File", "Lines",
		"Seen", "Reviewed", "By two people" };

	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	for (size_t i = 0; i < n; i++) {
		const struct eyes_file *f = &e->files[i];
		struct str *cell = cells + (i + 1) * COLUMNS;
		struct eyes_sum sum = sum_of(e, i, i + 1);

		cell[0] = f->release;
		cell[1] = report_shown(f->path, &p->a);
		put_sum(p, cell + 2, &sum);
	}
	page_table(p, cells, n + 1, COLUMNS);
	if (n < e->n)
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a, "And %zu files more.", e->n - n));
}

void
compose_lines(struct page *p, const struct eyes *e)
{
	page_text(p, REPORT_PLAIN,
	    STR("Line by line, as the exports tell it: a line counts once, "
		"whoever read it and however often; of each person, what that "
		"person declared reviewed."));
	put_releases(p, e);
	put_people(p, e);
	/* Names of files are the vendor's. */
	if (report_place_for(p->c))
		put_files(p, e);
}
