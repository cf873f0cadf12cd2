/*
 * decision.h - one step that somebody took with a case, and when.
 *
 * A step is a note of the docket (notes/docket.h): canonical JSON with the
 * fields of its kind and no others.
 *
 *   person       name, full, role, key        may sign steps from here on
 *   same, apart  finding, other, reason       two findings are one, or not
 *   vote         finding, severity, vector, reason    always signed
 *   rule         finding, severity, reason    what counts
 *   state        finding, release, standing, reason
 *   component    component, prefix            which folder a component is
 *   deployments  file, bytes                  the customers' list
 *   checklist    file, bytes                  requirements
 *   result       list, requirement, component, result, reason, finding
 *   publisher    name, namespace, role        who publishes CSAF
 *
 * A finding is named by its record and its number in it, so that it stays
 * the same finding whatever else comes into the case.
 */
#pragma once

#include "notes/docket.h"
#include "notes/entry.h"

enum decision_kind {
	DECISION_PERSON,
	DECISION_SAME,
	DECISION_APART,
	DECISION_VOTE,
	DECISION_RULE,
	DECISION_STATE,
	DECISION_COMPONENT,
	DECISION_DEPLOYMENTS,
	DECISION_CHECKLIST,
	DECISION_RESULT,
	DECISION_PUBLISHER,
	DECISIONS,
};

/* VEX's four, as CSAF and CycloneDX have them. */
enum decision_standing {
	STANDING_INVESTIGATED, /* nobody can say yet */
	STANDING_AFFECTED,
	STANDING_NOT_AFFECTED,
	STANDING_FIXED,
	STANDINGS,
};

enum decision_result {
	RESULT_NOT_REACHED,
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_NOT_APPLICABLE,
	RESULTS,
};

struct decision_of {
	struct str record; /* empty: none */
	uint64_t number;
};

struct decision {
	struct decision *next; /* in the order they were taken */
	uint64_t seq;
	int64_t time;
	struct str by;
	struct str key_id; /* empty: not signed */
	enum decision_kind kind;
	struct decision_of finding, other;
	enum entry_severity severity;
	enum decision_standing standing;
	enum decision_result result;
	struct str vector, reason, release, component, prefix, list;
	struct str requirement, name, full, role, file, namespace;
	struct sign_public key;
	struct str bytes; /* of a file */
};

const char *decision_kind_name(enum decision_kind k); /* "vote" */
const char *decision_standing_name(enum decision_standing s);
const char *decision_result_name(enum decision_result r);
/* By the name; false when there is none. */
bool decision_severity_find(enum entry_severity *out, struct str word);
bool decision_standing_find(enum decision_standing *out, struct str word);
bool decision_result_find(enum decision_result *out, struct str word);

/* All of it in a.  ERR_FORMAT names the entry and the field. */
enum err decision_read(struct decision *out, struct arena *a,
    const struct docket_note *n) MUST_CHECK;
/* Adds it to the docket; d->time, d->by, d->kind and the fields of the kind
 * are read.  ERR_FORMAT: a field is not as it should be. */
enum err decision_add(struct docket *to, const struct decision *d,
    const struct sign_secret *key) MUST_CHECK;
