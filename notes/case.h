/*
 * case.h - what came out of a review: opened exports, put together.
 *
 * An export is NAME.age: an age v1 file that holds a tar of findings.json,
 * findings.json.minisig and approvals/KEYID.minisig.  Adding one opens it,
 * finds out who signed it and reads it; if anything about it is wrong, it is
 * refused and the case is as it was.  One that holds pages of source
 * (case_pages.h) is kept beside them.
 *
 * struct case_file c = { 0 }; is ready; case_release() when done.
 */
#pragma once

#include "core/checklist.h"
#include "core/seal_age.h"
#include "core/sign.h"
#include "notes/case_pages.h"
#include "notes/decision.h"
#include "notes/findings.h"
#include "notes/fleet.h"

enum { CASE_BUNDLES_MAX = 1000, CASE_ITEMS_MAX = 100 * 1000 };

/* Somebody who may have signed an export. */
struct case_person {
	struct str name; /* as findings.json says it; "": any name */
	struct str full; /* as on paper, or "" */
	struct sign_public key;
};

struct case_bundle {
	struct str file;    /* name as it was given */
	struct hash sealed; /* SHA-256 of the file */
	struct hash hash;   /* SHA-256 of findings.json */
	struct str bytes;   /* findings.json */
	struct str plain;   /* the tar that was sealed */
	struct str session; /* whose roster knows the author, or "" */
	struct str comment; /* what the author signed along with it */
	struct str author;  /* full name, or what findings.json says */
	struct str key_id;  /* of the author's key */
	struct sign_public key;
	struct str *approvals; /* .minisig files, not looked at yet */
	uint32_t n_approvals;
	struct findings_read said;
};

/* What to hold an export against. */
struct case_check {
	struct str session; /* kept with the export */
	const struct seal_age_identity *identity;
	const struct case_person *people;
	uint32_t n_people;
	/* Whether the approvals are enough; NULL: nobody asks.  Called when
	 * everything else is right. */
	enum err (*approved)(void *arg, const struct case_bundle *b);
	/* Whether a tar with pages is what the rules of its session and those
	 * who agreed let out, and who may have signed it: another check.
	 * NULL: pages are refused. */
	enum err (*pages)(void *arg, const struct case_check **check,
	    const struct case_pages *p);
	void *arg;
	/* Which session an export is of, by what it says of itself: another
	 * check instead of this one, NULL for none of those that are known.
	 * NULL: nobody asks. */
	const struct case_check *(
	    *pick)(void *arg, const struct findings_read *said);
};

/* The newest version of a note, a finding or a question. */
struct case_item {
	const struct case_bundle *from;
	const struct entry *now;
	const struct findings_more *more;
	int64_t created;
	struct str id;     /* "alice-12": the same in every report */
	uint32_t number;   /* of its kind in this case, in the order they came:
	                    * F-7 stays F-7 whatever comes after it */
	uint32_t versions; /* how many exports held it */
	/* Another finding that hangs on the same lines: 1 + its place in
	 * items, 0 when there is none.  Proposed, never merged. */
	uint32_t twin;
	/* The finding that it was declared one with: 1 + its place in items;
	 * 0: it speaks for itself. */
	uint32_t lead;
	enum entry_severity severity; /* what counts: report, rule or votes */
	bool ruled;                   /* somebody said what counts */
	bool dissent;                 /* votes differ */
};

/* Two findings that may be one. */
enum case_pair_state { PAIR_OPEN, PAIR_SAME, PAIR_APART };
struct case_pair {
	uint32_t a, b; /* places in items, a before b */
	const char *why;
	enum case_pair_state state;
	const struct decision *by; /* NULL while it is open */
};

/* What an auditor's export or a person's note says about a severity. */
struct case_vote {
	uint32_t item; /* place in items */
	enum entry_severity severity;
	struct str by, vector, reason;
	struct str key_id; /* of the signature */
	int64_t time;
	bool author; /* of the finding */
};

struct case_list {
	struct str file;
	struct checklist list;
};

/* One step, for the log. */
struct case_step {
	uint64_t seq;
	int64_t time;
	struct str by, kind, text, key_id;
};

/* Who a report is for. */
enum case_audience {
	AUDIENCE_ALL,    /* everything the exports hold */
	AUDIENCE_NAMED,  /* a recipient: red paragraphs for that one only */
	AUDIENCE_PUBLIC, /* nothing red; places and red parts by number */
	AUDIENCE_ANNEX,  /* what the public one's numbers stand for */
};

struct case_file {
	struct arena memory;
	struct case_bundle **bundles; /* in the order they were added */
	uint32_t n_bundles, room_bundles;
	struct case_pages **pages; /* likewise */
	uint32_t n_pages, room_pages;
	struct case_item *items; /* findings by severity, questions, notes */
	uint32_t n_items;
	struct decision *decisions, **last; /* in the order they were taken */
	struct case_step *steps;
	uint32_t n_steps, room_steps;
	struct case_pair *pairs;
	uint32_t n_pairs;
	struct case_vote *votes; /* by item, then time */
	uint32_t n_votes;
	struct case_list *lists;
	uint32_t n_lists;
	struct fleet fleet; /* of the last list that was taken in */
	struct str fleet_file;
	struct str *unproven; /* sessions whose roster nobody signed */
	uint32_t n_unproven;
	enum case_audience audience;
	struct str recipient; /* AUDIENCE_NAMED */
};

/*
 * bytes: the sealed file, called name in errors.  *fresh is false for one
 * that is in the case already.  ERR_DENIED: not for this identity, signed
 * by somebody who is not among people or who is not who the text says,
 * approvals missing; ERR_FORMAT: damaged.
 */
enum err case_add(struct case_file *c, bool *fresh, struct str name,
    struct str bytes, const struct case_check *k) MUST_CHECK;

/* The same for the tar that case_add() took out of one (bundle.plain). */
enum err case_take(struct case_file *c, bool *fresh, struct str name,
    const struct hash *sealed, struct str plain,
    const struct case_check *k) MUST_CHECK;

/* A decision; d in c->memory.  ERR_FORMAT: a file in it is not as it should
 * be. */
enum err case_decide(struct case_file *c, struct decision *d) MUST_CHECK;
/* One line for the log; text is copied. */
void case_log(struct case_file *c, uint64_t seq, int64_t time, struct str by,
    struct str kind, struct str key_id, struct str text);

/* Fills items, pairs and votes; call it after the last of the above. */
void case_sort(struct case_file *c);
void case_release(struct case_file *c);

/* "F-7", "Q-2", "N-11": also what a person types. */
struct str case_number(const struct case_item *it, struct arena *a);
/* By number or id; NULL when there is none. */
const struct case_item *case_find(const struct case_file *c, struct str word);
/* The finding that speaks for it: itself, unless it was declared one. */
const struct case_item *case_lead(const struct case_file *c,
    const struct case_item *it);
struct decision_of case_origin(const struct case_item *it);
