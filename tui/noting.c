#include "tui/noting.h"

#include <stdlib.h>
#include <string.h>

#include "tui/along.h"
#include "tui/covering.h"
#include "tui/drafting.h"
#include "tui/here.h"
#include "tui/logbook.h"
#include "tui/meter.h"
#include "tui/others.h"
#include "tui/outgoing.h"
#include "tui/places.h"
#include "tui/paging.h"
#include "tui/refound.h"
#include "tui/requirements.h"
#include "tui/worklists.h"

enum { WAITING_MAX = 64 };

/* What came while the vault was locked, and is recorded when it opens. */
struct waiting {
	struct entry e;
};

struct noting {
	struct noting_setup setup;
	struct arena arena; /* rules */
	struct rules rules;
	struct shell_room room;
	struct shell *shell;
	struct vault *vault; /* NULL: not looked at yet, or cannot be used */
	struct outgoing *outgoing;
	struct logbook *logbook;
	struct meter *meter;
	uint32_t candidates; /* asked about so far */

	struct noting_order order; /* what the editor is, or will be, for */
	struct arena order_arena;
	bool ordered;    /* waits for the vault */
	struct buf view; /* view to open when the vault is open; or "" */
	uint64_t view_number;
	bool shown;         /* this room has the screen and the keys */
	struct pane *asked; /* the view that the reading room asked for */
	bool from_reading;  /* it waits for the vault to be opened */

	struct arena waiting_arena;
	struct waiting waiting[WAITING_MAX];
	size_t n_waiting;

	struct covering *covering;
	struct worklists *worklists;
	struct refound *refound;
	struct along *along;
	struct places *places;
	struct requirements *requirements;

	struct drafting *drafting;
};

#define X(name) extern const struct view view_##name;
#include "views_notes.inc"
#undef X
static const struct view *const views[] = {
#define X(name) &view_##name,
#include "views_notes.inc"
#undef X
};

static void
shell_leave(void *room)
{
	noting_leave(room);
}

enum err
noting_open(struct noting **out, const struct noting_setup *s)
{
	struct noting *n = calloc(1, sizeof *n);
	enum err rc = ERR_NONE;

	if (n == NULL)
		bug("no memory for the notes room");
	n->setup = *s;
	if (s->start->session)
		rc = rules_read(&n->rules, &n->arena, "session.conf",
		    s->start->rules);
	else
		rules_personal(&n->rules);
	if (rc != ERR_NONE) {
		arena_release(&n->arena);
		free(n);
		return rc;
	}
	n->room = (struct shell_room){
		.room = n,
		.views = views,
		.n_views = sizeof views / sizeof *views,
		.loop = s->loop,
		.commands = noting_commands,
		.leave = shell_leave,
	};
	n->shell = shell_make(&n->room);
	n->outgoing = outgoing_open(n);
	n->logbook = logbook_open(n);
	n->meter = meter_open(n);
	n->covering = covering_open(n);
	n->worklists = worklists_open(n);
	n->refound = refound_open(n);
	n->along = along_open(n);
	n->places = places_open(n);
	n->requirements = requirements_open();
	n->drafting = drafting_open(n);
	*out = n;
	return ERR_NONE;
}

void
noting_close(struct noting *n)
{
	if (n == NULL)
		return;
	(void)drafting_keep(n->drafting);
	covering_record(n->covering);
	covering_close(n->covering);
	worklists_close(n->worklists);
	refound_close(n->refound);
	along_close(n->along);
	places_close(n->places);
	requirements_close(n->requirements);
	logbook_ends(n->logbook);
	shell_free(n->shell);
	drafting_close(n->drafting);
	outgoing_close(n->outgoing);
	logbook_close(n->logbook);
	meter_close(n->meter);
	vault_close(n->vault);
	arena_release(&n->arena);
	arena_release(&n->order_arena);
	arena_release(&n->waiting_arena);
	buf_release(&n->view);
	free(n);
}

struct shell *
noting_shell(struct noting *n)
{
	return n->shell;
}

const struct start *
noting_start(const struct noting *n)
{
	return n->setup.start;
}

const struct rules *
noting_rules(const struct noting *n)
{
	return &n->rules;
}

struct loop *
noting_loop(const struct noting *n)
{
	return n->setup.loop;
}

int64_t
noting_now(const struct noting *n)
{
	return n->setup.now();
}

const struct noting_out *
noting_ports(const struct noting *n)
{
	return &n->setup.out;
}

