/*
 * anchor.h - where in the source a note, a finding, a mark hangs.
 *
 * An anchor hangs on content: commit, path and blob say where it was made,
 * the hash of the region says what stood there.  Lines count from 1, first
 * to last inclusive; first 0 means the whole file, an empty path the whole
 * revision.  Lines end at LF only, as in git.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "core/oid.h"

struct anchor {
	struct oid commit;
	struct oid blob; /* zero when path is empty or a folder */
	struct str path; /* bytes as git has them, at most LIMIT_PATH */
	uint32_t first, last;
	struct hash region; /* SHA-256 of the lines, LFs included */
};

/* The bytes of lines first..last of a blob; fewer when it has fewer. */
struct str anchor_region(struct str blob, uint32_t first, uint32_t last);

void anchor_write(const struct anchor *an, struct buf *b);
struct wire;
/* The path in a; a bad piece sets w->bad, as everywhere in wire.h. */
struct anchor anchor_read(struct wire *w, struct arena *a);

/*
 * One line a person can copy by hand, and "vitrine --verify" reads back:
 * V1 c=<12 hex> b=<12 hex> L<first>-<last> h=<16 hex> p=<path, escaped>
 */
void anchor_cite(const struct anchor *an, struct buf *b);

/*
 * A code for these lines that takes the whole file to confirm: the first
 * bytes of SHA-256("vitrine/code/1" | id of the blob | SHA-256 of the lines).
 * Who guesses a short region cannot tell that the guess is right, who has
 * the file can.  "V2 c=<12 hex> L<first>-<last> k=<16 hex> p=<path>" is the
 * citation that a report has.
 */
enum { ANCHOR_CODE = 8 };
void anchor_code(uint8_t out[ANCHOR_CODE], const struct oid *blob,
    const struct hash *region);
void anchor_cite_code(const struct anchor *an, const uint8_t code[ANCHOR_CODE],
    struct buf *b);

/* What became of a region in another revision: core/git_refind.h. */
enum refind_state {
	REFIND_UNKNOWN, /* not looked for, or its file is not here */
	REFIND_UNCHANGED,
	REFIND_MOVED,
	REFIND_CHANGED,
	REFIND_ABSENT,
	REFIND_STATES,
};
const char *anchor_state_name(enum refind_state s); /* "unchanged" */

/* A glyph in the gutter: what the notes room tells the reading room. */
struct mark {
	uint8_t glyph; /* N F ? as on the screen */
	struct oid blob;
	struct str path;
	uint32_t first, last;
};

void mark_write(const struct mark *m, struct buf *b);
struct mark mark_read(struct wire *w, struct arena *a);
