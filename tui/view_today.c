/*
 * view_today.c - where I was, what is open, what changed: the first screen
 * of the second day.
 */
#include "tui/noting.h"

#include "notes/handover.h"
#include "tui/list.h"
#include "tui/refound.h"
#include "tui/worklists.h"

enum what { NOTHING, PLACE, ITEM, LIST, NOTES };

struct row {
	struct str text;
	uint16_t role;
	enum what what;
	uint64_t number;
	struct anchor at; /* of a place */
};

struct today {
	struct list list;
	struct arena arena;
	struct row *rows;
	size_t n_rows, room;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct today *v = arg;
	const struct row *row = &v->rows[r->row];
	struct canvas_draw d = { .text = row->text,
		.attr = r->attr | row->role,
		.find = r->find,
		.skip = r->skip };

	canvas_text(line, 0, 1, line->cols - 1, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return ((const struct today *)arg)->rows[row].text;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static struct row *
add(struct today *v, uint16_t role, struct buf *text)
{
	struct row *row;

	if (v->n_rows == v->room)
		bug("more rows than there is room for");
	row = &v->rows[v->n_rows++];
	row->text = arena_copy(&v->arena, buf_view(text));
	row->role = role;
	buf_clear(text);
	return row;
}

static void
head(struct today *v, const char *text)
{
	struct buf b = { 0 };

	if (v->n_rows > 0)
		add(v, ROLE_TEXT, &b);
	buf_str(&b, str_of(text));
	add(v, ROLE_HUNK, &b);
	buf_release(&b);
}

/* The last lines that were on the screen before this time the vault was
 * opened, and when it was closed. */
static void
add_where(struct pane *p)
{
	struct today *v = p->state;
	const struct cover *c = book_cover(noting_book(p->room));
	struct cover_file f = { 0 };
	struct buf b = { 0 };
	struct row *row;
	uint32_t line;

	head(v, "where I was");
	if (!cover_newest(c, &f, &line)) {
		buf_str(&b, STR("nothing was read yet"));
		add(v, ROLE_TEXT, &b);
	} else {
		struct anchor at = { .commit = f.commit,
			.blob = f.blob,
			.path = arena_copy(&v->arena, f.path),
			.first = line,
			.last = line };

		noting_place(p->room, &at, &b);
		row = add(v, ROLE_NAME, &b);
		row->what = PLACE;
		row->at = at;
	}
	buf_release(&b);
}

static void
add_changed(struct pane *p)
{
	struct today *v = p->state;
	struct refound *found = noting_refound(p->room);
	const struct book *book = noting_book(p->room);
	struct buf b = { 0 };

	if (!book_was_closed(book)) {
		buf_str(&b,
		    STR("the last time ended without the vault being closed: "
			"no code was copied down"));
		add(v, ROLE_WARNING, &b);
	}
	if (refound_count(found) > 0) {
		buf_printf(&b, "%zu to be read again in ",
		    refound_count(found));
		buf_str(&b, refound_name(found));
		buf_str(&b, STR(": gn, then ~"));
		add(v, ROLE_WARNING, &b)->what = NOTES;
	}
	buf_release(&b);
}

static void
add_wants(struct pane *p, const struct handover *h)
{
	struct today *v = p->state;
	struct buf why = { 0 }, b = { 0 };
	size_t before;

	head(v, "what is open");
	before = v->n_rows;
	for (size_t i = book_len(h->book); i > 0; i--) {
		const struct book_item *it = book_at(h->book, i - 1);
		struct row *row;

		buf_clear(&why);
		handover_wants(h, it, &why);
		if (why.len == 0)
			continue;
		buf_printf(&b, "%5llu %-10s ", (unsigned long long)it->number,
		    entry_type_name(it->type));
		buf_str(&b, noting_title(it->now));
		buf_str(&b, STR("  ["));
		buf_str(&b, buf_view(&why));
		buf_char(&b, ']');
		row = add(v,
		    str_starts(buf_view(&why), STR("overdue")) ? ROLE_WARNING :
								 ROLE_TEXT,
		    &b);
		row->what = ITEM;
		row->number = it->number;
	}
	if (h->drafts > 0) {
		buf_printf(&b, "%zu drafts are not recorded: gn lists them",
		    h->drafts);
		add(v, ROLE_WARNING, &b)->what = NOTES;
	}
	if (v->n_rows == before) {
		buf_str(&b, STR("nothing"));
		add(v, ROLE_TEXT, &b);
	}
	buf_release(&why);
	buf_release(&b);
}

static void
add_lists(struct pane *p, const struct handover *h)
{
	struct today *v = p->state;
	struct buf b = { 0 };
	bool first = true;

	for (size_t i = book_lists(h->book); i > 0; i--) {
		const struct worklist *w = book_list_at(h->book, i - 1);
		struct row *row;

		if (w->removed || !w->whole || w->counts[VERDICT_TODO] == 0)
			continue;
		if (first)
			head(v, "worklists");
		first = false;
		buf_printf(&b, "%5llu %5u of %5u to do  ",
		    (unsigned long long)w->l.number, w->counts[VERDICT_TODO],
		    w->l.n_hits);
		buf_str(&b, w->l.title);
		row = add(v, ROLE_TEXT, &b);
		row->what = LIST;
		row->number = w->l.number;
	}
	buf_release(&b);
}

static enum err
load(struct pane *p)
{
	struct today *v = p->state;
	struct noting *n = p->room;
	struct handover h = { .start = noting_start(n),
		.book = noting_book(n),
		.now = noting_now(n) };
	uint64_t *slots;
	enum err rc;

	arena_clear(&v->arena);
	v->n_rows = 0;
	if (h.book == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = draft_list(vault_drafts(noting_vault(n)), &v->arena, &slots,
	    &h.drafts);
	if (rc != ERR_NONE)
		return rc;
	v->room = 20 + book_len(h.book) + book_lists(h.book);
	v->rows = arena_array(&v->arena, v->room, struct row);
	add_where(p);
	add_changed(p);
	add_wants(p, &h);
	add_lists(p, &h);
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
	return ERR_NONE;
}

static enum err
today_open(struct pane *p, const struct target *t)
{
	struct today *v = p->state;
	enum err rc;

	(void)t;
	list_init(&v->list, &source, v);
	rc = load(p);
	if (rc != ERR_NONE)
		list_release(&v->list);
	else
		list_select(&v->list, 1);
	return rc;
}

static void
today_close(struct pane *p)
{
	struct today *v = p->state;

	list_release(&v->list);
	arena_release(&v->arena);
}

static void
today_title(struct pane *p, struct canvas *line)
{
	const struct pace *pace = noting_book(p->room) == NULL ?
	    NULL :
	    book_pace(noting_book(p->room));
	size_t days = pace == NULL ? 0 : pace_days(pace);
	struct pace_day t = { 0 };

	if (pace != NULL)
		t = pace_total(pace);
	canvas_printf(line, 0, 0, ROLE_TITLE,
	    "To go on: %zu day%s, %llu line%s reviewed, %u entr%s", days,
	    days == 1 ? "" : "s", (unsigned long long)t.reviewed,
	    t.reviewed == 1 ? "" : "s", t.written,
	    t.written == 1 ? "y" : "ies");
}

static struct list *
today_list(struct pane *p)
{
	return &((struct today *)p->state)->list;
}

static void
today_wake(struct pane *p)
{
	if (load(p) != ERR_NONE)
		err_clear();
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct today *v = p->state;
	const struct row *row;
	struct target t = { 0 };

	(void)c;
	if (v->n_rows == 0)
		return;
	row = &v->rows[v->list.selected];
	t.number = row->number;
	switch (row->what) {
	case PLACE:
		noting_go(p->room, &row->at);
		break;
	case ITEM:
		shell_open(p->shell, "entry", &t);
		break;
	case LIST:
		worklists_show(noting_worklists(p->room), row->number);
		break;
	case NOTES:
		shell_open(p->shell, "notes", NULL);
		break;
	case NOTHING:
		break;
	}
}

static void
open_page(struct pane *p, const char *which)
{
	shell_open(p->shell, "page", &(struct target){ .text = str_of(which) });
}

static void
run_day(struct pane *p, const struct call *c)
{
	(void)c;
	open_page(p, "day");
}

static void
run_handover(struct pane *p, const struct call *c)
{
	(void)c;
	open_page(p, "handover");
}

static void
run_pace(struct pane *p, const struct call *c)
{
	(void)c;
	open_page(p, "pace");
}

static const struct command commands[] = {
	{ "enter", "Enter", "go on there", run_enter, "go on", NULL },
	{ "day", "D", "one page about today", run_day, "day", NULL },
	{ "handover", "T", "one page for whoever goes on", run_handover,
	    "hand-over", NULL },
	{ "pace", "P", "how much on which day, and what is left", run_pace,
	    "pace", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_today = {
	.name = "today",
	.about = "Where I was, what is open, what changed",
	.state_size = sizeof(struct today),
	.commands = commands,
	.open = today_open,
	.close = today_close,
	.title = today_title,
	.list = today_list,
	.wake = today_wake,
};
