/*
 * cvss4.h - what a CVSS v4.0 vector comes to.
 *
 * Specification: https://www.first.org/cvss/v4.0/specification-document,
 * version 1.2, sections 7 (vector strings) and 8 (scoring), with the
 * equivalence classes, highest vectors, depths and the table of the 270
 * MacroVectors it defines.  v3.1 is notes/cvss.h.
 */
#pragma once

#include "core/str.h"

struct cvss4 {
	uint8_t score;    /* tenths: 98 is 9.8 */
	const char *name; /* which metrics count: "CVSS-B" to "CVSS-BTE" */
	uint8_t eq[6];    /* the MacroVector, EQ1 to EQ6 */
};

/*
 * "CVSS:4.0/AV:N/..." in the order of the specification, which allows no
 * other.  ERR_FORMAT, with the metric that is missing, unknown, wrong, given
 * twice or out of its place.  Its word is cvss_word(score).
 */
enum err cvss4_read(struct cvss4 *out, struct str vector) MUST_CHECK;
