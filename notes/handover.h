/*
 * handover.h - one page about a day, one about where the work stands.
 *
 * Plain text of at most 80 columns where names allow it, made of the record
 * alone: what one auditor tells the next, or a report quotes.
 */
#pragma once

#include "core/rooms.h"
#include "notes/book.h"

struct handover {
	const struct start *start;
	const struct book *book;
	struct str id;   /* of the record, hex */
	struct str head; /* its code now */
	size_t drafts;
	int64_t now;
	uint64_t left; /* lines of the revision not reviewed; 0: not known */
};

void handover_day(const struct handover *h, struct buf *b);
void handover_page(const struct handover *h, struct buf *b);
/* Days, pace, what is left at that pace. */
void handover_pace(const struct handover *h, struct buf *b);

/* Items that want something: an open finding, a question without an answer,
 * an assumption whose places are not all looked at.  "" when not, else why:
 * "open, high", "due in 3 working days". */
void handover_wants(const struct handover *h, const struct book_item *it,
    struct buf *b);
