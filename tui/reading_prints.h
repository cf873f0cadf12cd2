/*
 * reading_prints.h - the source for the checker, where no session brings its
 * fingerprints.
 *
 * Worker 0 hands the checker every file of the revision that is being read,
 * from the first time that something may be written about it, and of every
 * revision chosen after that.  Until then it costs nothing.
 */
#pragma once

struct reading;

/* Something will be written, or another revision is read. */
void reading_prints_want(struct reading *r);
void reading_prints_chosen(struct reading *r);
