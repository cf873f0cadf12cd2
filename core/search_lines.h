/*
 * search_lines.h - the hits of one text in few bytes: what a result hash is
 * made of, and what a searcher sends when only their number is asked for.
 *
 * Hits in the order of their lines, packed one after the other: how many
 * lines further than the one before it (than 0, the first one), its column
 * and its length, as struct search_hit counts them, each seven bits a byte,
 * the low ones first, 0x80 set in all but the last byte.
 */
#pragma once

#include "core/search.h"
#include "core/wire.h"

void search_lines_add(struct buf *packed, uint32_t *last,
    const struct search_hit *h);
/* How many hits that is; 0: it is none, or says lines that go back.  *last:
 * the line before it, then that of its last hit. */
uint32_t search_lines_count(struct str packed, uint32_t *last);

/*
 * MSG_SEARCH_LINES: u32 job, then one of these after the other.  Those of one
 * blob may come in several, which go on where the last one ended.
 */
struct search_lines {
	uint32_t blob;
	struct str packed;
};
void search_lines_write(struct buf *b, const struct search_lines *l);
struct search_lines search_lines_read(struct wire *w); /* borrowed */
