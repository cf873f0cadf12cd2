/*
 * logbook.h - the journal as the notes room keeps it, and the author's key.
 *
 * Both hang on keys of the vault: they are there while it is open.
 */
#pragma once

#include "policy/journal.h"
#include "tui/noting.h"

struct logbook *logbook_open(struct noting *n);
void logbook_close(struct logbook *l); /* NULL is fine */

/* The journal is opened or made and compared with the record. */
void logbook_vault_opened(struct logbook *l);
/* The record says how the journal stands: before the vault is shut. */
enum err logbook_quote(struct logbook *l) MUST_CHECK;
/* And its closing, with the record's last head: when the vault is shut.
 * *head in a: the journal's own, "" without a session. */
enum err logbook_vault_closes(struct logbook *l, struct arena *a,
    struct str *head) MUST_CHECK;
/* However the session ends: an open vault is shut, and the journal has its
 * end. */
void logbook_ends(struct logbook *l);
void logbook_proof(struct logbook *l, struct str text);
struct str logbook_proof_text(const struct logbook *l); /* "": none came */

/*
 * Now and then: milliseconds since 1970, and of a clock that nobody sets.
 * What the first was set by since it was last asked, in seconds; 0: it was
 * not.  That is in the journal, at once or when the vault is opened.
 */
int64_t logbook_clock(struct logbook *l, int64_t wall, uint64_t steady);
/* All of it since the room began; less than 0: it was set back. */
int64_t logbook_clock_set(const struct logbook *l);

struct journal *logbook_journal(struct logbook *l); /* NULL: none open */
const struct sign_secret *logbook_author(const struct logbook *l);
/* Sets when, and who when it is nobody yet.  ERR_DENIED: there is no journal. */
enum err logbook_add(struct logbook *l, struct journal_entry *e) MUST_CHECK;
