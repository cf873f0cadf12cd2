/*
 * worklist.h - a hit list with a verdict on each line, as the record has it.
 *
 * A list is one ENTRY_LIST (title, text: the certificate of the search, from,
 * count) and the ENTRY_HITS that follow it, each a text of lines:
 *
 *   F <commit, 40 hex> <blob, 40 hex> <path, bytes that are not printable
 *     ASCII, the blank and "%" as %xx>
 *   <line> <hash, 16 hex> <context, 16 hex>
 *
 * A hit belongs to the F line before it; every entry begins with one.  A
 * list is whole when it has as many hits as it says; the states and verdicts
 * of one that runs another again follow from the two lists at that moment
 * (core/hitlist.h) and are not stored.  An ENTRY_VERDICT names hits by their
 * number from 1.
 */
#pragma once

#include "core/hitlist.h"
#include "notes/entry.h"

struct worklist {
	struct hitlist l; /* number, hits with their verdicts; all text */
	int64_t time;     /* milliseconds since 1970 */
	bool whole;
	bool removed;
	uint32_t counts[VERDICTS];
	uint32_t states[HITLIST_STATES];
	struct worklist_inside *inside; /* worklist.c's */
};

/* From an ENTRY_LIST; freed with worklist_free(). */
struct worklist *worklist_new(const struct entry *e);
void worklist_free(struct worklist *w); /* NULL is fine */

/* An ENTRY_HITS.  old: the list it runs again, or NULL.  ERR_FORMAT. */
enum err worklist_take(struct worklist *w, const struct entry *e,
    const struct worklist *old) MUST_CHECK;
/* An ENTRY_VERDICT, kept by pointer, as is *counts.  ERR_FORMAT. */
enum err worklist_say(struct worklist *w, const struct entry *e,
    const bool *counts) MUST_CHECK;
/* Some *counts changed. */
void worklist_settle(struct worklist *w);

/* The last verdict on hit i that was said of this list; NULL: none. */
const struct entry *worklist_said(const struct worklist *w, uint32_t i);

/* The verdict that is this entry; NULL: it is none of this list. */
const struct entry *worklist_entry(const struct worklist *w, uint64_t seq);

/* The text of the next ENTRY_HITS, from hit *at on; moves *at. */
void worklist_pack(const struct hitlist *l, uint32_t *at, struct buf *out);
