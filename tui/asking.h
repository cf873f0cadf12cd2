/*
 * asking.h - what waits for the word of other people: the folders requests/
 * and approvals/ beside the record.
 *
 * requests/HASH.json is the very text, HASH.comment the line that agrees to
 * it, HASH.checks what the gate said, HASH the first 16 hex digits of the
 * text's SHA-256.  approvals/ holds signed steps, by any name: those that
 * fit a text are found by what they sign.  Nothing of it needs the vault:
 * an approver never sees the record.
 */
#pragma once

#include "policy/approval.h"
#include "policy/gate.h"
#include "policy/journal.h"

struct asking {
	const struct rules *rules;
	struct str data;   /* path of the data folder */
	struct str author; /* whose record that is */
	int64_t now;       /* seconds since 1970 */
};

/* All that it takes to say yes or no. */
struct asking_request {
	struct str name;   /* HASH */
	struct str bytes;  /* the text */
	struct str checks; /* lines of what the gate said; "" */
	struct str state;  /* "1 of 2 approvals", "ann objects: ..." */
	int64_t asked;     /* 0: not known */
	bool may_leave;    /* enough people agree and nobody objects */
	bool overdue;      /* no answer within the days of the rules */
	struct approval_step *steps;
	size_t n_steps;
};

/* Every request that can be read, by name; in a. */
enum err asking_list(struct asking_request **out, size_t *n, struct arena *a,
    const struct asking *k) MUST_CHECK;

/* Signed steps in approvals/ about that text; in a. */
size_t asking_find(struct approval **out, struct arena *a,
    const struct asking *k, struct str bytes);

/* folder: a descriptor of the data folder. */
enum err asking_write(int folder, const struct asking *k,
    const struct parcel *p, const struct gate *g,
    const struct verdict_source *v, const struct ledger *l) MUST_CHECK;
enum err asking_drop(int folder, const struct asking *k,
    const struct hash *of) MUST_CHECK;
/*
 * Somebody's word, signed with their key, keys/NAME.key in the data folder,
 * and kept in approvals/.  ERR_DENIED: wrong passphrase, no approver.
 */
struct asking_word {
	enum approval_kind kind;
	struct str who, reason;
};
enum err asking_sign(const struct asking *k, const struct asking_request *q,
    const struct asking_word *w, const struct secret *phrase) MUST_CHECK;

/* Steps that the journal does not know yet, through add(). */
enum err asking_tell(struct journal *j, const struct asking *k,
    const struct parcel *p, const struct approval *all, size_t n,
    enum err (*add)(void *arg, struct journal_entry *e), void *arg) MUST_CHECK;
