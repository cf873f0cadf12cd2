/*
 * hatch_cover.h - how much of a revision was seen and is reviewed, by folder:
 * what the reading room answers when the notes room asks how it stands.
 *
 *   MSG_SURVEY    no body: where is everything, in every release, and how
 *                 much of what is read was read?  Answered by MSG_REFOUND,
 *                 one for each release, and MSG_COVERAGE
 *   MSG_COVERAGE  pieces of: oid of the revision, str its name, rows
 *
 * A row is str folder, u32 files, u64 lines, u64 seen, u64 reviewed.  Every
 * file counts in one row only; only files that were delivered count.
 */
#pragma once

#include "core/arena.h"
#include "core/err.h"
#include "core/oid.h"

enum { HATCH_FOLDERS = 256 }; /* rows of one revision */

struct hatch_cover {
	struct str folder; /* "." is the top */
	uint32_t files;
	uint64_t lines, seen, reviewed; /* seen: reviewed ones included */
};

struct hatch_covers {
	struct oid commit;
	struct str name;
	struct hatch_cover *at;
	uint32_t len;
};

void hatch_write_cover(struct buf *b, const struct hatch_cover *c);
/* Everything in a.  ERR_FORMAT: too many rows, or more seen than there is. */
enum err hatch_read_covers(struct hatch_covers *out, struct arena *a,
    struct str all) MUST_CHECK;
