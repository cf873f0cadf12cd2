/*
 * view_notes.c - all notes, findings and questions, and drafts.
 */
#include "tui/noting.h"

#include <string.h>

#include "notes/due.h"
#include "tui/list.h"
#include "tui/refound.h"

struct row {
	const struct book_item *item; /* NULL: a draft */
	struct entry draft;
	uint64_t slot;
};

struct notes {
	struct list list;
	struct arena arena; /* rows */
	struct row *rows;
	size_t n_rows;
	struct buf filter; /* words that must be in it */
	bool stale;        /* only what has to be read again */
	struct noting *noting;
	size_t total;
};

static const struct entry *
entry_of(const struct row *r)
{
	return r->item == NULL ? &r->draft : r->item->now;
}

/* "due 3d", "late 2d" in the column of the kind. */
static void
draw_clock(const struct notes *v, const struct entry *e,
    const struct list_row *r, const struct canvas *line)
{
	int left = due_left(e->due, noting_now(v->noting));

	canvas_put(line, 0, 8, r->attr, "         ");
	canvas_printf(line, 0, 8,
	    r->attr | (left < 0 ? ROLE_WARNING : ROLE_TEXT), "%s %dd",
	    left < 0 ? "late" : "due", left < 0 ? -left : left);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct notes *v = arg;
	const struct row *row = &v->rows[r->row];
	const struct entry *e = entry_of(row);
	struct canvas_draw d = { .text = noting_title(e),
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };
	struct buf where = { 0 };
	int left = line->cols - 30;

	if (row->item == NULL)
		canvas_put(line, 0, 0, r->attr, "draft");
	else
		canvas_printf(line, 0, 0, r->attr, "%5llu",
		    (unsigned long long)row->item->number);
	canvas_printf(line, 0, 6, r->attr, "%c", book_glyph(e->type));
	if (row->item != NULL)
		canvas_put(line, 0, 7, r->attr | ROLE_WARNING,
		    refound_glyph(refound_of(noting_refound(v->noting),
			row->item->number)));
	canvas_put(line, 0, 8, r->attr,
	    e->type == ENTRY_FINDING        ? entry_severity_name(e->severity) :
		e->type == ENTRY_ASSUMPTION ? "assumed" :
					      entry_type_name(e->type));
	if (e->by.len > 0) {
		canvas_put(line, 0, 8, r->attr, "        ");
		canvas_str(line, 0, 8, 8, r->attr | ROLE_NAME, e->by);
	} else if (e->type == ENTRY_QUESTION && e->answer.len > 0)
		canvas_put(line, 0, 8, r->attr, "answered");
	else if (e->type == ENTRY_QUESTION && e->due != 0)
		draw_clock(v, e, r, line);
	canvas_text(line, 0, 17, left - 17 > 20 ? left - 17 : 20, &d);
	if (e->anchored && e->at.path.len > 0) {
		buf_str(&where, e->at.path);
		if (e->at.first > 0)
			buf_printf(&where, ":%u", e->at.first);
		canvas_path(line, 0, left + 1, line->cols - left - 1, r->attr,
		    buf_view(&where));
	}
	buf_release(&where);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	const struct notes *v = arg;
	const struct entry *e = entry_of(&v->rows[row]);

	buf_str(b, noting_title(e));
	buf_char(b, ' ');
	buf_str(b, e->at.path);
	return buf_view(b);
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static void
add_drafts(struct pane *p)
{
	struct notes *v = p->state;
	struct draft_box *box = vault_drafts(noting_vault(p->room));
	uint64_t *slots;
	size_t n = 0;
	enum err rc = draft_list(box, &v->arena, &slots, &n);

	v->rows = arena_array(&v->arena, n + book_len(noting_book(p->room)),
	    struct row);
	v->n_rows = 0;
	for (size_t i = 0; rc == ERR_NONE && i < n; i++) {
		struct row *r = &v->rows[v->n_rows];

		if (draft_get(box, slots[i], &v->arena, &r->draft) ==
			ERR_NONE &&
		    entry_is_item(r->draft.type)) {
			r->slot = slots[i];
			v->n_rows++;
		} else {
			shell_message(p->shell, "draft %llu is damaged",
			    (unsigned long long)slots[i]);
			err_clear();
		}
	}
	shell_error(p->shell, rc);
}

static bool
is_wanted(const struct store_ids *ids, uint64_t number)
{
	for (size_t i = 0; i < ids->len; i++)
		if (ids->at[i] == number)
			return true;
	return false;
}

/* Rows anew: drafts first, then items, the last one first. */
static void
load(struct pane *p)
{
	struct notes *v = p->state;
	const struct book *b = noting_book(p->room);
	struct store_ids ids = { 0 };

	arena_clear(&v->arena);
	v->n_rows = v->total = 0;
	if (b != NULL) {
		add_drafts(p);
		ids = book_search(b, &v->arena, buf_view(&v->filter));
	}
	for (size_t i = b == NULL ? 0 : book_len(b); i > 0; i--) {
		const struct book_item *it = book_at(b, i - 1);

		if (it->now == NULL)
			continue;
		v->total++;
		if (v->stale &&
		    !refound_stale(
			refound_of(noting_refound(p->room), it->number)))
			continue;
		if (v->filter.len > 0 && !is_wanted(&ids, it->number))
			continue;
		v->rows[v->n_rows++] = (struct row){ .item = it };
	}
	v->list.empty = b == NULL ?
	    "the vault is locked - Enter asks for the passphrase" :
	    v->filter.len > 0 ? "nothing holds all these words" :
	    v->stale ? "nothing has to be read again in this revision" :
		       "no notes yet - c in the source adds one";
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
}

static enum err
notes_open(struct pane *p, const struct target *t)
{
	struct notes *v = p->state;

	(void)t;
	v->noting = p->room;
	list_init(&v->list, &source, v);
	load(p);
	return ERR_NONE;
}

static void
notes_close(struct pane *p)
{
	struct notes *v = p->state;

	list_release(&v->list);
	arena_release(&v->arena);
	buf_release(&v->filter);
}

static void
notes_title(struct pane *p, struct canvas *line)
{
	const struct notes *v = p->state;
	struct refound *f = noting_refound(p->room);
	struct str name = refound_name(f);
	struct buf b = { 0 };

	if (name.len > 0 && refound_count(f) > 0) {
		buf_printf(&b, "%zu to be read again in ", refound_count(f));
		buf_str(&b, name);
		canvas_str(line, 0, 42, line->cols - 42,
		    ROLE_TITLE | ATTR_FOCUS, buf_view(&b));
	}
	buf_release(&b);
	if (v->filter.len > 0)
		canvas_printf(line, 0, 0, ROLE_TITLE,
		    "Notes, findings, questions: %zu of %zu with \"%s\"",
		    v->n_rows, v->total, v->filter.at);
	else
		canvas_printf(line, 0, 0, ROLE_TITLE,
		    "Notes, findings, questions: %zu", v->total);
}

static const struct row *
selected(struct pane *p)
{
	struct notes *v = p->state;

	return v->n_rows == 0 ? NULL : &v->rows[v->list.selected];
}

static void
notes_wake(struct pane *p)
{
	load(p);
}

/* Who types at a locked list types the passphrase: its letters are commands
 * of no view, and no message says which they were. */
static bool
notes_key(struct pane *p, uint32_t key)
{
	struct pane *top;

	if (noting_book(p->room) != NULL || !keys_is_text(key) ||
	    strchr("q?:Q", (int)(key < 0x80 ? key : 'a')) != NULL)
		return false;
	shell_open(p->shell, "passphrase", NULL);
	top = shell_top(p->shell);
	return top == p || top->view->key(top, key);
}

static struct list *
notes_list(struct pane *p)
{
	return &((struct notes *)p->state)->list;
}

/* Commands */

static void
write_row(struct pane *p, const struct row *r)
{
	const struct entry *e = entry_of(r);
	struct noting_order o = {
		.type = e->type,
		.slot = r->slot,
		.of = r->item == NULL ? 0 : r->item->number,
	};

	noting_write(p->room, &o);
}

static void
run_open(struct pane *p, const struct call *c)
{
	const struct row *r = selected(p);
	struct target t = { 0 };

	(void)c;
	if (noting_book(p->room) == NULL) {
		shell_open(p->shell, "passphrase", NULL);
	} else if (r != NULL && r->item == NULL) {
		write_row(p, r);
	} else if (r != NULL) {
		t.number = r->item->number;
		shell_open(p->shell, "entry", &t);
	}
}

/* Where it is in the revision that is read, when that is known. */
static void
go_to(struct pane *p, const struct row *r)
{
	const struct hatch_found *f = r->item == NULL ?
	    NULL :
	    refound_of(noting_refound(p->room), r->item->number);

	noting_go(p->room,
	    f != NULL && f->state != REFIND_UNKNOWN &&
		    f->state != REFIND_ABSENT ?
		&f->at :
		&entry_of(r)->at);
}

static void
run_go(struct pane *p, const struct call *c)
{
	const struct row *r = selected(p);

	(void)c;
	if (r == NULL || !entry_of(r)->anchored)
		shell_message(p->shell,
		    "this is about no place in the "
		    "source");
	else
		go_to(p, r);
}

static void
run_stale(struct pane *p, const struct call *c)
{
	struct notes *v = p->state;

	(void)c;
	v->stale = !v->stale;
	load(p);
}

/* The item hangs on what it says now, at the place where it is now. */
static void
run_holds(struct pane *p, const struct call *c)
{
	const struct row *r = selected(p);
	const struct hatch_found *f = r == NULL || r->item == NULL ?
	    NULL :
	    refound_of(noting_refound(p->room), r->item->number);
	struct arena a = { 0 };
	struct entry e;

	(void)c;
	if (f == NULL || f->state == REFIND_UNKNOWN) {
		shell_message(p->shell,
		    "this one was written about the revision that is read");
		return;
	}
	if (f->state == REFIND_ABSENT) {
		shell_message(p->shell,
		    "its place is not there any more: e edits it, x removes "
		    "it");
		return;
	}
	e = entry_copy(&a, r->item->now);
	e.of = r->item->number;
	e.seq = 0;
	e.at = f->at;
	if (noting_add(p->room, &e))
		shell_message(p->shell, "%llu holds there, too  u undoes",
		    (unsigned long long)e.of);
	arena_release(&a);
	load(p);
}

static void
run_edit(struct pane *p, const struct call *c)
{
	const struct row *r = selected(p);

	(void)c;
	if (r != NULL)
		write_row(p, r);
}

static void
removed(struct pane *p, uint32_t key)
{
	const struct row *r = selected(p);
	struct entry e = { .type = ENTRY_REMOVE };

	if (key != 'y' || r == NULL)
		return;
	if (r->item == NULL) {
		shell_error(p->shell,
		    draft_drop(vault_drafts(noting_vault(p->room)), r->slot));
	} else {
		e.of = r->item->number;
		if (noting_add(p->room, &e))
			shell_message(p->shell, "removed %llu  u undoes",
			    (unsigned long long)e.of);
	}
	load(p);
}

static void
run_remove(struct pane *p, const struct call *c)
{
	const struct row *r = selected(p);

	(void)c;
	if (r != NULL)
		shell_choose(p,
		    r->item == NULL ?
			"drop this draft for good?" :
			"remove this one from the list? Its history stays.",
		    "yn", removed);
}

static void
filtered(struct pane *p, struct str line)
{
	struct notes *v = p->state;

	buf_clear(&v->filter);
	buf_str(&v->filter, str_trim(line));
	load(p);
}

static void
run_filter(struct pane *p, const struct call *c)
{
	struct notes *v = p->state;
	const struct shell_ask ask = {
		.label = "words: ",
		.initial = buf_view(&v->filter),
		.history = "notes",
		.done = filtered,
	};

	(void)c;
	shell_prompt(p, &ask);
}

static void
new_one(struct pane *p, enum entry_type type)
{
	const struct noting_order o = { .type = type };

	noting_write(p->room, &o);
}

static void
run_note(struct pane *p, const struct call *c)
{
	(void)c;
	new_one(p, ENTRY_NOTE);
}

static void
run_finding(struct pane *p, const struct call *c)
{
	(void)c;
	new_one(p, ENTRY_FINDING);
}

static void
run_question(struct pane *p, const struct call *c)
{
	(void)c;
	new_one(p, ENTRY_QUESTION);
}

static void
run_assumption(struct pane *p, const struct call *c)
{
	(void)c;
	new_one(p, ENTRY_ASSUMPTION);
}

static void
run_negative(struct pane *p, const struct call *c)
{
	(void)c;
	new_one(p, ENTRY_NEGATIVE);
}

static const struct command commands[] = {
	{ "open", "Enter", "this entry, or go on with this draft", run_open,
	    "open", NULL },
	{ "go", "gd C-]", "show the place in the source", run_go, "go there",
	    NULL },
	{ "edit", "e", "write a new version of it", run_edit, "edit", NULL },
	{ "note", "c", "a note about no place", run_note, "note", NULL },
	{ "write-finding", "F", "a finding about no place", run_finding,
	    "finding", NULL },
	{ "question", "w", "a question to the vendor", run_question, NULL,
	    NULL },
	{ "assumption", NULL, "an assumption about no place", run_assumption,
	    NULL, NULL },
	{ "negative", NULL, "a negative finding: looked for, not there",
	    run_negative, NULL, NULL },
	{ "remove", "x", "take it off the list", run_remove, "remove", NULL },
	{ "stale", "~", "only what has to be read again in this revision",
	    run_stale, NULL, NULL },
	{ "holds", "=", "it holds at the place where it is now", run_holds,
	    NULL, NULL },
	{ "words", "i", "only those that hold these words", run_filter,
	    "filter", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_notes = {
	.name = "notes",
	.about = "All notes, findings and questions, and drafts",
	.state_size = sizeof(struct notes),
	.commands = commands,
	.open = notes_open,
	.close = notes_close,
	.title = notes_title,
	.list = notes_list,
	.key = notes_key,
	.wake = notes_wake,
};
