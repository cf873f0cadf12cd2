/*
 * sending.h - one export on its way out: what would leave, what the gate
 * says, and the journal that counts it.
 *
 * The bytes are fixed when it begins; the gate judges those bytes, the
 * person reads those bytes, and those bytes leave or nothing does.
 */
#pragma once

#include "policy/egress.h"
#include "tui/noting.h"

enum sending_state {
	SENDING_NONE,
	SENDING_ASKED,  /* the checker has not answered yet */
	SENDING_JUDGED, /* the gate's rows are there */
	SENDING_GONE,   /* in the outbox */
};

struct sending_item {
	uint64_t number;
	bool red; /* with the part for named recipients */
};

struct sending *sending_open(struct noting *n);
void sending_close(struct sending *s); /* NULL is fine */

/* The journal is opened or made; in a session its opening is written. */
void sending_vault_opened(struct sending *s);
/* And its closing, with the record's last head: when the vault is shut.
 * *head in a: the journal's own, "" without a session. */
enum err sending_vault_closes(struct sending *s, struct arena *a,
    struct str *head) MUST_CHECK;
void sending_proof(struct sending *s, struct str text);
struct journal *sending_journal(struct sending *s); /* NULL: none open */

/* Puts the bytes together and asks the checker.  ERR_ABSENT: no items;
 * ERR_LIMIT: too much for one export. */
enum err sending_begin(struct sending *s, const struct sending_item *items,
    size_t n) MUST_CHECK;
void sending_verdict(struct sending *s, const struct verdict_source *v);
void sending_drop(struct sending *s); /* back to SENDING_NONE */

enum sending_state sending_state(const struct sending *s);
struct str sending_bytes(const struct sending *s);
const struct gate *sending_gate(const struct sending *s); /* JUDGED */
/* The checker's last word, for its progress and its spans; NULL: none. */
const struct verdict_source *sending_source(const struct sending *s);
const struct ledger *sending_ledger(const struct sending *s);
uint32_t sending_approvals(const struct sending *s); /* found so far */

/*
 * Lets it leave: journal, file in the outbox, entry in the record.
 * ERR_DENIED: refused, or approvals are missing; that is written in the
 * journal and in the record as well.
 */
enum err sending_release(struct sending *s, struct str *file) MUST_CHECK;
