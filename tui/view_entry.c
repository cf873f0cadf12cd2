/*
 * view_entry.c - one note, finding or question, and how it came to be.
 */
#include "tui/noting.h"

#include "notes/due.h"
#include "notes/peer.h"
#include "tui/pager.h"
#include "tui/refound.h"

static void
add_text(struct pager *g, const char *label, struct str text)
{
	struct str line;

	if (text.len == 0)
		return;
	pager_printf(g, ROLE_KEYWORD, "%s", label);
	while (str_cut(&text, '\n', &line)) {
		struct buf b = { 0 };

		buf_str(&b, STR("  "));
		buf_str(&b, line);
		pager_add(g, ROLE_TEXT, buf_view(&b));
		buf_release(&b);
	}
}

static void
add_line(struct pager *g, const char *label, struct str text)
{
	struct buf b = { 0 };

	if (text.len == 0)
		return;
	buf_printf(&b, "%-13s ", label);
	buf_str(&b, text);
	pager_add(g, ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

static void
add_list(struct pager *g, const char *label, const struct entry_list *l)
{
	struct buf b = { 0 };

	for (uint32_t i = 0; i < l->len; i++) {
		buf_str(&b, i == 0 ? STR("") : STR(", "));
		buf_str(&b, l->at[i]);
	}
	add_line(g, label, buf_view(&b));
	buf_release(&b);
}

static void
add_finding(struct pager *g, const struct entry *e)
{
	add_line(g, "severity", str_of(entry_severity_name(e->severity)));
	add_line(g, "confidence", str_of(entry_confidence_name(e->confidence)));
	add_line(g, "status", str_of(entry_status_name(e->status)));
	add_line(g, "class", e->class);
	add_line(g, "cwe", e->cwe);
	add_line(g, "cvss 4.0", e->cvss4);
	add_line(g, "cvss 3.1", e->cvss3);
	add_list(g, "affected", &e->affected);
	add_list(g, "recipients", &e->recipients);
	add_list(g, "requirements", &e->requirements);
	add_text(g, "claim", e->claim);
	add_text(g, "evidence", e->evidence);
	add_text(g, "remediation", e->remediation);
}

/* The clock of a question; the worklist that something rests on. */
static void
add_standing(struct pane *p, struct pager *g, const struct entry *e)
{
	const struct worklist *w =
	    e->list == 0 ? NULL : book_list(noting_book(p->room), e->list);
	struct buf b = { 0 };

	if (e->type == ENTRY_QUESTION && e->due != 0 && e->answer.len == 0) {
		due_write(e->due, &b);
		buf_str(&b, STR(", "));
		due_say(e->due, noting_now(p->room), &b);
		add_line(g, "due", buf_view(&b));
	}
	buf_clear(&b);
	if (w != NULL) {
		buf_printf(&b, "%llu, ", (unsigned long long)e->list);
		buf_str(&b, w->l.title);
		buf_printf(&b,
		    ": %u lines, %u without a verdict, %u suspicious",
		    w->l.n_hits, w->counts[VERDICT_TODO],
		    w->counts[VERDICT_SUSPICIOUS]);
		add_line(g, "worklist", buf_view(&b));
		if (e->type == ENTRY_ASSUMPTION)
			add_line(g, "stands",
			    w->counts[VERDICT_TODO] > 0 ?
				STR("open: places without a verdict") :
				w->counts[VERDICT_SUSPICIOUS] > 0 ?
				STR("broken: a place does not keep to it") :
				STR("kept in every place of the list"));
	}
	buf_release(&b);
}

static void
add_entry(struct pane *p, struct pager *g, const struct entry *e)
{
	struct buf cite = { 0 };

	if (e->anchored) {
		noting_place(p->room, &e->at, &cite);
		pager_add(g, ROLE_NAME, buf_view(&cite));
		buf_clear(&cite);
		anchor_cite(&e->at, &cite);
		pager_add(g, ROLE_FAINT, buf_view(&cite));
	}
	add_line(g, "by", e->by);
	add_line(g, "title", e->title);
	if (e->type == ENTRY_FINDING)
		add_finding(g, e);
	add_text(g,
	    e->type == ENTRY_ASSUMPTION   ? "assumes" :
		e->type == ENTRY_NEGATIVE ? "looked for" :
		e->type == ENTRY_QUESTION ? "question" :
					    "text",
	    e->text);
	add_text(g, "red part", e->red);
	add_text(g, "answer", e->answer);
	add_standing(p, g, e);
	buf_release(&cite);
}

/* Where it is in the revision that is read. */
static void
add_found(struct pane *p, struct pager *g, uint64_t number)
{
	struct refound *all = noting_refound(p->room);
	const struct hatch_found *f = refound_of(all, number);
	struct buf b = { 0 };

	if (f == NULL)
		return;
	buf_str(&b, STR("in "));
	buf_str(&b, refound_name(all));
	buf_printf(&b, ": %s", anchor_state_name(f->state));
	if (f->state != REFIND_ABSENT && f->state != REFIND_UNKNOWN) {
		buf_str(&b, STR(", "));
		buf_str(&b, f->at.path);
		if (f->at.first > 0)
			buf_printf(&b, ":%u-%u", f->at.first, f->at.last);
	}
	if (refound_stale(f))
		buf_str(&b, STR(" - read it again"));
	pager_add(g, refound_stale(f) ? ROLE_WARNING : ROLE_TEXT, buf_view(&b));
	buf_release(&b);
}

static void
add_history(struct pane *p, struct pager *g, uint64_t number)
{
	struct book_change *all;
	size_t n = book_history(noting_book(p->room), number, &p->arena, &all);

	pager_add(g, ROLE_TEXT, STR(""));
	pager_printf(g, ROLE_HUNK, "history: %zu", n);
	for (size_t i = n; i > 0; i--) {
		const struct entry *e = all[i - 1].entry;
		struct buf when = { 0 };

		noting_time(&when, e->time);
		pager_printf(g, ROLE_TEXT, "  entry %llu, %s, %s%s",
		    (unsigned long long)e->seq, when.at,
		    e->type == ENTRY_REMOVE ? "removed" :
			i == 1              ? "written" :
					      "changed",
		    all[i - 1].counts ? "" : ", taken back");
		buf_release(&when);
	}
}

static void
add_dissent(struct pane *p, struct pager *g, const struct book_item *it)
{
	struct buf b = { 0 };
	struct str rest, line;

	peer_dissent(noting_book(p->room), it, &b);
	rest = buf_view(&b);
	if (rest.len > 0)
		pager_add(g, ROLE_WARNING, STR("other opinions"));
	while (str_cut(&rest, '\n', &line))
		if (line.len > 0)
			pager_add(g, ROLE_TEXT, line);
	buf_release(&b);
}

static void
load(struct pane *p)
{
	struct pager *g = p->state;
	const struct book *b = noting_book(p->room);
	const struct book_item *it =
	    b == NULL ? NULL : book_find(b, p->target.number);

	pager_clear(g);
	if (it == NULL)
		return;
	if (it->now != NULL)
		add_entry(p, g, it->now);
	else
		pager_add(g, ROLE_WARNING,
		    STR("This one was removed or "
			"taken back."));
	add_dissent(p, g, it);
	add_found(p, g, it->number);
	add_history(p, g, it->number);
}

static enum err
entry_open(struct pane *p, const struct target *t)
{
	const struct book *b = noting_book(p->room);

	if (b == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	if (book_find(b, t->number) == NULL)
		return fail(ERR_ABSENT, "there is no item %llu",
		    (unsigned long long)t->number);
	pager_init(p->state);
	((struct pager *)p->state)->wrap = true;
	load(p);
	return ERR_NONE;
}

static void
entry_close(struct pane *p)
{
	pager_release(p->state);
}

static void
entry_draw(struct pane *p, struct canvas *c)
{
	pager_draw(p->state, c);
}

static const struct book_item *
item_of(struct pane *p)
{
	const struct book *b = noting_book(p->room);

	return b == NULL ? NULL : book_find(b, p->target.number);
}

static void
entry_title(struct pane *p, struct canvas *line)
{
	const struct book_item *it = item_of(p);
	int col;

	if (it == NULL)
		return;
	col = canvas_printf(line, 0, 0, ROLE_TITLE, "%s %llu",
	    entry_type_name(it->type), (unsigned long long)it->number);
	if (it->now != NULL)
		canvas_str(line, 0, col + 1, line->cols - col - 1,
		    ROLE_TITLE | ATTR_FOCUS, noting_title(it->now));
}

static struct list *
entry_list(struct pane *p)
{
	return &((struct pager *)p->state)->list;
}

static void
entry_wake(struct pane *p)
{
	load(p);
}

static void
run_go(struct pane *p, const struct call *c)
{
	const struct book_item *it = item_of(p);

	(void)c;
	if (it == NULL || it->now == NULL || !it->now->anchored)
		shell_message(p->shell,
		    "this is about no place in the "
		    "source");
	else
		noting_go(p->room, &it->now->at);
}

static void
run_edit(struct pane *p, const struct call *c)
{
	const struct book_item *it = item_of(p);
	struct noting_order o = { .of = p->target.number };

	(void)c;
	if (it == NULL || it->now == NULL)
		return;
	o.type = it->type;
	noting_write(p->room, &o);
}

static const struct command commands[] = {
	{ "go", "Enter gd C-]", "show the place in the source", run_go,
	    "go there", NULL },
	{ "edit", "e", "write a new version of it", run_edit, "edit", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_entry = {
	.name = "entry",
	.about = "One note, finding or question, with its history",
	.state_size = sizeof(struct pager),
	.commands = commands,
	.open = entry_open,
	.close = entry_close,
	.draw = entry_draw,
	.title = entry_title,
	.list = entry_list,
	.wake = entry_wake,
};
