/*
 * approval.h - what people said of one text that asks to leave: k of n have
 * to agree, and nobody may object.
 *
 * Each step is a minisign signature over findings.json.  Its trusted comment
 * names what is said, session, author, text and recipients, and when:
 *
 *	vitrine approval session=S author=A recipients=R,R sha256=H when=T
 *	vitrine objection session=S ... when=T reason=TEXT
 *	vitrine conferral session=S ... when=T reason=TEXT
 *
 * T is UTC, 2026-11-21T14:05:00Z.  An approval may do without it where the
 * rules set no valid_days: so that minisign alone can make one.
 */
#pragma once

#include "policy/parcel.h"

struct approval {
	struct str signature; /* whole .minisig file */
};

enum approval_kind {
	APPROVAL_AGREES,
	APPROVAL_OBJECTS,   /* nothing leaves while it stands */
	APPROVAL_CONFERRED, /* takes back what the same person said before */
	APPROVAL_KINDS,
};

enum { APPROVAL_REASON_MAX = 200 };

const char *approval_kind_name(enum approval_kind k); /* "objects" */

/* A step as it was signed. */
struct approval_step {
	enum approval_kind kind;
	const struct rules_person *who;
	int64_t when;      /* seconds since 1970; 0: not said */
	struct str reason; /* printable; "" */
};

/* The line of an approval without its time; in a. */
struct str approval_comment(struct arena *a, const struct rules *r,
    const struct parcel *p);
/* The line an approver signs; in a.  reason: one printable line. */
struct str approval_line(struct arena *a, const struct rules *r,
    const struct parcel *p, enum approval_kind kind, int64_t when,
    struct str reason);

/* ERR_DENIED: by nobody who may, or not for this text, session, author and
 * recipients; ERR_FORMAT.  reason in a. */
enum err approval_read(struct approval_step *out, struct arena *a,
    const struct rules *r, const struct parcel *p,
    const struct approval *ap) MUST_CHECK;

/*
 * ERR_DENIED, with who or what is missing, unless the approvals are by
 * enough different people with the roles the rules want, none of them the
 * author, each for this very text, session and recipients, none older than
 * the rules let it be at now (0: whenever), and nobody objects.
 */
enum err approval_check(const struct rules *r, const struct parcel *p,
    const struct approval *approvals, size_t n, int64_t now) MUST_CHECK;

/* "approvals/KEYID.minisig" in an export; for the second word of one key
 * "approvals/KEYID-2.minisig"; in a. */
struct str approval_file(struct arena *a, const struct approval *all, size_t i);

/* "2026-11-21T14:05:00Z" */
void approval_time(struct buf *b, int64_t when);
/* What approval_time() writes, and nothing else. */
bool approval_time_read(int64_t *out, struct str text);
