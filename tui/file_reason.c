#include "tui/file_reason.h"

#include "tui/reading_others.h"
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
	    a->was_last == b->was_last && a->who == b->who;
}

/* Somebody else did: who. */
static struct str
whose(struct file_reason *f, const struct gutter *g, uint32_t line)
{
	f->known = false;
	buf_clear(&f->text);
	buf_str(&f->text, STR("reviewed by "));
	reading_others_names(g->r, gutter_eyes(g, line), &f->text);
	return buf_view(&f->text);
}

struct str
file_reason(struct file_reason *f, const struct gutter *g,
    const struct oid *commit, uint32_t line)
{
	const struct gutter_lost *lost = gutter_lost(g, line);
	struct gutter_lost was = { 0 };

	if (lost == NULL && (gutter_eyes(g, line) & ~UINT32_C(1)) != 0)
		return whose(f, g, line);
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
			was.was_last, was.who });
	return buf_view(&f->text);
}
