/*
 * pace.h - how much was done on which day, and how fast.
 *
 * Counted from the times of the entries: evidence for the report, not a
 * stick.  A day is a day of UTC.  Time between two entries counts as worked
 * when it is at most PACE_GAP_MS.  Lines that are declared reviewed and were
 * never on the screen long enough to be read are counted apart.
 */
#pragma once

#include "notes/cover.h"
#include "notes/entry.h"

enum { PACE_GAP_MS = 10 * 60 * 1000 };

struct pace_day {
	int64_t day;       /* its beginning, milliseconds since 1970 */
	int64_t worked;    /* milliseconds */
	uint64_t seen;     /* lines, each content once */
	uint64_t reviewed; /* lines, less those taken back by a mark */
	uint64_t unseen;   /* of them: never seen */
	uint32_t files;    /* declared reviewed as a whole, lines not known */
	uint32_t written;  /* items, and new versions of them */
	uint32_t verdicts; /* lines of worklists */
	uint32_t sessions; /* times the vault was opened */
};

struct pace;

struct pace *pace_open(void);
void pace_close(struct pace *p); /* NULL is fine */
/* One entry, before it changes the coverage. */
void pace_take(struct pace *p, const struct entry *e, const struct cover *c);
size_t pace_days(const struct pace *p); /* ascending */
const struct pace_day *pace_at(const struct pace *p, size_t i);
struct pace_day pace_total(const struct pace *p);
/* Lines per hour worked; 0: too little to say. */
uint64_t pace_per_hour(uint64_t lines, int64_t worked);
