/*
 * reading_cover.h - how much of a revision was seen and is reviewed.
 *
 * Lines are counted by a worker, once for a revision; coverage comes from
 * the marks of the notes room and is by content.
 */
#pragma once

#include "core/oid.h"

struct reading;

/* Starts counting, unless that is done; redraws as it goes. */
void reading_cover_start(struct reading *r, const struct oid *commit);
/* Files counted so far; *done: all. */
size_t reading_cover_counted(const struct reading *r, bool *done);

struct reading_cover_sum {
	uint64_t lines, seen, reviewed; /* seen: reviewed ones included */
	/* reviewed by another; by others and not by me; by two people at
	 * least */
	uint64_t others, only, twice;
	uint32_t files, whole; /* whole: every line of it is reviewed */
	uint32_t stale; /* files reviewed at another content, not at this */
};
/* Adds one file to sum. */
void reading_cover_add(struct reading *r, const struct oid *blob,
    struct str path, struct reading_cover_sum *sum);
/* The same of a content whose lines the caller has counted; no files. */
void reading_cover_marked(struct reading *r, const struct oid *blob,
    uint32_t lines, struct reading_cover_sum *sum);
/* Lines first..last of a content: how many of them; last may be beyond. */
void reading_cover_lines(struct reading *r, const struct oid *blob,
    uint32_t first, uint32_t last, struct reading_cover_sum *sum);
/* Path i of those with reviewed lines, in path order, one may come more than
 * once; until the next marks.  false: there are no more. */
bool reading_cover_reviewed(struct str *path, struct reading *r, size_t i);
/* And of the reasons why it counts no more. */
void reading_cover_release(struct reading *r);
