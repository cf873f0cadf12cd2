#include "core/git_queue.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/array.h"
#include "core/err.h"

static bool
before(const struct queue_row *a, const struct queue_row *b)
{
	if (a->time != b->time)
		return a->time > b->time;
	return a->order < b->order;
}

void
git_queue_push(struct git_queue *q, int64_t time, uint32_t item)
{
	struct queue_row row = { time, q->order++, item };
	size_t i;

	q->at = array_more(q->at, q->len, &q->room, sizeof *q->at);
	for (i = q->len++; i > 0 && before(&row, &q->at[(i - 1) / 2]);
	     i = (i - 1) / 2)
		q->at[i] = q->at[(i - 1) / 2];
	q->at[i] = row;
}

uint32_t
git_queue_pop(struct git_queue *q)
{
	uint32_t item = q->at[0].item;
	struct queue_row row = q->at[--q->len];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < q->len) {
		if (child + 1 < q->len &&
		    before(&q->at[child + 1], &q->at[child]))
			child++;
		if (!before(&q->at[child], &row))
			break;
		q->at[i] = q->at[child];
		i = child;
	}
	q->at[i] = row;
	return item;
}

void
git_queue_release(struct git_queue *q)
{
	free(q->at);
	*q = (struct git_queue){ 0 };
}
