/*
 * request.h - the command line of vitrine-report, and the keys it names.
 */
#pragma once

#include "core/seal_age.h"
#include "core/sign.h"

enum { REQUEST_OUTPUTS = 16, REQUEST_KEYS = 64 };

/* Borrowed from argv; NULL where nothing was said. */
struct request {
	const char *file; /* of the case */
	const char *identity, *passphrase, *session, *name, *signing;
	const char *audience, *format;
	const char *keys[REQUEST_KEYS], *trust[REQUEST_KEYS];
	const char *to[REQUEST_KEYS], *outputs[REQUEST_OUTPUTS];
	int n_keys, n_trust, n_to, n_outputs;
};

/* Options up to the first word or, anywhere, all of them, the words moved
 * behind them; optind is the first word.  -h prints the usage and ends the
 * program, a wrong letter ends it with 2. */
enum err request_read(struct request *o, int argc, char **argv,
    bool anywhere) MUST_CHECK;

/* Everything that is wrong with a call without a case, before anything is
 * opened. */
enum err request_check(const struct request *o, int files) MUST_CHECK;

/* The identity, its passphrase read from -P or asked for.  The caller closes
 * it. */
enum err request_identity(struct seal_age_identity **out,
    const struct request *o) MUST_CHECK;
/* The key of -S, in the same way. */
enum err request_signing(struct sign_secret **out,
    const struct request *o) MUST_CHECK;
/* A public key: a file, or the characters of the key themselves. */
enum err request_key(struct sign_public *out, const char *word) MUST_CHECK;
