/*
 * excerpt.h - pages of source that leave as a file: what is sealed, and the
 * reading of it.
 *
 * The file is an export like any other, NNNN-PERSON.age with a number of the
 * same row, and holds this tar:
 *
 *	manifest                  below
 *	pages.json                what was asked for, policy/pages.h
 *	pages.json.minisig        by its author
 *	approvals/KEYID.minisig   by people who agreed
 *	pages.txt                 the pages, policy/press_page.h
 *
 * Findings are not in it: they are sealed by the notes room, which may not
 * hold a line of source, and pages by the checker, which may not choose what
 * leaves.  The manifest is lines of ASCII:
 *
 *	vitrine-pages 1
 *	session S
 *	person NAME
 *	pages COUNT VEN-ann-000001 to VEN-ann-000004
 *	made 2026-11-22T05:00:00Z
 *	file SHA256 BYTES NAME          one for each of the others
 */
#pragma once

#include "policy/approval.h"

struct excerpt {
	struct str request, signature, text;
	struct approval *approvals;
	uint32_t n_approvals;
	uint32_t number; /* of the first page */
	int64_t when;
	struct pages pages; /* the request, read */
};

/* The pages of a request are let out by the rules and by those who have to
 * agree: ERR_DENIED.  now: as in approval_check(). */
enum err excerpt_may(const struct rules *r, const struct pages *p,
    struct str request, const struct approval *all, size_t n,
    int64_t now) MUST_CHECK;

/* Reads a request and sees that it is written as it is always written: no
 * byte in it can be chosen but what it says.  Everything in a. */
enum err excerpt_request(struct pages *out, struct arena *a,
    const struct rules *r, struct str who, struct str json) MUST_CHECK;

/* Appends the tar. */
enum err excerpt_pack(struct buf *tar, const struct rules *r,
    const struct excerpt *x) MUST_CHECK;

/*
 * Appends the tar, sealed to the recipients of the rules.  Nothing in it is
 * random: seal_age.h with a seed of SHA-256("vitrine/pages/1" | prints),
 * where prints is the file text/prints of the session, which the notes room
 * never has, nor any recipient: the lab does, and makes the same file again.
 */
enum err excerpt_seal(struct buf *out, const struct rules *r, struct str tar,
    struct str prints) MUST_CHECK;

/* Whether an opened export holds pages. */
bool excerpt_is(struct str tar);
/*
 * Everything of such an export but the signature of its author, which the
 * caller verifies: request, rules, approvals, manifest, and that each page
 * has the rows that were signed.  Borrows tar, the rest in a.  ERR_FORMAT,
 * ERR_DENIED.
 */
enum err excerpt_read(struct excerpt *out, struct arena *a,
    const struct rules *r, struct str tar) MUST_CHECK;
