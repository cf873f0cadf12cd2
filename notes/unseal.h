/*
 * unseal.h - "vitrine-report unseal": a record opened by its escrow.
 *
 * Whoever holds the key that the auditor named opens the record without the
 * passphrase and gets all of it as findings.json, red parts included.
 */
#pragma once

/* argv[0] is "unseal".  The exit status. */
int unseal_main(int argc, char **argv);
