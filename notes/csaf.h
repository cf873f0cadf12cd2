/*
 * csaf.h - CSAF 2.0 (OASIS), for the two profiles that are written.
 *
 * Products are the releases and components that are deployed or, without a
 * list of deployments, the releases that the exports name.  A product is not
 * affected with the flag vulnerable_code_not_present when the lines are not
 * there, and with a person's reason when a person decided so; whether code
 * can be reached is never said.
 */
#pragma once

#include "notes/report.h"

/* Appends the document.  The advisory holds the findings that affect a
 * product or are fixed in one; both hold black paragraphs only. */
enum csaf_profile { CSAF_VEX, CSAF_ADVISORY };
void csaf_write(const struct case_file *c, enum csaf_profile profile,
    struct buf *out);

/* "2024-02-29T12:30:00Z"; in a. */
struct str csaf_time(int64_t ms, struct arena *a);
/* Of the newest thing in the case. */
int64_t csaf_date(const struct case_file *c);
/* Hex digits that name the case by what was taken in; in a. */
struct str csaf_id(const struct case_file *c, struct arena *a);
/* Name of a product: "FT-400 v4.1 core". */
struct str csaf_product(const struct fleet_group *g, struct arena *a);
/* Whether a finding belongs into a document about vulnerabilities. */
bool csaf_takes(const struct case_item *it);
/* What may be told of it: title, claim, text, evidence; made visible. */
struct str csaf_words(const struct case_file *c, const struct case_item *it,
    struct arena *a);
