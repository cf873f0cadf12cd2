#include "policy/gate.h"
#include "policy/texts.h"

/*
 * Which lines were read is told only where that was agreed on, and in numbers
 * only.  A person reads in runs; whoever writes with line numbers needs many
 * that are single.
 */
static enum verdict
lines_judge(const struct gate_case *c, struct buf *why)
{
	const struct rules_export *e = &c->rules->export;
	struct texts_lines t;

	texts_lines(&t, c->parcel->bytes);
	if (t.bad > 0) {
		buf_printf(why, "%u text%s where numbers of lines should be",
		    t.bad, t.bad == 1 ? "" : "s");
		return REFUSE;
	}
	if (t.runs > 0 && e->coverage != COVERAGE_LINES) {
		buf_str(why,
		    STR("it tells which lines were read, the rules let counts "
			"out only (export.coverage)"));
		return REFUSE;
	}
	if (t.runs >= e->encoded_run && t.single > t.runs / 2) {
		buf_printf(why,
		    "of %u runs of lines %u are of one line: somebody should "
		    "look",
		    t.runs, t.single);
		return ASK;
	}
	return PASS;
}

const struct check check_lines = {
	.name = "lines",
	.guards = "against line numbers that nobody agreed on",
	.judge = lines_judge,
};
