/*
 * noting.h - what a view of the notes room may ask for.
 *
 * A view in the notes room is tui/view_NAME.c and includes this header (that
 * puts it into the table of the notes room).  It draws, lists its keys, and
 * asks here for the vault, the screen and the way out.  What comes from the
 * reading room is an order (an anchor to write about); it waits here until
 * the vault is open, and the passphrase is asked for only then.
 */
#pragma once

#include "core/rooms.h"
#include "notes/vault.h"
#include "policy/gate.h"
#include "tui/hatch.h"
#include "tui/shell.h"

struct noting;       /* noting.c alone knows its fields */
struct logbook;      /* tui/logbook.h */
struct outgoing;     /* tui/outgoing.h */
struct drafting;     /* tui/drafting.h */
struct refound;      /* tui/refound.h */
struct worklists;    /* tui/worklists.h */
struct meter;        /* tui/meter.h */
struct along;        /* tui/along.h */
struct places;       /* tui/places.h */
struct requirements; /* tui/requirements.h */

/* What the room's main file does for it: each sends one kind of message. */
struct noting_out {
	void *arg;
	void (*focus)(void *arg, enum room r);
	void (*go)(void *arg, const struct anchor *an);
	void (*news)(void *arg, struct str line);
	void (*marks)(void *arg, const struct mark *marks, size_t n);
	/* what the checker shall judge; context has left before */
	void (*candidate)(void *arg, uint32_t id, struct str context,
	    struct str bytes);
	void (*quit)(void *arg);
	/* a worklist as core/hitlist.h writes it; verdicts on it */
	void (*list)(void *arg, struct str bytes);
	void (*verdicts)(void *arg, const struct hatch_verdicts *v);
	void (*anchors)(void *arg, struct str all); /* tui/hatch_found.h */
	void (*survey)(void *arg);                  /* tui/hatch_cover.h */
	void (*others)(void *arg, struct str all);  /* tui/hatch_lines.h */
	void (*place)(void *arg, const struct hatch_place *p);
	void (*pages)(void *arg, struct str order); /* policy/press.h */
	void (*press)(void *arg, struct str files); /* core/press_files.h */
};

struct noting_setup {
	const struct start *start; /* kept by pointer */
	struct loop *loop;         /* NULL: no timers, all at once */
	struct seal_cost cost;     /* SEAL_COST_MODERATE but in tests */
	int64_t (*now)(void);      /* milliseconds since 1970 */
	struct str visits; /* as policy/visits.h has them; "": none to keep */
	struct noting_out out;
};

/* ERR_FORMAT: the rules of the session cannot be read. */
enum err noting_open(struct noting **out,
    const struct noting_setup *s) MUST_CHECK;
void noting_close(struct noting *n); /* keeps drafts; NULL is fine */

/* For the room's main file. */
struct shell *noting_shell(struct noting *n);
void noting_compose(struct noting *n, const struct hatch_compose *c);
void noting_view(struct noting *n, const struct hatch_open *o);
void noting_reviewed(struct noting *n, const struct hatch_reviewed *r);
void noting_seen(struct noting *n, const struct anchor *an);
void noting_certificate(struct noting *n, struct str text);
void noting_undo(struct noting *n, bool redo);
void noting_leave(struct noting *n); /* closes the vault now */
/* The reading room wants to leave: a key typed here closes the vault. */
void noting_ask_leave(struct noting *n);
enum { LEAVE_NOW = 1 }; /* target.number of the view leave */
void noting_verdict(struct noting *n, const struct verdict_source *v);
void noting_proof(struct noting *n, struct str text);
/* The rest of the trusted line: what is read, by whom, vault, time. */
void noting_trusted(struct noting *n, struct buf *b);
/* Until this visit has to end, rounded up; 0: now; -1: no end. */
int noting_minutes_left(const struct noting *n);

/* For views: p->room is a struct noting. */
const struct start *noting_start(const struct noting *n);
struct str noting_visits(const struct noting *n);
const struct rules *noting_rules(const struct noting *n);
struct loop *noting_loop(const struct noting *n); /* NULL in tests */
int64_t noting_now(const struct noting *n);
const struct noting_out *noting_ports(const struct noting *n);
/*
 * Looks at the vault, unless that was done: ERR_FORMAT says which entry is
 * damaged, ERR_DENIED that another program has it open.  Tried again each
 * time that it failed.
 */
enum err noting_look(struct noting *n) MUST_CHECK;
struct vault *noting_vault(struct noting *n); /* NULL before that */
/* NULL unless the vault is open. */
const struct book *noting_book(const struct noting *n);
struct outgoing *noting_outgoing(struct noting *n);
struct logbook *noting_logbook(const struct noting *n);
struct drafting *noting_drafting(const struct noting *n);
struct worklists *noting_worklists(struct noting *n);
struct meter *noting_meter(struct noting *n);
/* An id that no candidate had. */
uint32_t noting_next_candidate(struct noting *n);
struct refound *noting_refound(struct noting *n);
struct along *noting_along(struct noting *n);
struct places *noting_places(struct noting *n);
struct requirements *noting_requirements(struct noting *n);

/*
 * Something to write: where from, what for.  of 0: a new item.  slot 0: no
 * draft yet.
 */
struct noting_order {
	enum entry_type type;
	bool anchored;
	struct anchor at;
	uint64_t of, slot;
	uint64_t list;     /* worklist that it rests on */
	bool from_reading; /* the focus goes back when it is done */
	bool edit;         /* nothing new: what was written about at */
};

/* Opens the editor for it: after the passphrase, when the vault is locked. */
void noting_write(struct noting *n, const struct noting_order *o);
/* The order the editor was opened for; its draft since: tui/drafting.h. */
const struct noting_order *noting_now_writing(const struct noting *n);

/* The vault was created or unlocked: goes on with what waited for it. */
void noting_opened(struct noting *n);
/* The passphrase was not given. */
void noting_not_opened(struct noting *n);

/* Records it, tells the reading room the new marks.  The message row says
 * what went wrong; false then. */
bool noting_add(struct noting *n, struct entry *e);

/* The screen goes to the reading room, with a line of news (may be ""). */
void noting_back(struct noting *n, struct str news);
/* And shows this there. */
void noting_go(struct noting *n, const struct anchor *an);
/* The reading room asked for this view: closing it goes back there. */
bool noting_asked(const struct noting *n, const struct pane *p);
/* Items were recorded past noting_add(): marks and anchors go out. */
void noting_items_changed(struct noting *n);
/* Ends the session; the vault has been shut. */
void noting_quit(struct noting *n);

/* "2026-11-21 14:05" in local time. */
void noting_time(struct buf *b, int64_t ms);
/* "src/a.c:3-9 in v1.0 (1a3e64c6c4)" */
void noting_place(struct noting *n, const struct anchor *an, struct buf *b);
/* One line: what an item is called when it has no title. */
struct str noting_title(const struct entry *e);

/* Commands of every view of the notes room. */
extern const struct command noting_commands[];
