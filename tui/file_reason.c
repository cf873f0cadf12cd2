#include "tui/file_reason.h"

#include "tui/reading_reason.h"

void
file_reason_release(struct file_reason *f)
{
	buf_release(&f->text);
	*f = (struct file_reason){ 0 };
}

static bool
same(const struct gutter_lost *a, const struct gutter_lost *b)
{
	return oid_eq(&a->blob, &b->blob) && a->was_first == b->was_first &&
	    a->was_last == b->was_last;
}

struct str
file_reason(struct file_reason *f, const struct gutter *g,
    const struct oid *commit, uint32_t line)
{
	const struct gutter_lost *lost = gutter_lost(g, line);
	struct gutter_lost was = { 0 };

	if (lost == NULL && gutter_coverage(g, line) != '#')
		return STR("");
	if (lost != NULL)
		was = *lost;
	if (f->known && f->version == g->version && same(&f->was, &was))
		return buf_view(&f->text);
	f->known = true;
	f->version = g->version;
	f->was = was;
	buf_clear(&f->text);
	if (lost == NULL)
		reading_reason_kept(&f->text, g->r, commit, g->path, &g->blob);
	else
		reading_reason_lines(&f->text, g->r, commit, g->path,
		    &(struct reading_reason){ was.blob, was.was_first,
			was.was_last });
	return buf_view(&f->text);
}
