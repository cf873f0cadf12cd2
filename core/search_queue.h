/*
 * search_queue.h - the work of one search that no searcher has yet: a part of
 * core/search_drive.c.  Chunks of a share (core/search.h), in the order of
 * their first numbers.
 */
#pragma once

#include "core/arena.h"

/* What is dealt at a time; numbers inside of a share. */
struct search_chunk {
	struct search_chunk *next;
	uint16_t part, parts;
	uint32_t from, to;
};

/* struct search_queue q = { .a = a }; is empty.  All chunks live in a. */
struct search_queue {
	struct arena *a;
	struct search_chunk *first;
};

/* Numbers from to to of the share of *like; none, when there are none. */
void search_queue_add(struct search_queue *q, const struct search_chunk *like,
    uint32_t from, uint32_t to);
/* A whole share of that many blobs, in ranges. */
void search_queue_add_share(struct search_queue *q, unsigned part,
    unsigned parts, uint32_t total);

/* The first one, joined with up to most - 1 of those that go on where it
 * ends.  There is one. */
struct search_chunk *search_queue_take(struct search_queue *q, unsigned most);

/* The number in the search of number k of its share. */
uint32_t search_queue_blob(const struct search_chunk *c, uint32_t k);
