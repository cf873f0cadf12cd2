/*
 * answers.h - what a case says, as plain text for a terminal.
 */
#pragma once

#include "notes/case.h"

struct answers {
	const char *name, *usage, *about;
};

const struct answers *answers_at(size_t i);
const struct answers *answers_find(const char *name);

/* argv[0] is the name; appends to out.  ERR_LIMIT: too few or too many
 * words.  ERR_ABSENT: no such finding. */
enum err answers_run(const struct case_file *c, int argc, char **argv,
    struct buf *out) MUST_CHECK;