struct logbook *
noting_logbook(const struct noting *n)
{
	return n->logbook;
}

struct drafting *
noting_drafting(const struct noting *n)
{
	return n->drafting;
}

struct along *
noting_along(struct noting *n)
{
	return n->along;
}

struct requirements *
noting_requirements(struct noting *n)
{
	return n->requirements;
}

struct places *
noting_places(struct noting *n)
{
	return n->places;
}

struct refound *
noting_refound(struct noting *n)
{
	return n->refound;
}

struct worklists *
noting_worklists(struct noting *n)
{
	return n->worklists;
}

struct meter *
noting_meter(struct noting *n)
{
	return n->meter;
}

uint32_t
noting_next_candidate(struct noting *n)
{
	return ++n->candidates;
}

struct outgoing *
noting_outgoing(struct noting *n)
{
	return n->outgoing;
}

enum err
noting_look(struct noting *n)
{
	const struct start *s = n->setup.start;
	struct buf folder = { 0 };
	struct vault_setup setup = {
		.auditor = s->auditor,
		.title = s->title,
		.cost = n->setup.cost,
		.now = n->setup.now,
	};
	enum err rc;

	if (n->vault != NULL)
		return ERR_NONE;
	if (s->data.len == 0)
		return fail(ERR_ABSENT, "there is no data folder for notes");
	buf_str(&folder, s->data);
	setup.folder = folder.at;
	rc = vault_open(&n->vault, &setup);
	buf_release(&folder);
	return rc;
}

struct str
noting_visits(const struct noting *n)
{
	return n->setup.visits;
}

struct vault *
noting_vault(struct noting *n)
{
	return n->vault;
}

const struct book *
noting_book(const struct noting *n)
{
	return n->vault == NULL ? NULL : vault_book(n->vault);
}

static void
take_focus(struct noting *n)
{
	if (shell_top(n->shell) == NULL)
		shell_open(n->shell, "notes", NULL);
	n->shown = true;
	n->setup.out.focus(n->setup.out.arg, ROOM_NOTES);
	shell_redraw(n->shell);
}

void
noting_back(struct noting *n, struct str news)
{
	n->from_reading = false;
	n->asked = NULL;
	if (news.len > 0)
		n->setup.out.news(n->setup.out.arg, news);
	n->shown = false;
	n->setup.out.focus(n->setup.out.arg, ROOM_READING);
}

/* Whoever types here goes on typing here: no order of the reading room, which
 * has no keys now, may put anything between a person and the text. */
static bool
is_typing(const struct noting *n)
{
	struct pane *p = n->shown ? shell_top(n->shell) : NULL;

	return p != NULL && p->view->takes_text != NULL &&
	    p->view->takes_text(p);
}

void
noting_go(struct noting *n, const struct anchor *an)
{
	n->setup.out.go(n->setup.out.arg, an);
	noting_back(n, STR(""));
}

void
noting_quit(struct noting *n)
{
	n->setup.out.quit(n->setup.out.arg);
}

/* Orders: what waits for the vault. */

/* The vault is open, or the passphrase is being asked for (false). */
static bool
want_open(struct noting *n)
{
	enum err rc = noting_look(n);

	take_focus(n);
	if (rc != ERR_NONE) {
		shell_error(n->shell, rc);
		return false;
	}
	if (vault_state(n->vault) == VAULT_OPEN)
		return true;
	if (shell_find(n->shell, "passphrase") == NULL)
		shell_open(n->shell, "passphrase", NULL);
	return false;
}

/* One item is opened, of several one is chosen. */
static void
edit_here(struct noting *n)
{
	struct arena a = { 0 };
	struct here h = here_items(n, &n->order.at, &a);

	if (h.len == 0) {
		noting_back(n,
		    STR("nothing is written about this file  c writes a "
			"note"));
	} else if (h.len == 1 && h.exact) {
		here_write(n, h.at[0]);
	} else {
		shell_open(n->shell, "here", NULL);
		n->asked = shell_top(n->shell);
	}
	arena_release(&a);
}

static void
start_writing(struct noting *n)
{
	struct target t = { .number = n->order.of };

	n->ordered = false;
	if (n->order.edit) {
		edit_here(n);
		return;
	}
	shell_open(n->shell, n->order.type == ENTRY_NOTE ? "edit" : "finding",
	    &t);
}

