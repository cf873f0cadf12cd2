/*
 * egress.h - the one way out.
 *
 * A release writes the journal's line first and the file second, so that
 * what left is always counted; a file that could not be written is counted
 * as well.  Serial numbers have no gaps.  The file is NNNN-PERSON.age: an
 * age v1 file sealed to the recipients of the rules, holding a tar of
 * findings.json, findings.json.minisig and approvals/KEYID.minisig; or, of
 * pages of source, what excerpt.h has, sealed by the checker.  Beside it lies
 * NNNN-PERSON.txt, the exit sheet: sheet.h.
 */
#pragma once

#include "policy/approval.h"
#include "policy/gate.h"

struct egress_order {
	const struct rules *rules;
	const struct parcel *parcel;
	const struct gate *gate; /* of this parcel */
	struct str signature;    /* of the author: findings.json.minisig */
	const struct sign_public *author; /* whose signature that is */
	const struct approval *approvals;
	size_t n_approvals;
	uint8_t seed[SEAL_AGE_SEED_BYTES]; /* secret of the vault */
	int64_t now;
	/* Of pages as a file: what was asked for, their numbers, and the file
	 * as the checker sealed it. */
	const struct pages *pages;
	struct str numbers, sealed;
	/* Without a session there are no recipients in the rules: */
	const struct seal_age_recipient *to;
	size_t n_to;
};

struct egress_receipt {
	uint32_t serial;
	struct str file;  /* name in the outbox; in the arena given */
	struct hash hash; /* of the sealed file */
	uint64_t bytes;   /* of findings.json */
	uint64_t sealed;  /* of the file */
	struct str sheet; /* name of the exit sheet, beside it */
};

/* ERR_DENIED: the gate did not let exactly this pass, or approvals are
 * missing. */
enum err egress_may(const struct egress_order *o) MUST_CHECK;

/*
 * outbox is a descriptor of the folder.  ERR_DENIED: the gate did not let
 * it pass, approvals are missing, signature of somebody else.
 */
enum err egress_release(struct egress_receipt *out, struct arena *a,
    struct journal *j, int outbox, const struct egress_order *o) MUST_CHECK;
