/*
 * reading_search.h - searches, and the hits that "]h" steps through.
 *
 * A search is owned by who opened it; its hits stay until it is closed.  One
 * runs at a time: opening one stops the one before, which keeps what it found
 * as PARTIAL.
 */
#pragma once

#include "core/search_drive.h"

struct reading;
struct reading_search;

/*
 * commits: the revisions to search, in a repository; in a session the names
 * are in q->releases.  All is copied.  event() comes with every batch, from
 * the loop, never from inside this call: a search may have ended when it
 * returns, see reading_search_last().
 */
enum err reading_search_open(struct reading_search **out, struct reading *r,
    const struct query *q, const struct oid *commits, uint32_t n_commits,
    void (*event)(void *arg, const struct search_event *e),
    void *arg) MUST_CHECK;
void reading_search_stop(struct reading_search *s);
void reading_search_close(struct reading_search *s); /* NULL is fine */

/* Waits for the list of files, or for a worker, or searches. */
bool reading_search_runs(const struct reading_search *s);
/* The hits: valid until it is closed. */
struct search_drive *reading_search_drive(const struct reading_search *s);
/* The newest event, zero before the first. */
struct search_event reading_search_last(const struct reading_search *s);
/* The releases that are searched together: release number i of a hit's file
 * is a commit and a name; how many there are. */
struct oid reading_search_commit(const struct reading_search *s, uint32_t i);
struct str reading_search_name(const struct reading_search *s, uint32_t i);
uint32_t reading_search_releases(const struct reading_search *s);
/* Where a hit is shown: of the releases that hold its content the one that
 * is being read, else the first.  *n: how many hold it. */
const struct search_file *reading_search_place(const struct reading_search *s,
    const struct search_hit *h, uint32_t *n);
/* "COMPLETE ..." or, before the end, how far it is: the line under a list.
 * ms: how long it has run. */
void reading_search_line(const struct reading_search *s, struct buf *b);

/* The search that was opened last and is still open, or NULL; *at is the hit
 * that was shown last, for the view that shows the next one. */
struct reading_search *reading_search_current(struct reading *r, size_t **at);

/* From the port of a searcher. */
enum err reading_search_take(struct reading *r, unsigned searcher,
    uint16_t type, struct str body) MUST_CHECK;
/* A worker became free. */
void reading_search_idle(struct reading *r);
