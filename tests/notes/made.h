/*
 * made.h - exports for tests: findings in, a sealed file out.
 */
#pragma once

#include "core/seal_age.h"
#include "core/sign.h"
#include "notes/findings.h"

struct made {
	struct seal_age_identity *identity;
	struct sign_secret *author;
	struct secret region;
	struct start start;
	struct release releases[2];
	int64_t exported;
};

void made_open(struct made *m, const char *auditor, uint8_t seed);
void made_close(struct made *m);

/* A finding on lines of src/ie.c, ready to be changed. */
struct entry made_finding(uint64_t number, const char *title);

/* findings.json of n items; appends. */
void made_text(const struct made *m, const struct entry *items, size_t n,
    struct buf *text);
/* The export of that text; extra: a file that does not belong, or NULL. */
void made_export(const struct made *m, struct str text,
    const struct sign_secret *signer, const char *extra, struct buf *sealed);
