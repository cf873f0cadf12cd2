/*
 * lab_simulate.h - what the gate would have said of other people's reports.
 */
#pragma once

#include "policy/lab.h"
#include "policy/rules.h"

/*
 * The files behind the first argument, one after the other, as exports of
 * the auditor they name or of the first one: verdict, checks and lines of
 * each.  -f names the fingerprints of a session; without them the check for
 * copied source is left out and that is said.
 */
enum err lab_simulate(const struct rules *r,
    const struct lab_args *args) MUST_CHECK;
