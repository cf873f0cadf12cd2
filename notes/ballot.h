/*
 * ballot.h - how severe a finding is: everybody's say, never an average.
 *
 * The author's say is in the export, which is signed; everybody else signs a
 * vote.  What counts is what was ruled last; without that, what all say, or
 * the highest of what is said.
 */
#pragma once

#include "notes/case.h"

/* Fills c->votes and the severity, ruled and dissent of every finding.  A
 * person's later vote on a finding replaces the earlier one. */
void ballot_count(struct case_file *c);

/* Votes on a finding and on those that were declared one with it: fn is
 * called for each. */
void ballot_each(const struct case_file *c, const struct case_item *lead,
    void (*fn)(void *arg, const struct case_vote *v), void *arg);

/* The ruling that counts; NULL when there is none. */
const struct decision *ballot_ruling(const struct case_file *c,
    const struct case_item *lead);
