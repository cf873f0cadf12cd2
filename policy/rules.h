/*
 * rules.h - session.conf: what the sides of a session agreed on.
 *
 * A text that people negotiate, compare and counter-sign.  What it does not
 * allow is refused: a number that is missing is 0, a class that is missing
 * is denied, and 0 means refuse wherever it is asked.  man vitrine-session.
 * The door to libconfuse.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "core/rooms.h"
#include "core/seal_age.h"
#include "core/sign.h"

/* What a piece of an export is.  The order is that of the format. */
enum class {
	CLASS_PROSE,   /* what the auditor wrote */
	CLASS_METRIC,  /* counts, coverage, times */
	CLASS_PATH,    /* names of files and folders, lines */
	CLASS_SYMBOL,  /* names of functions, types, variables */
	CLASS_LISTING, /* lists of files */
	CLASS_EXCERPT, /* source */
	CLASSES,
};

/* Bytes of one person's exports: with one more of LIMIT_NOTE they are what
 * the checker judges together. */
enum { RULES_PERSON_MAX = 8 * 1024 * 1024 - 256 * 1024 };

enum permit { PERMIT_DENY, PERMIT_APPROVAL, PERMIT_ALLOW };

/* How what is out of scope appears to the auditor. */
enum withheld { WITHHELD_NAMED, WITHHELD_COUNTED, WITHHELD_INVISIBLE };

struct rules_person {
	struct str name; /* of the section: [a-z0-9-], the short name */
	struct str full; /* as on paper */
	struct str role; /* technical, legal, lab, auditor, ... */
	bool has_key;
	struct sign_public key;
	struct str undertaking; /* of an auditor: SHA-256 of what was signed,
				 * hex, or "" */
	uint32_t until; /* of an auditor: yyyymmdd, the last day; 0: not said */
	bool has_share;
	uint32_t share; /* of an auditor: percent of the session's totals */
};

struct rules_recipient {
	struct str name;
	struct seal_age_recipient key;
};

struct rules_release {
	struct str name;
	struct str revision; /* as written: a commit id, tag or branch */
	struct str status;   /* production, intermediate, custom */
	struct str binary;   /* SHA-256 of what was shipped, hex, or "" */
	struct str product;  /* which of several deliveries, or "" */
};

struct rules_hours {
	uint32_t first, last; /* yyyymmdd, 0: not said (refused in a session) */
	uint16_t from, to;    /* minutes of the day */
	uint8_t days;         /* bit 0 Monday .. bit 6 Sunday */
	uint32_t total;       /* hours over the whole session */
};

/* How much an export may say of what was read: by folder, or line by line. */
enum coverage { COVERAGE_COUNTS, COVERAGE_LINES };

struct rules_export {
	enum permit permit[CLASSES];
	enum coverage coverage;
	uint64_t bytes_one;    /* one export */
	uint64_t bytes_day;    /* all exports of one person in one day */
	uint64_t bytes_person; /* all exports of one person */
	uint64_t bytes_total;  /* of the session: rules_share() of it each */
	uint64_t exports_day;  /* exports of one person in one day */
	uint64_t quote_run;    /* consecutive tokens of source */
	uint64_t quote_item;   /* tokens of source in one note or finding */
	uint64_t quote_one;    /* tokens of source in one export */
	uint64_t quote_person; /* in all exports of one person */
	uint64_t quote_total;  /* of the session, shared like bytes_total */
	uint64_t encoded_run;  /* unbroken characters that look encoded */
	bool public_text;      /* what is public anyway may leave */
	uint32_t embargo;      /* yyyymmdd, 0: none */
};

/* Pages of source, where class excerpt may leave at all. */
struct rules_excerpt {
	bool paper;            /* printed in the room, never as a file */
	uint64_t lines_run;    /* consecutive lines of a file */
	uint64_t file_percent; /* of the lines of one file, over all exports */
	uint64_t pages_one;    /* in one request */
	uint64_t pages_day;    /* of one person in one day */
	uint64_t pages_person; /* of one person */
	struct str legend;     /* on every page */
	struct str prefix;     /* of the page numbers: "VEN-" */
};

/* Source that only some people of the session may write about: export
 * control, nationality, site. */
struct rules_controlled {
	struct str name;
	struct str *paths; /* patterns, as in scope */
	uint32_t n_paths;
	struct str *auditors;
	uint32_t n_auditors;
};

enum { RULES_PATCHES = 64, RULES_CHECKLISTS = 8 }; /* at most */

