/*
 * search_drive_inside.h - the fields of a search that is spread over the
 * searchers, for core/search_drive*.c.
 */
#pragma once

#include "core/rooms.h"
#include "core/search_drive.h"
#include "core/search_list.h"
#include "core/search_queue.h"

/* A searcher and the worker that feeds it. */
struct search_lane {
	bool alive;         /* it has said hello */
	uint32_t searching; /* job id until it is done, 0: idle */
	uint32_t feeding;   /* job id until the worker is done, 0: idle */
	bool ending;        /* what it says is not wanted any more */
	bool died;          /* the searcher, in this chunk */
	bool spoilt;        /* the worker did not feed all of this chunk */
	bool has_culprit;
	uint32_t culprit;           /* number in the share of what it died on */
	struct search_chunk *chunk; /* NULL: none */
	unsigned ranges;            /* of a store, in chunk; 0: none so far */
	uint32_t searched, unfed;
	uint64_t bytes;
};

struct search_drive {
	struct search_ops ops;
	void *arg;
	unsigned n_lanes;
	struct search_lane lanes[ROOM_CORES_MAX];
	enum search_detail detail;
	struct str engine;
	struct arena engine_memory;

	/* One search; all of it in list.a. */
	bool runs;
	struct query query;
	struct search_list list;
	struct search_queue queue;
	uint32_t deaths, converted;
	unsigned silence; /* ticks since a searcher said something */
	uint64_t bytes;
	const struct search_release *releases;
	uint32_t n_releases;
	struct search_certificate *certificate;
	enum err rc;
	struct str text;
};

/* Both the searcher and the worker may have nothing more to say of the chunk:
 * then it is counted or dealt again. */
void search_drive_settle(struct search_drive *d, struct search_lane *l);
/* The search ends, PARTIAL for this reason; "": it is whole. */
void search_drive_end(struct search_drive *d, struct str why);
/* An event; last: of the end. */
void search_drive_tell(struct search_drive *d, bool last);
