/*
 * search_list.h - the blobs of one search, and what is known of each.
 *
 * A part of core/search_drive.c.  Blobs are numbered from 0 in the order of
 * their first path.  Hits wait at their blob until it and all before it are
 * finished; then they are at the end of the list, which is never changed.
 */
#pragma once

#include "core/search_drive.h"
#include "core/textstore.h"

struct search_list_node;
struct search_list_missed;
struct search_list_lines;

/* A blob whose hits are in the list. */
struct search_list_found {
	uint32_t blob, hits;
};

/* struct search_list l = { 0 }; is ready. */
struct search_list {
	struct arena a;
	const struct textstore *store; /* NULL: none */
	struct textstore_selection selection;
	struct oid *blobs;         /* without a store */
	struct search_file *files; /* without: those of b from first[b] on */
	struct search_file **gathered; /* with one: first[b] of them, or NULL */
	uint32_t *first;
	uint32_t n_blobs, n_files;
	struct search_list_node **head, **tail;
	struct search_list_lines **lines; /* when they are counted only */
	/* A bit for each blob: whether it has one of these, is finished. */
	uint64_t *any, *done;
	uint32_t n_done, front;
	uint64_t received; /* hits, also those not in the list yet */
	struct search_list_missed *missed;
	size_t n_missed, missed_room;
	const struct search_hit **list;
	size_t n_list, list_room;
	struct search_list_found *found;
	size_t n_found, found_room;
	uint64_t n_hits; /* of those found */
	struct buf packed;
	struct hash_run result; /* over the list so far, if it has any */
};

void search_list_clear(struct search_list *l);
void search_list_release(struct search_list *l);

/* After a clear; all of the query that is needed later stays the caller's. */
enum err search_list_of_files(struct search_list *l, const struct query *q,
    const struct search_file *files, size_t n) MUST_CHECK;
enum err search_list_of_store(struct search_list *l, const struct query *q,
    const struct textstore *t) MUST_CHECK;

struct oid search_list_oid(const struct search_list *l, uint32_t blob);
const struct search_file *search_list_places(struct search_list *l,
    const struct query *q, uint32_t blob, uint32_t *n);

/* Its excerpt is in l->a.  ERR_FORMAT: the blob is finished already. */
enum err search_list_add(struct search_list *l, uint32_t blob,
    const struct search_hit *h) MUST_CHECK;
/* Hits that are only counted, as core/search_lines.h packs them; in the order
 * in which they come.  ERR_FORMAT. */
enum err search_list_count(struct search_list *l, uint32_t blob,
    struct str packed) MUST_CHECK;
void search_list_miss(struct search_list *l, uint32_t blob, uint32_t line,
    uint8_t why);
void search_list_finish(struct search_list *l, uint32_t blob);
/* Numbers from to to of a share, core/search.h. */
void search_list_finish_share(struct search_list *l, unsigned part,
    unsigned parts, uint32_t from, uint32_t to);
/* All that was said of a blob is forgotten. */
void search_list_discard(struct search_list *l, uint32_t blob);
/* Puts what is known in order at the end of the list. */
void search_list_advance(struct search_list *l);
/* What was found beyond is found all the same: when a search is stopped. */
void search_list_all(struct search_list *l);
/* How many files have that content. */
uint32_t search_list_copies(struct search_list *l, const struct query *q,
    uint32_t blob);
/* Hits, files that hold them, result hash, and what was missed. */
void search_list_certify(struct search_list *l, const struct query *q,
    struct search_certificate *c);
