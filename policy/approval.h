/*
 * approval.h - k of n people who agreed that one text may leave.
 */
#pragma once

#include "policy/parcel.h"

/*
 * An approver's agreement: a minisign signature over findings.json whose
 * trusted comment is approval_comment(): for this session, author, text and
 * recipients, and for nothing else.
 */
struct approval {
	struct str signature; /* whole .minisig file */
};

/* The line an approver signs; in a. */
struct str approval_comment(struct arena *a, const struct rules *r,
    const struct parcel *p);

/*
 * ERR_DENIED, with who or what is missing, unless the approvals are by
 * enough different people with the roles the rules want, none of them the
 * author, each for this very text, session and recipients.
 */
enum err approval_check(const struct rules *r, const struct parcel *p,
    const struct approval *approvals, size_t n) MUST_CHECK;
