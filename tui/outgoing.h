/*
 * outgoing.h - one export on its way out: what would leave, what the gate
 * says, and the journal that counts it.
 *
 * The bytes are fixed when it begins; the gate judges those bytes, the
 * person reads those bytes, and those bytes leave or nothing does.
 */
#pragma once

#include "policy/egress.h"
#include "tui/asking.h"
#include "tui/noting.h"

enum outgoing_state {
	OUTGOING_NONE,
	OUTGOING_ASKED,  /* the checker has not answered yet */
	OUTGOING_JUDGED, /* the gate's rows are there */
	OUTGOING_PRINTS, /* pages are numbered and on their way to paper */
	OUTGOING_GONE,   /* in the outbox */
};

struct outgoing_item {
	uint64_t number;
	bool red; /* with the part for named recipients */
};

struct outgoing *outgoing_open(struct noting *n);
void outgoing_close(struct outgoing *s); /* NULL is fine */

/* Puts the bytes together, with these enum along_part, and asks the checker.
 * ERR_ABSENT: no items; ERR_LIMIT: too much for one export. */
enum err outgoing_begin(struct outgoing *s, const struct outgoing_item *items,
    size_t n, unsigned parts) MUST_CHECK;
struct pages;
struct paging;
struct paging *outgoing_paging(struct outgoing *s); /* tui/paging.h */
/* A request for pages instead; copied.  The same errors. */
enum err outgoing_pages(struct outgoing *s, const struct pages *p) MUST_CHECK;
/* Exports that wait for approvals; in a. */
enum err outgoing_requests(struct outgoing *s, struct arena *a,
    struct asking_request **list, size_t *n) MUST_CHECK;
/* Takes one up again: the same bytes, judged anew.  ERR_DENIED: not a text
 * that this record asked to let out. */
enum err outgoing_resume(struct outgoing *s, struct str name) MUST_CHECK;
void outgoing_verdict(struct outgoing *s, const struct verdict_source *v);
void outgoing_drop(struct outgoing *s); /* back to OUTGOING_NONE */

enum outgoing_state outgoing_state(const struct outgoing *s);
struct str outgoing_bytes(const struct outgoing *s);
const struct gate *outgoing_gate(const struct outgoing *s); /* JUDGED */
/* The checker's last word, for its progress and its spans; NULL: none. */
const struct verdict_source *outgoing_source(const struct outgoing *s);
const struct ledger *outgoing_ledger(const struct outgoing *s);
/* What left so far, now; in a.  ERR_DENIED: there is no journal. */
enum err outgoing_look(struct outgoing *s, struct arena *a,
    struct ledger *out) MUST_CHECK;
/* Two lines for people, with what the rules allow: "left: ...". */
void outgoing_tell(const struct outgoing *s, const struct ledger *l,
    struct buf *out);
/* What people said of it so far, in a; and whether that is enough. */
size_t outgoing_steps(const struct outgoing *s, struct arena *a,
    struct approval_step **out);
bool outgoing_agreed(const struct outgoing *s);

/*
 * Lets it leave: journal, file in the outbox, entry in the record.  Pages
 * are numbered in the journal and sent to the printer; *file is then which.
 * ERR_DENIED: refused, which the journal and the record say as well.
 * ERR_STOPPED: it waits for approvals, as a request.
 */
enum err outgoing_release(struct outgoing *s, struct str *file) MUST_CHECK;
