/*
 * case.h - what came out of a review: opened exports, put together.
 *
 * An export is NAME.age: an age v1 file that holds a tar of findings.json,
 * findings.json.minisig and approvals/KEYID.minisig.  Adding one opens it,
 * finds out who signed it and reads it; if anything about it is wrong, it is
 * refused and the case is as it was.
 *
 * struct case_file c = { 0 }; is ready; case_release() when done.
 */
#pragma once

#include "core/seal_age.h"
#include "core/sign.h"
#include "notes/findings.h"

enum { CASE_BUNDLES_MAX = 1000, CASE_ITEMS_MAX = 100 * 1000 };

/* Somebody who may have signed an export. */
struct case_person {
	struct str name; /* as findings.json says it; "": any name */
	struct str full; /* as on paper, or "" */
	struct sign_public key;
};

struct case_bundle {
	struct str file;       /* name as it was given */
	struct hash sealed;    /* SHA-256 of the file */
	struct hash hash;      /* SHA-256 of findings.json */
	struct str bytes;      /* findings.json */
	struct str comment;    /* what the author signed along with it */
	struct str author;     /* full name, or what findings.json says */
	struct str key_id;     /* of the author's key */
	struct str *approvals; /* .minisig files, not looked at yet */
	uint32_t n_approvals;
	struct findings_read said;
};

/* What to hold an export against. */
struct case_check {
	const struct seal_age_identity *identity;
	const struct case_person *people;
	uint32_t n_people;
	/* Whether the approvals are enough; NULL: nobody asks.  Called when
	 * everything else is right. */
	enum err (*approved)(void *arg, const struct case_bundle *b);
	void *arg;
};

/* The newest version of a note, a finding or a question. */
struct case_item {
	const struct case_bundle *from;
	const struct entry *now;
	int64_t created;
	struct str id;     /* "alice-12": the same in every report */
	uint32_t versions; /* how many exports held it */
	/* Another finding that hangs on the same lines: 1 + its place in
	 * items, 0 when there is none.  Proposed, never merged. */
	uint32_t twin;
};

struct case_file {
	struct arena memory;
	struct case_bundle **bundles; /* in the order they were added */
	uint32_t n_bundles;
	struct case_item *items; /* findings by severity, questions, notes */
	uint32_t n_items;
};

/*
 * bytes: the sealed file, called name in errors.  *fresh is false for one
 * that is in the case already.  ERR_DENIED: not for this identity, signed
 * by somebody who is not among people or who is not who the text says,
 * approvals missing; ERR_FORMAT: damaged.
 */
enum err case_add(struct case_file *c, bool *fresh, struct str name,
    struct str bytes, const struct case_check *k) MUST_CHECK;

/* Fills items from the bundles; call it after the last case_add(). */
void case_sort(struct case_file *c);
void case_release(struct case_file *c);
