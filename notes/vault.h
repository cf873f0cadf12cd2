/*
 * vault.h - an auditor's record, book and drafts behind one passphrase.
 *
 * Lives in a data folder: record.db, drafts/, ballast.  The ballast is given
 * up when the disk is full, so that the vault can still be closed in order.
 */
#pragma once

#include "notes/book.h"
#include "notes/draft.h"
#include "notes/record.h"

struct vault;

enum vault_state {
	VAULT_NEW,    /* there is no record yet: vault_create() */
	VAULT_LOCKED, /* vault_unlock() */
	VAULT_OPEN,
};

struct vault_setup {
	const char *folder;        /* absolute path of the data folder */
	struct str auditor, title; /* for ENTRY_OPEN; copied */
	struct seal_cost cost;     /* SEAL_COST_MODERATE but in tests */
	int64_t (*now)(void);      /* milliseconds since 1970 */
};

/*
 * Looks what is there; asks for nothing, makes nothing.  ERR_FORMAT: the
 * record is damaged, and how.  ERR_DENIED: another program has it open.
 */
enum err vault_open(struct vault **out, const struct vault_setup *s) MUST_CHECK;
/* Wipes the keys, records nothing: as a crash would.  NULL is fine. */
void vault_close(struct vault *v);

enum vault_state vault_state(const struct vault *v);
/* What is on disk now, proved once it was unlocked: shown before the
 * passphrase is typed, and to copy down when leaving.  Size 0 when there is
 * no record. */
struct chain_head vault_head(const struct vault *v);

/* ERR_ABSENT unless the record ever ended with a head of this code: what was
 * copied down, or what the journal says it was when it was closed. */
enum err vault_passed(struct vault *v, struct str code) MUST_CHECK;

/* The shortest passphrase that is taken, in bytes. */
enum { VAULT_PASSPHRASE_MIN = 8 };

/* ERR_FORMAT, and why, unless it may be a new passphrase typed twice. */
enum err vault_passphrase_check(const struct secret *one,
    const struct secret *two) MUST_CHECK;
/* A new record, open, ENTRY_OPEN in it. */
enum err vault_create(struct vault *v, const struct secret *one,
    const struct secret *two) MUST_CHECK;
/* ERR_DENIED: that is not the passphrase.  ERR_FORMAT: which entry is
 * damaged.  Otherwise open, ENTRY_OPEN recorded. */
enum err vault_unlock(struct vault *v,
    const struct secret *passphrase) MUST_CHECK;
enum err vault_change(struct vault *v, const struct secret *one,
    const struct secret *two) MUST_CHECK;

/* Who else may open it from now on; NULL: nobody.  record_escrow(). */
enum err vault_escrow(struct vault *v,
    const struct seal_age_recipient *to) MUST_CHECK;
bool vault_escrowed(const struct vault *v, struct seal_age_recipient *to);

/* Records it: on disk when it returns ERR_NONE.  Sets e->seq and e->time.
 * Items are checked by entry_check() first. */
enum err vault_add(struct vault *v, struct entry *e) MUST_CHECK;
/* A worklist with its certificate as text.  Fails half way: what was
 * recorded of it stays a list that is not whole. */
enum err vault_add_list(struct vault *v, const struct hitlist *l,
    struct str text, uint64_t *number) MUST_CHECK;
/* Takes back (brings back) the last entry; *seq is that entry's number.
 * ERR_ABSENT: there is none. */
enum err vault_undo(struct vault *v, bool redo, uint64_t *seq) MUST_CHECK;
/* ENTRY_CLOSE, keys wiped, locked; vault_head() is what to copy down. */
enum err vault_shut(struct vault *v) MUST_CHECK;

/* NULL unless open. */
const struct book *vault_book(const struct vault *v);
struct draft_box *vault_drafts(struct vault *v);

/* A key for one more purpose, and the id; only while open. */
void vault_subkey(const struct vault *v, const char *domain,
    struct secret *out);
void vault_id(const struct vault *v, uint8_t id[CHAIN_ID]);
