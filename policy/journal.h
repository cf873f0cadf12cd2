/*
 * journal.h - what happened in the room, for the host to read.
 *
 * A chain of entries that can only grow: opened, proof of the walls, export
 * asked, checked, approved or objected to, refused, released, closed.  Each carries a MAC under a key that is
 * replaced by its own hash with every entry, so that whoever takes the
 * machine tomorrow cannot rewrite today; heads are signed.  It never holds
 * what was searched, read or written.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "core/seal.h"
#include "core/sign.h"

enum journal_kind {
	JOURNAL_OPENED = 1,
	JOURNAL_PROOF,
	JOURNAL_ASKED,
	JOURNAL_REFUSED,
	JOURNAL_RELEASED,
	JOURNAL_CLOSED,
	JOURNAL_CHECKED,   /* the gate did not refuse it */
	JOURNAL_APPROVED,  /* who: the approver */
	JOURNAL_OBJECTED,  /* who: the approver */
	JOURNAL_CONFERRED, /* who: the approver */
	JOURNAL_VISIT,     /* one that has ended, with or without the vault */
	JOURNAL_CLOCK,     /* the machine's clock was set, by how much */
	JOURNAL_PAGES,     /* pages were numbered: serial is the first one's
			    * number, bytes how many pages, quoted lines,
			    * what "VEN-000001 to VEN-000004" */
	JOURNAL_PRINTED,   /* and they were made: hash is of them */
	JOURNAL_KINDS,
};

struct journal_entry {
	enum journal_kind kind;
	uint64_t seq;     /* from 1; set by journal_add() */
	int64_t when;     /* seconds since 1970 */
	struct str who;   /* short name of a person, or "" */
	struct str what;  /* one line: name of a check, of a file, of a wall */
	uint32_t serial;  /* of an export, from 1; 0 where there is none */
	uint64_t bytes;   /* of an export */
	uint32_t quoted;  /* tokens of source in it */
	struct hash hash; /* of the export's findings.json, or the proof */
	struct str signature; /* minisign, of journal_head() before; or "" */
};

struct journal;

enum { JOURNAL_SEED_BYTES = 32, JOURNAL_LINE_MAX = 512 };

const char *journal_kind_name(enum journal_kind k); /* "released" */

/*
 * path is journal.db of a data folder.  keep is a key of the vault, under
 * which the current MAC key lies in the file between sessions.  seed is the
 * first of these keys, the verification key: who has it can check every MAC,
 * and forge; it is not kept here, but sealed (an age file for the lab, or "")
 * is, as it came.
 */
enum err journal_create(struct journal **out, const char *path,
    const struct secret *keep, const uint8_t seed[JOURNAL_SEED_BYTES],
    struct str sealed) MUST_CHECK;
/*
 * keep NULL: for reading only.  ERR_ABSENT; ERR_DENIED: wrong key, or open
 * elsewhere; ERR_FORMAT: damaged, with the first entry that is.
 */
enum err journal_open(struct journal **out, const char *path,
    const struct secret *keep) MUST_CHECK;
void journal_close(struct journal *j); /* NULL is fine */

/* Closing entries carry a signature of the head before them, from now on. */
void journal_sign_with(struct journal *j, const struct sign_secret *signer);

/* On disk when it returns.  Sets e->seq, e->signature. */
enum err journal_add(struct journal *j, struct journal_entry *e) MUST_CHECK;

/* From the first on; stops at the first error of fn. */
enum err journal_each(struct journal *j,
    enum err (*fn)(void *arg, const struct journal_entry *e),
    void *arg) MUST_CHECK;

/* Number of entries, and the head as both sides copy it down by hand:
 * "12 lusab-babad-gutih-tugad-mudof-hikom", in a. */
uint64_t journal_len(const struct journal *j);
struct str journal_head(const struct journal *j, struct arena *a);
/* ERR_ABSENT unless the journal ever ended with a head of this code. */
enum err journal_passed(struct journal *j, struct str code) MUST_CHECK;

/* The sealed verification key as it was given; borrowed, "" for none. */
struct str journal_sealed(const struct journal *j);

/* Recomputes every MAC.  ERR_DENIED names the first entry that does not
 * fit. */
enum err journal_verify(struct journal *j,
    const uint8_t seed[JOURNAL_SEED_BYTES]) MUST_CHECK;

/*
 * Whether the journal ever ended with a head that somebody copied down.
 * ERR_FORMAT: no head.  ERR_DENIED: entries were cut off, or it is a fork.
 */
enum err journal_compare(const struct journal *j, struct str code) MUST_CHECK;

/* Whether every closing is signed by this author; *n: how many there are.
 * ERR_DENIED names the first that is not. */
enum err journal_signed(const struct journal *j,
    const struct sign_public *author, uint64_t *n) MUST_CHECK;
