#include "tui/writing.h"

#include "notes/template.h"
#include "tui/drafting.h"
#include "tui/meter.h"

enum err
writing_begin(struct pane *p, struct entry *e)
{
	struct noting *n = p->room;
	const struct noting_order *o = noting_now_writing(n);
	uint64_t slot = drafting_slot(noting_drafting(n));
	const struct book_item *it = NULL;

	if (noting_book(n) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	if (slot != 0)
		return draft_get(vault_drafts(noting_vault(n)), slot, &p->arena,
		    e);
	if (o->of != 0)
		it = book_find(noting_book(n), o->of);
	if (it != NULL && it->now != NULL) {
		*e = entry_copy(&p->arena, it->now);
		e->of = o->of;
	} else {
		*e = (struct entry){ .type = o->type,
			.anchored = o->anchored,
			.at = o->at,
			.list = o->list };
		e->at.path = arena_copy(&p->arena, o->at.path);
	}
	e->seq = 0;
	return ERR_NONE;
}

/* To the source, when that is where the wish to write came from. */
static void
finish(struct pane *p, struct str news)
{
	struct noting *n = p->room;
	bool back = noting_now_writing(n)->from_reading;

	shell_close(p);
	if (back)
		noting_back(n, news);
	else if (news.len > 0)
		shell_say(noting_shell(n), ROLE_TEXT, news);
}

bool
writing_record(struct pane *p, struct entry *e)
{
	size_t blanks = template_blanks(e->claim) +
	    template_blanks(e->evidence) + template_blanks(e->remediation);
	struct buf news = { 0 };

	if (!noting_add(p->room, e))
		return false;
	drafting_forget(noting_drafting(p->room));
	buf_printf(&news, "recorded %llu", (unsigned long long)e->seq);
	if (blanks > 0)
		buf_printf(&news, " with %zu [blank]%s to fill in, e edits it",
		    blanks, blanks == 1 ? "" : "s");
	buf_str(&news, STR("  u undoes"));
	finish(p, buf_view(&news));
	buf_release(&news);
	return true;
}

void
writing_leave(struct pane *p)
{
	struct noting *n = p->room;

	if (!drafting_keep(noting_drafting(n)))
		return;
	finish(p,
	    drafting_slot(noting_drafting(n)) != 0 ?
		STR("kept as a draft: gn lists it") :
		STR(""));
}

void
writing_drop(struct pane *p)
{
	drafting_forget(noting_drafting(p->room));
	finish(p, STR("nothing was recorded"));
}

void
writing_title(const struct entry *e, struct canvas *line)
{
	if (e->of == 0)
		canvas_printf(line, 0, 0, ROLE_TITLE, "New %s",
		    entry_type_name(e->type));
	else
		canvas_printf(line, 0, 0, ROLE_TITLE, "%s %llu, a new version",
		    entry_type_name(e->type), (unsigned long long)e->of);
}

void
writing_place(struct noting *n, const struct entry *e, const struct canvas *c,
    int row)
{
	struct buf place = { 0 };

	if (e->anchored)
		noting_place(n, &e->at, &place);
	else
		buf_str(&place, STR("not about a place in the source"));
	canvas_str(c, row, 0, c->cols, ROLE_NAME, buf_view(&place));
	buf_release(&place);
}

void
writing_status(struct noting *n, struct canvas *line, const struct edit *box,
    const char *hint)
{
	struct buf place = { 0 }, says = { 0 };
	bool bad = meter_say(noting_meter(n), &says);
	int col;

	edit_position(box, &place);
	col = canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&place));
	if (says.len > 0 && col + 3 < line->cols)
		col = canvas_str(line, 0, col + 3, line->cols - col - 3,
		    bad ? ROLE_ERROR : ROLE_STATUS, buf_view(&says));
	if (col + 3 < line->cols)
		canvas_str(line, 0, col + 3, line->cols - col - 3, ROLE_STATUS,
		    str_of(hint));
	buf_release(&place);
	buf_release(&says);
}

bool
writing_cite(struct pane *p, const struct entry *e)
{
	bool done =
	    meter_cite(noting_meter(p->room), e->anchored ? &e->at : NULL);

	shell_message(p->shell, "%s",
	    done ? "the source is cited now, not quoted" :
		   "nothing here is marked as source");
	return done;
}
