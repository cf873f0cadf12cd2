/*
 * sheet.h - pages of plain text about an export: what an approver sees
 * beside the bytes, and what the guard at the door holds against what is
 * carried out.
 */
#pragma once

#include "policy/approval.h"
#include "policy/egress.h"

/* What the gate said: verdict, every check, where source was found (as lines
 * of the bytes), what left before.  Appends. */
void sheet_checks(struct buf *out, const struct rules *r,
    const struct parcel *p, const struct gate *g,
    const struct verdict_source *v, const struct ledger *l, int64_t now);

/*
 * One page of at most 60 lines of 72 columns: session, person, serial
 * number, classes, counts, recipients, hashes, who approved; and two lines
 * to sign on.  Nothing of the text itself.  Appends.
 */
void sheet_exit(struct buf *out, const struct egress_order *o,
    const struct egress_receipt *receipt);

/* The same for pages on paper (those in a file are on the sheet of that
 * file): their numbers, how many, of which lines; hash
 * is of what was printed. */
void sheet_pages(struct buf *out, const struct egress_order *o,
    const struct pages *p, struct str numbers, const struct hash *hash);
