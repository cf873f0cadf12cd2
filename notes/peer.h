/*
 * peer.h - what another auditor of the session wrote, taken in.
 *
 * It comes as the findings.json of an export, as untrusted as anything.  An
 * item of another is an item here, with by (who) and origin (id of that
 * record, number there, when it was changed): taken in again it is known, or
 * a new version.  Nobody's opinion overwrites another's: two findings on the
 * same lines stay two.
 */
#pragma once

#include "core/io.h"
#include "notes/findings_lines.h"
#include "notes/vault.h"

/* What lies in inbox/ of the data folder, in a; none when there is no such
 * folder.  One of them, whole. */
enum err peer_list(struct io_names *out, struct arena *a,
    struct str data) MUST_CHECK;
enum err peer_read(struct buf *out, struct str data,
    struct str name) MUST_CHECK;

struct peer_taken {
	uint32_t fresh, changed, known;
	uint32_t files; /* of which it tells lines: peer_covered() has them */
};

/*
 * manifest: of the session, "" without one.  ERR_FORMAT: no findings.json;
 * ERR_DENIED: of another session, or of this very record.  Stops at the
 * first that cannot be recorded; what was taken before stays.
 */
enum err peer_take(struct peer_taken *out, struct vault *v, struct str bytes,
    struct str manifest) MUST_CHECK;

/* What others read, by folder, as the exports in inbox/ say; of one record
 * only its newest export counts. */
struct peer_cover {
	struct str auditor, release, folder;
	uint64_t lines, seen, reviewed;
};
/* Which lines, of those that tell it; a record's newest that does counts. */
struct peer_lines {
	struct str auditor;
	const struct findings_lines *at;
	uint32_t n;
};
struct peer_covers {
	struct peer_cover *at;
	uint32_t len;
	uint32_t exports; /* that counted */
	uint32_t refused; /* no findings.json, or of another session */
	struct str why;   /* what was wrong with the first of them, and which */
	struct peer_lines *lines;
	uint32_t n_lines;
};
enum { PEER_EXPORTS_MAX = 64, PEER_COVERS_MAX = 4096 };
/* Everything in a.  ERR_DENIED: the vault is locked; ERR_LIMIT: too many
 * exports, or folders. */
enum err peer_covered(struct peer_covers *out, struct arena *a,
    const struct vault *v, struct str data, struct str manifest) MUST_CHECK;

/* Findings of others on the same lines that say another severity, confidence
 * or status: one line each, appended; "" when all agree. */
void peer_dissent(const struct book *b, const struct book_item *it,
    struct buf *out);
