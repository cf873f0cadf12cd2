/*
 * report_vex.c - CSAF 2.0, profile VEX: who is affected.
 */
#include "notes/report.h"

#include "notes/csaf.h"

static void
vex_write(const struct case_file *c, struct buf *out)
{
	csaf_write(c, CSAF_VEX, out);
}

const struct report report_vex = {
	.name = "vex",
	.suffix = "vex.json",
	.about = "CSAF 2.0 VEX: who is affected",
	.write = vex_write,
};
