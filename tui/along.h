/*
 * along.h - what goes along with the items of an export: how the review was
 * made, and what became of their lines in other releases.
 *
 * Coverage is as the reading room counted it last, of each revision that was
 * read since the vault was opened; the searches are the certificates that
 * the record holds; the proof is what the rooms showed of their walls.
 */
#pragma once

#include "notes/findings.h"
#include "tui/noting.h"

enum along_part {
	ALONG_COVERAGE = 1 << 0,
	ALONG_SEARCHES = 1 << 1,
	ALONG_PROOF = 1 << 2,
	ALONG_PLACES = 1 << 3,
	ALONG_LINES = 1 << 4, /* which lines, not only how many */
	ALONG_ALL = (1 << 5) - 1,
};

enum {
	ALONG_SEARCHES_MAX = 64,  /* the newest */
	ALONG_REVISIONS_MAX = 16, /* with coverage; the oldest gives way */
};

struct along *along_open(struct noting *n);
void along_close(struct along *k); /* NULL is fine */

/* MSG_COVERAGE, whole.  ERR_FORMAT. */
enum err along_take(struct along *k, struct str all) MUST_CHECK;
/* MSG_FILES, whole, behind it.  ERR_FORMAT. */
enum err along_take_files(struct along *k, struct str all) MUST_CHECK;
/* The same, a piece at a time. */
enum err along_piece(struct along *k, struct str body) MUST_CHECK;
enum err along_piece_files(struct along *k, struct str body) MUST_CHECK;

/* Of the parts that are wanted (without ALONG_PLACES); all in a. */
void along_method(const struct along *k, struct arena *a, unsigned parts,
    struct findings_method *out);
/* Of one item, a place for each release where it was looked for; in a. */
struct findings_place *along_places(const struct along *k, struct arena *a,
    uint64_t number, uint32_t *n);

/* Classes that the rules judge these by: 1 << enum class. */
uint32_t along_classes(const struct findings_method *m);
/* Parts that the rules let out, if somebody agrees at least. */
unsigned along_allowed(const struct along *k);
/* Bytes that one part of it takes in findings.json. */
size_t along_bytes(const struct findings_method *m);
