/*
 * record.h - what an auditor recorded, sealed entry by entry.
 *
 * record.db is a chain (core/chain.h) whose bodies are boxes.  Its header
 * holds the vault's id, the slots that wrap the one secret of the vault, a
 * commitment to that secret and a MAC over all of it; see
 * man/vitrine-record.5 for every byte.  Whoever holds the file without the
 * passphrase learns the number of entries and their size to the next power
 * of two, and can check that the chain is whole.
 *
 * Nothing is ever changed or taken out; a new passphrase replaces the slot.
 */
#pragma once

#include "core/chain.h"
#include "core/seal_age.h"

struct record;

struct record_entry {
	uint64_t seq;    /* from 1 */
	int64_t time;    /* milliseconds since 1970 */
	uint16_t type;   /* enum entry_type */
	struct str body; /* borrowed until the function it is given returns */
};

/* What is called for every entry, in order.  What it returns, unless
 * ERR_NONE, stops and is returned. */
typedef enum err record_fn(void *arg, const struct record_entry *e);

/*
 * A new, unlocked record.  ERR_DENIED: there is one already.  cost is
 * SEAL_COST_MODERATE but in tests.
 */
enum err record_create(struct record **out, const char *path,
    const struct secret *passphrase, struct seal_cost cost) MUST_CHECK;

/*
 * Looks at a record without opening it: the header is checked, the head is
 * what the last entry has.  Every link is checked once, when it is unlocked,
 * together with what it binds.  ERR_ABSENT: none there.
 */
enum err record_open(struct record **out, const char *path) MUST_CHECK;
void record_close(struct record *r); /* wipes the keys; NULL is fine */

/*
 * Opens every entry and hands it to fn.  ERR_DENIED, and the record stays
 * locked: the passphrase is not the one (the text says so), or the slot
 * costs less than least.  ERR_FORMAT: an entry was changed, which one.
 */
enum err record_unlock(struct record *r, const struct secret *passphrase,
    struct seal_cost least, record_fn *fn, void *arg) MUST_CHECK;
bool record_unlocked(const struct record *r);
void record_lock(struct record *r); /* wipes the keys, stays open */

/* ERR_FORMAT, and why, unless the bytes are a header as the manual has it;
 * whether its MAC is right takes the passphrase. */
enum err record_header_check(struct str bytes) MUST_CHECK;

/* Number and hash: also without a key; proved once it was unlocked. */
struct chain_head record_head(const struct record *r);
/* chain_passed(): whether it ever ended so. */
enum err record_passed(struct record *r, struct str code) MUST_CHECK;
void record_id(const struct record *r, uint8_t id[CHAIN_ID]);

/* On disk when it returns ERR_NONE; then *seq is its number.  ERR_LIMIT: the
 * body is too long.  ERR_IO: nothing was recorded. */
enum err record_append(struct record *r, uint16_t type, int64_t time,
    struct str body, uint64_t *seq) MUST_CHECK;

/* Another passphrase from now on, and an entry of that type that says so,
 * in one step. */
enum err record_change(struct record *r, const struct secret *passphrase,
    struct seal_cost cost, uint16_t type, int64_t time) MUST_CHECK;

/*
 * Who else may open it: the secret of the vault is sealed to that key, too,
 * in a slot of the header; NULL: nobody any more.  An entry of that type says
 * so, in one step.  Copies made before still open as they did.
 */
enum err record_escrow(struct record *r, const struct seal_age_recipient *to,
    uint16_t type, int64_t time) MUST_CHECK;
/* Whose key that is; false: nobody's.  Also without a key; what the header
 * says is believed only when the record was opened. */
bool record_escrowed(const struct record *r, struct seal_age_recipient *to);
/* As record_unlock(), by whoever holds the key of the escrow.  ERR_ABSENT:
 * there is none.  ERR_DENIED: it is sealed to another key. */
enum err record_unlock_escrow(struct record *r,
    const struct seal_age_identity *id, record_fn *fn, void *arg) MUST_CHECK;

/* A key of the vault for one more purpose; out as for seal_secret_init().
 * Only while unlocked. */
void record_subkey(const struct record *r, const char *domain,
    struct secret *out);
