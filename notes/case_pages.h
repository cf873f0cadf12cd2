/*
 * case_pages.h - pages of source that left as a file of their own: what a
 * case says of them.
 *
 * Their text is not shown in any report: it is under its own legend, in
 * pages.txt of the file that was sent.
 */
#pragma once

#include "core/arena.h"
#include "core/git_repo.h"
#include "core/hash.h"
#include "core/oid.h"
#include "core/sign.h"
#include "core/tar.h"

struct case_pages_place {
	struct str release, path;
	struct oid commit;
	struct hash lines; /* SHA-256 */
	uint32_t first, last, pages;
};

struct case_pages {
	struct str file;             /* name as it was given */
	struct hash sealed;          /* SHA-256 of the file */
	struct hash hash;            /* SHA-256 of pages.json */
	struct hash text;            /* SHA-256 of pages.txt */
	struct str plain;            /* the tar that was sealed */
	struct str bytes, signature; /* pages.json */
	struct str session, auditor; /* as the request says */
	struct str author, key_id;   /* full name; of the author's key */
	struct sign_public key;
	struct str numbers; /* "VEN-000001 to VEN-000004" */
	struct str made;    /* "2026-11-22T05:00:00Z" */
	struct str purpose;
	uint64_t finding; /* number in the auditor's record; 0: none */
	uint32_t pages, lines, n_approvals;
	struct case_pages_place *places;
	uint32_t n;
};

/* Whether a tar is one of pages. */
bool case_pages_is(const struct tar *t);
/* What is said in it, of which nothing has been proven: ERR_FORMAT.  Borrows
 * what the tar borrows, the rest in a. */
enum err case_pages_read(struct case_pages *out, struct arena *a,
    const struct tar *t) MUST_CHECK;

/* Whether a text is a request for pages, pages.json. */
bool case_pages_asked(struct str json);
/*
 * Reads the source again: whether the lines of every place are those whose
 * hashes people signed.  A line for each into out, and their count.
 */
enum err case_pages_verify(bool *holds, struct buf *out, struct str json,
    struct git_repo *r) MUST_CHECK;