void
noting_write(struct noting *n, const struct noting_order *o)
{
	struct noting_order copy = *o;
	struct arena a = { 0 };

	if (drafting_writer(n->drafting) != NULL) {
		take_focus(n);
		shell_message(n->shell,
		    "finish this one first: Ctrl-D "
		    "records it, Esc keeps it as a draft");
		return;
	}
	copy.at.path = arena_copy(&a, o->at.path);
	arena_release(&n->order_arena);
	n->order_arena = a;
	n->order = copy;
	drafting_begin(n->drafting, o->slot);
	n->ordered = true;
	if (want_open(n))
		start_writing(n);
}

const struct noting_order *
noting_now_writing(const struct noting *n)
{
	return &n->order;
}

static enum entry_type
type_of(enum hatch_what what)
{
	switch (what) {
	case HATCH_FINDING:
		return ENTRY_FINDING;
	case HATCH_QUESTION:
		return ENTRY_QUESTION;
	case HATCH_ASSUMPTION:
		return ENTRY_ASSUMPTION;
	case HATCH_CITATION:
		return ENTRY_CITATION;
	case HATCH_NOTE:
	case HATCH_EDIT:
		break;
	}
	return ENTRY_NOTE;
}

/* Without the focus: what the reading room sends must never take the keys
 * from somebody who is typing a passphrase. */
static void
tell(struct noting *n, struct str line)
{
	n->setup.out.news(n->setup.out.arg, line);
}

void
noting_compose(struct noting *n, const struct hatch_compose *c)
{
	struct noting_order o = {
		.type = type_of(c->what),
		.anchored = true,
		.at = c->at,
		.list = c->what == HATCH_ASSUMPTION ? c->list : 0,
		.from_reading = true,
		.edit = c->what == HATCH_EDIT,
	};

	if (is_typing(n))
		return;
	/* Nobody makes a vault to hear that nothing is in it. */
	if (o.edit && noting_look(n) == ERR_NONE &&
	    vault_state(n->vault) == VAULT_NEW) {
		tell(n, STR("nothing is written yet  c writes a note"));
		return;
	}
	noting_write(n, &o);
}

/* The list is always there, at the bottom: what lies on it is closed, but
 * not a text that is being written. */
static void
show_notes(struct noting *n)
{
	struct pane *p;

	while ((p = shell_top(n->shell)) != NULL &&
	    strcmp(p->view->name, "notes") != 0 && p->view->takes_text == NULL)
		shell_close(p);
}

static void
open_view(struct noting *n)
{
	struct target t = { .number = n->view_number };
	struct buf name = n->view;

	n->view = (struct buf){ 0 };
	covering_record(n->covering); /* "where I was" is known by it */
	if (strcmp(name.at, "notes") == 0)
		show_notes(n);
	else
		shell_open(n->shell, name.at, &t);
	n->asked = shell_top(n->shell);
	n->from_reading = false;
	buf_release(&name);
}

void
noting_view(struct noting *n, const struct hatch_open *o)
{
	if (is_typing(n) || !paging_takes(paging_of(n), o))
		return;
	n->from_reading = true;
	buf_clear(&n->view);
	buf_str(&n->view, o->view);
	n->view_number = o->number;
	/* Who approves has no vault here, and needs none. */
	if (str_eq(o->view, STR("approvals")))
		take_focus(n);
	else if (!want_open(n))
		return;
	open_view(n);
}

void
noting_seen(struct noting *n, const struct anchor *an)
{
	covering_seen(n->covering, an);
}

/* Recorded now, or when the vault is open. */
static void
record(struct noting *n, const struct entry *e, bool ask)
{
	struct entry copy = *e;

	if (noting_book(n) != NULL) {
		noting_add(n, &copy);
		return;
	}
	if (n->n_waiting == WAITING_MAX) {
		tell(n, STR("too much waits for the vault: gn opens it"));
		return;
	}
	n->waiting[n->n_waiting++].e = entry_copy(&n->waiting_arena, e);
	if (ask)
		(void)want_open(n);
}

void
noting_reviewed(struct noting *n, const struct hatch_reviewed *r)
{
	const struct entry e = { .type = ENTRY_REVIEWED,
		.anchored = true,
		.at = r->at,
		.is = r->is };

	if (noting_book(n) == NULL)
		n->from_reading = true;
	record(n, &e, true);
}

void
noting_certificate(struct noting *n, struct str text)
{
	const struct entry e = { .type = ENTRY_CERTIFICATE, .text = text };

	record(n, &e, false);
}

