/*
 * options.h - the command line of vitrine.
 */
#pragma once

#include "core/str.h"

enum options_what {
	OPTIONS_OPEN,
	OPTIONS_PROOF,
	OPTIONS_HELP,
	OPTIONS_VERSION
};

/* Borrowed from argv; NULL where nothing was said. */
struct options {
	enum options_what what;
	const char *path; /* repository or session */
	const char *data, *revision, *log, *auditor, *term;
	bool session; /* refuse what is no review session */
	bool wipe;    /* clear screen and scrollback at the end */
};

#define OPTIONS_VERSION_TEXT "0.1"

/* ERR_DENIED, with one line that says what is wrong.  `vitrine --proof` is
 * the only call without a path. */
enum err options_read(struct options *out, int argc, char **argv) MUST_CHECK;

struct str options_help(void);
