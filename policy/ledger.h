/*
 * ledger.h - what left so far, counted from the journal and kept nowhere
 * else: splitting a text over many exports changes nothing.
 *
 * struct ledger l = { 0 } is an empty one.
 */
#pragma once

#include "policy/journal.h"

struct ledger_row {
	struct str who;
	uint64_t bytes, quoted, exports;
	uint64_t bytes_today, exports_today;
	uint64_t pages, pages_today, lines; /* of source, numbered for paper */
};

struct ledger {
	uint64_t bytes, quoted, exports; /* of the session */
	uint64_t pages, lines;           /* pages: the last one's number */
	uint32_t serial;                 /* of the last export, 0: none */
	struct ledger_row *rows;         /* one for each person */
	uint32_t n_rows;
};

/* Everything in a.  today is the day of now, in local time. */
enum err ledger_read(struct ledger *out, struct arena *a, struct journal *j,
    int64_t now) MUST_CHECK;
/* Zeroes when that person let out nothing yet. */
struct ledger_row ledger_of(const struct ledger *l, struct str who);
