#include "notes/eyes.h"

#include <stdlib.h>
#include <string.h>

static bool
release_of(uint32_t *number, struct oid *out, const struct start *s,
    const struct findings_lines *l)
{
	*number = 0;
	if (s == NULL || s->n_releases == 0) {
		*out = l->commit;
		return true;
	}
	for (uint32_t i = 0; i < s->n_releases; i++)
		if (str_eq(s->releases[i].name, l->release)) {
			*out = s->releases[i].commit;
			*number = i;
			return true;
		}
	return false;
}

bool
eyes_commit(struct oid *out, const struct start *s,
    const struct findings_lines *l)
{
	uint32_t number;

	return release_of(&number, out, s, l);
}

/* One row of somebody. */
struct row {
	const struct findings_lines *l;
	struct oid commit;
	uint32_t release; /* of the session, in its order */
	uint8_t who;
};

static int
row_cmp(const void *p, const void *q)
{
	const struct row *a = p, *b = q;
	int c = a->release < b->release ? -1 : a->release > b->release;

	if (c == 0)
		c = memcmp(a->commit.id, b->commit.id, OID_BYTES);
	if (c == 0)
		c = str_cmp(a->l->path, b->l->path);
	return c != 0 ? c : a->who - b->who;
}

static bool
same_file(const struct row *a, const struct row *b)
{
	return str_eq(a->l->path, b->l->path) && oid_eq(&a->commit, &b->commit);
}

/* SWEEP_PEOPLE: there is no room for one more. */
static uint32_t
person(struct eyes *e, struct str name)
{
	for (uint32_t i = 0; i < e->n_people; i++)
		if (str_eq(e->people[i], name))
			return i;
	if (e->n_people == SWEEP_PEOPLE)
		return SWEEP_PEOPLE;
	e->people[e->n_people] = name;
	return e->n_people++;
}

static size_t
gather(struct eyes *e, struct row *rows, const struct eyes_said *said, size_t n,
    const struct start *s)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t who = person(e, said[i].who);

		for (uint32_t k = 0; k < said[i].n; k++) {
			struct row *r = &rows[len];

			*r = (struct row){ .l = &said[i].at[k],
				.who = (uint8_t)who };
			if (who == SWEEP_PEOPLE ||
			    !release_of(&r->release, &r->commit, s, r->l))
				e->left_out++;
			else
				len++;
		}
	}
	if (len > 0)
		qsort(rows, len, sizeof *rows, row_cmp);
	return len;
}

static size_t
put_runs(struct sweep_run *runs, const struct row *r, uint32_t lines)
{
	const struct spans *layers[] = { &r->l->seen, &r->l->reviewed };
	size_t n = 0;

	for (int k = 0; k < 2; k++)
		for (uint32_t i = 0; i < layers[k]->len; i++) {
			const uint32_t *pair = &layers[k]->at[2 * i];

			if (pair[0] <= lines)
				runs[n++] = (struct sweep_run){ pair[0],
					pair[1] < lines ? pair[1] : lines,
					r->who, k == 1 };
		}
	return n;
}

static void
lay_file(struct eyes_file *f, struct arena *a, const struct row *rows, size_t n)
{
	struct sweep_run *runs;
	size_t room = 0, len = 0;

	for (size_t i = 0; i < n; i++)
		room += (size_t)rows[i].l->seen.len + rows[i].l->reviewed.len;
	runs = reallocarray(NULL, room + 1, sizeof *runs);
	if (runs == NULL)
		bug("no memory for %zu runs of lines", room);
	f->release = rows[0].l->release;
	f->path = rows[0].l->path;
	f->commit = rows[0].commit;
	f->lines = rows[0].l->lines;
	for (size_t i = 0; i < n; i++)
		len += put_runs(runs + len, &rows[i], f->lines);
	f->n = sweep(&f->parts, a, runs, len);
	free(runs);
}

void
eyes_lay(struct eyes *out, struct arena *a, const struct eyes_said *said,
    size_t n, const struct start *s)
{
	struct eyes e = { 0 };
	struct row *rows;
	size_t total = 0, len;

	for (size_t i = 0; i < n; i++)
		total += said[i].n;
	rows = reallocarray(NULL, total + 1, sizeof *rows);
	if (rows == NULL)
		bug("no memory for the lines of %zu files", total);
	len = gather(&e, rows, said, n, s);
	e.files = arena_array(a, len, struct eyes_file);
	for (size_t i = 0, to; i < len; i = to) {
		for (to = i + 1; to < len && same_file(&rows[i], &rows[to]);)
			to++;
		lay_file(&e.files[e.n++], a, &rows[i], to - i);
	}
	free(rows);
	*out = e;
}

void
eyes_add(struct eyes_sum *sum, const struct eyes *e, const struct eyes_file *f)
{
	struct sweep_sum all = { 0 };

	sweep_add(&all, f->parts, f->n, UINT32_MAX, 1, f->lines);
	sum->lines += f->lines;
	sum->files++;
	sum->seen += all.seen;
	sum->reviewed += all.reviewed;
	sum->twice += all.twice;
	for (uint32_t i = 0; i < e->n_people; i++) {
		struct sweep_sum one = { 0 };

		sweep_add(&one, f->parts, f->n, UINT32_C(1) << i, 1, f->lines);
		sum->by[i] += one.reviewed;
	}
}
