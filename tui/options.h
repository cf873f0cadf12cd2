/*
 * options.h - the command line of vitrine.
 */
#pragma once

#include "core/str.h"

enum options_what {
	OPTIONS_OPEN,
	OPTIONS_PROOF,
	OPTIONS_SEARCH,
	OPTIONS_VERIFY,
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

	const char *report; /* OPTIONS_VERIFY */

	/* OPTIONS_SEARCH */
	const char *pattern;
	uint32_t flags; /* set of enum search_flag */
	bool count;
	char *const *globs;
	uint32_t n_globs;
};

#define OPTIONS_VERSION_TEXT "0.1"

/*
 * ERR_DENIED, with one line that says what is wrong.  `vitrine --proof` is
 * the only call without a path.  What vitrine-kiosk always says, --session
 * and --wipe, never goes with --search.
 */
enum err options_read(struct options *out, int argc, char **argv) MUST_CHECK;

struct str options_help(void);
