/*
 * outgoing.h - one export on its way out: what would leave, what the gate
 * says, and the journal that counts it.
 *
 * The bytes are fixed when it begins; the gate judges those bytes, the
 * person reads those bytes, and those bytes leave or nothing does.
 */
#pragma once

#include "policy/egress.h"
#include "tui/noting.h"

enum outgoing_state {
	OUTGOING_NONE,
	OUTGOING_ASKED,  /* the checker has not answered yet */
	OUTGOING_JUDGED, /* the gate's rows are there */
	OUTGOING_GONE,   /* in the outbox */
};

struct outgoing_item {
	uint64_t number;
	bool red; /* with the part for named recipients */
};

struct outgoing *outgoing_open(struct noting *n);
void outgoing_close(struct outgoing *s); /* NULL is fine */

/* The journal is opened or made and compared with the record. */
void outgoing_vault_opened(struct outgoing *s);
/* And its closing, with the record's last head: when the vault is shut.
 * *head in a: the journal's own, "" without a session. */
enum err outgoing_vault_closes(struct outgoing *s, struct arena *a,
    struct str *head) MUST_CHECK;
void outgoing_proof(struct outgoing *s, struct str text);
struct journal *outgoing_journal(struct outgoing *s); /* NULL: none open */

/* Puts the bytes together and asks the checker.  ERR_ABSENT: no items;
 * ERR_LIMIT: too much for one export. */
enum err outgoing_begin(struct outgoing *s, const struct outgoing_item *items,
    size_t n) MUST_CHECK;
void outgoing_verdict(struct outgoing *s, const struct verdict_source *v);
void outgoing_drop(struct outgoing *s); /* back to OUTGOING_NONE */

enum outgoing_state outgoing_state(const struct outgoing *s);
struct str outgoing_bytes(const struct outgoing *s);
const struct gate *outgoing_gate(const struct outgoing *s); /* JUDGED */
/* The checker's last word, for its progress and its spans; NULL: none. */
const struct verdict_source *outgoing_source(const struct outgoing *s);
const struct ledger *outgoing_ledger(const struct outgoing *s);
uint32_t outgoing_approvals(const struct outgoing *s); /* found so far */

/*
 * Lets it leave: journal, file in the outbox, entry in the record.
 * ERR_DENIED: refused, or approvals are missing; that is written in the
 * journal and in the record as well.
 */
enum err outgoing_release(struct outgoing *s, struct str *file) MUST_CHECK;
