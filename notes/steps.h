/*
 * steps.h - the steps that people take with a case, as commands.
 */
#pragma once

#include "notes/bureau.h"

struct steps {
	const char *name, *usage, *about;
};

/* The table, in the order of the manual; NULL beyond the last. */
const struct steps *steps_at(size_t i);
const struct steps *steps_find(const char *name);

/*
 * argv[0] is the name.  ERR_LIMIT: too few or too many words, the usage says
 * which.  ERR_ABSENT: no such finding, release, requirement.  ERR_DENIED: a
 * vote without a key.  Says on standard output what was kept.
 */
enum err steps_run(struct bureau *d, const struct bureau_person *p, int argc,
    char **argv) MUST_CHECK;
