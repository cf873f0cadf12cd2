/*
 * findings.h - findings.json: what of a record is asked to leave.
 *
 * Canonical JSON with line breaks, so that a person can read every byte of
 * it before it leaves.  It holds what was typed and where it hangs, nothing
 * of the source:
 *
 *   {"format": "vitrine-findings", "version": 1,
 *    "title": what was read, "session": "", "auditor": "...",
 *    "record": id of the vault, hex, "head": code of the chain,
 *    "exported": ms since 1970,
 *    "manifest": SHA-256 hex (sessions),
 *    "proof": what the room proved about itself, "certificates": [text],
 *    "coverage": [{"release", "folder", "files", "lines", "seen",
 *        "reviewed"}] (lines of text, by folder),
 *    "lines": which they are (notes/findings_lines.h),
 *    "releases": [{"name", "commit", "status"}],
 *    "items": [{"type": "finding" | "note" | "question" | ...,
 *        "number", "created", "changed" (ms), "title", "text",
 *        "anchor": {"commit", "path", "first", "last", "region"},
 *        "code": 16 hex digits (core/anchor.h),
 *        "places": [{"release", "region": "unchanged" | "moved" |
 *            "changed" | "absent", "path", "first", "last",
 *            "fix": "missing" | "partial" | "present", "note"}],
 *        "severity", "confidence", "status", "class", "cwe", "cvss3",
 *        "cvss4", "claim", "evidence", "remediation", "red",
 *        "affected": [], "recipients": [], "requirements": [],
 *        "answer", "due"}]}
 *
 * "region" is a MAC of the region's hash under a key of the vault: the hash
 * of a short region itself could be confirmed by guessing.  No blob id
 * leaves for the same reason; "code" takes the whole file to confirm.
 * "places" says what became of the lines in other releases, as the room
 * found it; whoever reads it outside has no source to look at.  A field that
 * is empty is left out.
 */
#pragma once

#include "core/rooms.h"
#include "core/seal.h"
#include "notes/entry.h"
#include "notes/findings_lines.h"

/* What became of the lines of an item in a release. */
enum findings_region {
	REGION_UNKNOWN, /* nobody looked, or nobody could tell */
	REGION_UNCHANGED,
	REGION_MOVED,
	REGION_CHANGED,
	REGION_ABSENT,
	REGIONS,
};

/* And whether what would mend it is there. */
enum findings_fix {
	FIX_UNKNOWN,
	FIX_MISSING,
	FIX_PARTIAL,
	FIX_PRESENT,
	FIXES,
};

/* "unchanged", "present": as in JSON; "" for unknown. */
const char *findings_region_name(enum findings_region r);
const char *findings_fix_name(enum findings_fix f);
bool findings_region_find(enum findings_region *out, struct str word);
bool findings_fix_find(enum findings_fix *out, struct str word);

struct findings_place {
	struct str release;
	enum findings_region region;
	enum findings_fix fix;
	struct str path;      /* where it is now; empty: as in the anchor */
	uint32_t first, last; /* 0: not said */
	struct str note;      /* one line */
};

/* Lines of text below one folder of a release, and how many of them were on
 * the screen, and declared reviewed. */
struct findings_cover {
	struct str release, folder;
	uint32_t files;
	uint64_t lines, seen, reviewed;
};

struct findings_item {
	const struct entry *now; /* what it says now; now->of or seq names it */
	int64_t created;
	bool red; /* with the red part */
	const struct findings_place *places;
	uint32_t n_places;
};

/* How the review was made; everything may be empty. */
struct findings_method {
	struct str proof;
	const struct str *certificates;
	uint32_t n_certificates;
	const struct findings_cover *cover;
	uint32_t n_cover;
	const struct findings_lines *lines;
	uint32_t n_lines;
};

struct findings {
	const struct start *start; /* title, auditor, manifest, releases */
	struct str record, head;
	int64_t exported;
	struct str embargo; /* not to be published before: yyyy-mm-dd, or "" */
	const struct secret *region; /* key for the MAC of regions */
	const struct findings_item *items;
	size_t n_items;
	struct findings_method method;
};

void findings_write(const struct findings *f, struct buf *out); /* appends */

/*
 * Reading one, as untrusted as anything: everything in a.  Anchors come back
 * with blob zero and the MAC as their region.  ERR_FORMAT names the item.
 */
struct findings_more {
	bool has_code;
	uint8_t code[ANCHOR_CODE];
	struct findings_place *places;
	uint32_t n_places;
};
struct findings_read {
	struct str title, auditor, record, head, manifest, embargo;
	int64_t exported;
	struct release *releases;
	uint32_t n_releases;
	struct entry *items; /* seq is the number */
	int64_t *created;
	struct findings_more *more; /* beside items, as created */
	uint32_t n_items;
	struct findings_method method;
};
enum err findings_read(struct findings_read *out, struct arena *a,
    struct str bytes) MUST_CHECK;
