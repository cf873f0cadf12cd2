/*
 * entry.h - what an entry of the record says.
 *
 * The body of an entry is canonical JSON (core/json.h): {"v":1, ...} with
 * the fields of its type.  A field that is empty is left out; a field that
 * is not known in version 1 is ERR_FORMAT, as is a value out of range, so
 * that nothing is ever half understood.  man/vitrine-record.5 lists them.
 *
 * Notes, findings, questions, assumptions, negative findings and citations
 * are items.  An item's number is the number
 * of the entry that first wrote it; a later version names it in "of".
 */
#pragma once

#include "core/anchor.h"
#include "core/hitlist.h"
#include "notes/spans.h"

struct json;

/* Numbers are the format's: never reused. */
enum entry_type {
	ENTRY_OPEN = 1,  /* the vault was opened: title, by */
	ENTRY_CLOSE = 2, /* and closed in good order */
	ENTRY_SLOT = 3,  /* the passphrase was changed */
	ENTRY_NOTE = 16,
	ENTRY_FINDING = 17,
	ENTRY_QUESTION = 18,    /* to the vendor */
	ENTRY_CERTIFICATE = 19, /* what a search did */
	ENTRY_SEEN = 20,        /* lines of a file were on the screen */
	ENTRY_REVIEWED = 21,    /* lines were declared reviewed, or not */
	ENTRY_EXPORT = 22,      /* something left, or was refused */
	ENTRY_REMOVE = 23,      /* item "of" is no more */
	ENTRY_UNDO = 24,        /* entry "target" does not count */
	ENTRY_REDO = 25,        /* and counts again */
	ENTRY_ASSUMPTION = 26,  /* what is relied on, and where to check it */
	ENTRY_NEGATIVE = 27,    /* looked for, and not there */
	ENTRY_CITATION = 28,    /* a place, to be quoted */
	ENTRY_LIST = 29,        /* a worklist begins: certificate of a search */
	ENTRY_HITS = 30,        /* lines of worklist "of": notes/hits.h */
	ENTRY_VERDICT = 31,     /* on lines "spans" of worklist "of" */
	ENTRY_HEADS = 32,       /* how the journal stands: "text" */
	ENTRY_PEER = 33,        /* another auditor's export is taken in */
	ENTRY_MARK = 34,        /* a place to come back to: letter "title" */
};

enum entry_severity {
	SEVERITY_NONE, /* informational */
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITIES,
};

enum entry_confidence {
	CONFIDENCE_TENTATIVE,
	CONFIDENCE_FIRM,
	CONFIDENCE_CERTAIN,
	CONFIDENCES,
};

enum entry_status {
	STATUS_OPEN,
	STATUS_CONFIRMED, /* the vendor agrees */
	STATUS_DISPUTED,
	STATUS_FIXED,
	STATUS_WITHDRAWN,
	STATUSES,
};

/* "high", "firm", "open": as in JSON and on the screen. */
const char *entry_severity_name(enum entry_severity s);
const char *entry_confidence_name(enum entry_confidence c);
const char *entry_status_name(enum entry_status s);
/* "note", "finding": as in JSON and on the screen. */
const char *entry_type_name(enum entry_type t);
/* note, finding, question, assumption, negative, citation */
bool entry_is_item(enum entry_type t);

/* Most of anything in a list. */
enum { ENTRY_LIST_MAX = 256 };

struct entry_list {
	struct str *at;
	uint32_t len;
};

/* struct entry e = { .type = ENTRY_NOTE, .text = ... }; is ready. */
struct entry {
	enum entry_type type;
	uint64_t seq; /* 0: not recorded yet */
	int64_t time; /* milliseconds since 1970 */
	uint64_t of;  /* the item it is a version of; 0: a new one */
	bool anchored;
	struct anchor at;

	struct str title;  /* one line, at most LIMIT_TITLE bytes */
	struct str text;   /* LF between lines; at most LIMIT_NOTE bytes */
	struct str by;     /* open: who; an item: whose, when it is another's */
	struct str origin; /* of another's item: id of its record, number */
	uint64_t list;     /* worklist that it rests on; 0: none */

	/* findings */
	enum entry_severity severity;
	enum entry_confidence confidence;
	enum entry_status status;
	struct str class;        /* "stack overflow", of a template or typed */
	struct str cwe;          /* "CWE-121" */
	struct str cvss3, cvss4; /* vectors */
	struct str claim;        /* what is wrong */
	struct str evidence;     /* how that is known */
	struct str remediation;  /* what would mend it */
	struct str red;          /* for the named recipients only */
	struct entry_list affected;     /* names of releases */
	struct entry_list recipients;   /* who gets the red part */
	struct entry_list requirements; /* clauses, control ids */

	/* questions */
	struct str answer;
	int64_t due; /* milliseconds since 1970; 0: not said */

	struct spans spans; /* seen: lines of the file at */
	bool is;            /* reviewed, or no longer */

	struct str view; /* marks: what shows the place, "file" */

	/* worklists */
	uint64_t from;  /* the list that this one runs again; 0: none */
	uint32_t count; /* lines it has */
	enum hitlist_verdict verdict;

	/* exports */
	uint32_t serial;         /* 0: refused */
	struct str file;         /* name in the outbox */
	struct hash hash;        /* of findings.json */
	struct entry_list items; /* numbers of what was in it, decimal */

	uint64_t target; /* undo, redo */
};

/* Canonical JSON; appends. */
void entry_write(const struct entry *e, struct buf *out);
/* Everything in a; seq and time stay 0.  ERR_FORMAT names the field. */
enum err entry_read(struct entry *out, struct arena *a, uint16_t type,
    struct str body) MUST_CHECK;
/* All of e that is borrowed, copied into a. */
struct entry entry_copy(struct arena *a, const struct entry *e);

/* ERR_FORMAT, and what is wrong, unless it may be recorded: the fields a
 * person typed are UTF-8, within their limits, and what must be there is. */
enum err entry_check(const struct entry *e) MUST_CHECK;

/*
 * The fields of its type, without "v" and "at"; for notes/findings.h.
 * entry_get() adds to *taken how many keys of the object were fields.
 */
void entry_put(struct json *object, const struct entry *e);
enum err entry_get(struct entry *e, struct arena *a, const struct json *object,
    size_t *taken) MUST_CHECK;

/* The anchor as a JSON object and back; also used by notes/findings.h. */
struct json *entry_anchor_json(const struct anchor *an);
enum err entry_anchor_read(struct anchor *out, struct arena *a,
    const struct json *j) MUST_CHECK;
