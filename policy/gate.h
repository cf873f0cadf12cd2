/*
 * gate.h - the gate: all checks, on everything, or nothing leaves.
 *
 * A check is policy/check_NAME.c with one const struct check check_NAME;
 * the table is made from the file names.  Every check runs on every parcel;
 * the worst verdict counts; an empty table, a missing answer of the checker
 * and whatever a check does not understand refuse.  The verdict is "may
 * this leave", never "this is no source".
 */
#pragma once

#include "policy/ledger.h"
#include "policy/parcel.h"

enum verdict {
	REFUSE,
	ASK, /* leaves with approvals only */
	PASS,
};

/* All that a check may look at. */
struct gate_case {
	const struct parcel *parcel;
	const struct rules *rules;
	const struct ledger *ledger;         /* NULL: refuses */
	const struct verdict_source *source; /* NULL: no answer, refuses */
	struct hash context_hash; /* SHA-256 of context and bytes, as sent
	                           * to the checker */
	int64_t now;              /* seconds since 1970 */
};

struct check {
	const char *name;
	const char *guards; /* "against ...": one line for people */
	/* Says why in one sentence unless it passes; never quotes source. */
	enum verdict (*judge)(const struct gate_case *c, struct buf *why);
};

struct gate_row {
	const char *check;
	const char *guards;
	enum verdict verdict;
	struct str why; /* printable */
};

struct gate {
	enum verdict verdict;  /* the worst of the rows */
	struct hash of;        /* SHA-256 of the parcel's bytes */
	uint32_t quoted;       /* tokens of source, for the ledger */
	struct gate_row *rows; /* one for each check, by name */
	uint32_t n_rows;
};

const char *gate_verdict_name(enum verdict v); /* "refused" */

/* All checks there are; everything in a. */
void gate_judge(struct gate *out, struct arena *a, const struct gate_case *c);
/* The same with another table, for tests. */
void gate_judge_with(struct gate *out, struct arena *a,
    const struct gate_case *c, const struct check *const *checks, size_t n);
