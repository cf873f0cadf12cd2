#include "notes/compose.h"

static struct str
titles(struct page *p)
{
	struct str all = { 0 };

	for (uint32_t i = 0; i < p->c->n_bundles; i++) {
		struct str t = p->c->bundles[i]->said.title;

		if (t.len == 0 || str_find(all, t, 0) != SIZE_MAX)
			continue;
		all = arena_printf(&p->a, "%.*s%s%.*s", STR_ARG(all),
		    all.len > 0 ? ", " : "", STR_ARG(t));
	}
	return all.len > 0 ? all : STR("source");
}

static struct str
for_whom(struct page *p)
{
	switch (p->c->audience) {
	case AUDIENCE_PUBLIC:
		return STR("; for the public");
	case AUDIENCE_ANNEX:
		return STR("; the sealed annex");
	case AUDIENCE_NAMED:
		return arena_printf(&p->a, "; for %.*s",
		    STR_ARG(p->c->recipient));
	default:
		return STR("");
	}
}

static void
body(struct page *p)
{
	if (p->c->audience == AUDIENCE_ANNEX) {
		compose_annex(p);
		return;
	}
	compose_summary(p);
	compose_fleet(p);
	compose_items(p);
	compose_lists(p);
	compose_cover(p);
	compose_method(p);
}

void
compose(const struct case_file *c, const struct report_pen *pen,
    struct buf *out)
{
	struct page p = { .c = c, .pen = pen, .out = out, .collecting = true };
	int64_t last = 0;

	/* No clock: the same case gives the same report. */
	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (c->bundles[i]->said.exported > last)
			last = c->bundles[i]->said.exported;
	pen->start(out,
	    arena_printf(&p.a, "%s of %.*s",
		c->audience == AUDIENCE_ANNEX ? "Annex to the review" :
						"Review",
		STR_ARG(titles(&p))),
	    arena_printf(&p.a, "as of %.*s%.*s",
		STR_ARG(report_time(last, &p.a)), STR_ARG(for_whom(&p))));
	body(&p);
	p.collecting = false;
	pen->contents(out, p.ids, p.texts, p.depths, p.n);
	body(&p);
	pen->finish(out);
	arena_release(&p.a);
}
