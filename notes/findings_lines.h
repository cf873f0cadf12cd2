/*
 * findings_lines.h - which lines were read, as an export tells it.
 *
 *   "lines": [{"release", "commit", "files": [{"path", "lines" (of the whole
 *       file), "seen": "1-40 57", "reviewed": "12-40"}]}]
 *
 * Numbers as notes/spans.h has them in words, so that whoever lets it out can
 * read them.  A layer without lines is left out; a file whose runs are more
 * than SPANS_MAX stands there more than once.  No blob and no hash: whoever
 * has the source of the release has the content, nobody else can confirm any.
 */
#pragma once

#include "core/oid.h"
#include "notes/spans.h"

struct json;

struct findings_lines {
	struct str release, path;
	struct oid commit; /* of the release */
	uint32_t lines;    /* of the file */
	struct spans seen, reviewed;
};

enum { FINDINGS_LINES_MAX = 100 * 1000 }; /* files of all releases */

/* NULL: there are none.  Those of a release stand behind each other. */
struct json *findings_lines_json(const struct findings_lines *all, size_t n);
/* All in a; j may be NULL.  ERR_FORMAT, ERR_LIMIT. */
enum err findings_lines_read(const struct findings_lines **out, uint32_t *n,
    struct arena *a, const struct json *j) MUST_CHECK;