void
noting_undo(struct noting *n, bool redo)
{
	struct buf line = { 0 };
	uint64_t seq = 0;
	enum err rc;

	if (noting_book(n) == NULL) {
		tell(n, STR("the vault is locked: gn opens it"));
		return;
	}
	rc = vault_undo(n->vault, redo, &seq);
	if (rc == ERR_NONE) {
		covering_send(n->covering);
		worklists_undone(n->worklists, seq);
		refound_send(n->refound);
		buf_printf(&line, "%s %llu  %s",
		    redo ? "brought back" : "took back",
		    (unsigned long long)seq,
		    redo ? "u undoes" : "Ctrl-R brings it back");
	} else {
		buf_str(&line, str_of(err_text()));
		err_clear();
	}
	n->setup.out.news(n->setup.out.arg, buf_view(&line));
	shell_say(n->shell, ROLE_TEXT, buf_view(&line));
	shell_wake(n->shell);
	buf_release(&line);
}

static void
record_waiting(struct noting *n)
{
	for (size_t i = 0; i < n->n_waiting; i++)
		noting_add(n, &n->waiting[i].e);
	n->n_waiting = 0;
	arena_clear(&n->waiting_arena);
}

void
noting_opened(struct noting *n)
{
	struct pane *p = shell_find(n->shell, "passphrase");
	bool waited = n->n_waiting > 0;

	if (p != NULL)
		shell_close(p);
	logbook_vault_opened(n->logbook);
	record_waiting(n);
	places_opened(n->places);
	covering_send(n->covering);
	refound_send(n->refound);
	others_send(n);
	if (worklists_record(n->worklists))
		buf_clear(&n->view);
	else if (n->ordered)
		start_writing(n);
	else if (n->view.len > 0)
		open_view(n);
	else if (waited && n->from_reading)
		noting_back(n, STR("recorded  u undoes"));
	shell_redraw(n->shell);
}

void
noting_not_opened(struct noting *n)
{
	n->ordered = false;
	buf_clear(&n->view);
	if (n->n_waiting > 0)
		n->n_waiting = 0;
	noting_back(n, STR("nothing was recorded: the vault is locked"));
}

bool
noting_add(struct noting *n, struct entry *e)
{
	enum err rc = vault_add(n->vault, e);

	if (rc != ERR_NONE) {
		shell_error(n->shell, rc);
		return false;
	}
	if (entry_is_item(e->type) || e->type == ENTRY_REMOVE ||
	    e->type == ENTRY_REVIEWED)
		covering_send(n->covering);
	if (entry_is_item(e->type) || e->type == ENTRY_REMOVE)
		refound_send(n->refound);
	return true;
}

/* The way out. */

void
noting_verdict(struct noting *n, const struct verdict_source *v)
{
	bool waited = outgoing_gate(n->outgoing) == NULL;
	const struct gate *gate;

	if (meter_verdict(n->meter, v)) {
		shell_redraw(n->shell);
		return;
	}
	outgoing_verdict(n->outgoing, v);
	gate = outgoing_gate(n->outgoing);
	if (waited && gate != NULL)
		shell_message(n->shell, "the gate has judged: %s",
		    gate_verdict_name(gate->verdict));
	shell_wake(n->shell);
}

void
noting_proof(struct noting *n, struct str text)
{
	logbook_proof(n->logbook, text);
}

void
noting_leave(struct noting *n)
{
	if (!drafting_keep(n->drafting)) {
		take_focus(n);
		return;
	}
	covering_record(n->covering);
	if (noting_book(n) == NULL) {
		noting_quit(n);
		return;
	}
	take_focus(n);
	if (shell_find(n->shell, "leave") == NULL)
		shell_open(n->shell, "leave",
		    &(struct target){ .number = LEAVE_NOW });
	noting_items_changed(n);
}

void
noting_ask_leave(struct noting *n)
{
	if (is_typing(n))
		return;
	if (noting_book(n) == NULL) {
		noting_leave(n);
		return;
	}
	take_focus(n);
	if (shell_find(n->shell, "leave") == NULL)
		shell_open(n->shell, "leave", NULL);
}

void
noting_items_changed(struct noting *n)
{
	covering_send(n->covering);
	refound_send(n->refound);
	others_send(n);
}

bool
noting_asked(const struct noting *n, const struct pane *p)
{
	return p == n->asked;
}
