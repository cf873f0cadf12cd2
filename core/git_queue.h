/*
 * git_queue.h - commits that wait to be looked at, newest first.
 *
 * Of two equal times the one that came first goes first, as in git.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct queue_row {
	int64_t time;
	uint64_t order;
	uint32_t item;
};

/* struct git_queue q = { 0 }; is ready. */
struct git_queue {
	struct queue_row *at;
	size_t len, room;
	uint64_t order;
};

void git_queue_push(struct git_queue *q, int64_t time, uint32_t item);
uint32_t git_queue_pop(struct git_queue *q); /* of one that is not empty */
void git_queue_release(struct git_queue *q);
