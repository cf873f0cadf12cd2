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
 *    "releases": [{"name", "commit", "status"}],
 *    "items": [{"type": "finding" | "note" | "question",
 *        "number", "created", "changed" (ms), "title", "text",
 *        "anchor": {"commit", "path", "first", "last", "region"},
 *        "severity", "confidence", "status", "class", "cwe", "cvss3",
 *        "cvss4", "claim", "evidence", "remediation", "red",
 *        "affected": [], "recipients": [], "requirements": [],
 *        "answer", "due"}]}
 *
 * "region" is a MAC of the region's hash under a key of the vault: the hash
 * of a short region itself could be confirmed by guessing.  No blob id
 * leaves for the same reason.  A field that is empty is left out.
 */
#pragma once

#include "core/rooms.h"
#include "core/seal.h"
#include "notes/entry.h"

struct findings_item {
	const struct entry *now; /* what it says now; now->of or seq names it */
	int64_t created;
	bool red; /* with the red part */
};

struct findings {
	const struct start *start; /* title, auditor, manifest, releases */
	struct str record, head;
	int64_t exported;
	const struct secret *region; /* key for the MAC of regions */
	const struct findings_item *items;
	size_t n_items;
};

void findings_write(const struct findings *f, struct buf *out); /* appends */

/*
 * Reading one, as untrusted as anything: everything in a.  Anchors come back
 * with blob zero and the MAC as their region.  ERR_FORMAT names the item.
 */
struct findings_read {
	struct str title, auditor, record, head, manifest;
	int64_t exported;
	struct release *releases;
	uint32_t n_releases;
	struct entry *items; /* seq is the number */
	int64_t *created;
	uint32_t n_items;
};
enum err findings_read(struct findings_read *out, struct arena *a,
    struct str bytes) MUST_CHECK;
