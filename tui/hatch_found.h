/*
 * hatch_found.h - items of the record and where they stand in a revision.
 *
 *   MSG_ANCHORS   pieces of rows: every item that is anchored in a file,
 *                 state 0
 *   MSG_REFOUND   pieces of: oid of the revision, str its name, rows of the
 *                 items that were made at another one
 *
 * A row is u64 number, u8 glyph, u8 enum refind_state, anchor.
 */
#pragma once

#include "tui/hatch.h"

struct hatch_found {
	uint64_t number; /* of the item */
	uint8_t glyph;   /* as in the gutter */
	enum refind_state state;
	struct anchor at;
};

struct hatch_founds {
	struct oid commit; /* of MSG_REFOUND */
	struct str name;
	struct hatch_found *at;
	size_t len;
};

void hatch_write_found(struct buf *b, const struct hatch_found *f);
void hatch_write_revision(struct buf *b, const struct oid *commit,
    struct str name);
/* revision: of MSG_REFOUND.  Everything in a.  ERR_FORMAT. */
enum err hatch_read_founds(struct hatch_founds *out, struct arena *a,
    struct str all, bool revision) MUST_CHECK;
