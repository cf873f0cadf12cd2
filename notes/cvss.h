/*
 * cvss.h - what a CVSS v3.1 vector comes to.
 *
 * Specification: https://www.first.org/cvss/v3.1/specification-document,
 * sections 7 and 8.  v4.0 is notes/cvss4.h; v3.0 vectors are not scored.
 */
#pragma once

#include "core/str.h"

/* Scores in tenths: 98 is 9.8. */
struct cvss {
	uint8_t base;
	uint8_t temporal;      /* base when no temporal metric is given */
	uint8_t environmental; /* temporal when none of those is given */
	uint8_t overall;       /* the last of the three that was asked for */
};

/*
 * "CVSS:3.1/AV:N/..." in any order.  ERR_FORMAT, with the metric that is
 * missing, unknown, wrong or given twice.
 */
enum err cvss_read(struct cvss *out, struct str vector) MUST_CHECK;

/* "none", "low", "medium", "high", "critical". */
const char *cvss_word(uint8_t tenths);
