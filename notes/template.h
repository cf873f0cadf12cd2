/*
 * template.h - the flaw classes that reviews keep finding, with what a
 * finding of each begins with.
 *
 * The classes are those that reviews of network equipment report: overflows
 * in protocols that anybody may reach, robustness errors that end a service,
 * logic errors, weak cryptography, default credentials, redefined safe calls,
 * old copies of libraries; with their CWE, and vectors of CVSS 4.0 and 3.1
 * for the usual case: a start, to be changed to what is the case.
 */
#pragma once

#include "core/str.h"

struct template
{
	const char *class, *cwe, *cvss4, *cvss3;
	const char *claim, *evidence, *remediation; /* what to say, in "[ ]" */
};

const struct template *template_at(size_t i); /* NULL beyond the last */
/* The next after number *i (from 0, wraps) whose class holds the text;
 * moves *i.  NULL: none does. */
const struct template *template_next(struct str text, size_t *i);
/* How many "[which field]" of the templates text still has. */
size_t template_blanks(struct str text);
