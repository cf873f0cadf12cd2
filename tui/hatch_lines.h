/*
 * hatch_lines.h - where contents lie, and which lines other auditors read.
 *
 *   MSG_FILES   answers MSG_SURVEY, behind MSG_COVERAGE: pieces of oid of the
 *               revision, rows: u32 lines, oid of the blob, str path.  The
 *               files of it whose content has marks of coverage.
 *   MSG_OTHERS  pieces of u8 n, n names of people; rows: u8 who (1 to n),
 *               u8 1 reviewed, 0 seen, oid of a commit, str path, u32 n, n
 *               times u32 first, u32 last: ascending, apart.  Replaces all.
 *
 * What an export told travels without blobs; the reading room looks them up.
 */
#pragma once

#include "core/arena.h"
#include "core/err.h"
#include "core/oid.h"
#include "core/sweep.h"

enum { HATCH_OTHERS = SWEEP_PEOPLE - 1 }; /* people */

struct hatch_file {
	uint32_t lines;
	struct oid blob;
	struct str path;
};
struct hatch_files {
	struct oid commit;
	struct hatch_file *at;
	size_t len;
};

void hatch_write_file(struct buf *b, const struct hatch_file *f);
enum err hatch_read_files(struct hatch_files *out, struct arena *a,
    struct str all) MUST_CHECK;

struct hatch_other {
	uint8_t who; /* of names, from 1 */
	bool reviewed;
	struct oid commit;
	struct str path;
	const uint32_t *spans; /* pairs */
	uint32_t n;            /* pairs, 1 at least */
};
struct hatch_others {
	struct str names[HATCH_OTHERS];
	uint8_t n_names;
	struct hatch_other *at;
	size_t len;
};

void hatch_write_names(struct buf *b, const struct str *names, uint8_t n);
void hatch_write_other(struct buf *b, const struct hatch_other *o);
enum err hatch_read_others(struct hatch_others *out, struct arena *a,
    struct str all) MUST_CHECK;
