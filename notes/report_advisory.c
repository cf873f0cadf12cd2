/*
 * report_advisory.c - CSAF 2.0, profile security advisory.
 */
#include "notes/report.h"

#include "notes/csaf.h"

static void
advisory_write(const struct case_file *c, struct buf *out)
{
	csaf_write(c, CSAF_ADVISORY, out);
}

const struct report report_advisory = {
	.name = "advisory",
	.suffix = "advisory.json",
	.about = "CSAF 2.0 security advisory",
	.write = advisory_write,
};