/* How long a line must be in view to count as seen: see tui/seen.h.  What is
 * not said is as in rules_personal(). */
struct rules_seen {
	uint32_t line_ms;  /* for each line that is in view with it */
	uint32_t least_ms; /* and at least, however few they are */
};
enum { RULES_SEEN_LINE_MS = 100, RULES_SEEN_LEAST_MS = 2000 };

struct rules {
	bool personal; /* rules_personal(): no session, no approvals */
	struct str session, title, purpose;
	struct str welcome; /* lines for the first screen, or "" */
	struct rules_person *auditors;
	uint32_t n_auditors;
	struct rules_person *approvers; /* all have keys */
	uint32_t n_approvers;
	uint32_t approvals_need; /* of different people; 0: nothing passes */
	struct str *approvals_roles; /* one approval of each role at least */
	uint32_t n_approvals_roles;
	bool approve_all;     /* every export, not only those that ask for it */
	uint32_t answer_days; /* in which approvers answer; 0: no clock */
	uint32_t valid_days;  /* for which an approval holds; 0: for good */
	struct rules_recipient *recipients;
	uint32_t n_recipients;
	struct rules_release *releases;
	uint32_t n_releases;
	struct str *include, *exclude; /* path patterns: rules_in_scope() */
	uint32_t n_include, n_exclude;
	enum withheld withheld;
	/* Files beside session.conf that are shown beside the source: patches
	 * of the vendor.  Names, in no folder. */
	struct str *patches;
	uint32_t n_patches;
	/* Checklists beside session.conf (core/checklist.h), as its patches. */
	struct str *checklists;
	uint32_t n_checklists;
	struct rules_seen seen;
	struct rules_hours hours;
	struct rules_export export;
	struct rules_excerpt excerpt;
	struct rules_controlled *controlled;
	uint32_t n_controlled;
	/* Who may sign the session; signing_need of them must have. */
	struct rules_person *signers;
	uint32_t n_signers;
	uint32_t signing_need;     /* 0: whoever is trusted is enough */
	struct str *signing_roles; /* one signature of each at least */
	uint32_t n_signing_roles;
	struct str *signing_counter; /* auditors who must have agreed */
	uint32_t n_signing_counter;
	uint32_t keep_days; /* record and image after the end */
	struct str *walls;  /* rows of the proof that must hold */
	uint32_t n_walls;
	struct str *station; /* rows of the station that must hold */
	uint32_t n_station;
};

const char *rules_class_name(enum class c);   /* "prose" */
const char *rules_permit_name(enum permit p); /* "allow" */

/*
 * Everything in a.  name is what errors call the file: ERR_FORMAT with
 * "name:line: what is wrong, what is allowed".
 */
enum err rules_read(struct rules *out, struct arena *a, const char *name,
    struct str text) MUST_CHECK;

/* Without a session: the owner's own vault, checks on, no approvals. */
void rules_personal(struct rules *out);

/* NULL when there is none. */
const struct rules_person *rules_auditor(const struct rules *r,
    struct str name);
const struct rules_person *rules_approver(const struct rules *r,
    const uint8_t key_id[8]);

/*
 * What of a total of the session one auditor may use up: every auditor has a
 * journal of their own, and none sees another's, so that a total is kept by
 * dividing it beforehand.  Percent as the rules give them, equal parts of
 * the rest to those without.  0 for a stranger.
 */
uint64_t rules_share(const struct rules *r, struct str who, uint64_t total);

/* The controlled section that keeps this person from writing about that
 * path; NULL: none. */
const struct rules_controlled *rules_bars(const struct rules *r, struct str who,
    struct str path);

/* ERR_DENIED: a person's time is over at that time. */
enum err rules_may_enter(const struct rules *r, const struct rules_person *p,
    int64_t now) MUST_CHECK;

/* A file of the repository that this session shows. */
bool rules_in_scope(const struct rules *r, struct str path);

/* ERR_DENIED, with the hours, when the session is closed at that time (of
 * CLOCK_REALTIME, told as local time). */
enum err rules_open_at(const struct rules *r, int64_t now) MUST_CHECK;

/* What the rules mean, in plain sentences; and what they mean for one
 * person, of whom ERR_ABSENT says that the rules do not know them. */
void rules_explain(const struct rules *r, struct buf *out);
enum err rules_explain_person(const struct rules *r, struct str who,
    struct buf *out) MUST_CHECK;
