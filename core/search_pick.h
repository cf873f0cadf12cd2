/*
 * search_pick.h - which parts of a store's texts a search has to look at.
 *
 * With an index, those that can hold a match; otherwise all of every text.
 */
#pragma once

#include "core/search_index.h"
#include "core/search_plan.h"
#include "core/textstore.h"

struct search_pick {
	const struct textstore *store;
	const struct search_index *index;
	struct search_plan *plan;
	struct arena *a;
	bool multi_line;
	/* Chunks that matter to texts of bytes, of UTF-8; NULL: all. */
	const uint64_t *bits[2];
	bool tried[2];
	/* The text at hand. */
	const uint64_t *now;
	uint64_t begin, at, end; /* in the content */
	uint32_t chunk;
	bool whole;
};

/* All of it lives as long as a and the others; plan NULL: no index. */
void search_pick_start(struct search_pick *p, struct arena *a,
    const struct textstore *store, struct search_plan *plan, bool multi_line);

/* The first blob not before that one that has to be looked at; UINT32_MAX:
 * none.  Those it passes over cannot hold a match, and nothing of them is
 * read. */
enum err search_pick_skip(struct search_pick *p, uint32_t blob,
    uint32_t *next) MUST_CHECK;

/* Blobs in ascending order are cheapest.  ERR_FORMAT: a damaged index. */
enum err search_pick_blob(struct search_pick *p, uint32_t blob,
    const struct textstore_blob *b) MUST_CHECK;

struct search_part {
	size_t from, to; /* bytes of the blob, whole lines */
	uint32_t line;   /* number of the line at from */
	bool whole;      /* all of the blob */
};
/* The next part of that blob; false: there is none left. */
bool search_pick_next(struct search_pick *p, struct search_part *part);
