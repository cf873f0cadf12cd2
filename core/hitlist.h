/*
 * hitlist.h - the lines of a worklist: places and hashes, never their text.
 *
 * A hit is one line of one file.  It carries 64 bits of a hash of the line
 * (blanks at both ends taken off, so that lines that only differ there are
 * one group) and of the lines around it; by these it is found again in the
 * list that the same search makes of another release.
 *
 *   carried  the line and what is around it are the same: the verdict holds
 *   changed  the line is there, but it or its surroundings are not the same:
 *            the old verdict is shown, a new one is wanted
 *   new      nothing in the old list is like it
 *   gone     (of the old list) nothing in the new list is like it
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

enum hitlist_state {
	HITLIST_FIRST, /* of a list that runs no other again */
	HITLIST_CARRIED,
	HITLIST_CHANGED,
	HITLIST_NEW,
	HITLIST_STATES,
};
const char *hitlist_state_name(enum hitlist_state s); /* "carried" */

enum hitlist_verdict {
	VERDICT_TODO, /* none yet */
	VERDICT_SAFE,
	VERDICT_NA,
	VERDICT_SUSPICIOUS,
	VERDICT_QUESTION,
	VERDICTS,
};
const char *hitlist_verdict_name(enum hitlist_verdict v); /* "safe" */

struct hitlist_file {
	struct oid commit, blob;
	struct str path;
};

struct hitlist_hit {
	uint64_t hash, context;
	uint32_t file;        /* number in the files of the list */
	uint32_t line;        /* from 1 */
	uint8_t state;        /* enum hitlist_state */
	uint8_t verdict, was; /* enum hitlist_verdict: the record's */
};

enum { HITLIST_MAX = 100 * 1000 };

struct hitlist {
	uint64_t number, from; /* in the record; 0: not yet, none */
	struct str title;
	struct str certificate; /* as search_certificate_write() has it */
	const struct hitlist_file *files;
	struct hitlist_hit *hits; /* in the order of the search */
	uint32_t n_files, n_hits;
	uint32_t gone; /* of the old list, see hitlist_carry() */
};

/* Of a line without its LF; of line n (from 1) of a blob and the three lines
 * before and after it. */
uint64_t hitlist_hash(struct str line);
uint64_t hitlist_context(struct str blob, uint32_t line);

void hitlist_write(const struct hitlist *l, struct buf *b); /* appends */
/* Everything in a.  ERR_FORMAT; ERR_LIMIT: more than HITLIST_MAX hits. */
enum err hitlist_read(struct hitlist *out, struct arena *a,
    struct str bytes) MUST_CHECK;

/* States, verdicts and was of the hits of l by those of old; l->gone. */
void hitlist_carry(struct hitlist *l, const struct hitlist *old);
