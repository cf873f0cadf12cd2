#include "notes/fleet.h"

#include <stdlib.h>

#include "core/text.h"
#include "notes/csv.h"

static int
by_place(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa, *b = pb;
	int d = str_cmp(a->product, b->product);

	if (d == 0)
		d = str_cmp(a->release, b->release);
	if (d == 0)
		d = str_cmp(a->component, b->component);
	return d;
}

static int
by_all(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa, *b = pb;
	int d = by_place(pa, pb);

	return d != 0 ? d : str_cmp(a->customer, b->customer);
}

static enum err
take(struct fleet_row *out, const struct csv *c, uint32_t row,
    const int column[4], const char *name)
{
	out->customer = csv_cell(c, row, column[0]);
	out->product = csv_cell(c, row, column[1]);
	out->release = csv_cell(c, row, column[2]);
	out->component = csv_cell(c, row, column[3]);
	if (out->customer.len == 0 || out->product.len == 0 ||
	    out->release.len == 0)
		return fail(ERR_FORMAT,
		    "%s:%u: customer, product and release may not be empty",
		    name, c->lines[row]);
	if (!text_is_utf8(out->customer) || !text_is_utf8(out->product) ||
	    !text_is_utf8(out->release) || !text_is_utf8(out->component))
		return fail(ERR_FORMAT, "%s:%u: not UTF-8", name,
		    c->lines[row]);
	return ERR_NONE;
}

enum err
fleet_read(struct fleet *out, struct arena *a, const char *name,
    struct str text)
{
	static const char *const names[] = { "customer", "product", "release",
		"component" };
	struct fleet f = { NULL, 0 };
	struct csv c;
	int column[4];
	enum err rc = csv_read(&c, a, name, text);

	if (rc != ERR_NONE)
		return rc;
	for (int i = 0; i < 4; i++) {
		column[i] = csv_column(&c, names[i]);
		if (column[i] < 0)
			return fail(ERR_FORMAT,
			    "%s:1: no column \"%s\"; the head names customer, "
			    "product, release and component",
			    name, names[i]);
	}
	f.rows = arena_array(a, c.rows, struct fleet_row);
	for (; f.n < c.rows && rc == ERR_NONE; f.n++)
		rc = take(&f.rows[f.n], &c, f.n, column, name);
	if (rc == ERR_NONE && f.n == 0)
		rc = fail(ERR_FORMAT, "%s: no deployment in it", name);
	if (rc != ERR_NONE)
		return rc;
	qsort(f.rows, f.n, sizeof *f.rows, by_all);
	*out = f;
	return ERR_NONE;
}

uint32_t
fleet_groups(const struct fleet *f, struct arena *a, struct fleet_group **out)
{
	struct fleet_group *groups = arena_array(a, f->n, struct fleet_group);
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n; i++) {
		const struct fleet_row *r = &f->rows[i];
		struct fleet_group *g;

		if (i == 0 || by_place(r - 1, r) != 0)
			groups[n++] = (struct fleet_group){ r->product,
				r->release, r->component, r, 0, 0 };
		g = &groups[n - 1];
		if (g->n == 0 || !str_eq(r[-1].customer, r->customer))
			g->customers++;
		g->n++;
	}
	*out = groups;
	return n;
}
